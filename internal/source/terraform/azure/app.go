package azure

import (
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/process"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
	"seaworthy.dev/seaworthy/internal/source/terraform/reading"
)

// containerApps reads Container Apps.
// https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs/resources/container_app
func (r *reader) containerApps() {
	for _, res := range r.Of(kinds(fact.Workloads, fact.Services, fact.Autoscalers), "azurerm_container_app") {
		w := r.workload(res, fact.ContainerApp, "Container App")
		template, ingress := res.Body.Get("template"), res.Body.Get("ingress")
		env := r.One(res, res.Body.Get("container_app_environment_id"), "id", "azurerm_container_app_environment")
		r.spread(w, res, env)
		list := template.Get("container")
		if !list.Known() {
			w.Unknown = append(w.Unknown, fact.Unknown{Part: fact.Contents, Why: reading.Why(list), At: list.At})
			r.Hole(res, kinds(fact.Workloads), "what "+w.Name+" runs"+reading.Because(list))
		}
		for i, v := range reading.Nested(list) {
			c := r.container(w, res, v)
			if port, known := ingress.Get("target_port").Int(0); i == 0 && ingress.Present() && (port > 0 || !known) {
				c.Ports = []fact.Port{{Number: port, At: ingress.At}}
			}
			w.Containers = append(w.Containers, c)
		}
		r.Into.Workloads = append(r.Into.Workloads, w)
		r.replicas(w, res, template)
		switch {
		case !ingress.Known():
			w.Unknown = append(w.Unknown, fact.Unknown{Part: fact.FrontDoor, Why: reading.Why(ingress), At: ingress.At})
		case ingress.Present():
			r.address(w, res, ingress.Get("external_enabled"), false)
			r.weights(w, res, ingress.Get("traffic_weight"))
		}
	}
}

// spread notes in how many zones replicas stand: those of an environment that
// is told so, in a network of its owner.
// https://learn.microsoft.com/azure/reliability/reliability-azure-container-apps
func (r *reader) spread(w *fact.Workload, res, env *model.Resource) {
	p := &fact.Placement{At: res.At, Hosts: true}
	w.Placement = p
	if env == nil {
		p.Why, p.RegionWhy = "its environment is not among these files", "its environment is not among these files"
		w.Unknown = append(w.Unknown, fact.Unknown{Part: fact.Groups, Why: p.Why, At: res.At})
		return
	}
	p.At = env.At
	p.Region, p.RegionWhy = r.region(env)
	switch zones := reading.Flag(env, false, "zone_redundancy_enabled"); {
	case !zones.Known:
		p.Why = zones.Why
	case zones.Yes:
		p.Zones = 2
	default:
		p.Zones = 1
	}
	if subnet := env.Body.Get("infrastructure_subnet_id"); subnet.Present() || !subnet.Known() {
		w.Unknown = append(w.Unknown, fact.Unknown{Part: fact.Groups, Why: "the rules of the network of its environment decide", At: env.At})
	}
}

// replicas notes between how many replicas a Container App runs: by requests
// where it says nothing else.
// https://learn.microsoft.com/azure/container-apps/scale-app
func (r *reader) replicas(w *fact.Workload, res *model.Resource, template model.Value) {
	low, high := template.Get("min_replicas"), template.Get("max_replicas")
	a := &fact.Autoscaler{
		Ref: res.Ref(), Name: w.Name, Engine: string(fact.ContainerApp), TargetKind: w.Kind, TargetName: w.Name,
		MinAt: reading.Place(low, res), MaxAt: reading.Place(high, res),
	}
	for _, f := range []struct {
		v      model.Value
		absent int
		into   *int
	}{{low, 0, &a.Min}, {high, 10, &a.Max}} {
		n, known := f.v.Int(f.absent)
		if *f.into = n; !known {
			a.Unknown = append(a.Unknown, fact.Unknown{Part: fact.Number, Why: reading.Why(f.v), At: f.v.At})
		}
	}
	for _, kind := range []struct{ block, name string }{{"http_scale_rule", "requests"}, {"tcp_scale_rule", "connections"}, {"azure_queue_scale_rule", "length of a queue"}, {"custom_scale_rule", ""}} {
		for _, v := range reading.Nested(template.Get(kind.block)) {
			s := fact.Signal{Type: "Metric", Name: kind.name, At: v.At}
			if kind.name == "" {
				s.Name = reading.Text(v.Get("custom_rule_type"))
			}
			a.Signals = append(a.Signals, s)
		}
	}
	if len(a.Signals) == 0 && res.Body.Get("ingress").Present() {
		a.Signals = []fact.Signal{{Type: "Metric", Name: "requests", At: res.At}}
	}
	r.Into.Autoscalers = append(r.Into.Autoscalers, a)
}

