package pipeline

import (
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/script"
	"seaworthy.dev/seaworthy/internal/fact"
)

// groovy is a word of a Jenkinsfile: an identifier, a string, or one of ( ) { }.
type groovy struct {
	kind byte // i, s, or the sign itself
	text string
	line int
}

// jenkins reads a declarative Jenkinsfile as far as its blocks and the strings of
// its sh steps tell; Groovy itself is not run, so what it computes stays open.
func (r *reader) jenkins(file string) {
	whole, found := r.text(file)
	if !found {
		return
	}
	tokens := groovyTokens(whole)
	p := &fact.Pipeline{Ref: fact.Ref{Subject: "pipeline " + file, Location: fact.Location{File: r.shown(file), Line: 1}}, Engine: "jenkins", Name: file,
		When: fact.Occasions{Push: true, AnyBranch: true, Merge: true, Manual: true, Unsettled: "Jenkins' own settings say which branches and proposals it builds"}}
	j := &jenkinsfile{r: r, p: p, file: file, tokens: tokens, dir: "."}
	p.When.Schedule = j.scheduled()
	if strings.Contains(whole, "@Library") || !strings.Contains(whole, "pipeline") && !strings.Contains(whole, "node") {
		r.hole(p.Location, "the Jenkinsfile calls a shared library, which is not read")
	}
	j.block("", p.When, nil, nil, 0)
	j.handed()
	r.set.Pipelines = append(r.set.Pipelines, p)
}

type jenkinsfile struct {
	r      *reader
	p      *fact.Pipeline
	file   string
	tokens []groovy
	at     int
	// dir is the folder in which steps run: dir('web') { ... }.
	dir string
	// common is what the environment of the whole pipeline holds.
	common []fact.PipelineCredential
}

func (f *jenkinsfile) place(line int) fact.Location {
	return fact.Location{File: f.r.shown(f.file), Line: line}
}

// block reads up to the brace that closes it. Name says what opened it.
func (f *jenkinsfile) block(name string, when fact.Occasions, stage *fact.PipelineJob, s *fact.PipelineStep, depth int) {
	onFailure := s != nil && s.OnFailure
	soft := ""
	if s != nil {
		soft = s.Soft
	}
	for f.at < len(f.tokens) {
		t := f.tokens[f.at]
		f.at++
		switch {
		case t.kind == '}':
			return
		case t.kind == '{':
			if depth < 60 {
				f.block("", when, stage, s, depth+1)
			}
		case t.kind != 'i':
		case t.text == "sh" || t.text == "bat" || t.text == "powershell" || t.text == "pwsh":
			f.shell(t, when, stage, onFailure, soft)
		case t.text == "stage" && f.follows('s', 1):
			title := f.tokens[f.at+1].text
			if !f.opens() {
				continue
			}
			inner := &fact.PipelineJob{Ref: fact.Ref{Subject: "pipeline " + f.file, Part: "stage " + title, Location: f.place(t.line)}, Name: title, Shown: title}
			inner.When, inner.Scoped = f.condition(when)
			if stage != nil {
				inner.Soft, inner.Scoped = stage.Soft, first(inner.Scoped, stage.Scoped)
			}
			from := len(f.p.Jobs)
			f.p.Jobs = append(f.p.Jobs, inner)
			f.block("stage", inner.When, inner, nil, depth+1)
			if !inner.When.Any() {
				f.p.Jobs = f.p.Jobs[:from]
			} else if tries(title) {
				tried(inner)
			}
		case t.text == "dir" && f.follows('s', 1):
			folder := f.tokens[f.at+1].text
			if !f.opens() {
				continue
			}
			outer := f.dir
			f.dir = f.r.into(outer, folder)
			f.block("dir", when, stage, &fact.PipelineStep{OnFailure: onFailure, Soft: soft}, depth+1)
			f.dir = outer
		case t.text == "credentials" && f.at > 1 && f.follows('s', 1):
			f.bound(stage, f.tokens[f.at-2], f.tokens[f.at+1].text, t.line)
		case t.text == "failure" || t.text == "unsuccessful" || t.text == "catchError" || t.text == "warnError" || t.text == "always" || t.text == "post" || t.text == "withCredentials" || t.text == "withAWS" || t.text == "sshagent" || t.text == "script" || t.text == "when":
			if t.text == "withCredentials" || t.text == "withAWS" || t.text == "sshagent" {
				f.credentials(stage, t.text, t.line)
			}
			if !f.opens() {
				continue
			}
			inner := &fact.PipelineStep{OnFailure: onFailure || t.text == "failure" || t.text == "unsuccessful", Soft: soft}
			switch t.text {
			case "catchError", "warnError":
				inner.Soft = "`" + t.text + "` around it"
			case "always", "post":
				if inner.Soft == "" {
					inner.Soft = "it runs after the stages (`post`)"
				}
			}
			f.block(t.text, when, stage, inner, depth+1)
		}
	}
}

