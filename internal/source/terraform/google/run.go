package google

import (
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/process"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
	"seaworthy.dev/seaworthy/internal/source/terraform/reading"
)

// run is a service of Cloud Run as both versions of its interface say it.
type run struct {
	res                     *model.Resource
	containers, volumes     model.Value
	account, lowest, most   model.Value
	ingress, traffic        model.Value
	labels, network, manual model.Value
	// first is version 1, in which probes and secrets are written otherwise.
	first bool
}

// services reads services of Cloud Run.
func (r *reader) services() {
	both := kinds(fact.Workloads, fact.Services, fact.Autoscalers)
	for _, res := range r.Of(both, "google_cloud_run_v2_service") {
		b := res.Body
		t := b.Get("template")
		s := &run{
			res: res, containers: t.Get("containers"), volumes: t.Get("volumes"), account: t.Get("service_account"),
			lowest: b.Get("scaling", "min_instance_count"), most: t.Get("scaling", "max_instance_count"),
			ingress: b.Get("ingress"), traffic: b.Get("traffic"), labels: b.Get("labels"), network: t.Get("vpc_access"),
		}
		if !s.lowest.Present() && s.lowest.Known() {
			s.lowest = t.Get("scaling", "min_instance_count")
		}
		if strings.HasSuffix(reading.Text(b.Get("scaling", "scaling_mode")), "MANUAL") {
			s.manual = b.Get("scaling", "manual_instance_count")
		}
		r.service(s)
	}
	for _, res := range r.Of(both, "google_cloud_run_service") {
		b := res.Body
		t := b.Get("template")
		notes := t.Get("metadata", "annotations")
		r.service(&run{
			res: res, first: true, containers: t.Get("spec", "containers"), volumes: t.Get("spec", "volumes"), account: t.Get("spec", "service_account_name"),
			lowest: notes.Get("autoscaling.knative.dev/minScale"), most: notes.Get("autoscaling.knative.dev/maxScale"),
			ingress: b.Get("metadata", "annotations").Get("run.googleapis.com/ingress"), traffic: b.Get("traffic"), labels: b.Get("metadata", "labels"),
			network: notes.Get("run.googleapis.com/vpc-access-connector"),
		})
	}
}

// service reads one service into a workload with what scales it, and its
// address.
func (r *reader) service(s *run) {
	res := s.res
	w := &fact.Workload{
		Ref: res.Ref(), Platform: fact.CloudRun, Form: fact.Replicated, Kind: "Cloud Run service", Name: reading.Name(res), Serverless: true,
		PodAt: res.At, GraceAt: res.At, Grace: 10, Drain: -1, PodLabels: map[string]string{}, Strategy: fact.Strategy{Type: "AllAtOnce", At: res.At},
	}
	reading.Labelled(w, s.labels.At, r.labels(res, s.labels)...)
	r.contained(w, s)
	r.runsAs(w, res, s.account)
	r.reaches(w, s.network)
	w.Placement = &fact.Placement{At: res.At, Hosts: true, Why: "Cloud Run decides"}
	w.Placement.Region, w.Placement.RegionWhy = r.region(res)
	r.Into.Workloads = append(r.Into.Workloads, w)
	r.sized(w, s)
	r.shares(w, s)
	r.address(w, s)
}

// contained reads containers and volumes.
func (r *reader) contained(w *fact.Workload, s *run) {
	if !s.containers.Known() {
		w.Unknown = append(w.Unknown, fact.Unknown{Part: fact.Contents, Why: reading.Why(s.containers), At: s.containers.At})
		r.Hole(s.res, kinds(fact.Workloads), "what "+w.Name+" runs"+reading.Because(s.containers))
		return
	}
	all := reading.Nested(s.containers)
	for _, v := range all {
		c := r.container(s, v, len(all) == 1)
		if len(c.Ports) == 0 && len(all) > 1 {
			c.Role = fact.Sidecar // only the one with a port takes requests
		}
		w.Containers = append(w.Containers, c)
	}
	for _, v := range reading.Nested(s.volumes) {
		out := fact.Volume{Name: reading.Text(v.Get("name")), Source: "emptyDir", At: v.At}
		switch secret := v.Get("secret"); {
		case secret.Present():
			from := secret.Get("secret")
			if s.first {
				from = secret.Get("secret_name")
			}
			name := r.secretName(from)
			out.Source, out.Secrets = "secret", []string{name}
			version := secret.Get("items", "version")
			if s.first {
				version = secret.Get("items", "key")
			}
			r.feed(w, name, version, v.At)
		case v.Get("cloud_sql_instance").Present():
			out.Source = "cloud-sql"
		case v.Get("nfs").Present(), v.Get("gcs").Present():
			out.Source = "csi"
		}
		w.Volumes = append(w.Volumes, out)
	}
}

