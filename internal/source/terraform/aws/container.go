package aws

import (
	"strconv"
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/address"
	"seaworthy.dev/seaworthy/internal/derive/process"
	"seaworthy.dev/seaworthy/internal/derive/secrecy"
	"seaworthy.dev/seaworthy/internal/derive/shipping"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
)

// task reads a task definition into the workload that runs it.
func (r *reader) task(w *fact.Workload, task *model.Resource) {
	b := task.Body
	w.PodAt = task.At
	w.Windows = strings.HasPrefix(text(b.Get("runtime_platform", "operating_system_family")), "WINDOWS")
	if list, _ := b.Get("requires_compatibilities").Strings(); len(list) == 1 && list[0] == "FARGATE" && w.Form != fact.Replicated {
		w.Serverless = true
	}
	r.identified(w, task, b.Get("task_role_arn"))
	r.volumes(w, b)
	w.Breaches = append(w.Breaches, hostNamespaces(b)...)
	definitions := b.Get("container_definitions").JSON()
	if !definitions.Known() {
		r.contents(w, task, definitions)
		return
	}
	for _, c := range definitions.Each() {
		if !c.Known() {
			r.contents(w, task, c)
			continue
		}
		w.Containers = append(w.Containers, r.container(w, task, c))
	}
	for i := range w.Containers {
		c := &w.Containers[i]
		if c.Role == fact.Main {
			stop := find(definitions, c.Name).Get("stopTimeout")
			if n, known := number(stop, 30); known && (i == 0 || n < w.Grace || !stop.Present()) {
				w.Grace = n
			}
			if stop.Present() {
				w.GraceAt = stop.At
			}
		}
	}
}

// find returns the definition of the container of that name.
func find(definitions model.Value, name string) model.Value {
	for _, c := range definitions.Each() {
		if text(c.Get("name")) == name {
			return c
		}
	}
	return model.Value{}
}

// container reads one container definition.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
func (r *reader) container(w *fact.Workload, task *model.Resource, v model.Value) fact.Container {
	called := text(v.Get("name"))
	ref := task.Ref().At(v.At).Within("container " + called)
	c := fact.Container{Ref: ref, Name: called, ReadOnlyRootAt: v.Get("readonlyRootFilesystem").At}
	if essential, known := v.Get("essential").Bool(true); known && !essential {
		c.Role = fact.Sidecar // its end does not end the task
		if exits(v) {
			c.Role = fact.Init
		}
	}
	image := v.Get("image")
	c.Image = r.pulled(image)
	for _, p := range v.Get("portMappings").Each() {
		n, _ := number(p.Get("containerPort"), 0)
		host, _ := number(p.Get("hostPort"), 0)
		if text(task.Body.Get("network_mode")) == "awsvpc" {
			host = 0 // each task has an address of its own
		}
		c.Ports = append(c.Ports, fact.Port{Name: text(p.Get("name")), Number: n, Host: host, Protocol: text(p.Get("protocol"))})
	}
	entry, _ := v.Get("entryPoint").Strings()
	args, _ := v.Get("command").Strings()
	if len(entry) == 0 && len(args) > 0 && process.IsShell(args[0]) {
		entry, args = args, nil // the shell runs where the image has no entry point
	}
	c.Command = process.Command(entry, args, v.Get("command").At)
	c.Liveness = healthCheck(ref, v.Get("healthCheck"))
	c.Requests, c.Limits = reserved(task, v), fact.Resources{MilliCPU: -1, Memory: -1}
	for _, m := range v.Get("mountPoints").Each() {
		only, _ := m.Get("readOnly").Bool(false)
		c.Mounts = append(c.Mounts, fact.Mount{Volume: text(m.Get("sourceVolume")), Path: text(m.Get("containerPath")), ReadOnly: only, At: m.At})
	}
	r.environment(&c, v)
	c.Env = append(c.Env, process.Arguments(args, func(int) fact.Location { return v.Get("command").At })...)
	harden(w, &c, v)
	c.Lines = lines(w, v)
	return c
}

