package pipeline

import (
	"path"
	"slices"
	"strings"

	"github.com/rhysd/actionlint"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/derive/script"
	"seaworthy.dev/seaworthy/internal/fact"
)

// step is a step of a workflow or of a composite action.
type step struct {
	name, condition  string
	uses, run, shell string
	dir              string
	with, env        map[string]string
	soft             string
	at, softAt       fact.Location
	lines            func(line int) fact.Location
}

// step adds a step of a workflow, and reports whether it makes a cluster of its
// own.
func (r *reader) step(j *fact.PipelineJob, file string, x *actionlint.Step, defaults shells, matrix *actionlint.Matrix) bool {
	shown := r.shown(file)
	s := step{at: r.place(shown, x.Pos), with: map[string]string{}, env: map[string]string{}, dir: defaults.dir, shell: defaults.shell}
	if x.Name != nil {
		s.name = x.Name.Value
	}
	if x.If != nil {
		s.condition = x.If.Value
	}
	if b := x.ContinueOnError; b != nil && (b.Value || b.Expression != nil) {
		s.soft, s.softAt = "`continue-on-error: true`", r.place(shown, b.Pos)
		if b.Expression != nil {
			s.soft = "`continue-on-error: " + short(b.Expression.Value) + "`"
		}
	}
	environ(s.env).add(x.Env)
	r.stored(j, shown, x.Env)
	switch e := x.Exec.(type) {
	case *actionlint.ExecRun:
		if e.Run == nil {
			return false
		}
		s.run = e.Run.Value
		if e.Shell != nil {
			s.shell = e.Shell.Value
		}
		if e.WorkingDirectory != nil {
			s.dir = e.WorkingDirectory.Value
		}
		s.lines = r.lines(file, e.Run.Pos.Line)
	case *actionlint.ExecAction:
		if e.Uses == nil {
			return false
		}
		s.uses = e.Uses.Value
		s.at = r.place(shown, e.Uses.Pos)
		for name, in := range e.Inputs {
			if in != nil && in.Value != nil {
				s.with[strings.ToLower(name)] = in.Value.Value
			}
		}
	}
	own := false
	for _, run := range expansions(s.run, matrix) {
		s.run = run
		own = r.perform(j, s, nil) || own
	}
	return own
}

// maxExpansions bounds the jobs of a matrix that are told apart.
const maxExpansions = 20

// expansions returns a script once for each value that the matrix gives to the
// first variable which it names, such as make ${{ matrix.target }}.
func expansions(run string, matrix *actionlint.Matrix) []string {
	at := strings.Index(run, "matrix.")
	if matrix == nil || at < 0 {
		return []string{run}
	}
	open, end := strings.LastIndex(run[:at], "${{"), strings.Index(run[at:], "}}")
	if open < 0 || end < 0 {
		return []string{run}
	}
	name := strings.TrimSpace(run[at+len("matrix.") : at+end])
	var values []string
	add := func(v actionlint.RawYAMLValue) {
		if text, is := v.(*actionlint.RawYAMLString); is && len(values) < maxExpansions && !slices.Contains(values, text.Value) {
			values = append(values, text.Value)
		}
	}
	if row := matrix.Rows[strings.ToLower(name)]; row != nil {
		for _, v := range row.Values {
			add(v)
		}
	}
	if matrix.Include != nil {
		for _, c := range matrix.Include.Combinations {
			if v := c.Assigns[strings.ToLower(name)]; v != nil {
				add(v.Value)
			}
		}
	}
	var out []string
	for _, v := range values {
		out = append(out, strings.ReplaceAll(run, run[open:at+end+2], v))
	}
	if out == nil {
		return []string{run}
	}
	return out
}

// lines maps the lines of a block scalar to those of its file.
func (r *reader) lines(file string, first int) func(int) fact.Location {
	shown := r.shown(file)
	whole, _ := r.text(file)
	line := lineOf(whole, first)
	literal := strings.HasSuffix(strings.TrimRight(line, " -+\r"), "|") || strings.Contains(line, "| #")
	return func(n int) fact.Location {
		if !literal {
			n = 0
		}
		return fact.Location{File: shown, Line: first + n}
	}
}

func lineOf(whole string, n int) string {
	for ; n > 1; n-- {
		_, rest, found := strings.Cut(whole, "\n")
		if !found {
			return ""
		}
		whole = rest
	}
	line, _, _ := strings.Cut(whole, "\n")
	return line
}