// follows reports whether the token n places on is of that kind, after "(".
func (f *jenkinsfile) follows(kind byte, n int) bool {
	return f.at+n < len(f.tokens) && f.tokens[f.at].kind == '(' && f.tokens[f.at+n].kind == kind
}

// opens moves behind the next opening brace, if it belongs to this word: nothing
// but arguments stand before it.
func (f *jenkinsfile) opens() bool {
	depth := 0
	for i := f.at; i < len(f.tokens) && i < f.at+200; i++ {
		switch t := f.tokens[i]; {
		case t.kind == '(':
			depth++
		case t.kind == ')':
			depth--
		case t.kind == '{' && depth == 0:
			f.at = i + 1
			return true
		case depth == 0:
			return false
		}
	}
	return false
}

// condition reads the `when` of a stage, which stands among its first words, and
// what limits the stage to some changes. Which branches and proposals Jenkins builds
// stays open unless the condition names the kind.
func (f *jenkinsfile) condition(when fact.Occasions) (fact.Occasions, string) {
	depth, scope, any, inside := 0, "", false, 0 // inside is the depth of the braces of `when`
	for i := f.at; i+2 < len(f.tokens) && i < f.at+400; i++ {
		t := f.tokens[i]
		switch {
		case t.kind == '{':
			depth++
		case t.kind == '}':
			if depth--; depth < 0 || inside > 0 && depth < inside {
				return when, scope
			}
		case depth == 0 && (t.text == "steps" || t.text == "stages" || t.text == "parallel" || t.text == "stage"):
			return when, scope
		case inside == 0:
			if t.kind == 'i' && t.text == "when" && depth == 0 {
				inside = 1
			}
		case t.kind == 'i' && t.text == "not":
			return when, scope // its opposite is not worked out
		case t.kind == 'i' && t.text == "anyOf":
			any = true
		case t.kind == 'i' && t.text == "branch" && !any && depth > 0 && named(f.tokens[i+1:]) != "":
			when.Push, when.Tag = fact.DefaultBranch(named(f.tokens[i+1:])), false
			when.Merge, when.AnyBranch, when.Unsettled = false, false, ""
		case t.kind == 'i' && (t.text == "buildingTag" || t.text == "tag" && depth > 0) && !any:
			when = fact.Occasions{Tag: true}
		case t.kind == 'i' && t.text == "changeRequest" && !any:
			when = fact.Occasions{Merge: true}
		case t.kind == 'i' && t.text == "triggeredBy" && !any && strings.HasPrefix(named(f.tokens[i+1:]), "TimerTrigger"):
			when = fact.Occasions{Schedule: when.Schedule}
		case t.kind == 'i' && t.text == "changeset" && depth > 0 && !any:
			scope = "`changeset`"
		}
	}
	return when, scope
}

// named returns the string that follows, by itself, in parentheses or after the name
// of an argument: branch 'main', branch(pattern: 'main').
func named(after []groovy) string {
	for i := 0; i < len(after) && i < 4; i++ {
		switch t := after[i]; {
		case t.kind == 's':
			return t.text
		case t.kind != '(' && (t.kind != 'i' || t.text != "pattern" && t.text != "cause"):
			return ""
		}
	}
	return ""
}

// scheduled reports whether the file gives the pipeline a timer.
func (f *jenkinsfile) scheduled() bool {
	inside := false
	for _, t := range f.tokens {
		inside = inside || t.kind == 'i' && (t.text == "triggers" || t.text == "pipelineTriggers")
		if inside && t.kind == 'i' && (t.text == "cron" || t.text == "parameterizedCron") {
			return true
		}
	}
	return false
}