// lines says where a container's output goes. What Fargate is not told to send
// somewhere is lost; on machines of the owner's it stays there.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html
func lines(w *fact.Workload, v model.Value) *fact.LogOutput {
	config := v.Get("logConfiguration")
	driver := config.Get("logDriver")
	switch {
	case !config.Known() || !driver.Known():
		return &fact.LogOutput{Engine: "a driver", Why: why(driver), At: config.At}
	case config.Present():
		return shipping.Driver(text(driver), func(name string) string { return text(config.Get("options", name)) }, config.At)
	case w.Serverless:
		return &fact.LogOutput{Engine: "nothing", Fate: fact.Dropped, Why: "it has no logConfiguration, and Fargate keeps no lines by itself", At: v.At}
	}
	return &fact.LogOutput{Engine: "json-file", Fate: fact.Stays, At: v.At}
}

// exits reports whether other containers wait for the container's end.
func exits(v model.Value) bool {
	return !v.Get("portMappings").Present() && !v.Get("healthCheck").Present() && setup(text(v.Get("name")))
}

// setup reports whether a name is that of a container which prepares others.
func setup(name string) bool {
	name = strings.ToLower(name)
	return strings.Contains(name, "init") || strings.Contains(name, "migrat") || strings.Contains(name, "setup")
}

// healthCheck reads the container's own check, by which ECS replaces a task.
func healthCheck(ref fact.Ref, v model.Value) *fact.Probe {
	if !v.Known() {
		return &fact.Probe{Ref: ref.At(v.At).Within("healthCheck"), Method: "exec", Grace: -1, Unknown: why(v)}
	}
	words, known := v.Get("command").Strings()
	if !v.Present() || len(words) > 0 && words[0] == "NONE" {
		return nil
	}
	p := &fact.Probe{Ref: ref.At(v.At).Within("healthCheck"), Method: "exec", Path: strings.Join(words, " "), Grace: -1, Successes: 1}
	if len(words) == 0 && known {
		p.Method = ""
	}
	for _, f := range []struct {
		name   string
		absent int
		into   *int
	}{{"interval", 30, &p.Period}, {"timeout", 5, &p.Timeout}, {"retries", 3, &p.Failures}, {"startPeriod", 0, &p.Delay}} {
		n, ok := number(v.Get(f.name), f.absent)
		if *f.into = n; !ok {
			p.Unknown = why(v.Get(f.name))
		}
	}
	p.Delay = 0 // failures within the start period are not counted, answers are
	return p
}

// reserved returns what is set aside: for the container, or for its task.
func reserved(task *model.Resource, v model.Value) fact.Resources {
	out := fact.Resources{MilliCPU: -1, Memory: -1, At: v.At}
	for _, of := range []model.Value{v, task.Body} {
		if n, known := number(of.Get("cpu"), 0); known && n > 0 && out.MilliCPU < 0 {
			out.MilliCPU = int64(n) * 1000 / 1024 // 1024 units are one CPU
		}
		for _, field := range []string{"memoryReservation", "memory"} {
			if n, known := number(of.Get(field), 0); known && n > 0 && out.Memory < 0 {
				out.Memory = int64(n) << 20
			}
		}
	}
	return out
}

// whole returns what a task is given on machines that are not the owner's: this,
// and not what its containers reserve, is paid for.
func whole(task *model.Resource) *fact.Resources {
	out := reserved(task, model.Value{})
	return &out
}

// environment reads what a container is given.
func (r *reader) environment(c *fact.Container, v model.Value) {
	var vars []process.Variable
	for _, e := range v.Get("environment").Each() {
		key, value := text(e.Get("name")), e.Get("value")
		env, dials := r.variable(key, value, e.At)
		c.Env, c.Dials = append(c.Env, env), append(c.Dials, dials...)
		vars = append(vars, process.Variable{Name: key, Value: text(value), Elsewhere: !value.Known(), At: e.At})
	}
	if list := v.Get("environment"); !list.Known() {
		c.Env = append(c.Env, fact.Env{Name: "environment", Origin: fact.Literal, Unknown: why(list), At: list.At})
	}
	for _, s := range v.Get("secrets").Each() {
		from := s.Get("valueFrom")
		c.Env = append(c.Env, fact.Env{Name: text(s.Get("name")), Origin: fact.SecretKey, From: r.secretName(from), Key: text(s.Get("name")), At: s.At})
	}
	for _, f := range v.Get("environmentFiles").Each() {
		c.Env = append(c.Env, fact.Env{Origin: fact.SettingAll, From: text(f.Get("value")), At: f.At})
	}
	c.Tracing = process.Tracing(vars)
}

