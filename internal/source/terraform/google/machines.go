package google

import (
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/process"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
	"seaworthy.dev/seaworthy/internal/source/terraform/reading"
)

var (
	groupTypes    = []string{"google_compute_instance_group_manager", "google_compute_region_instance_group_manager"}
	templateTypes = []string{"google_compute_instance_template", "google_compute_region_instance_template"}
	checkTypes    = []string{"google_compute_health_check", "google_compute_region_health_check", "google_compute_http_health_check", "google_compute_https_health_check"}
	backendTypes  = []string{"google_compute_backend_service", "google_compute_region_backend_service"}
	scalerTypes   = []string{"google_compute_autoscaler", "google_compute_region_autoscaler"}
)

// groups reads managed groups of virtual machines.
func (r *reader) groups() {
	for _, g := range r.Of(kinds(fact.Workloads), groupTypes...) {
		b := g.Body
		w := r.machine(g, fact.Replicated, "instance group")
		count := b.Get("target_size")
		n, known := count.Int(0)
		w.Replicas, w.ReplicasAt, w.ReplicasSet = n, count.At, count.Present() && !reading.Ignores(g, "target_size")
		if !known {
			w.Unknown = append(w.Unknown, fact.Unknown{Part: fact.Number, Why: reading.Why(count), At: count.At})
		}
		r.placed(w, g)
		r.updated(w, g)
		versions := reading.Nested(b.Get("version"))
		r.versions(w, g, versions)
		var template *model.Resource
		named := b.Get("version")
		if len(versions) > 0 {
			named = versions[0].Get("instance_template")
			template = r.One(g, named, "name", templateTypes...)
		}
		if template == nil {
			r.unknownMachine(w, g, named)
		} else {
			r.launched(w, template)
		}
		r.healed(w, g)
		r.Into.Workloads = append(r.Into.Workloads, w)
	}
}

// machines reads machines of their own.
func (r *reader) machines() {
	for _, i := range r.Of(kinds(fact.Workloads), "google_compute_instance") {
		w := r.machine(i, fact.Bare, "Compute Engine instance")
		w.Replicas = 1
		w.Placement = &fact.Placement{Zones: 1, At: i.At}
		w.Placement.Region, w.Placement.RegionWhy = r.region(i)
		r.launched(w, i)
		r.Into.Workloads = append(r.Into.Workloads, w)
	}
}

func (r *reader) machine(res *model.Resource, form fact.Form, kind string) *fact.Workload {
	w := &fact.Workload{
		Ref: res.Ref(), Platform: fact.Machines, Form: form, Kind: kind, Name: reading.Name(res), PodAt: res.At, GraceAt: res.At,
		Drain: -1, PodLabels: map[string]string{}, Scalable: form == fact.Replicated,
	}
	labels := res.Body.Get("labels")
	if form == fact.Replicated {
		labels = res.Body.Get("all_instances_config", "labels")
	}
	reading.Labelled(w, labels.At, r.labels(res, labels)...)
	return w
}

// unknownMachine notes a group of which it is not known what its machines run.
func (r *reader) unknownMachine(w *fact.Workload, g *model.Resource, v model.Value) {
	why := "its instance template is not among these files"
	if !v.Known() && len(v.AllRefs()) == 0 {
		why = reading.Why(v)
	}
	for _, p := range []fact.Part{fact.Contents, fact.Groups, fact.Identity} {
		w.Unknown = append(w.Unknown, fact.Unknown{Part: p, Why: why, At: g.At})
	}
	w.Containers = []fact.Container{{Ref: g.Ref(), Name: w.Name, ReadOnlyRoot: true, Archive: true}}
	r.Hole(g, kinds(fact.Workloads), "what "+w.Name+" runs is not known, for "+why)
}

// placed reads in how many zones a group stands: a group of a region stands in
// three unless it names others.
// https://cloud.google.com/compute/docs/instance-groups/regional-migs
func (r *reader) placed(w *fact.Workload, g *model.Resource) {
	p := &fact.Placement{At: g.At, Hosts: true}
	p.Region, p.RegionWhy = r.region(g)
	w.Placement = p
	zones := g.Body.Get("distribution_policy_zones")
	list, known := zones.Strings()
	switch {
	case !strings.Contains(g.Type, "_region_"):
		p.Zones = 1
		if zone := reading.Text(g.Body.Get("zone")); zone != "" {
			p.Names = []string{zone}
		}
	case known && len(list) > 0:
		p.Zones, p.Names, p.At = len(list), list, zones.At
	case len(zones.Each()) > 0:
		p.Zones, p.At = len(zones.Each()), zones.At
	case !known:
		p.Why, p.At = reading.Why(zones), zones.At
	default:
		p.Zones = 3
	}
}

