package pipeline

import (
	"bytes"
	"maps"
	"path"
	"slices"
	"sort"
	"strings"

	"github.com/rhysd/actionlint"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/derive/script"
	"seaworthy.dev/seaworthy/internal/fact"
)

// workflow is a parsed workflow; tree is nil where it could not be read.
type workflow struct {
	file string
	tree *actionlint.Workflow
}

// maxNodes bounds what anchors may make of a workflow.
const maxNodes = 200_000

// loadWorkflow parses a workflow once, and reports what GitHub would refuse.
func (r *reader) loadWorkflow(file string) *workflow {
	if w, found := r.workflows[file]; found {
		return w
	}
	w := &workflow{file: file}
	r.workflows[file] = w
	whole, found := r.text(file)
	at := fact.Location{File: r.shown(file)}
	if !found {
		r.lost(at, "cannot be read: it is missing, no text, or larger than 1 MB; keep workflows small")
		return w
	}
	data := []byte(whole)
	if bytes.Contains(data, []byte("*")) && bytes.Contains(data, []byte("&")) && r.explodes(file, data) {
		r.lost(at, "grows beyond %d values by its anchors; write it out", maxNodes)
		return w
	}
	tree, errors := actionlint.Parse(data)
	typo := slices.ContainsFunc(errors, func(e *actionlint.Error) bool { return strings.HasPrefix(e.Message, "unexpected key") })
	for _, e := range errors {
		if strings.Contains(e.Message, "is defined but not used") || typo && strings.Contains(e.Message, "is missing") || strings.Contains(e.Message, "should not be empty") && tree != nil {
			continue
		}
		at.Line, at.Column = e.Line, e.Column
		says, sure := wording(e.Message)
		if !sure { // a key may be newer than what is known here, or one that has no effect
			r.out.Problems = append(r.out.Problems, fact.Problem{Location: at, Message: says})
			continue
		}
		r.lost(at, "%s; GitHub refuses the whole workflow", says)
		tree = nil
	}
	if w.tree = tree; tree != nil && r.refused(file, tree) {
		w.tree = nil
	}
	return w
}

// events are those that start workflows.
var events = strings.Fields(`branch_protection_rule check_run check_suite create delete deployment deployment_status discussion discussion_comment fork gollum
	image_version issue_comment issues label merge_group milestone page_build public pull_request pull_request_comment pull_request_review
	pull_request_review_comment pull_request_target push registry_package release repository_dispatch schedule status watch workflow_call workflow_dispatch
	workflow_run project project_card project_column`)

// refused reports what GitHub refuses besides the syntax: events that it does not
// know by a name that is near to one, and needs of jobs that are not there.
func (r *reader) refused(file string, tree *actionlint.Workflow) (refused bool) {
	for _, e := range tree.On {
		hook, is := e.(*actionlint.WebhookEvent)
		if !is || slices.Contains(events, hook.EventName()) {
			continue
		}
		if near := nearest(hook.EventName(), events); near != "" {
			r.lost(r.place(r.shown(file), hook.Pos), "there is no event `%s`: `%s` is the nearest known one; GitHub refuses the whole workflow", hook.EventName(), near)
			refused = true
		}
	}
	for _, id := range slices.Sorted(maps.Keys(tree.Jobs)) {
		for _, need := range tree.Jobs[id].Needs {
			if tree.Jobs[strings.ToLower(need.Value)] == nil && !strings.Contains(need.Value, "${{") {
				r.lost(r.place(r.shown(file), need.Pos), "job %s needs %s, which is not there%s; GitHub refuses the whole workflow", tree.Jobs[id].ID.Value, need.Value, meant(need.Value, slices.Sorted(maps.Keys(tree.Jobs))))
				refused = true
			}
		}
	}
	return refused
}

// explodes reports whether anchors make more of a file than is sensible.
func (r *reader) explodes(file string, data []byte) bool {
	root, problem := decode.Document{File: file, Line: 1, Data: data}.Parse()
	if problem != nil {
		return false // said by the parser of workflows
	}
	sizes := map[*decode.Node]int{}
	var size func(n *decode.Node, depth int) int
	size = func(n *decode.Node, depth int) int {
		if n == nil || depth > 1000 {
			return 1
		}
		if known, found := sizes[n]; found {
			return known
		}
		sizes[n] = 1 // against circles
		total := 1
		if n.Alias != nil {
			total += size(n.Alias, depth+1)
		}
		for _, c := range n.Content {
			if total += size(c, depth+1); total > maxNodes {
				break
			}
		}
		sizes[n] = total
		return total
	}
	return size(root, 0) > maxNodes
}

