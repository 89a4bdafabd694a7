package pipeline

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/derive/script"
	"seaworthy.dev/seaworthy/internal/fact"
)

// circle is a configuration of CircleCI.
type circle struct {
	r    *reader
	doc  decode.Document
	file string
	root *decode.Node
	// mapped are the parameters that path filtering sets by what a change touches.
	mapped map[string]bool
	// defaults are the parameters of the pipeline as they are where nobody sets them,
	// once they were asked for.
	defaults map[string]value
}

// circleParameter matches what CircleCI fills in.
var circleParameter = regexp.MustCompile(`<<\s*[\w.-]+\s*>>`)

// orbs are commands and jobs of orbs whose deeds are known by their names.
var orbs = map[string]string{
	"path-filtering/filter": "git diff --name-only", "path-filtering/set-parameters": "git diff --name-only",
	"aws-ecs/deploy-service-update": "aws ecs update-service", "aws-ecs/deploy_service_update": "aws ecs update-service", "gcp-cloud-run/deploy": "gcloud run deploy", "cloud-run/deploy": "gcloud run deploy",
	"helm/upgrade-helm-chart": "helm upgrade", "helm/upgrade_helm_chart": "helm upgrade", "kubernetes/create-or-update-resource": "kubectl apply -f -", "kubernetes/update-container-image": "kubectl set image",
	"aws-cloudformation/deploy": "aws cloudformation deploy", "terraform/apply": "terraform apply", "terraform/plan": "terraform plan", "terraform/validate": "terraform validate", "terraform/fmt": "terraform fmt -check",
	"serverless-framework/deploy": "serverless deploy", "heroku/deploy-via-git": "heroku deploy", "docker/publish": "docker push", "docker/push": "docker push", "docker/build": "docker build", "docker/hadolint": "hadolint Dockerfile", "docker/dockerlint": "dockerlint",
	"aws-ecr/build-and-push-image": "docker buildx build --push", "shellcheck/check": "shellcheck x", "snyk/scan": "snyk test", "node/test": "npm test", "cypress-io/cypress": "cypress run", "cypress/run": "cypress run", "ruby/rspec-test": "rspec", "ruby/rubocop-check": "rubocop", "go/test": "go test ./...",
}

// circleci reads .circleci/config.yml.
func (r *reader) circleci(file string) {
	c, found := r.circleFile(file)
	if !found {
		return
	}
	p := &fact.Pipeline{Ref: fact.Ref{Subject: "pipeline " + file, Location: fact.Location{File: c.doc.File, Line: 1}}, Engine: "circleci", Name: file,
		When: fact.Occasions{Push: true, AnyBranch: true}}
	r.set.Pipelines = append(r.set.Pipelines, p)
	if setup := decode.Child(c.root, "setup"); yes(setup) {
		c.continued(p, c.doc.At(setup))
	}
	c.workflows(p)
}

func (r *reader) circleFile(file string) (*circle, bool) {
	whole, found := r.text(file)
	if !found {
		return nil, false
	}
	c := &circle{r: r, file: file, doc: decode.Document{File: r.shown(file), Line: 1, Data: []byte(whole)}}
	root, problem := c.doc.Parse()
	if problem != nil {
		r.lost(problem.Location, "%s", problem.Message)
		return nil, false
	}
	c.root = root
	return c, true
}

// workflows adds the jobs of each workflow with what limits them.
func (c *circle) workflows(p *fact.Pipeline) {
	list := decode.Child(c.root, "workflows")
	jobs := decode.Child(c.root, "jobs")
	if list == nil { // without workflows the job called build runs
		if n := decode.Child(jobs, "build"); n != nil {
			c.job(p, "build", n, p.When, nil)
		}
		return
	}
	for _, key := range decode.Keys(list) {
		w := decode.Child(list, key.Value)
		when, scope := c.starts(w, p.When)
		approved := map[string]bool{} // what waits for a person
		from := len(p.Jobs)
		for _, item := range decode.Items(decode.Child(w, "jobs")) {
			name, options := decode.Text(item), (*decode.Node)(nil)
			if keys := decode.Keys(item); name == "" && len(keys) > 0 {
				name = keys[0].Value
				options = decode.Child(item, name)
			}
			if decode.Text(decode.Child(options, "type")) == "approval" {
				approved[first(decode.Text(decode.Child(options, "name")), name)] = true
				continue
			}
			c.use(p, jobs, name, options, c.filtered(when, decode.Child(options, "filters")), item)
		}
		for range min(len(p.Jobs)-from, 20) { // what requires one that waits, waits too
			for _, j := range p.Jobs[from:] {
				if j.Scoped = first(j.Scoped, scope); !j.Manual && slices.ContainsFunc(j.Needs, func(n string) bool { return approved[n] }) {
					j.Manual, approved[j.Name] = true, true
				}
			}
		}
	}
}

// words returns a scalar or a list of them.
func words(n *decode.Node) []string {
	if one := decode.Text(n); one != "" {
		return []string{one}
	}
	var out []string
	for _, item := range decode.Items(n) {
		out = append(out, decode.Text(item))
	}
	return out
}

// use adds a job of a workflow: one of the file, or one of an orb.
func (c *circle) use(p *fact.Pipeline, jobs *decode.Node, name string, options *decode.Node, when fact.Occasions, item *decode.Node) {
	if !when.Any() {
		return
	}
	if n := decode.Child(jobs, name); n != nil {
		c.job(p, name, n, when, options)
		return
	}
	at := c.doc.At(item)
	j := c.newJob(name, when, at)
	s := &fact.PipelineStep{Ref: j.Ref, Name: name, When: when}
	c.orb(j, s, name, options, at)
	j.Steps = append(j.Steps, s)
	c.done(p, j, options)
}