// secretSources are resources whose attributes are secret values.
var secretSources = []string{"random_password.", "aws_secretsmanager_secret_version.", "aws_secretsmanager_random_password.", "aws_iam_access_key.", "tls_private_key.", "aws_ssm_parameter.", "aws_kms_secrets."}

// variable reads one variable with a value.
func (r *reader) variable(key string, value model.Value, at fact.Location) (fact.Env, []fact.Address) {
	if store := resolved(value.Text); store != "" {
		return fact.Env{Name: key, Origin: fact.Literal, Smell: "what CloudFormation takes out of " + store, Copied: store, At: at}, nil
	}
	env, dials := r.Variable(key, value, at, func(ref, key string) bool {
		for _, source := range secretSources {
			if strings.HasPrefix(last2(ref), source) && secret(r, ref, key) {
				return true
			}
		}
		return false
	})
	if value.Known() || strings.HasPrefix(env.Smell, "the value of ") && !strings.HasPrefix(env.Smell, "the value of variable ") && !strings.HasPrefix(env.Smell, "the value of parameter ") {
		return env, dials
	}
	return env, append(dials, r.partly(value, at)...)
}

// partly finds the addresses in a text of which only parts are known: the host
// is that of a resource, and what is written around it says how it is reached.
func (r *reader) partly(value model.Value, at fact.Location) []fact.Address {
	var shape strings.Builder
	standIn := map[string]string{} // for a host, the resource that is meant
	for i, p := range value.Pieces {
		if p.Kind == model.Scalar {
			shape.WriteString(p.Text)
			continue
		}
		host := "piece" + strconv.Itoa(i) + ".invalid"
		shape.WriteString(host)
		standIn[host] = ""
		for _, ref := range p.Refs {
			if storeType(r.typed(ref)) || balancerType(r.typed(ref)) {
				standIn[host] = ref
			}
		}
	}
	var dials []fact.Address
	told := map[string]bool{}
	for _, a := range address.In(shape.String(), at) {
		ref, unknown := standIn[a.Host]
		switch {
		case ref != "":
			a.Host, a.Refers = "", ref
			told[ref] = true
			dials = append(dials, a)
		case !unknown && !strings.Contains(a.Host, ".invalid"):
			dials = append(dials, a)
		}
	}
	for _, ref := range value.Refs {
		if storeType(r.typed(ref)) && !told[ref] {
			dials = append(dials, fact.Address{Refers: ref, At: at})
		}
	}
	return dials
}

// balancerType reports whether an address is that of a load balancer.
func balancerType(address string) bool {
	return strings.HasPrefix(last2(address), "aws_lb.") || strings.HasPrefix(last2(address), "aws_alb.")
}

// resolved names the store of which CloudFormation puts a secret into a text.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
func resolved(text string) string {
	switch {
	case strings.Contains(text, "{{resolve:secretsmanager:"):
		return "Secrets Manager"
	case strings.Contains(text, "{{resolve:ssm-secure:"):
		return "the parameter store"
	}
	return ""
}

// typed returns an address that tells the type of what it means: that of a
// template of CloudFormation is only a name.
func (r *reader) typed(ref string) string {
	if strings.Contains(ref, ".") {
		return ref
	}
	for _, res := range r.c.Resources {
		if res.Base == ref {
			return res.Type + "." + ref
		}
	}
	return ref
}

// storeType reports whether an address is that of a store with which clients
// connect: AWS's own interfaces take nothing but TLS from its libraries.
func storeType(address string) bool {
	for _, kind := range []string{"aws_db_instance.", "aws_rds_cluster.", "aws_docdb_cluster.", "aws_neptune_cluster.", "aws_redshift_cluster.", "aws_elasticache_replication_group.",
		"aws_elasticache_cluster.", "aws_memorydb_cluster.", "aws_msk_cluster.", "aws_mq_broker.", "aws_opensearch_domain."} {
		if strings.HasPrefix(last2(address), kind) {
			return true
		}
	}
	return false
}

// last2 returns the type and name at the end of an address.
func last2(address string) string {
	parts := strings.Split(address, ".")
	if len(parts) > 2 {
		return strings.Join(parts[len(parts)-2:], ".")
	}
	return address
}

