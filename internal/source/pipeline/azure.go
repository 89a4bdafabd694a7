package pipeline

import (
	"path"
	"strings"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/derive/script"
	"seaworthy.dev/seaworthy/internal/fact"
)

// azureFile is a pipeline of Azure, or a template of one.
type azureFile struct {
	r    *reader
	doc  decode.Document
	file string
	p    *fact.Pipeline
	seen []string
	// facts are what variables say on each occasion, those of the pipeline included.
	facts []map[string]value
}

// azure reads azure-pipelines.yml.
func (r *reader) azure(file string) {
	a := &azureFile{r: r, file: file}
	root := a.load()
	if root == nil {
		return
	}
	triggered := decode.Child(root, "trigger") != nil || decode.Child(root, "pr") != nil || decode.Child(root, "schedules") != nil
	if name := strings.ToLower(path.Base(file)); !triggered && (!strings.HasPrefix(name, "azure-pipelines") || strings.Contains(name, "template")) {
		return // a template, which is read where it is taken
	}
	a.define(root)
	a.p = &fact.Pipeline{Ref: fact.Ref{Subject: "pipeline " + file, Location: fact.Location{File: a.doc.File, Line: 1}}, Engine: "azure-pipelines", Name: file}
	a.p.When = a.when(root)
	r.set.Pipelines = append(r.set.Pipelines, a.p)
	a.stages(root, a.p.When, nil, 0)
}

func (a *azureFile) load() *decode.Node {
	whole, found := a.r.text(a.file)
	if !found {
		return nil
	}
	a.doc = decode.Document{File: a.r.shown(a.file), Line: 1, Data: []byte(whole)}
	root, problem := a.doc.Parse()
	if problem != nil {
		a.r.lost(problem.Location, "%s", problem.Message)
		return nil
	}
	return root
}

// when reads trigger, pr and schedules. Without `pr` GitHub's proposals start the
// pipeline and those of Azure Repos only by a policy that stands in no file.
func (a *azureFile) when(root *decode.Node) (o fact.Occasions) {
	trigger := decode.Follow(decode.Child(root, "trigger"))
	switch {
	case trigger == nil:
		o.Push, o.AnyBranch = true, true
	case decode.Text(trigger) == "none":
	default:
		list := words(trigger)
		if decode.IsMapping(trigger) {
			list = words(decode.Dig(trigger, "branches", "include"))
			o.Tag = decode.Child(trigger, "tags") != nil
			a.paths(trigger)
		}
		o.Push = len(list) == 0
		for _, name := range list {
			name = strings.TrimPrefix(name, "refs/heads/")
			o.Push = o.Push || fact.DefaultBranch(name) || name == "*"
			o.AnyBranch = o.AnyBranch || name == "*"
		}
	}
	triggerPaths, branches := a.p.Paths, o.AnyBranch
	pr := decode.Follow(decode.Child(root, "pr"))
	switch {
	case pr == nil && !o.AnyBranch:
		o.Merge, o.Unsettled = true, "it has no `pr`: GitHub's pull requests start it, those of Azure Repos only by a branch policy"
	case pr != nil && decode.Text(pr) != "none":
		o.Merge = true
		if a.p.Paths = nil; decode.IsMapping(pr) {
			a.paths(pr)
		}
		if branches && len(triggerPaths) == 0 {
			a.p.Paths = nil // a push to the branch starts it whatever it touches
		}
	}
	if pr == nil && !branches && len(triggerPaths) > 0 { // they limit what runs after the merge
		a.p.Paths = nil
	}
	for _, n := range decode.Items(decode.Child(root, "schedules")) {
		if o.Schedule && o.ScheduleOpen == "" {
			break
		}
		if o.Schedule, o.ScheduleOpen = true, ""; !yes(decode.Child(n, "always")) {
			o.ScheduleOpen = "without `always: true` Azure starts it only where something was committed since, so a change by hand stays unseen until then"
		}
	}
	o.Manual = !o.Push && !o.Merge && !o.Schedule && !o.Tag
	return o
}

func (a *azureFile) paths(n *decode.Node) {
	for _, pattern := range words(decode.Dig(n, "paths", "include")) {
		a.p.Paths, a.p.PathsAt = append(a.p.Paths, pattern), a.doc.At(n)
	}
	a.p.PathsIgnored = a.p.PathsIgnored || decode.Dig(n, "paths", "exclude") != nil
}

