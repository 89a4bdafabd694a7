package pipeline

import (
	"path"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/bundles"
	"seaworthy.dev/seaworthy/internal/derive/deeds"
	"seaworthy.dev/seaworthy/internal/derive/script"
	"seaworthy.dev/seaworthy/internal/fact"
)

// Limits on what is followed from one step into the repository.
const (
	maxFollowed = 8
	maxDeeds    = 2000
)

// work is what a step does, as far as it could be told.
type work struct {
	deeds      []fact.Deed
	opaque     []fact.Opaque
	ownCluster bool
	// formatted names a formatter that rewrote files, so that a difference shows
	// which were not formatted.
	formatted string
}

// setting is where commands stand.
type setting struct {
	// at says where a line of the script stands in its file.
	at func(line int) fact.Location
	// dir is the folder, relative to the root, in which they run.
	dir string
	how script.Shell
	// via names what was followed to get here, soft why failures on the way there
	// are lost.
	via, soft string
	onFailure bool
	remote    bool
	depth     int
	// seen are the ways that were followed, against circles.
	seen []string
}

// run adds what a script does.
func (r *reader) run(w *work, source string, s setting) {
	if len(w.deeds) > maxDeeds {
		return
	}
	commands, err := script.Commands(source, s.how)
	if err != nil {
		what := s.via
		if what == "" {
			what = "the script"
		}
		w.opaque = append(w.opaque, fact.Opaque{What: what, Why: "its shell syntax was not understood to the end", At: s.at(1)})
	}
	for _, c := range commands {
		if len(c.Words) > 1 && c.Words[0] == "cd" && s.dir != "?" { // what follows runs there
			s.dir = r.into(s.dir, c.Words[1])
			continue
		}
		r.command(w, c, s)
	}
}

// into returns the folder that cd leads to; "?" where that cannot be told.
func (r *reader) into(dir, to string) string {
	switch {
	case dir == "?" || script.Filled(to) || strings.ContainsAny(to, "$~") || strings.HasPrefix(to, "/") || to == "-":
		return "?"
	}
	return path.Join(dir, to)
}

func (r *reader) command(w *work, c script.Command, s setting) {
	soft := s.soft
	if soft == "" {
		soft = c.Soft
	}
	at := s.at(c.Line)
	result := r.book.Command(c)
	if tool := deeds.Rewrites(c.Words); tool != "" {
		w.formatted = tool
	}
	if w.formatted != "" && deeds.ShowsDifference(c) {
		result.Deeds = append(result.Deeds, fact.Deed{Kind: fact.Lints, Tool: w.formatted + " and " + strings.Join(c.Words[:2], " "), Over: "code"})
	}
	w.ownCluster = w.ownCluster || result.OwnCluster
	if result.ByOutput {
		soft = s.soft
	}
	r.add(w, result.Deeds, c, s, soft, at)
	if result.Opaque != nil {
		o := *result.Opaque
		o.At = at
		w.opaque = append(w.opaque, o)
	}
	if f := result.Follow; f != nil {
		inner := s
		inner.soft, inner.onFailure, inner.depth = soft, s.onFailure || c.OnFailure, s.depth+1
		if why := r.follow(w, f, inner, at); why != "" {
			if f.Runner == "script" && path.Ext(f.Names[0]) == "" && f.Shell == (script.Shell{}) {
				why = built
			}
			r.add(w, f.Else, c, s, soft, at)
			if len(f.Else) == 0 && why != built {
				w.opaque = append(w.opaque, fact.Opaque{What: briefly(c.Words), Why: why, At: at})
			}
		}
	}
}

// add records deeds with the place and the softness of their command.
func (r *reader) add(w *work, list []fact.Deed, c script.Command, s setting, soft string, at fact.Location) {
	for _, d := range list {
		if soft != "" {
			d.Soft = soft
		}
		d.Via, d.At = s.via, at
		for i, target := range d.Targets {
			d.Targets[i] = r.into(s.dir, target)
		}
		if d.Kind == fact.Deploys && len(d.Targets) > 0 && !slices.ContainsFunc(d.Targets, func(t string) bool { return !bundles.Aside(t) }) {
			d.Kind = fact.TestsWhole // what stands aside is tried, not deployed
		}
		if d.Kind == fact.Deploys && tries(s.via) {
			d.Kind = fact.TestsWhole
		}
		if d.Kind == fact.Deploys && (s.onFailure || c.OnFailure) {
			d.Kind = fact.RollsBack
		}
		w.deeds = append(w.deeds, d)
	}
	if s.remote && len(c.Words) > 0 && len(list) == 0 {
		if d, found := remoteDeploy(c.Words); found {
			d.Soft, d.Via, d.At = soft, s.via, at
			w.deeds = append(w.deeds, d)
		}
	}
}