func (c *circle) newJob(name string, when fact.Occasions, at fact.Location) *fact.PipelineJob {
	return &fact.PipelineJob{Ref: fact.Ref{Subject: "pipeline " + c.file, Part: "job " + name, Location: at}, Name: name, Shown: "ci/circleci: " + name, When: when}
}

// orb adds what a command or a job of an orb does, as far as its name tells.
func (c *circle) orb(j *fact.PipelineJob, s *fact.PipelineStep, name string, options *decode.Node, at fact.Location) {
	orb, _, _ := strings.Cut(name, "/")
	source := decode.Text(decode.Dig(c.root, "orbs", orb))
	if source != "" {
		u := fact.PipelineUse{At: at}
		u.Name, u.Version, _ = strings.Cut(source, "@")
		// A whole version of an orb never changes; a part of one and volatile do.
		u.Pinned, u.Host = strings.Count(u.Version, ".") == 2, strings.HasPrefix(source, "circleci/")
		j.Uses = append(j.Uses, u)
	}
	c.login(j, source, name, options, at)
	known := name
	if base, _, pinned := strings.Cut(source, "@"); pinned {
		known = path.Base(base) + "/" + path.Base(name)
	}
	var w work
	if line := orbs[known]; line != "" {
		c.r.run(&w, line, setting{at: func(int) fact.Location { return at }, dir: ".", how: script.Shell{ErrExit: true, PipeFail: true}})
	} else if source != "" && path.Base(name) != "setup" && path.Base(name) != "install" {
		w.opaque = append(w.opaque, fact.Opaque{What: name, Why: "what the orb does is not read", At: at})
	}
	s.Deeds, s.Opaque = append(s.Deeds, w.deeds...), append(s.Opaque, w.opaque...)
}

// job adds a job of the file.
func (c *circle) job(p *fact.Pipeline, name string, n *decode.Node, when fact.Occasions, options *decode.Node) {
	key := decode.KeyOf(decode.Child(c.root, "jobs"), name)
	j := c.newJob(name, when, c.doc.At(key))
	dir := decode.Text(decode.Child(n, "working_directory"))
	if strings.HasPrefix(dir, "~") || strings.HasPrefix(dir, "/") {
		dir = "" // where the repository is checked out to
	}
	own := tries(name)
	for _, item := range decode.Items(decode.Child(n, "steps")) {
		own = c.step(j, item, dir, 0) || own
	}
	if own {
		tried(j)
	}
	c.done(p, j, options)
}

// done adds a job as the workflow names it, after those that it requires.
func (c *circle) done(p *fact.Pipeline, j *fact.PipelineJob, options *decode.Node) {
	if name := decode.Text(decode.Child(options, "name")); name != "" {
		j.Name, j.Shown = name, "ci/circleci: "+name
	}
	for _, item := range decode.Items(decode.Child(options, "requires")) {
		name := decode.Text(item)
		if keys := decode.Keys(item); name == "" && len(keys) > 0 { // with the states that it waits for
			name = keys[0].Value
		}
		j.Needs = append(j.Needs, name)
	}
	c.keys(j, options)
	p.Jobs = append(p.Jobs, j)
}

// step adds a step: a run, a command of the file, or one of an orb.
func (c *circle) step(j *fact.PipelineJob, n *decode.Node, dir string, depth int) (own bool) {
	if depth > 8 || len(j.Steps) > 500 {
		return false
	}
	at := c.doc.At(n)
	name, options := decode.Text(n), (*decode.Node)(nil)
	if keys := decode.Keys(n); name == "" && len(keys) > 0 {
		name = keys[0].Value
		options = decode.Follow(decode.Child(n, name))
	}
	switch name {
	case "when", "unless":
		for _, item := range decode.Items(decode.Child(options, "steps")) {
			own = c.step(j, item, dir, depth+1) || own
		}
		return own
	case "run":
		command := decode.Child(options, "command")
		// << parameters.x >> is filled in before the shell sees it.
		source := circleParameter.ReplaceAllString(either(options, "command"), "__FILLED_IN__")
		if command == nil {
			command = options
		}
		s := &fact.PipelineStep{Ref: j.Ref.At(at), Name: decode.Text(decode.Child(options, "name")), When: j.When, OnFailure: decode.Text(decode.Child(options, "when")) == "on_fail"}
		if d := decode.Text(decode.Child(options, "working_directory")); d != "" {
			dir = d
		}
		how, known := how(decode.Text(decode.Child(options, "shell")))
		if decode.Child(options, "shell") == nil {
			how = script.Shell{ErrExit: true, PipeFail: true}
		}
		var w work
		if known {
			lines := c.r.lines(c.file, command.Line)
			c.r.run(&w, source, setting{at: lines, dir: orDot(dir), how: how, onFailure: s.OnFailure})
		}
		(&gitlabFile{r: c.r}).stored(j, source, at)
		if strings.Contains(source, "CIRCLE_OIDC_TOKEN") {
			j.Credentials = append(j.Credentials, fact.PipelineCredential{What: "an ID token of CircleCI", At: at})
		}
		s.Deeds, s.Opaque = w.deeds, w.opaque
		j.Steps = append(j.Steps, s)
		return w.ownCluster
	}
	if command := decode.Dig(c.root, "commands", name); command != nil {
		for _, item := range decode.Items(decode.Child(command, "steps")) {
			own = c.step(j, item, dir, depth+1) || own
		}
		return own
	}
	if strings.Contains(name, "/") {
		s := &fact.PipelineStep{Ref: j.Ref.At(at), Name: name, When: j.When}
		c.orb(j, s, name, options, at)
		j.Steps = append(j.Steps, s)
	}
	return false
}