// secret reports whether a variable surely takes the value: of a parameter or a
// version only where its name says so too, for it may be their name or ARN.
func secret(r *reader, ref, key string) bool {
	if strings.Contains(ref, "random_password.") || strings.Contains(ref, "tls_private_key.") {
		return true
	}
	if secrecy.Of(key, "x7Kp2mQ9vT4z") == "" {
		return false
	}
	if strings.Contains(ref, "aws_ssm_parameter.") {
		for _, p := range r.c.Find(ref) {
			if p.Data {
				return true
			}
		}
		return false
	}
	return true
}

// volumes reads the task's volumes.
func (r *reader) volumes(w *fact.Workload, b model.Value) {
	for _, v := range nested(b.Get("volume")) {
		out := fact.Volume{Name: text(v.Get("name")), Source: "emptyDir", At: v.At}
		switch {
		case text(v.Get("host_path")) != "":
			out.Source, out.HostPath = "hostPath", text(v.Get("host_path"))
			w.Breaches = append(w.Breaches, fact.Breach{Check: "volume " + out.Name, Rule: "host-folder", At: v.At,
				Detail: "shows the folder " + out.HostPath + " of its machine (volume " + out.Name + ")"})
		case v.Get("efs_volume_configuration").Present():
			out.Source, out.Claim = "efs", strings.Join(v.Get("efs_volume_configuration").AllRefs(), ",")
		case v.Get("fsx_windows_file_server_volume_configuration").Present():
			out.Source = "fsx"
		case v.Get("docker_volume_configuration").Present():
			out.Source = "docker"
		}
		w.Volumes = append(w.Volumes, out)
	}
}

// hostNamespaces finds namespaces of the machine that a task shares.
func hostNamespaces(b model.Value) []fact.Breach {
	var out []fact.Breach
	for _, f := range []struct{ field, what string }{{"network_mode", "network"}, {"pid_mode", "processes"}, {"ipc_mode", "memory"}} {
		if v := b.Get(f.field); text(v) == "host" {
			out = append(out, fact.Breach{Check: f.field, Rule: "host-namespace", At: v.At, Detail: "shares the " + f.what + " of its machine (" + f.field + " = host)"})
		}
	}
	return out
}

// harden finds what a container may do beyond its work.
// https://docs.aws.amazon.com/securityhub/latest/userguide/ecs-controls.html
func harden(w *fact.Workload, c *fact.Container, v model.Value) {
	add := func(field model.Value, check, rule, detail string, unknown bool) {
		at := field.At
		if at.File == "" {
			at = v.At
		}
		b := fact.Breach{Check: check + " of " + c.Name, Rule: rule, At: at, Detail: detail}
		if unknown {
			b.Unknown = why(field)
		}
		w.Breaches = append(w.Breaches, b)
	}
	root := v.Get("readonlyRootFilesystem")
	only, known := root.Bool(false)
	c.ReadOnlyRoot = only
	if !known {
		c.ReadOnlyRoot = true // said as unknown
		add(root, "readonlyRootFilesystem", "writable-root", "can write to its own root file system", true)
	}
	if w.Windows {
		return
	}
	privileged := v.Get("privileged")
	if yes, known := privileged.Bool(false); yes || !known {
		add(privileged, "privileged", "privileged", "runs privileged, which opens its machine", !known)
	}
	user := v.Get("user")
	switch uid := strings.Split(text(user), ":")[0]; {
	case !user.Known():
		add(user, "user", "root-user", "runs as a user", true)
	case uid == "":
		add(user, "user", "root-user", "names no user, so its image decides, and images run as root unless they say otherwise", false)
	case uid == "0" || uid == "root":
		add(user, "user", "root-user", "runs as root (user "+strconv.Quote(text(user))+")", false)
	}
	caps := v.Get("linuxParameters", "capabilities")
	drop, dropKnown := caps.Get("drop").Strings()
	all := false
	for _, d := range drop {
		all = all || strings.EqualFold(d, "ALL")
	}
	added, _ := caps.Get("add").Strings()
	switch {
	case len(added) > 0:
		add(caps.Get("add"), "capabilities", "capabilities", "adds the capabilities "+strings.Join(added, ", "), false)
	case !all:
		add(caps, "capabilities", "capabilities", "keeps the capabilities that the runtime gives by default", !dropKnown || !caps.Known())
	}
}