// wording says in our words what the parser complains of: for a mistyped key the
// nearest known one.
func wording(message string) (says string, sure bool) {
	message = strings.TrimSpace(message)
	rest, found := strings.CutPrefix(message, `unexpected key "`)
	if !found {
		return strings.TrimSuffix(message, "."), true
	}
	key, rest, _ := strings.Cut(rest, `"`)
	where, list, _ := strings.Cut(rest, ". expected one of ")
	known := strings.Split(strings.TrimSuffix(list, "."), ",")
	for i := range known {
		known[i] = strings.Trim(strings.TrimSpace(known[i]), `"`)
	}
	best := nearest(key, known)
	section := strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(where), "for "), " section")
	says = "there is no key `" + key + "` in " + strings.ReplaceAll(section, `"`, "`")
	_, event, _ := strings.Cut(section, `"`)
	switch inEvent := slices.Contains(events, strings.Trim(event, `"`)); {
	case inEvent && best != "": // events are taken with keys that mean nothing
		return says + ", so it has no effect: `" + best + "` is the nearest known one", false
	case best != "":
		return says + ": `" + best + "` is the nearest known one", true
	}
	return says + "; correct it, unless GitHub has it since a short time", false
}

// github reads a workflow with everything that it calls.
func (r *reader) github(file string) {
	w := r.loadWorkflow(file)
	if w.tree == nil {
		return
	}
	name := path.Base(file)
	p := &fact.Pipeline{Ref: fact.Ref{Subject: "workflow " + name, Location: fact.Location{File: r.shown(file), Line: 1}}, Engine: "github-actions", Name: name}
	if w.tree.Name != nil && w.tree.Name.Value != "" {
		p.Name = w.tree.Name.Value
	}
	for _, e := range w.tree.On {
		r.event(p, e)
	}
	sort.Strings(p.Paths)
	p.Paths = slices.Compact(p.Paths)
	r.jobs(p, w, call{when: p.When}, 0)
	r.set.Pipelines = append(r.set.Pipelines, p)
}

// event adds an occasion.
func (r *reader) event(p *fact.Pipeline, e actionlint.Event) {
	o := &p.When
	switch x := e.(type) {
	case *actionlint.ScheduledEvent:
		o.Schedule = true
	case *actionlint.WorkflowDispatchEvent:
		o.Manual = true
	case *actionlint.WorkflowCallEvent, *actionlint.RepositoryDispatchEvent:
		o.Called = true
	case *actionlint.WebhookEvent:
		r.webhook(p, x)
	default:
		o.Called = true
	}
}

func (r *reader) webhook(p *fact.Pipeline, x *actionlint.WebhookEvent) {
	o := &p.When
	main, others := branches(x.Branches, x.BranchesIgnore)
	switch x.EventName() {
	case "pull_request", "merge_group":
		switch {
		case x.EventName() == "pull_request" && len(x.Types) > 0 && !slices.ContainsFunc(x.Types, opening):
			o.Push = o.Push || slices.ContainsFunc(x.Types, func(s *actionlint.String) bool { return s.Value == "closed" }) && main
		case main:
			o.Merge = true
		}
	case "pull_request_target":
		o.MergePrivileged = o.MergePrivileged || main
	case "push":
		onlyTags := (!x.Tags.IsEmpty() || !x.TagsIgnore.IsEmpty()) && x.Branches.IsEmpty() && x.BranchesIgnore.IsEmpty()
		if !onlyTags {
			o.Push, o.AnyBranch = o.Push || main, o.AnyBranch || others
		}
		o.Tag = o.Tag || !x.Tags.IsEmpty() || !x.TagsIgnore.IsEmpty() || x.Branches.IsEmpty() && x.BranchesIgnore.IsEmpty()
	case "release", "create":
		o.Tag = true
	case "workflow_run":
		o.Called, o.Push = true, o.Push || main && len(x.Workflows) > 0
	case "issue_comment":
		o.Manual = true
	default:
		o.Called = true
	}
	for _, list := range []*actionlint.WebhookEventFilter{x.Paths, x.PathsIgnore} {
		if list.IsEmpty() {
			continue
		}
		if p.PathsAt.File == "" {
			p.PathsAt = r.place(p.File, x.Pos)
		}
		if list == x.PathsIgnore {
			p.PathsIgnored = true
			continue
		}
		for _, v := range list.Values {
			p.Paths = append(p.Paths, v.Value)
		}
	}
}