// stages walks down through stages, jobs, deployments, templates and conditional
// insertions to the steps.
func (a *azureFile) stages(n *decode.Node, when fact.Occasions, job *fact.PipelineJob, depth int) {
	n = decode.Follow(n)
	if n == nil || depth > 40 || !when.Any() {
		return
	}
	for _, item := range decode.Items(n) {
		a.stages(item, when, job, depth+1)
	}
	if !decode.IsMapping(n) {
		return
	}
	if extends := decode.Child(n, "extends"); extends != nil {
		a.stages(extends, when, job, depth+1)
	}
	if condition := decode.Text(decode.Child(n, "condition")); condition != "" {
		when = a.narrow(when, condition)
	}
	if template := decode.Text(decode.Child(n, "template")); template != "" {
		a.template(n, template, when, job, depth)
		return
	}
	steps := decode.Child(n, "steps")
	name := first(decode.Text(decode.Child(n, "job")), decode.Text(decode.Child(n, "deployment")))
	if name != "" || steps != nil && job == nil {
		if name == "" {
			name = "(unnamed)"
		}
		job = &fact.PipelineJob{Ref: fact.Ref{Subject: "pipeline " + a.file, Part: "job " + name, Location: a.doc.At(n)}, Name: name, Shown: name, When: when}
		if soft := decode.Follow(decode.Child(n, "continueOnError")); soft != nil && decode.Text(soft) != "false" {
			job.Soft, job.SoftAt = "`continueOnError: true` on the job", a.doc.At(soft)
		}
		job.Environment = either(decode.Follow(decode.Child(n, "environment")), "name")
		job.Needs = words(decode.Child(n, "dependsOn"))
		a.p.Jobs = append(a.p.Jobs, job)
	}
	for _, key := range decode.Keys(n) {
		switch {
		case key.Value == "steps":
			for _, item := range decode.Items(steps) {
				a.step(job, item, when, depth+1)
			}
			if job != nil && tries(job.Name) {
				tried(job)
			}
		case key.Value == "stages" || key.Value == "jobs" || key.Value == "strategy" || key.Value == "runOnce" || key.Value == "rolling" || key.Value == "canary" || key.Value == "deploy" || key.Value == "preDeploy" || key.Value == "routeTraffic" || key.Value == "postRouteTraffic" || strings.HasPrefix(key.Value, "${{"):
			a.stages(decode.Child(n, key.Value), a.inserted(when, key.Value), job, depth+1)
		case key.Value == "on": // on: failure: steps
			a.onFailure(decode.Dig(n, "on", "failure", "steps"), job, when, depth)
		}
	}
}

func (a *azureFile) onFailure(steps *decode.Node, job *fact.PipelineJob, when fact.Occasions, depth int) {
	if job == nil {
		return
	}
	from := len(job.Steps)
	for _, item := range decode.Items(steps) {
		a.step(job, item, when, depth+1)
	}
	for _, s := range job.Steps[from:] {
		s.OnFailure = true
		for i := range s.Deeds {
			if s.Deeds[i].Kind == fact.Deploys {
				s.Deeds[i].Kind = fact.RollsBack
			}
		}
	}
}

// template follows a template of this repository.
func (a *azureFile) template(n *decode.Node, name string, when fact.Occasions, job *fact.PipelineJob, depth int) {
	at := a.doc.At(n)
	if strings.Contains(name, "@") && !strings.HasSuffix(name, "@self") || strings.Contains(name, "${{") {
		a.r.hole(at, "the template "+name+" stands in another repository, which is not read")
		return
	}
	name = strings.TrimSuffix(name, "@self")
	file := path.Join(path.Dir(a.file), name)
	if strings.HasPrefix(name, "/") {
		file = strings.TrimPrefix(path.Clean(name), "/")
	}
	if len(a.seen) > 20 {
		return
	}
	if _, found := a.r.text(file); !found {
		a.r.lost(at, "takes the template %s, which is not there; correct the path", name)
		return
	}
	inner := &azureFile{r: a.r, file: file, p: a.p, facts: a.facts, seen: append(append([]string(nil), a.seen...), file)}
	for _, s := range a.seen {
		if s == file {
			return
		}
	}
	if root := inner.load(); root != nil {
		if job != nil && decode.Child(root, "steps") != nil {
			for _, item := range decode.Items(decode.Child(root, "steps")) {
				inner.step(job, item, when, depth+1)
			}
			return
		}
		inner.stages(root, when, job, depth+1)
	}
}

// step adds a step.
func (a *azureFile) step(job *fact.PipelineJob, n *decode.Node, when fact.Occasions, depth int) {
	n = decode.Follow(n)
	if job == nil || n == nil || depth > 40 || len(job.Steps) > 500 {
		return
	}
	for _, key := range decode.Keys(n) {
		if strings.HasPrefix(key.Value, "${{") {
			for _, item := range decode.Items(decode.Child(n, key.Value)) {
				a.step(job, item, a.inserted(when, key.Value), depth+1)
			}
			return
		}
	}
	if template := decode.Text(decode.Child(n, "template")); template != "" {
		a.template(n, template, when, job, depth)
		return
	}
	at := a.doc.At(n)
	s := &fact.PipelineStep{Ref: job.Ref.At(at), Name: decode.Text(decode.Child(n, "displayName")), When: when}
	if condition := decode.Text(decode.Child(n, "condition")); condition != "" {
		s.When = a.narrow(when, condition)
		s.OnFailure = strings.HasPrefix(strings.ToLower(condition), "failed")
	}
	if soft := decode.Follow(decode.Child(n, "continueOnError")); soft != nil && decode.Text(soft) != "false" {
		s.Soft, s.SoftAt = "`continueOnError: true`", a.doc.At(soft)
	}
	if !s.When.Any() {
		return
	}
	var w work
	in := setting{at: func(int) fact.Location { return at }, dir: a.folder(n), onFailure: s.OnFailure}
	for _, key := range []string{"script", "bash", "pwsh", "powershell"} {
		if run := decode.Child(n, key); run != nil {
			in.at = a.r.lines(a.file, run.Line)
			a.r.run(&w, macro(decode.Text(run)), in)
		}
	}
	a.keys(job, n)
	if task := decode.Text(decode.Child(n, "task")); task != "" {
		a.task(&w, job, task, decode.Child(n, "inputs"), in, at)
	}
	s.Deeds, s.Opaque = w.deeds, w.opaque
	job.Steps = append(job.Steps, s)
}