// perform adds what a step does to the job. Through are the composite actions
// that lead here.
func (r *reader) perform(j *fact.PipelineJob, s step, through []string) (ownCluster bool) {
	out := &fact.PipelineStep{Ref: j.Ref.At(s.at), Name: s.name, When: j.When, Soft: s.soft, SoftAt: s.softAt}
	if s.condition != "" {
		out.When = narrow(j.When, condition(s.condition))
		out.OnFailure = strings.Contains(s.condition, "failure()")
		if scoped(s.condition) && j.Scoped == "" {
			j.Scoped = "`if: " + short(s.condition) + "`"
		}
		if !out.When.Any() {
			return false
		}
	}
	var w work
	switch {
	case s.run != "":
		shell, known := how(s.shell)
		if !known {
			w.opaque = append(w.opaque, fact.Opaque{What: "a script for " + s.shell, Why: "only shell is read", At: s.at})
			break
		}
		r.run(&w, s.run, setting{at: s.lines, dir: r.into("", orDot(s.dir)), how: shell, onFailure: out.OnFailure})
	case s.uses != "":
		if r.action(&w, j, out, s, through) {
			return w.ownCluster // a composite action added its own steps
		}
	}
	out.Deeds, out.Opaque = w.deeds, w.opaque
	j.Steps = append(j.Steps, out)
	return w.ownCluster
}

func orDot(dir string) string {
	if dir == "" {
		return "."
	}
	dir = strings.ReplaceAll(strings.ReplaceAll(dir, "${{ github.workspace }}", "."), "${{github.workspace}}", ".")
	if strings.Contains(dir, "${{") {
		return "$"
	}
	return dir
}

// action adds what an action does; true where it is a composite one of the
// repository, whose steps were added.
func (r *reader) action(w *work, j *fact.PipelineJob, out *fact.PipelineStep, s step, through []string) bool {
	r.credentials(j, s)
	if local, inside := strings.CutPrefix(s.uses, "./"); inside {
		return r.composite(w, j, out, s, path.Clean(local), through)
	}
	r.used(j, s.uses, s.at)
	inner := setting{at: func(int) fact.Location { return s.at }, dir: r.into("", orDot(s.dir)), how: script.Shell{ErrExit: true}, onFailure: out.OnFailure}
	if image, is := strings.CutPrefix(s.uses, "docker://"); is {
		r.run(w, "docker run "+image+" "+s.with["args"], inner)
		return false
	}
	name, _, _ := strings.Cut(s.uses, "@")
	switch strings.ToLower(name) {
	case "actions/checkout":
		if ref := s.with["ref"]; j.When.MergePrivileged && (strings.Contains(ref, "github.event.pull_request.head") || strings.Contains(ref, "github.head_ref")) {
			j.ChecksOutProposal = s.at
		}
		return false
	case "pre-commit/action", "tox-dev/action-pre-commit-uv":
		r.command(w, script.Command{Words: append([]string{"pre-commit", "run"}, strings.Fields(s.with["extra_args"])...), Line: 1}, inner)
		return false
	case "nick-fields/retry", "nick-invision/retry", "wandalen/wretry.action":
		r.run(w, s.with["command"], inner)
		return false
	case "appleboy/ssh-action", "garygrossgarten/github-action-ssh", "fifsky/ssh-action":
		inner.remote = true
		r.run(w, s.with["script"]+s.with["command"], inner)
		return false
	case "azure/cli", "azure/powershell":
		r.run(w, s.with["inlinescript"], inner)
		return false
	case "actions-hub/kubectl", "steebchen/kubectl", "kodermax/kubectl-aws-eks":
		r.run(w, "kubectl "+s.with["args"], inner)
		return false
	case "superfly/flyctl-actions", "superfly/flyctl-actions/flyctl":
		r.run(w, "flyctl "+s.with["args"], inner)
		return false
	case "gradle/gradle-build-action", "gradle/actions/setup-gradle", "burrunan/gradle-cache-action":
		if s.with["arguments"] != "" {
			r.run(w, "./gradlew "+s.with["arguments"], inner)
		}
		return false
	case "goreleaser/goreleaser-action":
		if strings.HasPrefix(s.with["args"], "release") {
			w.deeds = append(w.deeds, fact.Deed{Kind: fact.Builds, Tool: name, Over: "code", At: s.at})
		}
		return false
	case "denolib/setup-deno", "arduino/setup-task", "extractions/setup-just":
		return false
	}
	for key, value := range s.env { // linters are told by variables
		if _, given := s.with[strings.ToLower(key)]; !given {
			s.with[strings.ToLower(key)] = value
		}
	}
	result := r.book.Action(name, s.with)
	if strings.EqualFold(name, "azure/k8s-deploy") {
		share(result.Deeds, s.with["strategy"], s.with["percentage"])
		for i := range result.Deeds {
			result.Deeds[i].Targets = append(result.Deeds[i].Targets, strings.Fields(s.with["manifests"])...)
		}
	}
	w.ownCluster = w.ownCluster || result.OwnCluster
	for _, d := range result.Deeds {
		d.At = s.at
		if d.Kind == fact.Deploys && out.OnFailure {
			d.Kind = fact.RollsBack
		}
		w.deeds = append(w.deeds, d)
	}
	if result.Opaque != nil {
		o := *result.Opaque
		o.At = s.at
		w.opaque = append(w.opaque, o)
	}
	return false
}