func opening(s *actionlint.String) bool {
	return slices.Contains([]string{"opened", "synchronize", "reopened", "ready_for_review", "labeled", "edited"}, s.Value)
}

// branches tells whether a filter lets the default branch through, and whether it
// lets any other through that people propose changes from.
func branches(only, ignore *actionlint.WebhookEventFilter) (main, others bool) {
	if !ignore.IsEmpty() {
		main = !slices.ContainsFunc(ignore.Values, func(s *actionlint.String) bool { return fact.DefaultBranch(s.Value) || s.Value == "**" })
		return main, !slices.ContainsFunc(ignore.Values, func(s *actionlint.String) bool { return s.Value == "**" })
	}
	if only.IsEmpty() {
		return true, true
	}
	named := false
	for _, s := range only.Values {
		name := s.Value
		switch {
		case strings.HasPrefix(name, "!"):
		case name == "**" || name == "*" || name == "**/**":
			main, others = true, true
		case fact.DefaultBranch(name) || strings.Contains(name, "$") || (strings.HasPrefix("main", strings.TrimRight(name, "*")) || strings.HasPrefix("master", strings.TrimRight(name, "*"))) && strings.HasSuffix(name, "*"):
			main = true
		case name == "develop" || name == "development" || name == "dev":
			named = true
		}
	}
	// Where no usual name is listed, the development branch may be the default one.
	return main || named, others
}

func (r *reader) place(file string, pos *actionlint.Pos) fact.Location {
	at := fact.Location{File: file}
	if pos != nil {
		at.Line, at.Column = pos.Line, pos.Col
	}
	return at
}

// call is how a workflow is called by another.
type call struct {
	when  fact.Occasions
	path  []string // files that lead here
	title string   // the calling job
	shown string   // and as the host shows it
	soft  string
	at    fact.Location
	scope string
}

// jobs adds the jobs of a workflow in their order.
func (r *reader) jobs(p *fact.Pipeline, w *workflow, c call, depth int) {
	var list []*actionlint.Job
	for _, j := range w.tree.Jobs {
		list = append(list, j)
	}
	slices.SortFunc(list, func(a, b *actionlint.Job) int { return a.Pos.Line - b.Pos.Line })
	for _, j := range list {
		r.job(p, w, j, c, depth)
	}
}

func (r *reader) job(p *fact.Pipeline, w *workflow, x *actionlint.Job, c call, depth int) {
	file := r.shown(w.file)
	name := x.ID.Value
	title := name
	if c.title != "" {
		title = c.title + " / " + name
	}
	j := &fact.PipelineJob{Ref: fact.Ref{Subject: "workflow " + path.Base(w.file), Part: "job " + title, Location: r.place(file, x.Pos)}, Name: title, When: c.when, Soft: c.soft, SoftAt: c.at, Scoped: c.scope}
	j.Shown = title
	if x.Name != nil && !strings.Contains(x.Name.Value, "${{") {
		if j.Shown = x.Name.Value; c.shown != "" {
			j.Shown = c.shown + " / " + j.Shown
		}
	}
	for _, n := range x.Needs {
		j.Needs = append(j.Needs, strings.TrimPrefix(c.title+" / "+n.Value, " / "))
	}
	if x.If != nil {
		j.When = narrow(j.When, condition(x.If.Value))
		if scoped(x.If.Value) {
			j.Scoped = "`if: " + short(x.If.Value) + "`"
		}
	}
	if !j.When.Any() {
		return // `if: false` and its like
	}
	if b := x.ContinueOnError; b != nil && (b.Value || b.Expression != nil) && j.Soft == "" {
		j.Soft, j.SoftAt = "`continue-on-error: true` on the job", r.place(file, b.Pos)
		if b.Expression != nil {
			j.Soft = "`continue-on-error: " + short(b.Expression.Value) + "` on the job"
		}
	}
	if x.Environment != nil && x.Environment.Name != nil {
		j.Environment = x.Environment.Name.Value
	}
	r.rights(j, w, x)
	if x.WorkflowCall != nil && x.WorkflowCall.Uses != nil {
		r.callWorkflow(p, j, x, c, depth)
		return
	}
	e := environ{}
	e.add(w.tree.Env)
	e.add(x.Env)
	r.stored(j, file, w.tree.Env)
	r.stored(j, file, x.Env)
	how := shells{}
	how.take(w.tree.Defaults)
	how.take(x.Defaults)
	own := false
	var matrix *actionlint.Matrix
	if x.Strategy != nil {
		matrix = x.Strategy.Matrix
	}
	for _, s := range x.Steps {
		own = r.step(j, w.file, s, how, matrix) || own
	}
	if own || tries(name) { // what is deployed to a cluster of the job's own is a test
		tried(j)
	}
	p.Jobs = append(p.Jobs, j)
}