// folder is where a step runs.
func (a *azureFile) folder(n *decode.Node) string {
	dir := decode.Text(decode.Child(n, "workingDirectory"))
	for _, key := range decode.Keys(decode.Child(n, "inputs")) {
		if strings.EqualFold(key.Value, "workingDirectory") {
			dir = decode.Text(decode.Dig(n, "inputs", key.Value))
		}
	}
	if dir = macro(dir); strings.Contains(dir, "__FILLED_IN__") {
		return "?"
	}
	return path.Clean(orDot(dir))
}

// macro puts a mark in the place of $(name), which Azure fills in before the shell
// sees the script; a command in its place would hold a blank.
func macro(source string) string {
	var b strings.Builder
	for {
		at := strings.Index(source, "$(")
		if at < 0 {
			return b.String() + source
		}
		end := strings.IndexByte(source[at:], ')')
		if end < 0 || strings.ContainsAny(source[at:at+end], " \n|") {
			b.WriteString(source[:at+2])
			source = source[at+2:]
			continue
		}
		filled := "__FILLED_IN__"
		switch strings.ToLower(source[at+2 : at+end]) {
		case "system.defaultworkingdirectory", "build.sourcesdirectory", "build.repository.localpath":
			filled = "." // where the repository is checked out to
		}
		b.WriteString(source[:at] + filled)
		source = source[at+end+1:]
	}
}

// share marks deployments that bring a build to a part of the instances first.
func share(list []fact.Deed, strategy, percentage string) {
	if !strings.EqualFold(strategy, "canary") {
		return
	}
	for i := range list {
		if list[i].Share = "canary"; percentage != "" {
			list[i].Share += ", " + strings.TrimSuffix(percentage, "%") + " %"
		}
	}
}

// task adds what a task of Azure does.
func (a *azureFile) task(w *work, job *fact.PipelineJob, task string, inputs *decode.Node, in setting, at fact.Location) {
	name, _, _ := strings.Cut(strings.ToLower(task), "@")
	input := func(key string) string { return macro(decode.Text(decode.Child(inputs, key))) }
	a.connection(job, inputs, at)
	line := ""
	switch name {
	case "bash", "cmdline", "powershell":
		line = input("script")
	case "azurecli", "azurepowershell":
		line = input("inlineScript")
	case "kubernetesmanifest":
		line = map[string]string{"deploy": "kubectl apply -f " + first(input("manifests"), "-"), "promote": "kubectl apply -f -"}[input("action")]
	case "kubernetes":
		line = "kubectl " + first(input("command"), "apply") + " " + input("arguments")
	case "helmdeploy":
		line = "helm " + first(input("command"), "ls") + " release " + input("chartPath") + " " + input("arguments")
	case "terraformtaskv4", "terraformtaskv3", "terraformtaskv5", "terraformcli", "terraform", "terraformtask":
		line = "terraform " + first(input("command"), "init") + " " + input("commandOptions")
	case "docker":
		switch command := strings.ToLower(first(input("command"), "buildAndPush")); command {
		case "buildandpush":
			line = "docker buildx build --push ."
		case "build", "push":
			line = "docker " + command + " ."
		}
	case "dotnetcorecli":
		line = "dotnet " + first(input("command"), "build") + " " + input("arguments")
	case "npm":
		line = "npm " + first(input("customCommand"), first(input("command"), "install"))
	case "maven":
		line = "mvn " + first(input("goals"), "package")
	case "gradle":
		line = "./gradlew " + first(input("tasks"), "build")
	case "azurewebapp", "azurermwebappdeployment", "azurewebappcontainer", "azurefunctionapp", "azurefunctionappcontainer", "azurecontainerapps", "azureresourcemanagertemplatedeployment", "azureappservicemanage", "azurespringcloud":
		w.deeds = append(w.deeds, fact.Deed{Kind: fact.Deploys, Tool: task, Over: "cloud", At: at})
		return
	case "advancedsecurity-codeql-analyze", "microsoftsecuritydevops", "sonarqubeanalyze", "sonarcloudanalyze", "trivy", "whitesource":
		w.deeds = append(w.deeds, fact.Deed{Kind: fact.ScansForHoles, Tool: task, Over: "code", At: at})
		return
	}
	if line != "" {
		in.at, in.how = func(int) fact.Location { return at }, script.Shell{}
		from := len(w.deeds)
		a.r.run(w, line, in)
		if name == "kubernetesmanifest" {
			share(w.deeds[from:], input("strategy"), input("percentage"))
		}
	}
}