// container reads one container.
// https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/cloud_run_v2_service
func (r *reader) container(s *run, v model.Value, only bool) fact.Container {
	called := reading.Text(v.Get("name"))
	ref := s.res.Ref().At(v.At)
	if called != "" {
		ref = ref.Within("container " + called)
	}
	c := fact.Container{
		Ref: ref, Name: called, ReadOnlyRoot: true, // what it writes goes to memory, and is gone with the instance
		Requests: fact.Resources{MilliCPU: -1, Memory: -1}, Limits: fact.Resources{MilliCPU: -1, Memory: -1},
	}
	c.Lines = &fact.LogOutput{Engine: "Cloud Logging", Fate: fact.Central, At: v.At} // https://cloud.google.com/run/docs/logging
	if called == "" && only {
		c.Name = reading.Name(s.res)
	}
	image := v.Get("image")
	c.Image = fact.ParseImage(reading.Text(image))
	c.Image.At = image.At
	for _, p := range reading.Nested(v.Get("ports")) {
		if n, _ := p.Get("container_port").Int(8080); n > 0 {
			c.Ports = append(c.Ports, fact.Port{Name: reading.Text(p.Get("name")), Number: n, At: p.At})
		}
	}
	if len(c.Ports) == 0 && only {
		c.Ports = []fact.Port{{Number: 8080, At: v.At}}
	}
	entry, _ := v.Get("command").Strings()
	args, _ := v.Get("args").Strings()
	c.Command = process.Command(entry, args, v.Get("command").At)
	c.Startup = r.probe(ref, v.Get("startup_probe"), "startup_probe", &c)
	c.Liveness = r.probe(ref, v.Get("liveness_probe"), "liveness_probe", &c)
	c.Readiness = r.probe(ref, v.Get("readiness_probe"), "readiness_probe", &c)
	for _, m := range reading.Nested(v.Get("volume_mounts")) {
		c.Mounts = append(c.Mounts, fact.Mount{Volume: reading.Text(m.Get("name")), Path: reading.Text(m.Get("mount_path")), At: m.At})
	}
	r.environment(&c, s, v.Get("env"))
	c.Env = append(c.Env, process.Arguments(args, func(int) fact.Location { return v.Get("args").At })...)
	return c
}

// probe reads a probe with the defaults of Cloud Run.
// https://cloud.google.com/run/docs/reference/rest/v2/Container#probe
func (r *reader) probe(ref fact.Ref, v model.Value, named string, c *fact.Container) *fact.Probe {
	if !v.Known() {
		return &fact.Probe{Ref: ref.At(v.At).Within(named), Method: "http", Grace: -1, Unknown: reading.Why(v)}
	}
	if !v.Present() || len(reading.Nested(v)) == 0 {
		return nil
	}
	p := &fact.Probe{Ref: ref.At(reading.Nested(v)[0].At).Within(named), Grace: -1, Successes: 1}
	if len(c.Ports) > 0 {
		p.Port = c.Ports[0].Number
	}
	for _, method := range []string{"http_get", "tcp_socket", "grpc"} {
		ask := v.Get(method)
		if !ask.Present() {
			continue
		}
		p.Method = strings.TrimSuffix(strings.TrimSuffix(method, "_get"), "_socket")
		if p.Method == "http" {
			p.Path = reading.Text(ask.Get("path"))
			if p.Path == "" {
				p.Path = "/"
			}
		}
		if n, known := ask.Get("port").Int(p.Port); known && n > 0 {
			p.Port = n
		}
	}
	for _, f := range []struct {
		name   string
		absent int
		into   *int
	}{{"period_seconds", 10, &p.Period}, {"timeout_seconds", 1, &p.Timeout}, {"failure_threshold", 3, &p.Failures}, {"initial_delay_seconds", 0, &p.Delay}} {
		n, known := v.Get(f.name).Int(f.absent)
		if *f.into = n; !known {
			p.Unknown = reading.Why(v.Get(f.name))
		}
	}
	return p
}