// scoped reports whether a condition asks what a change touches.
func scoped(condition string) bool {
	for _, word := range []string{"changes", "changed", "affected", "filter", "modified", "paths"} {
		if strings.Contains(strings.ToLower(condition), word) && (strings.Contains(condition, "outputs") || strings.Contains(condition, "needs.")) {
			return true
		}
	}
	return false
}

func short(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if len(text) > 60 {
		text = strings.ToValidUTF8(text[:57], "") + "..."
	}
	return text
}

// callWorkflow follows a reusable workflow.
func (r *reader) callWorkflow(p *fact.Pipeline, j *fact.PipelineJob, x *actionlint.Job, c call, depth int) {
	uses := x.WorkflowCall.Uses
	at := r.place(j.File, uses.Pos)
	local, inside := strings.CutPrefix(uses.Value, "./")
	if !inside {
		r.used(j, uses.Value, at)
		r.hole(at, "the workflow "+uses.Value+" stands in another repository, which is not read")
		j.Steps = append(j.Steps, &fact.PipelineStep{Ref: j.Ref.At(at), Name: uses.Value, When: j.When,
			Opaque: []fact.Opaque{{What: uses.Value, Why: "it stands in another repository", At: at}}})
		p.Jobs = append(p.Jobs, j)
		return
	}
	if depth >= 10 || slices.Contains(c.path, local) {
		r.lost(at, "calls %s in a circle or more than 10 deep; GitHub refuses it", uses.Value)
		return
	}
	if _, found := r.text(local); !found {
		r.lost(at, "calls %s, which is not there; correct the path", uses.Value)
		return
	}
	called := r.loadWorkflow(local)
	if called.tree == nil {
		return
	}
	r.jobs(p, called, call{when: j.When, path: append(slices.Clip(c.path), local), title: j.Name, shown: j.Shown, soft: j.Soft, at: j.SoftAt, scope: j.Scoped}, depth+1)
}

// shells are the defaults of run steps.
type shells struct{ shell, dir string }

func (s *shells) take(d *actionlint.Defaults) {
	if d == nil || d.Run == nil {
		return
	}
	if d.Run.Shell != nil {
		s.shell = d.Run.Shell.Value
	}
	if d.Run.WorkingDirectory != nil {
		s.dir = d.Run.WorkingDirectory.Value
	}
}

// how says how GitHub starts a shell: without a name bash -e, by the name bash
// with pipefail.
func how(shell string) (script.Shell, bool) {
	name, flags, custom := strings.Cut(strings.TrimSpace(shell), " ")
	switch name = path.Base(name); name {
	case ".": // none given
		return script.Shell{ErrExit: true}, true
	case "bash", "sh":
		if custom {
			return script.Shell{ErrExit: strings.Contains(" "+flags, " -e") || strings.Contains(flags, "-eo") || strings.Contains(flags, "errexit") || strings.Contains(flags, "-exo") || strings.Contains(flags, "-le"), PipeFail: strings.Contains(flags, "pipefail")}, true
		}
		return script.Shell{ErrExit: true, PipeFail: name == "bash"}, true
	case "pwsh", "powershell", "cmd":
		return script.Shell{}, true
	}
	return script.Shell{}, false
}

// environ collects variables by name.
type environ map[string]string

func (e environ) add(env *actionlint.Env) {
	if env == nil {
		return
	}
	for _, v := range env.Vars {
		if v.Name != nil && v.Value != nil {
			e[v.Name.Value] = v.Value.Value
		}
	}
}