// updated reads how a new template replaces machines: without a policy, or with
// one that only waits for the chance, those that stand keep the old one.
// https://cloud.google.com/compute/docs/instance-groups/updating-migs
func (r *reader) updated(w *fact.Workload, g *model.Resource) {
	policy := g.Body.Get("update_policy")
	kind := policy.Get("type")
	at := reading.Place(policy, g)
	if !policy.Known() || !kind.Known() {
		w.Unknown = append(w.Unknown, fact.Unknown{Part: fact.Updates, Why: reading.Why(kind), At: at})
		return
	}
	if reading.Text(kind) != "PROACTIVE" {
		w.Strategy = fact.Strategy{Type: "Replacement", At: at}
		return
	}
	zones := 1
	if w.Placement.Zones > 0 {
		zones = w.Placement.Zones // the default of a region is one machine for each zone
	}
	w.Strategy = fact.Strategy{Type: "RollingUpdate", MaxSurge: fact.Count(zones), MaxUnavailable: fact.Count(zones), At: at}
	for _, f := range []struct {
		name    string
		percent bool
		into    *fact.Amount
	}{
		{"max_surge_fixed", false, &w.Strategy.MaxSurge}, {"max_surge_percent", true, &w.Strategy.MaxSurge},
		{"max_unavailable_fixed", false, &w.Strategy.MaxUnavailable}, {"max_unavailable_percent", true, &w.Strategy.MaxUnavailable},
	} {
		v := policy.Get(f.name)
		n, known := v.Int(0)
		switch {
		case !known:
			w.Unknown = append(w.Unknown, fact.Unknown{Part: fact.Updates, Why: reading.Why(v), At: v.At})
		case v.Present() && f.percent:
			*f.into = fact.Share(n)
		case v.Present():
			*f.into = fact.Count(n)
		}
	}
}

// versions reads a group that runs two templates side by side.
func (r *reader) versions(w *fact.Workload, g *model.Resource, versions []model.Value) {
	if len(versions) < 2 {
		return
	}
	r.Into.Rollouts = append(r.Into.Rollouts, &fact.Rollout{
		Ref: g.Ref(), Name: w.Name, Engine: "instance-group", TargetKind: w.Kind, TargetName: w.Name, Manner: "split",
		MannerAt: versions[1].At, Background: -1, FirstShare: -1,
	})
}

// launched reads what machines are started with: a template, or a machine's own
// description.
func (r *reader) launched(w *fact.Workload, from *model.Resource) {
	b := from.Body
	c := fact.Container{Ref: w.Ref, Name: w.Name, ReadOnlyRoot: true, Archive: true}
	for _, data := range []model.Value{b.Get("metadata_startup_script"), b.Get("metadata").Get("startup-script"), b.Get("metadata").Get("user-data"), b.Get("metadata").Get("gce-container-declaration")} {
		c.Env = append(c.Env, process.Arguments(strings.Fields(reading.Text(data)), func(int) fact.Location { return data.At })...)
	}
	w.Containers = []fact.Container{c}
	switch account := b.Get("service_account"); {
	case account.Present() && !account.Get("email").Present() && account.Get("email").Known():
		w.Account = fact.DefaultAccount
	case account.Present(), !account.Known():
		r.runsAs(w, from, account.Get("email"))
	}
	if preempted, _ := b.Get("scheduling", "preemptible").Bool(false); preempted || reading.Text(b.Get("scheduling", "provisioning_model")) == "SPOT" {
		w.Spot, w.Notice = "Spot machines", 30
	}
	for _, n := range reading.Nested(b.Get("network_interface")) {
		if n.Get("access_config").Present() {
			w.PodLabels["public address"] = "true"
		}
	}
	tags, known := b.Get("tags").Strings()
	for _, t := range tags {
		w.PodLabels["network tag "+t] = "true"
	}
	if !known {
		w.Unknown = append(w.Unknown, fact.Unknown{Part: fact.Groups, Why: reading.Why(b.Get("tags")), At: b.Get("tags").At})
	}
	r.joined(w, b.Get("network_interface"))
}