// weights reads how traffic is split between revisions.
func (r *reader) weights(w *fact.Workload, res *model.Resource, traffic model.Value) {
	out := &fact.Rollout{
		Ref: res.Ref(), Name: w.Name, Engine: string(fact.ContainerApp), TargetKind: w.Kind, TargetName: w.Name, Manner: "split",
		MannerAt: reading.Place(traffic, res), Background: -1, FirstShare: -1, Routed: true,
	}
	split := 0
	for _, t := range reading.Nested(traffic) {
		n, known := t.Get("percentage").Int(100)
		if !known {
			out.Unknown = reading.Why(t.Get("percentage"))
		}
		if n > 0 && n < 100 {
			split++
		}
	}
	switch {
	case !traffic.Known():
		out.Unknown = reading.Why(traffic)
	case reading.Ignores(res, "ingress"):
		out.Unknown = "others than Terraform split its traffic (ignore_changes)"
	case split == 0 && out.Unknown == "":
		return
	}
	r.Into.Rollouts = append(r.Into.Rollouts, out)
}

// container reads one container of a Container App.
func (r *reader) container(w *fact.Workload, res *model.Resource, v model.Value) fact.Container {
	called := reading.Text(v.Get("name"))
	ref := res.Ref().At(v.At).Within("container " + called)
	c := fact.Container{
		Ref: ref, Name: called, ReadOnlyRoot: true, // what it writes is gone with the replica
		Requests: fact.Resources{MilliCPU: -1, Memory: -1}, Limits: fact.Resources{MilliCPU: -1, Memory: -1},
	}
	image := v.Get("image")
	c.Image = fact.ParseImage(reading.Text(image))
	c.Image.At = image.At
	entry, _ := v.Get("command").Strings()
	args, _ := v.Get("args").Strings()
	c.Command = process.Command(entry, args, v.Get("command").At)
	c.Startup, c.Liveness, c.Readiness = probe(ref, v, "startup_probe"), probe(ref, v, "liveness_probe"), probe(ref, v, "readiness_probe")
	var vars []process.Variable
	if list := v.Get("env"); !list.Known() {
		c.Env = append(c.Env, fact.Env{Name: "environment", Origin: fact.Literal, Unknown: reading.Why(list), At: list.At})
	}
	for _, e := range reading.Nested(v.Get("env")) {
		key, value := reading.Text(e.Get("name")), e.Get("value")
		if secret := e.Get("secret_name"); secret.Present() || !secret.Known() {
			c.Env = append(c.Env, r.secret(w, res, key, secret, e.At))
			continue
		}
		env, dials := r.Variable(key, value, e.At, r.holds)
		c.Env, c.Dials = append(c.Env, env), append(c.Dials, dials...)
		vars = append(vars, process.Variable{Name: key, Value: reading.Text(value), Elsewhere: !value.Known(), At: e.At})
	}
	c.Tracing = process.Tracing(vars)
	c.Env = append(c.Env, process.Arguments(args, func(int) fact.Location { return v.Get("args").At })...)
	return c
}

// secret reads a variable that takes a secret of the app: one that Key Vault
// holds, or one whose value is given to the app itself.
// https://learn.microsoft.com/azure/container-apps/manage-secrets
func (r *reader) secret(w *fact.Workload, res *model.Resource, key string, named model.Value, at fact.Location) fact.Env {
	env := fact.Env{Name: key, Origin: fact.SecretKey, From: "secret " + reading.Text(named) + " of " + w.Name, Key: key, At: at}
	for _, s := range reading.Nested(res.Body.Get("secret")) {
		if reading.Text(s.Get("name")) != reading.Text(named) || !named.Known() {
			continue
		}
		if from := s.Get("key_vault_secret_id"); from.Present() || !from.Known() {
			env.From = r.vaultName(from)
			// A newer version restarts what takes it as a variable.
			r.vault(w, env.From, w.Kind+"/"+w.Name, s.At)
			return env
		}
		if literal, _ := r.Variable(key, s.Get("value"), s.At, r.holds); literal.Smell != "" && s.Get("value").Known() {
			return literal
		}
	}
	return env
}