// shell adds a sh step: the first string after it is the script.
func (f *jenkinsfile) shell(t groovy, when fact.Occasions, stage *fact.PipelineJob, onFailure bool, soft string) {
	i, status := f.at, false
	for ; i < len(f.tokens) && i < f.at+12 && f.tokens[i].kind != 's' && f.tokens[i].kind != '{' && f.tokens[i].kind != '}'; i++ {
		status = status || f.tokens[i].text == "returnStatus"
	}
	if stage == nil {
		stage = &fact.PipelineJob{Ref: fact.Ref{Subject: "pipeline " + f.file, Location: f.place(t.line)}, Name: "pipeline", Shown: "pipeline", When: when}
		f.p.Jobs = append(f.p.Jobs, stage)
	}
	s := &fact.PipelineStep{Ref: stage.Ref.At(f.place(t.line)), Name: t.text, When: when, OnFailure: onFailure, Soft: soft}
	stage.Steps = append(stage.Steps, s)
	if i >= len(f.tokens) || f.tokens[i].kind != 's' {
		s.Opaque = append(s.Opaque, fact.Opaque{What: t.text, Why: "its script is computed", At: f.place(t.line)})
		return
	}
	source := f.tokens[i]
	f.at = i + 1
	for k := f.at; k+1 < len(f.tokens) && k < f.at+6 && f.tokens[k].kind == 'i'; k++ {
		status = status || f.tokens[k].text == "returnStatus"
	}
	if status && s.Soft == "" {
		s.Soft = "`returnStatus` keeps its exit code from the job"
	}
	var w work
	f.r.run(&w, source.text, setting{at: func(n int) fact.Location { return f.place(source.line + n - 1) }, dir: f.dir, how: script.Shell{ErrExit: t.text == "sh"}, onFailure: onFailure})
	s.Deeds, s.Opaque = w.deeds, append(s.Opaque, w.opaque...)
	(&gitlabFile{r: f.r}).stored(stage, source.text, s.Location)
}

// groovyTokens splits a Jenkinsfile into words, leaving comments out.
func groovyTokens(source string) []groovy {
	var out []groovy
	line := 1
	for i := 0; i < len(source) && len(out) < 100_000; {
		c := source[i]
		rest := source[i:]
		switch {
		case c == '\n':
			line++
			i++
		case strings.HasPrefix(rest, "//"):
			end := strings.IndexByte(rest, '\n')
			if end < 0 {
				return out
			}
			i += end
		case strings.HasPrefix(rest, "/*"):
			end := strings.Index(rest, "*/")
			if end < 0 {
				return out
			}
			line += strings.Count(rest[:end], "\n")
			i += end + 2
		case c == '\'' || c == '"':
			text, length := groovyString(rest)
			first := line
			if strings.HasPrefix(text, "\n") { // the script starts on the next line
				text, first = text[1:], line+1
			}
			out = append(out, groovy{kind: 's', text: text, line: first})
			line += strings.Count(rest[:length], "\n")
			i += length
		case c == '{' || c == '}' || c == '(' || c == ')':
			out = append(out, groovy{kind: c, text: string(c), line: line})
			i++
		case c == '_' || c|32 >= 'a' && c|32 <= 'z':
			end := 1
			for end < len(rest) && (rest[end] == '_' || rest[end] >= '0' && rest[end] <= '9' || rest[end]|32 >= 'a' && rest[end]|32 <= 'z') {
				end++
			}
			out = append(out, groovy{kind: 'i', text: rest[:end], line: line})
			i += end
		default:
			i++
		}
	}
	return out
}

// groovyString returns the text of a string at the front, and its length.
func groovyString(source string) (text string, length int) {
	quote := source[:1]
	if triple := strings.Repeat(quote, 3); strings.HasPrefix(source, triple) {
		if end := strings.Index(source[3:], triple); end >= 0 {
			return strings.ReplaceAll(source[3:3+end], `\$`, "$"), end + 6
		}
		return source[3:], len(source)
	}
	for i := 1; i < len(source); i++ {
		switch {
		case source[i] == '\\':
			i++
		case source[i] == quote[0], source[i] == '\n':
			return strings.NewReplacer(`\n`, "\n", `\"`, `"`, `\'`, "'", `\$`, "$", `\\`, `\`).Replace(source[1:i]), i + 1
		}
	}
	return source[1:], len(source)
}