// environment reads what a container is given.
func (r *reader) environment(c *fact.Container, s *run, list model.Value) {
	if !list.Known() {
		c.Env = append(c.Env, fact.Env{Name: "environment", Origin: fact.Literal, Unknown: reading.Why(list), At: list.At})
	}
	var vars []process.Variable
	for _, e := range reading.Nested(list) {
		key, value := reading.Text(e.Get("name")), e.Get("value")
		from := e.Get("value_source", "secret_key_ref")
		secret, version := from.Get("secret"), from.Get("version")
		if s.first {
			from = e.Get("value_from", "secret_key_ref")
			secret, version = from.Get("name"), from.Get("key")
		}
		if from.Present() {
			name := r.secretName(secret)
			c.Env = append(c.Env, fact.Env{Name: key, Origin: fact.SecretKey, From: name, Key: key, At: e.At})
			r.feed(&fact.Workload{Ref: s.res.Ref()}, name, version, e.At)
			continue
		}
		env, dials := r.Variable(key, value, e.At, r.holds)
		c.Env, c.Dials = append(c.Env, env), append(c.Dials, dials...)
		vars = append(vars, process.Variable{Name: key, Value: reading.Text(value), Elsewhere: !value.Known(), At: e.At})
	}
	c.Tracing = process.Tracing(vars)
}

// holds tells of the address of a resource whether a variable of that name
// surely takes a secret of it.
func (r *reader) holds(ref, key string) bool {
	switch {
	case reading.Made(ref, "random_password", "tls_private_key", "google_service_account_key", "google_storage_hmac_key"):
		return true
	case reading.Made(ref, "google_secret_manager_secret_version", "google_secret_manager_secret_version_access"):
		return reading.Secretive(key)
	}
	return false
}

// runsAs notes as which service account something runs.
func (r *reader) runsAs(w *fact.Workload, res *model.Resource, account model.Value) {
	switch found := r.One(res, account, "email", "google_service_account"); {
	case found != nil:
		w.Account = accountName(found)
		if found.Data {
			w.Unknown = append(w.Unknown, fact.Unknown{Part: fact.Identity, Why: "the service account " + w.Account + " is made elsewhere", At: account.At})
		}
	case account.Present() && reading.Text(account) != "":
		w.Account, _, _ = strings.Cut(reading.Text(account), "@")
		w.Unknown = append(w.Unknown, fact.Unknown{Part: fact.Identity, Why: "the service account " + w.Account + " is not among these files", At: account.At})
	case !account.Known():
		w.Account = "(not known)"
		w.Unknown = append(w.Unknown, fact.Unknown{Part: fact.Identity, Why: reading.Why(account), At: account.At})
	default:
		// All of a project share it:
		// https://cloud.google.com/run/docs/securing/service-identity
		w.Account = fact.DefaultAccount
	}
}

// reaches notes what restricts where something connects: without a network of
// its own, nothing does.
func (r *reader) reaches(w *fact.Workload, network model.Value) {
	switch {
	case !network.Known():
		w.Unknown = append(w.Unknown, fact.Unknown{Part: fact.Groups, Why: reading.Why(network), At: network.At})
	case network.Present():
		w.Unknown = append(w.Unknown, fact.Unknown{Part: fact.Groups, Why: "the firewall of the network to which it is attached decides, as far as its traffic goes there", At: network.At})
	}
}

// sized notes between how many instances Cloud Run runs a service.
func (r *reader) sized(w *fact.Workload, s *run) {
	if s.manual.Present() || !s.manual.Known() {
		n, known := s.manual.Int(0)
		w.Replicas, w.ReplicasSet, w.ReplicasAt, w.Scalable = n, true, s.manual.At, true
		if !known {
			w.Unknown = append(w.Unknown, fact.Unknown{Part: fact.Number, Why: reading.Why(s.manual), At: s.manual.At})
		}
		return
	}
	a := &fact.Autoscaler{
		Ref: s.res.Ref(), Name: w.Name, Engine: "cloud-run", TargetKind: w.Kind, TargetName: w.Name,
		MinAt: reading.Place(s.lowest, s.res), MaxAt: reading.Place(s.most, s.res), Signals: []fact.Signal{{Type: "Requests", Name: "requests and cpu", At: s.res.At}},
	}
	var known bool
	if a.Min, known = s.lowest.Int(0); !known {
		a.Unknown = append(a.Unknown, fact.Unknown{Part: fact.Number, Why: reading.Why(s.lowest), At: s.lowest.At})
	}
	if a.Max, known = s.most.Int(100); !known {
		a.Unknown = append(a.Unknown, fact.Unknown{Part: fact.Number, Why: reading.Why(s.most), At: s.most.At})
	}
	if a.Max == 0 {
		a.Max = 100
	}
	r.Into.Autoscalers = append(r.Into.Autoscalers, a)
}