// composite adds the steps of an action of the repository.
func (r *reader) composite(w *work, j *fact.PipelineJob, out *fact.PipelineStep, s step, dir string, through []string) bool {
	for _, seen := range through {
		if seen == dir {
			return false
		}
	}
	var file, whole string
	for _, name := range []string{"action.yml", "action.yaml"} {
		if text, found := r.text(path.Join(dir, name)); found {
			file, whole = path.Join(dir, name), text
			break
		}
	}
	if file == "" || len(through) > 9 {
		w.opaque = append(w.opaque, fact.Opaque{What: s.uses, Why: "no action.yml was found there", At: s.at})
		return false
	}
	root, problem := decode.Document{File: r.shown(file), Line: 1, Data: []byte(whole)}.Parse()
	if problem != nil {
		r.lost(problem.Location, "%s", problem.Message)
		return false
	}
	steps := decode.Dig(root, "runs", "steps")
	if decode.Text(decode.Dig(root, "runs", "using")) != "composite" {
		w.opaque = append(w.opaque, fact.Opaque{What: s.uses, Why: "it is a program of the repository", At: s.at})
		return false
	}
	own := false
	for _, n := range decode.Items(steps) {
		at := fact.Location{File: r.shown(file), Line: n.Line, Column: n.Column}
		inner := step{at: at, with: map[string]string{}, env: map[string]string{}, name: decode.Text(decode.Child(n, "name")), condition: decode.Text(decode.Child(n, "if")),
			uses: decode.Text(decode.Child(n, "uses")), run: decode.Text(decode.Child(n, "run")), shell: decode.Text(decode.Child(n, "shell")), dir: decode.Text(decode.Child(n, "working-directory")), soft: s.soft, softAt: s.softAt}
		if run := decode.Child(n, "run"); run != nil {
			inner.lines = r.lines(file, run.Line)
		}
		if c := decode.Child(n, "continue-on-error"); c != nil && decode.Text(c) != "false" && inner.soft == "" {
			inner.soft, inner.softAt = "`continue-on-error: "+decode.Text(c)+"`", at
		}
		for _, key := range decode.Keys(decode.Child(n, "with")) {
			inner.with[strings.ToLower(key.Value)] = filled(decode.Text(decode.Child(decode.Child(n, "with"), key.Value)), s.with)
		}
		inner.dir = filled(inner.dir, s.with)
		if inner.condition == "" {
			inner.condition = s.condition
		}
		if r.perform(j, inner, append(append([]string(nil), through...), dir)) {
			own = true
		}
	}
	w.ownCluster = w.ownCluster || own
	return true
}

// filled puts the inputs of a composite action in where one is named alone.
func filled(text string, with map[string]string) string {
	inner := strings.TrimSpace(text)
	if !strings.HasPrefix(inner, "${{") || !strings.HasSuffix(inner, "}}") {
		return text
	}
	name, found := strings.CutPrefix(strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(inner, "${{"), "}}")), "inputs.")
	if value := with[strings.ToLower(name)]; found && value != "" {
		return value
	}
	return text
}

// used records what a job takes from elsewhere.
func (r *reader) used(j *fact.PipelineJob, uses string, at fact.Location) {
	name, version, _ := strings.Cut(uses, "@")
	u := fact.PipelineUse{Name: name, Version: version, At: at}
	owner, _, _ := strings.Cut(name, "/")
	u.Host = owner == "actions" || owner == "github"
	u.Pinned = len(version) == 40 && strings.Trim(version, "0123456789abcdef") == "" || strings.HasPrefix(version, "sha256:")
	j.Uses = append(j.Uses, u)
}