// joined notes the networks of a machine, by which firewalls know it.
func (r *reader) joined(w *fact.Workload, interfaces model.Value) {
	for _, n := range reading.Nested(interfaces) {
		network := n.Get("network")
		if !network.Present() && network.Known() {
			if s := r.One(nil, n.Get("subnetwork"), "name", "google_compute_subnetwork"); s != nil {
				network = s.Body.Get("network")
			}
		}
		if found := r.One(nil, network, "name", "google_compute_network"); found != nil {
			w.PodLabels["network "+found.Address] = "true"
			if found.Data {
				w.Unknown = append(w.Unknown, fact.Unknown{Part: fact.Groups, Why: "the network " + reading.Name(found) + " is made elsewhere", At: n.At})
			}
			continue
		}
		why := "the network in which it stands is not among these files"
		if t := reading.Text(network); t == "default" || !network.Present() && network.Known() && !n.Get("subnetwork").Present() {
			why = "the network default has rules of its own, which are not among these files"
		}
		w.Unknown = append(w.Unknown, fact.Unknown{Part: fact.Groups, Why: why, At: reading.Nested(interfaces)[0].At})
	}
}

// healed reads what replaces a machine that does not answer.
// https://cloud.google.com/compute/docs/instance-groups/autohealing-instances-in-migs
func (r *reader) healed(w *fact.Workload, g *model.Resource) {
	v := g.Body.Get("auto_healing_policies", "health_check")
	if len(w.Containers) == 0 || !v.Present() && v.Known() {
		return
	}
	c := &w.Containers[0]
	check := r.One(g, v, "name", checkTypes...)
	if check == nil {
		why := "its health check is not among these files"
		if len(v.AllRefs()) == 0 && !v.Known() {
			why = reading.Why(v)
		}
		c.Liveness = &fact.Probe{Ref: w.Ref.At(v.At).Within("auto healing"), Method: "http", Grace: -1, Unknown: why}
		return
	}
	c.Liveness = asked(check)
	for _, backend := range r.backendsOf(g) {
		if backend.Body.Get("health_checks").RefersTo(check.Base) {
			w.ReplacedBy = "the health check of its load balancer (" + reading.Name(check) + ")"
		}
	}
}

// asked reads a health check with its defaults.
// https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/compute_health_check
func asked(check *model.Resource) *fact.Probe {
	p := &fact.Probe{Ref: check.Ref(), Grace: -1, Successes: 2}
	b := check.Body
	for _, method := range []string{"http", "https", "http2", "grpc", "tcp", "ssl"} {
		block := b.Get(method + "_health_check")
		if !block.Present() && len(reading.Nested(block)) == 0 {
			continue
		}
		p.Method = map[string]string{"https": "http", "http2": "http", "ssl": "tcp"}[method]
		if p.Method == "" {
			p.Method = method
		}
		p.Path = reading.Text(block.Get("request_path"))
		p.Port, _ = block.Get("port").Int(0)
	}
	if strings.HasSuffix(check.Type, "http_health_check") || strings.HasSuffix(check.Type, "https_health_check") {
		p.Method, p.Path = "http", reading.Text(b.Get("request_path"))
		p.Port, _ = b.Get("port").Int(80)
	}
	if p.Method == "http" && p.Path == "" {
		p.Path = "/"
	}
	if p.Port == 0 {
		p.Port = 80 // one that the group names, or the default
	}
	for _, f := range []struct {
		name   string
		absent int
		into   *int
	}{{"check_interval_sec", 5, &p.Period}, {"timeout_sec", 5, &p.Timeout}, {"unhealthy_threshold", 2, &p.Failures}, {"healthy_threshold", 2, &p.Successes}} {
		n, known := b.Get(f.name).Int(f.absent)
		if *f.into = n; !known {
			p.Unknown = reading.Why(b.Get(f.name))
		}
	}
	return p
}

// backendsOf returns the backend services of load balancers that send to a group.
func (r *reader) backendsOf(g *model.Resource) []*model.Resource {
	var out []*model.Resource
	for _, b := range r.Config.Of(backendTypes...) {
		if slices.ContainsFunc(reading.Nested(b.Body.Get("backend")), func(v model.Value) bool { return v.Get("group").RefersTo(g.Base) }) {
			out = append(out, b)
		}
	}
	return out
}

