package aws

import (
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
)

// services reads services of ECS with their task definitions, and task
// definitions that no service here runs.
func (r *reader) services() {
	used := map[string]bool{}
	for _, res := range r.of(kinds(fact.Workloads, fact.Services), "aws_ecs_service") {
		w := r.service(res)
		task := r.one(res, res.Body.Get("task_definition"), "family", "aws_ecs_task_definition")
		if task != nil {
			used[task.Address] = true
			r.task(w, task)
			if w.Serverless {
				w.Reserved = whole(task)
			}
		} else {
			v := res.Body.Get("task_definition")
			if text(v) != "" {
				v.Why = "its task definition " + text(v) + " is not among these files"
			}
			r.contents(w, res, v)
		}
		r.attach(w, res)
		r.into.Workloads = append(r.into.Workloads, w)
	}
	for _, task := range r.of(kinds(fact.Workloads), "aws_ecs_task_definition") {
		if used[task.Address] {
			continue
		}
		w := r.scheduled(task)
		r.task(w, task)
		r.into.Workloads = append(r.into.Workloads, w)
	}
}

// contents leaves a hole for a workload whose contents are not known.
func (r *reader) contents(w *fact.Workload, res *model.Resource, v model.Value) {
	w.Unknown = append(w.Unknown, fact.Unknown{Part: fact.Contents, Why: why(v), At: v.At})
	r.hole(res, kinds(fact.Workloads), "what "+w.Name+" runs"+because(v))
}

// scheduled returns the workload of a task that no service here runs: what
// runs by a rule of EventBridge, or is started by others.
func (r *reader) scheduled(task *model.Resource) *fact.Workload {
	w := &fact.Workload{Ref: task.Ref(), Platform: fact.ECS, Form: fact.OneOff, Kind: "ECS task", Name: name(task, "family"), Drain: -1, Grace: 30}
	for _, target := range r.c.Of("aws_cloudwatch_event_target", "aws_scheduler_schedule") {
		if target.Body.RefersTo(task.Base) && r.fits(target, task) {
			w.Form = fact.Scheduled
		}
	}
	r.tagged(w, task)
	return w
}

// service reads what the service says of its tasks.
func (r *reader) service(res *model.Resource) *fact.Workload {
	b := res.Body
	w := &fact.Workload{
		Ref: res.Ref(), Platform: fact.ECS, Form: fact.Replicated, Kind: "ECS service", Name: name(res), Scalable: true,
		PodAt: res.At, GraceAt: res.At, Grace: 30, Drain: -1, PodLabels: map[string]string{},
	}
	r.tagged(w, res)
	if text(b.Get("scheduling_strategy")) == "DAEMON" {
		w.Form, w.Scalable = fact.PerNode, false
	}
	count := b.Get("desired_count")
	n, known := number(count, 0)
	w.Replicas, w.ReplicasAt = n, count.At
	w.ReplicasSet = count.Present() && !ignores(res, "desired_count")
	if !known {
		w.Unknown = append(w.Unknown, fact.Unknown{Part: fact.Number, Why: why(count), At: count.At})
	}
	r.updates(w, res)
	r.capacity(w, res)
	r.placed(w, res, b.Get("network_configuration", "subnets"))
	r.grouped(w, b.Get("network_configuration", "security_groups"), b.Get("network_configuration").Present())
	return w
}

// ignores reports whether changes of an attribute by others are left alone.
func ignores(res *model.Resource, attribute string) bool {
	list, _ := res.Lifecycle.Get("ignore_changes").Strings()
	for _, one := range list {
		if one == attribute || one == "all" || one == "["+attribute+"]" {
			return true
		}
	}
	return false
}

