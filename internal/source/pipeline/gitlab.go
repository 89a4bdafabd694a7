package pipeline

import (
	"path"
	"slices"
	"sort"
	"strings"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/derive/script"
	"seaworthy.dev/seaworthy/internal/derive/secrecy"
	"seaworthy.dev/seaworthy/internal/fact"
)

// gitlabFile is the pipeline of GitLab with all that it includes: what stands at
// its top level, the later file first in honour.
type gitlabFile struct {
	r    *reader
	keys map[string]*decode.Node
	// order is that of the names as they were first seen.
	order []string
	// files tells in which file a node stands.
	files map[*decode.Node]string
	seen  []string
	name  string
	// partial is true where something that is included is not read.
	partial bool
}

// reserved are keys of the top level that are no jobs.
var reserved = []string{"stages", "variables", "workflow", "include", "default", "image", "services", "cache", "before_script", "after_script", "spec", "types"}

// keywords are the keys of a job; a mistyped one is named.
var keywords = strings.Fields(`after_script allow_failure artifacts before_script cache coverage dast_configuration dependencies environment extends hooks id_tokens
	identity image inherit interruptible manual_confirmation needs only except pages parallel publish release resource_group retry rules run script secrets
	services stage start_in tags timeout trigger variables when inputs`)

// gitlab reads .gitlab-ci.yml.
func (r *reader) gitlab(file string) {
	g := &gitlabFile{r: r, keys: map[string]*decode.Node{}, files: map[*decode.Node]string{}, name: file}
	if !g.load(file, fact.Location{File: r.shown(file)}) {
		return
	}
	p := &fact.Pipeline{Ref: fact.Ref{Subject: "pipeline " + file, Location: fact.Location{File: r.shown(file), Line: 1}}, Engine: "gitlab-ci", Name: path.Base(file)}
	all := fact.Occasions{Merge: true, Push: true, AnyBranch: true, Tag: true, Schedule: true, ScheduleOpen: "whether one does stands in the settings of GitLab", Manual: true, Called: true}
	p.When = all
	workflow := decode.Items(decode.Dig(g.keys["workflow"], "rules"))
	if workflow != nil {
		p.When, _ = g.ruled(all, workflow, nil)
	}
	for _, name := range g.order {
		n := decode.Follow(g.keys[name])
		if slices.Contains(reserved, name) || strings.HasPrefix(name, ".") || !decode.IsMapping(n) {
			continue
		}
		g.job(p, name, n, workflow != nil)
	}
	r.set.Pipelines = append(r.set.Pipelines, p)
}

// load adds a file and, before it, what it includes.
func (g *gitlabFile) load(file string, from fact.Location) bool {
	if slices.Contains(g.seen, file) || len(g.seen) > 150 {
		return true
	}
	g.seen = append(g.seen, file)
	whole, found := g.r.text(file)
	if !found {
		g.elsewhere(from, "includes %s, which is not there or no text; correct the path", file)
		return false
	}
	docs := decode.Split(g.r.shown(file), []byte(whole))
	var root *decode.Node
	for _, doc := range docs {
		n, problem := doc.Parse()
		if problem != nil {
			g.elsewhere(problem.Location, "%s", problem.Message)
			return false
		}
		if decode.Child(n, "spec") != nil && len(docs) > 1 {
			continue // the header of a file with inputs
		}
		mark(g.files, n, g.r.shown(file), doc.Line-1, 0)
		root = n
		break
	}
	for _, n := range includes(decode.Child(root, "include")) {
		g.include(n)
	}
	for _, k := range decode.Keys(root) {
		if g.keys[k.Value] == nil {
			g.order = append(g.order, k.Value)
		}
		g.keys[k.Value] = decode.Child(root, k.Value)
		g.files[g.keys[k.Value]] = g.r.shown(file)
	}
	return true
}

// mark remembers for each node where it stands.
func mark(files map[*decode.Node]string, n *decode.Node, file string, shift, depth int) {
	if n == nil || depth > 100 || files[n] != "" {
		return
	}
	files[n] = file
	n.Line += shift
	for _, c := range n.Content {
		mark(files, c, file, shift, depth+1)
	}
}

// includes returns what is included: a list, or one alone.
func includes(n *decode.Node) []*decode.Node {
	if n = decode.Follow(n); n == nil {
		return nil
	}
	if list := decode.Items(n); list != nil {
		return list
	}
	return []*decode.Node{n}
}