// probe reads a probe with the defaults of Container Apps.
func probe(ref fact.Ref, c model.Value, named string) *fact.Probe {
	v := c.Get(named)
	if !v.Known() {
		return &fact.Probe{Ref: ref.At(v.At).Within(named), Method: "http", Grace: -1, Unknown: reading.Why(v)}
	}
	blocks := reading.Nested(v)
	if len(blocks) == 0 {
		return nil
	}
	v = blocks[0]
	p := &fact.Probe{Ref: ref.At(v.At).Within(named), Method: "http", Path: reading.Text(v.Get("path")), Grace: -1, Successes: 1}
	if strings.EqualFold(reading.Text(v.Get("transport")), "tcp") {
		p.Method = "tcp"
	} else if p.Path == "" {
		p.Path = "/"
	}
	for _, f := range []struct {
		name   string
		absent int
		into   *int
	}{{"port", 0, &p.Port}, {"interval_seconds", 10, &p.Period}, {"timeout", 1, &p.Timeout}, {"failure_count_threshold", 3, &p.Failures}, {"initial_delay", 0, &p.Delay}} {
		n, known := v.Get(f.name).Int(f.absent)
		if *f.into = n; !known {
			p.Unknown = reading.Why(v.Get(f.name))
		}
	}
	return p
}

var (
	appTypes  = []string{"azurerm_linux_web_app", "azurerm_windows_web_app"}
	slotTypes = []string{"azurerm_linux_web_app_slot", "azurerm_windows_web_app_slot"}
)

// webApps reads apps of App Service, whose plan says on how many machines they
// run.
func (r *reader) webApps() {
	for _, res := range r.Of(kinds(fact.Workloads, fact.Services), appTypes...) {
		w := r.workload(res, fact.AppService, "web app")
		site := r.webApp(w, res)
		c := &w.Containers[0]
		c.Ports = []fact.Port{{Number: 80, At: res.At}}
		asked(c, res, site)
		r.planned(w, res, res)
		r.Into.Workloads = append(r.Into.Workloads, w)
		r.address(w, res, res.Body.Get("public_network_access_enabled"), true)
	}
}

// slots reads slots, in which a build waits for the swap that gives it all
// traffic: until then only those who know a slot's address reach it.
// https://learn.microsoft.com/azure/app-service/deploy-staging-slots
func (r *reader) slots() {
	for _, res := range r.Of(kinds(fact.Workloads, fact.Services), slotTypes...) {
		w := r.workload(res, fact.AppService, "slot")
		r.webApp(w, res)
		app := r.One(res, res.Body.Get("app_service_id"), "id", appTypes...)
		plan := res
		if app != nil {
			w.Name = reading.Name(app) + "/" + w.Name
			w.Containers[0].Name = w.Name
			if !plan.Body.Get("service_plan_id").Present() {
				plan = app
			}
		}
		r.planned(w, res, plan)
		r.Into.Workloads = append(r.Into.Workloads, w)
		r.Hole(res, kinds(fact.Services), "who reaches the address of "+w.Name+" itself is not read")
	}
}

// webApp reads what apps and their slots have in common, and returns the block
// of their settings.
func (r *reader) webApp(w *fact.Workload, res *model.Resource) model.Value {
	w.Windows = strings.HasPrefix(res.Type, "azurerm_windows")
	w.Scalable = true
	site := res.Body.Get("site_config")
	c := fact.Container{Ref: res.Ref(), Name: w.Name, ReadOnlyRoot: true}
	if image := site.Get("application_stack", "docker_image_name"); image.Present() || !image.Known() {
		c.Image = fact.ParseImage(reading.Text(image))
		c.Image.At = image.At
	} else {
		c.Archive = true
	}
	r.settings(w, &c, res)
	w.Containers = []fact.Container{c}
	switch network := res.Body.Get("virtual_network_subnet_id"); {
	case network.Present(), !network.Known(), len(r.Config.Referring("azurerm_app_service_virtual_network_swift_connection", res.Base, "app_service_id")) > 0:
		w.Unknown = append(w.Unknown, fact.Unknown{Part: fact.Groups, Why: "the rules of the network to which it is attached decide, as far as its traffic goes there", At: reading.Place(network, res)})
	}
	return site
}