// balancers reads backend services as names in front of what stands behind
// them, with the question by which they choose among machines.
func (r *reader) balancers() {
	for _, b := range r.Of(kinds(fact.Services), backendTypes...) {
		label := "behind " + b.Address
		scheme := b.Body.Get("load_balancing_scheme")
		svc := &fact.Service{
			Ref: b.Ref(), Name: reading.Name(b), Type: "LoadBalancer", Selects: fact.Selector{Labels: map[string]string{label: "true"}},
			Internal: strings.HasPrefix(reading.Text(scheme), "INTERNAL") || strings.Contains(b.Type, "_region_") && !scheme.Present(),
		}
		// Those of HTTP are named MANAGED; the older EXTERNAL may be either.
		protocol := b.Body.Get("protocol")
		svc.Blind = !strings.HasPrefix(strings.ToUpper(reading.Text(protocol)), "HTTP") && (protocol.Present() || !protocol.Known() || strings.Contains(b.Type, "_region_"))
		if !scheme.Known() {
			r.Hole(b, kinds(fact.Services), "whether "+b.Address+" is internal"+reading.Because(scheme))
			svc.Internal = true
		}
		r.Into.Services = append(r.Into.Services, svc)
		for _, g := range r.Config.Of(groupTypes...) {
			if !slices.Contains(r.backendsOf(g), b) {
				continue
			}
			for _, w := range r.Into.Workloads {
				if w.Subject == g.Address {
					w.PodLabels[label] = "true"
					r.fronted(w, b)
				}
			}
		}
	}
}

// fronted notes how a load balancer treats a group.
func (r *reader) fronted(w *fact.Workload, b *model.Resource) {
	if len(w.Containers) == 0 {
		return
	}
	checks := b.Body.Get("health_checks")
	if check := r.One(b, checks, "name", checkTypes...); check != nil {
		w.Containers[0].Readiness = asked(check)
	} else if checks.Present() || !checks.Known() {
		w.Containers[0].Readiness = &fact.Probe{Ref: b.Ref().At(checks.At), Method: "http", Grace: -1, Unknown: "its health check is not among these files"}
	}
	drain := b.Body.Get("connection_draining_timeout_sec")
	switch n, known := drain.Int(-1); {
	case !known:
		w.Unknown = append(w.Unknown, fact.Unknown{Part: fact.FrontDoor, Why: reading.Why(drain), At: drain.At})
	case n >= 0:
		ended := fact.No(drain.At)
		w.Drain, w.DrainAt, w.NodeDrain = n, drain.At, &ended // beside the balancer nothing lets them finish
	default:
		w.Unknown = append(w.Unknown, fact.Unknown{Part: fact.FrontDoor, Why: "the default of connection_draining_timeout_sec differs by version of the provider", At: b.At})
	}
}

// scaling reads what changes the number of a group's machines.
// https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/compute_autoscaler
func (r *reader) scaling() {
	for _, res := range r.Of(kinds(fact.Autoscalers), scalerTypes...) {
		b := res.Body.Get("autoscaling_policy")
		if reading.Text(b.Get("mode")) == "OFF" {
			continue
		}
		low, high := b.Get("min_replicas"), b.Get("max_replicas")
		a := &fact.Autoscaler{Ref: res.Ref(), Name: reading.Name(res), Engine: "google", MinAt: reading.Place(low, res), MaxAt: reading.Place(high, res)}
		for _, f := range []struct {
			v    model.Value
			into *int
		}{{low, &a.Min}, {high, &a.Max}} {
			n, known := f.v.Int(0)
			if *f.into = n; !known {
				a.Unknown = append(a.Unknown, fact.Unknown{Part: fact.Number, Why: reading.Why(f.v), At: f.v.At})
			}
		}
		if g := r.One(res, res.Body.Get("target"), "id", groupTypes...); g != nil {
			a.TargetKind, a.TargetName = "instance group", reading.Name(g)
		} else if a.TargetKind, a.TargetName = "instance group", reading.Text(res.Body.Get("target")); a.TargetName == "" {
			a.TargetName = "(not known)"
			r.Hole(res, kinds(fact.Autoscalers), "what "+res.Address+" scales"+reading.Because(res.Body.Get("target")))
		}
		a.Signals = signals(b, res.At)
		r.Into.Autoscalers = append(r.Into.Autoscalers, a)
	}
}

// signals reads what an autoscaler looks at: the use of cpu unless something
// else is written.
func signals(b model.Value, at fact.Location) []fact.Signal {
	var out []fact.Signal
	for _, kind := range []struct{ block, name, target string }{
		{"cpu_utilization", "cpu", "target"}, {"load_balancing_utilization", "load of the balancer", "target"}, {"metric", "", "target"}, {"scaling_schedules", "schedule", ""},
	} {
		for _, v := range reading.Nested(b.Get(kind.block)) {
			s := fact.Signal{Type: "Metric", Name: kind.name, At: v.At}
			switch kind.block {
			case "metric":
				s.Name = reading.Text(v.Get("name"))
			case "scaling_schedules":
				s.Type = "cron"
			default:
				s.Utilization = hundredths(reading.Text(v.Get("target")))
			}
			out = append(out, s)
		}
	}
	if len(out) == 0 {
		out = append(out, fact.Signal{Type: "Metric", Name: "cpu", Utilization: 60, At: at})
	}
	return out
}