// include follows files of this repository, and records the others as unread.
func (g *gitlabFile) include(n *decode.Node) {
	at := g.at(n)
	local := decode.Text(n)
	if local == "" {
		local = decode.Text(decode.Child(n, "local"))
	}
	if local != "" && !strings.Contains(local, "://") {
		if strings.Contains(local, "$") {
			g.elsewhere(at, "includes %s, whose name is filled in elsewhere; name the file", local)
			return
		}
		local = strings.TrimPrefix(path.Clean("/"+local), "/")
		if strings.Contains(local, "*") {
			for _, file := range g.r.glob(local) {
				g.load(file, at)
			}
			return
		}
		g.load(local, at)
		return
	}
	for _, kind := range []string{"project", "remote", "template", "component"} {
		if what := decode.Text(decode.Child(n, kind)); what != "" || kind == "remote" && strings.Contains(local, "://") {
			if what == "" {
				what = local
			}
			if file := decode.Text(decode.Child(n, "file")); file != "" {
				what += " " + file
			}
			g.partial = true
			g.r.hole(at, "the pipeline includes the "+kind+" "+what+", which is not read")
			g.r.out.Problems = append(g.r.out.Problems, fact.Problem{Location: at, Message: "includes the " + kind + " " + what + ", which stands elsewhere and is not read; jobs in it are not judged"})
			return
		}
	}
}

// glob lists the files of the repository that a pattern of an include names.
func (r *reader) glob(pattern string) []string {
	dir := path.Dir(pattern[:strings.IndexByte(pattern, '*')] + "x")
	var out []string
	var walk func(dir string, depth int)
	walk = func(dir string, depth int) {
		f, err := r.root.Open(path.Clean(dir))
		if err != nil || depth > 6 {
			return
		}
		defer f.Close()
		entries, _ := f.ReadDir(1000)
		for _, e := range entries {
			name := path.Join(dir, e.Name())
			if e.IsDir() && strings.Contains(pattern, "**") {
				walk(name, depth+1)
				continue
			}
			fits, _ := path.Match(strings.ReplaceAll(path.Base(pattern), "**", "*"), e.Name())
			if e.Type().IsRegular() && fits && len(out) < 100 {
				out = append(out, name)
			}
		}
	}
	walk(dir, 0)
	sort.Strings(out)
	return out
}

func (g *gitlabFile) at(n *decode.Node) fact.Location {
	file := g.files[n]
	if file == "" {
		file = g.r.shown(g.name)
	}
	at := fact.Location{File: file}
	if n != nil && g.files[n] != "" {
		at.Line, at.Column = n.Line, n.Column
	}
	return at
}

// flat returns the keys of a job with those that it extends beneath.
func (g *gitlabFile) flat(n *decode.Node, depth int) map[string]*decode.Node {
	out := map[string]*decode.Node{}
	if depth > 11 {
		return out
	}
	parents := decode.Child(n, "extends")
	names := []string{decode.Text(parents)}
	for _, item := range decode.Items(parents) {
		names = append(names, decode.Text(item))
	}
	for _, name := range names {
		if name == "" {
			continue
		}
		if g.keys[name] == nil {
			g.r.lost(g.at(parents), "extends %s, which is not among the files%s; include the file in which it stands, or mend the name", name, meant(name, g.order))
			continue
		}
		for k, v := range g.flat(decode.Follow(g.keys[name]), depth+1) {
			out[k] = v
		}
	}
	for _, k := range allKeys(n, 0) {
		out[k] = decode.Child(n, k)
	}
	return out
}

// allKeys lists the keys of a mapping, merged ones included.
func allKeys(n *decode.Node, depth int) []string {
	var out []string
	n = decode.Follow(n)
	if n == nil || depth > 8 {
		return nil
	}
	for i := 0; decode.IsMapping(n) && i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == "<<" {
			for _, merged := range append(decode.Items(n.Content[i+1]), n.Content[i+1]) {
				out = append(out, allKeys(merged, depth+1)...)
			}
			continue
		}
		out = append(out, n.Content[i].Value)
	}
	return out
}