// asked reads the health check of App Service, which asks once a minute, takes
// an instance out after some minutes, and replaces it after an hour.
// https://learn.microsoft.com/azure/app-service/monitor-instances-health-check
func asked(c *fact.Container, res *model.Resource, site model.Value) {
	path := site.Get("health_check_path")
	if !path.Present() && path.Known() {
		return
	}
	p := fact.Probe{Ref: res.Ref().At(path.At).Within("health check"), Method: "http", Path: reading.Text(path), Port: 80, Period: 60, Successes: 1, Grace: -1}
	if !path.Known() {
		p.Unknown = reading.Why(path)
	}
	out := p
	minutes, known := site.Get("health_check_eviction_time_in_min").Int(10)
	if out.Failures = minutes; !known {
		out.Unknown = reading.Why(site.Get("health_check_eviction_time_in_min"))
	}
	p.Failures = 60
	c.Readiness, c.Liveness = &out, &p
}

// settings reads what an app is given: literal values, or references to Key
// Vault.
// https://learn.microsoft.com/azure/app-service/app-service-key-vault-references
func (r *reader) settings(w *fact.Workload, c *fact.Container, res *model.Resource) {
	var vars []process.Variable
	take := func(key string, value model.Value, at fact.Location) {
		if strings.HasPrefix(value.Text, "@Microsoft.KeyVault(") {
			name := r.vaultName(value)
			c.Env = append(c.Env, fact.Env{Name: key, Origin: fact.SecretKey, From: name, Key: key, At: at})
			r.vault(w, name, w.Kind+"/"+w.Name, at)
			return
		}
		env, dials := r.Variable(key, value, at, r.holds)
		c.Env, c.Dials = append(c.Env, env), append(c.Dials, dials...)
		vars = append(vars, process.Variable{Name: key, Value: reading.Text(value), Elsewhere: !value.Known(), At: at})
	}
	settings := res.Body.Get("app_settings")
	if !settings.Known() && len(settings.Fields) == 0 {
		c.Env = append(c.Env, fact.Env{Name: "app_settings", Origin: fact.Literal, Unknown: reading.Why(settings), At: settings.At})
	}
	for _, key := range settings.Names() {
		take(key, settings.Fields[key], settings.Fields[key].At)
	}
	for _, s := range reading.Nested(res.Body.Get("connection_string")) {
		take(reading.Text(s.Get("name")), s.Get("value"), s.At)
	}
	c.Tracing = process.Tracing(vars)
}

// planned reads on how many machines the plan that is named runs its apps, and in
// which zones.
// https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs/resources/service_plan
func (r *reader) planned(w *fact.Workload, res, named *model.Resource) {
	p := &fact.Placement{At: res.At, Hosts: true}
	w.Placement = p
	p.Region, p.RegionWhy = r.region(res)
	plan := r.One(res, named.Body.Get("service_plan_id"), "id", "azurerm_service_plan")
	if plan == nil || plan.Data {
		p.Why = "its plan is not among these files"
		w.Unknown = append(w.Unknown, fact.Unknown{Part: fact.Number, Why: p.Why, At: res.At})
		return
	}
	p.At = plan.At
	count := plan.Body.Get("worker_count")
	n, known := count.Int(1)
	w.Replicas, w.ReplicasAt, w.ReplicasSet = n, reading.Place(count, plan), count.Present() && !reading.Ignores(plan, "worker_count")
	if !known {
		w.Unknown = append(w.Unknown, fact.Unknown{Part: fact.Number, Why: reading.Why(count), At: count.At})
	}
	if each := reading.Flag(plan, false, "per_site_scaling_enabled"); !each.IsNot() {
		why := "its plan gives each app a number of its own (per_site_scaling_enabled)"
		w.Unknown = append(w.Unknown, fact.Unknown{Part: fact.Number, Why: why, At: each.At})
		p.HostsWhy = why
	}
	r.elastic(w, named, plan)
	switch zones := reading.Flag(plan, false, "zone_balancing_enabled"); {
	case !zones.Known:
		p.Why = zones.Why
	case zones.Yes:
		p.Zones = 2
	default:
		p.Zones = 1
	}
}