// tries reports whether a name says that something is tried and not deployed.
func tries(name string) bool {
	for word := range strings.FieldsFuncSeq(strings.ToLower(name), func(r rune) bool { return r != '2' && (r < 'a' || r > 'z') }) {
		switch word {
		case "test", "tests", "testing", "e2e", "integration", "acceptance", "preview", "kind", "minikube", "conformance":
			return true
		}
	}
	return false
}

// remoteDeploy recognises what changes a service on another machine.
func remoteDeploy(words []string) (fact.Deed, bool) {
	for len(words) > 0 && words[0] == "sudo" {
		words = words[1:]
	}
	line := strings.Join(words[:min(3, len(words))], " ")
	for _, known := range []string{"docker compose up", "docker-compose up", "systemctl restart", "systemctl reload", "docker run", "docker service update", "docker stack deploy", "pm2 restart", "pm2 reload", "pm2 start", "git pull", "service", "supervisorctl restart", "podman run", "podman-compose up"} {
		if strings.HasPrefix(line+" ", known+" ") {
			return fact.Deed{Kind: fact.Deploys, Tool: known + " over ssh", Over: "hosts"}, true
		}
	}
	return fact.Deed{}, false
}

// follow adds what stands in the repository behind a command; why says why that
// was not possible.
func (r *reader) follow(w *work, f *deeds.Follow, s setting, at fact.Location) (why string) {
	if s.depth > maxFollowed {
		return "it leads through more than 8 files"
	}
	dir := s.dir
	if f.Dir == "?" && f.Runner != "npm" || dir == "?" {
		if f.Runner != "inline" {
			return "the folder in which it runs cannot be told"
		}
	}
	if f.Dir != "" && f.Dir != "?" {
		dir = r.into(dir, f.Dir)
	}
	if f.Runner == "inline" {
		s.how = f.Shell
		s.remote = s.remote || f.Remote
		line := at
		s.at = func(int) fact.Location { return line }
		r.run(w, f.Names[0], s)
		return ""
	}
	key := f.Runner + " " + dir + " " + f.File + " " + strings.Join(f.Names, " ")
	if slices.Contains(s.seen, key) {
		return ""
	}
	s.seen = append(slices.Clip(s.seen), key)
	s.dir = dir
	s.at = func(int) fact.Location { return at }
	switch f.Runner {
	case "make":
		return r.make(w, f, s)
	case "npm":
		return r.npm(w, f, s)
	case "script":
		return r.scriptFile(w, f, s)
	case "task":
		return r.task(w, f, s)
	case "just":
		return r.just(w, f, s)
	case "tox":
		return r.tox(w, f, s)
	case "pre-commit":
		return r.preCommit(w, f, s)
	}
	return "it is not followed"
}

// built is why a program is not among the files that an earlier step makes: there
// is nothing to be read.
const built = "it is built by the pipeline"

// through names a further step of the way.
func through(via, next string) string {
	if via == "" {
		return next
	}
	return via + ", " + next
}

// scriptFile follows a script of the repository.
func (r *reader) scriptFile(w *work, f *deeds.Follow, s setting) string {
	name := f.Names[0]
	file := path.Join(s.dir, name)
	source, found := r.text(file)
	if !found && s.dir != "" && s.dir != "." {
		file = path.Clean(name)
		source, found = r.text(file)
	}
	if !found {
		return name + " is not among the files"
	}
	first, _, _ := strings.Cut(source, "\n")
	if strings.HasPrefix(first, "#!") && !strings.Contains(first, "sh") {
		return name + " is written in another language than shell"
	}
	if !strings.HasPrefix(first, "#!") && !strings.HasSuffix(name, ".sh") && !strings.HasSuffix(name, ".bash") {
		return name + " is no shell script"
	}
	s.how = f.Shell
	s.via = through(s.via, name)
	r.run(w, source, s)
	return ""
}

func briefly(words []string) string {
	line := strings.Join(words, " ")
	line = strings.ReplaceAll(strings.ReplaceAll(line, "\n", " "), "__FILLED_IN__", "${{ ... }}")
	if len(line) > 48 {
		line = strings.ToValidUTF8(line[:45], "") + "..."
	}
	return line
}