// job adds one job.
func (g *gitlabFile) job(p *fact.Pipeline, name string, n *decode.Node, workflowRules bool) {
	for _, k := range decode.Keys(n) {
		if k.Value != "<<" && !slices.Contains(keywords, k.Value) {
			if near := nearest(k.Value, keywords); near != "" {
				g.r.lost(g.at(k), "there is no key `%s` in a job: `%s` is the nearest known one; GitLab refuses the whole pipeline", k.Value, near)
			}
		}
	}
	keys := g.flat(n, 0)
	g.references(name, keys)
	for _, inherited := range []string{"before_script", "after_script", "id_tokens", "retry"} {
		if keys[inherited] == nil {
			if keys[inherited] = decode.Child(g.keys["default"], inherited); keys[inherited] == nil {
				keys[inherited] = g.keys[inherited]
			}
		}
	}
	j := &fact.PipelineJob{Ref: fact.Ref{Subject: "pipeline " + path.Base(g.name), Part: "job " + name, Location: g.at(n)}, Name: name, Shown: name}
	if line := n.Line - 1; line > 0 && n.Style&32 == 0 {
		j.Line, j.Column = line, 1 // where the name stands
	}
	extra := ruling{}
	switch rules := decode.Follow(keys["rules"]); {
	case rules != nil:
		j.When, extra = g.ruled(p.When, g.items(rules, 0), keys)
	case keys["only"] != nil || keys["except"] != nil:
		j.When = only(p.When, keys["only"], keys["except"], &extra)
	default:
		j.When = p.When
		if !workflowRules { // only: [branches, tags]
			j.When.Merge = false
		}
	}
	if !j.When.Any() {
		return
	}
	when := decode.Text(keys["when"])
	if keys["rules"] == nil {
		extra.manual = when == "manual"
	}
	j.Manual, j.Scoped = extra.manual, extra.scoped
	soft := decode.Follow(keys["allow_failure"])
	switch {
	case soft != nil && yes(soft), soft != nil && decode.Child(soft, "exit_codes") != nil:
		j.Soft, j.SoftAt = "`allow_failure`", g.at(soft)
	case soft == nil && j.Manual && keys["rules"] == nil:
		j.Soft, j.SoftAt = "`when: manual` allows failure by default", g.at(keys["when"])
	case extra.soft != nil:
		j.Soft, j.SoftAt = "`allow_failure` in its rules", g.at(extra.soft)
	}
	if env := decode.Follow(keys["environment"]); env != nil {
		j.Environment = either(env, "name")
	}
	for _, item := range g.items(decode.Follow(keys["needs"]), 0) {
		j.Needs = append(j.Needs, either(item, "job"))
	}
	if keys["id_tokens"] != nil {
		j.Credentials = append(j.Credentials, fact.PipelineCredential{What: "an ID token of GitLab", At: g.at(keys["id_tokens"])})
	}
	if trigger := decode.Follow(keys["trigger"]); trigger != nil {
		g.trigger(p, j, trigger)
		return
	}
	g.scripts(j, keys, when == "on_failure" || extra.onFailure)
	p.Jobs = append(p.Jobs, j)
}

// scripts adds what a job runs: before_script and script as one, after_script as
// a step that cannot fail the job.
func (g *gitlabFile) scripts(j *fact.PipelineJob, keys map[string]*decode.Node, onFailure bool) {
	own := tries(j.Name)
	for _, part := range []struct {
		nodes []*decode.Node
		soft  string
	}{
		{append(g.items(keys["before_script"], 0), g.items(keys["script"], 0)...), ""},
		{g.items(keys["after_script"], 0), "`after_script` cannot fail the job"},
	} {
		var lines []string
		var places []fact.Location
		for _, n := range part.nodes {
			text := decode.Text(n)
			at := g.at(n)
			for i, line := range strings.Split(strings.TrimRight(text, "\n"), "\n") {
				place := at
				if i > 0 || n.Style&8 != 0 && place.Line > 0 { // a block scalar starts on the next line
					place.Line += i
					if n.Style&8 != 0 {
						place.Line++
					}
					place.Column = 0
				}
				lines, places = append(lines, line), append(places, place)
			}
			g.stored(j, text, at)
		}
		if len(lines) == 0 {
			continue
		}
		s := &fact.PipelineStep{Ref: j.Ref.At(places[0]), Name: "script", When: j.When, OnFailure: onFailure, Soft: part.soft}
		var w work
		g.r.run(&w, strings.Join(lines, "\n"), setting{at: func(n int) fact.Location { return places[min(max(n-1, 0), len(places)-1)] }, dir: ".",
			how: script.Shell{ErrExit: true, PipeFail: true}, onFailure: onFailure})
		own = own || w.ownCluster
		s.Deeds, s.Opaque = w.deeds, w.opaque
		j.Steps = append(j.Steps, s)
	}
	if own {
		tried(j)
	}
}

// tried takes what a job deploys for a test.
func tried(j *fact.PipelineJob) {
	for _, s := range j.Steps {
		for i := range s.Deeds {
			switch d := &s.Deeds[i]; d.Kind {
			case fact.Deploys, fact.GatesHealth, fact.RollsBack:
				d.Kind = fact.TestsWhole
			}
		}
	}
}