// updates reads how many tasks an update may take away and add.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html
func (r *reader) updates(w *fact.Workload, res *model.Resource) {
	lowest, highest := res.Body.Get("deployment_minimum_healthy_percent"), res.Body.Get("deployment_maximum_percent")
	most := 200
	if w.Form == fact.PerNode {
		most = 100
	}
	keep, a := number(lowest, 100)
	if w.Form == fact.PerNode && !lowest.Present() {
		keep = 0
	}
	total, b := number(highest, most)
	at := lowest.At
	if !lowest.Present() {
		at = res.At
	}
	w.Strategy = fact.Strategy{Type: "RollingUpdate", MaxUnavailable: fact.Share(max(100-keep, 0)), MaxSurge: fact.Share(max(total-100, 0)), At: at}
	for i, v := range []model.Value{lowest, highest} {
		if known := []bool{a, b}[i]; !known {
			w.Unknown = append(w.Unknown, fact.Unknown{Part: fact.Updates, Why: why(v), At: v.At})
		}
	}
}

// capacity tells whether nodes of the owner's run the tasks, and whether they
// may be taken away at short notice.
func (r *reader) capacity(w *fact.Workload, res *model.Resource) {
	b := res.Body
	strategies := nested(b.Get("capacity_provider_strategy"))
	providers := ""
	for _, s := range strategies {
		providers += " " + text(s.Get("capacity_provider"))
	}
	launch := b.Get("launch_type")
	switch {
	case text(launch) == "FARGATE", strings.Contains(providers, "FARGATE"):
		w.Serverless = true
	case !launch.Known(), !b.Get("capacity_provider_strategy").Known():
		if launch.Known() {
			launch = b.Get("capacity_provider_strategy")
		}
		w.Unknown = append(w.Unknown, fact.Unknown{Part: fact.Capacity, Why: why(launch), At: launch.At})
		return
	case !launch.Present() && len(strategies) == 0:
		// The cluster's default decides; without one it is EC2.
		for _, link := range r.c.Of("aws_ecs_cluster_capacity_providers") {
			for _, s := range nested(link.Body.Get("default_capacity_provider_strategy")) {
				if strings.HasPrefix(text(s.Get("capacity_provider")), "FARGATE") {
					w.Serverless = true
					providers += " " + text(s.Get("capacity_provider"))
				}
			}
		}
	}
	if strings.Contains(providers, "FARGATE_SPOT") {
		w.Spot, w.Notice = "Fargate Spot", 120
	}
	if w.Serverless {
		return
	}
	drained := fact.Truth{Why: "the capacity provider of its cluster is not here"}
	for _, p := range r.c.Of("aws_ecs_capacity_provider") {
		draining := p.Body.Get("auto_scaling_group_provider", "managed_draining")
		t := fact.Truth{Known: draining.Known(), Yes: text(draining) != "DISABLED", At: p.At, Why: draining.Why}
		if !drained.Known || !t.Yes {
			drained = t
		}
	}
	w.NodeDrain = &drained
}

// placed reads among how many zones the platform spreads instances: those of
// the subnets that it is given.
func (r *reader) placed(w *fact.Workload, res *model.Resource, subnets model.Value) {
	p := &fact.Placement{At: subnets.At, Hosts: w.Serverless}
	p.Region, p.RegionWhy = r.region(res)
	w.Placement = p
	switch {
	case subnets.Present() || !subnets.Known():
		p.Zones, p.Names, p.Why = r.zones(subnets)
	case w.Platform == fact.ECS:
		p.Why = "the group of machines behind its cluster decides"
		if groups := r.c.Of("aws_autoscaling_group"); len(groups) == 1 {
			p.Zones, p.Names, p.Why = r.groupZones(groups[0])
		}
	}
	if w.Platform != fact.ECS || w.Serverless {
		return
	}
	if on, unknown := w.Unknown.Any(fact.Capacity); unknown {
		p.HostsWhy = on.Why
		return
	}
	for _, s := range nested(res.Body.Get("ordered_placement_strategy")) {
		field := strings.ToLower(text(s.Get("field")))
		p.Hosts = p.Hosts || text(s.Get("type")) == "spread" && (field == "instanceid" || field == "host")
		if text(s.Get("type")) == "binpack" && len(nested(res.Body.Get("ordered_placement_strategy"))) == 1 {
			p.Zones, p.Why, p.At = 1, "", s.At // tasks fill one machine first
		}
	}
	for _, c := range nested(res.Body.Get("placement_constraints")) {
		p.Hosts = p.Hosts || text(c.Get("type")) == "distinctInstance"
	}
}