// shares reads how traffic is split between revisions.
func (r *reader) shares(w *fact.Workload, s *run) {
	out := &fact.Rollout{
		Ref: s.res.Ref(), Name: w.Name, Engine: "cloud-run", TargetKind: w.Kind, TargetName: w.Name, Manner: "split",
		MannerAt: reading.Place(s.traffic, s.res), Background: -1, FirstShare: -1, Routed: true,
	}
	split := 0
	for _, t := range reading.Nested(s.traffic) {
		n, known := t.Get("percent").Int(0)
		if !known {
			out.Unknown = reading.Why(t.Get("percent"))
		}
		if n > 0 && n < 100 {
			split++
		}
	}
	switch {
	case !s.traffic.Known():
		out.Unknown = reading.Why(s.traffic)
	case reading.Ignores(s.res, "traffic"):
		out.Unknown = "others than Terraform split its traffic (ignore_changes)"
	case split == 0 && out.Unknown == "":
		return
	}
	r.Into.Rollouts = append(r.Into.Rollouts, out)
}

// address reads the service's own address: it is open to everyone where calls
// from everywhere are let in, and everyone may make one.
func (r *reader) address(w *fact.Workload, s *run) {
	label := "at " + w.Subject
	w.PodLabels[label] = "true"
	svc := &fact.Service{Ref: s.res.Ref().Within("address"), Name: w.Name, Type: "URL", Selects: fact.Selector{Labels: map[string]string{label: "true"}}}
	everyone, _ := s.res.Body.Get("invoker_iam_disabled").Bool(false)
	for _, b := range r.Config.Of("google_cloud_run_v2_service_iam_member", "google_cloud_run_v2_service_iam_binding", "google_cloud_run_service_iam_member", "google_cloud_run_service_iam_binding") {
		if !b.Body.RefersTo(s.res.Base) && reading.Text(b.Body.Get("service")) != w.Name && reading.Text(b.Body.Get("name")) != w.Name {
			continue
		}
		for _, m := range append(b.Body.Get("members").Each(), b.Body.Get("member")) {
			everyone = everyone || reading.Text(m) == "allUsers"
		}
	}
	in := strings.ToLower(reading.Text(s.ingress))
	svc.Internal = !everyone || in != "" && !strings.HasSuffix(in, "all")
	switch {
	case !s.ingress.Known():
		r.Hole(s.res, kinds(fact.Services), "who may call "+w.Name+reading.Because(s.ingress))
	case !everyone:
		for _, p := range r.Config.Of("google_cloud_run_v2_service_iam_policy", "google_cloud_run_service_iam_policy") {
			r.Hole(p, kinds(fact.Services), "resources of type "+p.Type+" are not read")
		}
	}
	r.Into.Services = append(r.Into.Services, svc)
}

// jobs reads jobs of Cloud Run, which run to their end.
func (r *reader) jobs() {
	for _, res := range r.Of(kinds(fact.Workloads), "google_cloud_run_v2_job") {
		t := res.Body.Get("template", "template")
		w := &fact.Workload{
			Ref: res.Ref(), Platform: fact.CloudRun, Form: fact.OneOff, Kind: "Cloud Run job", Name: reading.Name(res), Serverless: true,
			PodAt: res.At, GraceAt: res.At, Grace: 10, Drain: -1, PodLabels: map[string]string{},
		}
		for _, job := range r.Config.Of("google_cloud_scheduler_job") {
			if job.Body.RefersTo(res.Base) {
				w.Form = fact.Scheduled
			}
		}
		s := &run{res: res, containers: t.Get("containers"), volumes: t.Get("volumes")}
		reading.Labelled(w, res.Body.Get("labels").At, r.labels(res, res.Body.Get("labels"))...)
		r.contained(w, s)
		for i := range w.Containers {
			if len(w.Containers) == 1 {
				w.Containers[i].Ports = nil // a job waits for no request
			}
		}
		r.runsAs(w, res, t.Get("service_account"))
		r.reaches(w, t.Get("vpc_access"))
		r.Into.Workloads = append(r.Into.Workloads, w)
	}
}