// stored records keys of clouds that a script names, and how it reaches clusters.
func (g *gitlabFile) stored(j *fact.PipelineJob, text string, at fact.Location) {
	for _, ref := range variables(text) {
		upper := strings.ToUpper(ref)
		switch {
		case secrecy.CloudKey(upper) != "":
			j.Credentials = append(j.Credentials, fact.PipelineCredential{What: secrecy.CloudKey(upper), Name: "$" + ref, Stored: true, At: at})
		case strings.Contains(upper, "KUBECONFIG") || strings.Contains(upper, "KUBE_CONFIG"):
			j.Credentials = append(j.Credentials, fact.PipelineCredential{What: "a kubeconfig", Name: "$" + ref, Stored: true, Unclear: true, At: at})
		case strings.Contains(upper, "SSH") && strings.Contains(upper, "KEY"):
			j.Credentials = append(j.Credentials, fact.PipelineCredential{What: "an SSH key", Name: "$" + ref, Stored: true, At: at})
		}
	}
}

// variables lists the variables that a text names.
func variables(text string) []string {
	var out []string
	for {
		at := strings.IndexByte(text, '$')
		if at < 0 {
			return out
		}
		text = strings.TrimPrefix(text[at+1:], "{")
		end := 0
		for end < len(text) && (text[end] == '_' || text[end] >= '0' && text[end] <= '9' || text[end]|32 >= 'a' && text[end]|32 <= 'z') {
			end++
		}
		if end > 0 && !slices.Contains(out, text[:end]) {
			out = append(out, text[:end])
		}
		text = text[end:]
	}
}

// trigger follows a child pipeline of this repository.
func (g *gitlabFile) trigger(p *fact.Pipeline, j *fact.PipelineJob, n *decode.Node) {
	at := g.at(n)
	for _, inc := range includes(decode.Child(n, "include")) {
		local := either(inc, "local")
		if local == "" || strings.ContainsAny(local, "$*") || strings.Contains(local, "://") {
			g.r.hole(at, "job "+j.Name+" starts a pipeline that is made elsewhere and not read")
			j.Steps = append(j.Steps, &fact.PipelineStep{Ref: j.Ref, When: j.When, Opaque: []fact.Opaque{{What: "trigger", Why: "the child pipeline is made elsewhere", At: at}}})
			continue
		}
		child := &gitlabFile{r: g.r, keys: map[string]*decode.Node{}, files: g.files, name: strings.TrimPrefix(path.Clean("/"+local), "/"), seen: slices.Clone(g.seen)}
		if len(g.seen) > 50 || slices.Contains(g.seen, child.name) || !child.load(child.name, at) {
			continue
		}
		inner := &fact.Pipeline{When: j.When}
		for _, name := range child.order {
			if c := decode.Follow(child.keys[name]); !slices.Contains(reserved, name) && !strings.HasPrefix(name, ".") && decode.IsMapping(c) {
				child.job(inner, name, c, true)
			}
		}
		for _, c := range inner.Jobs {
			c.Name, c.Soft = j.Name+" / "+c.Name, first(c.Soft, j.Soft)
			c.Scoped = first(c.Scoped, j.Scoped)
		}
		p.Jobs = append(p.Jobs, inner.Jobs...)
	}
	if decode.Child(n, "include") == nil {
		j.Steps = append(j.Steps, &fact.PipelineStep{Ref: j.Ref, When: j.When, Opaque: []fact.Opaque{{What: "trigger", Why: "the pipeline of another project is not read", At: at}}})
	}
	p.Jobs = append(p.Jobs, j)
}

func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// items flattens lists in lists, and fetches what !reference names.
func (g *gitlabFile) items(n *decode.Node, depth int) []*decode.Node {
	n = decode.Follow(n)
	switch {
	case n == nil || depth > 10:
		return nil
	case n.Tag == "!reference":
		var target *decode.Node
		for i, step := range decode.Items(n) {
			if i == 0 {
				target = g.keys[decode.Text(step)]
				if target != nil && len(decode.Items(n)) > 1 && decode.Child(target, "extends") != nil {
					target = g.flat(decode.Follow(target), 0)[decode.Text(decode.Items(n)[1])]
					break
				}
				continue
			}
			target = decode.Child(decode.Follow(target), decode.Text(step))
		}
		if target == nil {
			g.r.lost(g.at(n), "refers to something that is not among the files; include the file in which it stands")
			return nil
		}
		return g.items(target, depth+1)
	case decode.Items(n) != nil:
		var out []*decode.Node
		for _, item := range decode.Items(n) {
			out = append(out, g.items(item, depth+1)...)
		}
		return out
	case decode.IsNull(n):
		return nil
	}
	return []*decode.Node{n}
}

// nearest returns the known word that is nearest to a mistyped one.
func nearest(word string, known []string) string {
	best, distance := "", 4
	for _, k := range known {
		if d := decode.Distance(word, k); d < distance && d < max(2, len(word)/2+1) {
			best, distance = k, d
		}
	}
	return best
}
