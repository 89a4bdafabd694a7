package compose

import (
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/compose-spec/compose-go/v2/types"

	"seaworthy.dev/seaworthy/internal/derive/address"
	"seaworthy.dev/seaworthy/internal/derive/process"
	"seaworthy.dev/seaworthy/internal/derive/secrecy"
	"seaworthy.dev/seaworthy/internal/derive/shipping"
	"seaworthy.dev/seaworthy/internal/derive/stores"
	"seaworthy.dev/seaworthy/internal/fact"
)

func (r *reader) container(w *fact.Workload, s *types.ServiceConfig, at func(...string) fact.Location) fact.Container {
	c := fact.Container{
		Ref: w.Ref.Within("container"), Name: s.Name, PullPolicy: s.PullPolicy, User: s.User,
		Command:  process.Command(s.Entrypoint, s.Command, at("command")),
		Requests: fact.Resources{MilliCPU: -1, Memory: -1}, Limits: fact.Resources{MilliCPU: -1, Memory: -1},
		ReadOnlyRoot: s.ReadOnly, ReadOnlyRootAt: at("read_only"),
	}
	if s.Image != "" {
		c.Image = fact.ParseImage(s.Image)
	}
	c.Image.At = at("image")
	if len(s.Entrypoint) > 0 {
		c.Command.At = at("entrypoint")
	}
	r.built(&c, s)
	r.ports(&c, s, at)
	c.Readiness = r.health(&c, s, at)
	r.environment(&c, s, at)
	for i, hook := range s.PreStop {
		c.PreStop = preStop(c.Ref, hook, r.item(i, "services", s.Name, "pre_stop"))
		break
	}
	resources(&c, s)
	if l := s.Logging; l != nil && l.Driver != "" {
		c.Lines = shipping.Driver(l.Driver, func(name string) string { return l.Options[name] }, at("logging", "driver"))
	} else if s.LogDriver != "" {
		c.Lines = shipping.Driver(s.LogDriver, func(name string) string { return s.LogOpt[name] }, at("log_driver"))
	}
	return c
}

// sleeping matches a command that starts by waiting.
var sleeping = regexp.MustCompile(`^(?:(?:/bin/)?(?:ba|a|da)?sh -c )?(?:/bin/|/usr/bin/)?sleep\s+([0-9]+)s?\s*(?:$|;|&&)`)

func preStop(ref fact.Ref, hook types.ServiceHook, at fact.Location) *fact.PreStop {
	out := &fact.PreStop{Ref: ref.At(at).Within("pre_stop"), Method: "exec", Seconds: -1}
	if m := sleeping.FindStringSubmatch(strings.Join(hook.Command, " ")); m != nil {
		out.Seconds, _ = strconv.Atoi(m[1])
	}
	return out
}

// built joins the service with the Dockerfile from which its image is built.
func (r *reader) built(c *fact.Container, s *types.ServiceConfig) {
	if s.Build == nil {
		return
	}
	c.Built = true
	if s.Build.DockerfileInline != "" {
		return
	}
	name := s.Build.Dockerfile
	if name == "" {
		name = "Dockerfile"
	}
	if !path.IsAbs(name) {
		name = path.Join(s.Build.Context, name)
	}
	rel, inside := strings.CutPrefix(path.Clean(name), root+"/")
	if !inside || r.Build == nil {
		return
	}
	b := r.Build(rel)
	if b == nil {
		return
	}
	c.Build, c.Target = b, s.Build.Target
	stage := c.Stage()
	if stage == nil {
		return
	}
	if len(s.Entrypoint) == 0 && len(s.Command) == 0 && stage.Config.EntryHere {
		c.Command = stage.Config.Entry
	} else if len(s.Entrypoint) == 0 && stage.Config.EntryHere && !stage.Config.Entry.Shell && !stage.Config.Entry.MayShell {
		tools := c.Command.Tools
		c.Command = stage.Config.Entry
		c.Command.Tools = tools
	}
	if c.Image.Repository != "" && !slices.ContainsFunc(b.Names, func(i fact.Image) bool { return i.Raw == c.Image.Raw }) {
		r.names = append(r.names, named{b, c.Image})
	}
}

// named is an image that is known to be built from a Dockerfile.
type named struct {
	build *fact.ImageBuild
	image fact.Image
}

// ports reads what the service listens on: what it publishes, what it exposes,
// and what its image says where it is built here.
func (r *reader) ports(c *fact.Container, s *types.ServiceConfig, at func(...string) fact.Location) {
	seen := map[int]bool{}
	for i, p := range s.Ports {
		host, _, _ := strings.Cut(p.Published, "-")
		number, _ := strconv.Atoi(host)
		seen[int(p.Target)] = true
		c.Ports = append(c.Ports, fact.Port{Name: p.Name, Number: int(p.Target), Host: number, Open: true, HostIP: p.HostIP, Protocol: strings.ToUpper(p.Protocol), At: r.item(i, "services", s.Name, "ports")})
	}
	for _, text := range s.Expose {
		first, _, _ := strings.Cut(text, "-")
		first, _, _ = strings.Cut(first, "/")
		if n, err := strconv.Atoi(first); err == nil && !seen[n] {
			seen[n] = true
			c.Ports = append(c.Ports, fact.Port{Number: n, At: at("expose")})
		}
	}
	if port := stores.Port(c.Image); port != 0 && len(c.Ports) == 0 {
		c.Ports = append(c.Ports, fact.Port{Number: port, At: at("image")})
	}
	if stage := c.Stage(); stage != nil {
		for _, p := range stage.Config.Ports {
			if !seen[p.Number] {
				seen[p.Number] = true
				c.Ports = append(c.Ports, p)
			}
		}
	}
}

// health reads the health check of the service, or that of its image where it
// is built here. Docker's defaults are filled in.
func (r *reader) health(c *fact.Container, s *types.ServiceConfig, at func(...string) fact.Location) *fact.Probe {
	h := s.HealthCheck
	var image *fact.Probe
	if stage := c.Stage(); stage != nil {
		image = stage.Config.Health
	}
	if h == nil {
		return image
	}
	if h.Disable || len(h.Test) > 0 && h.Test[0] == "NONE" {
		c.NoHealth = true
		return nil
	}
	// https://docs.docker.com/reference/dockerfile/#healthcheck
	p := &fact.Probe{Ref: c.Ref.At(at("healthcheck")).Within("healthcheck"), Method: "exec", Period: 30, Timeout: 30, Failures: 3, Successes: 1, Grace: -1}
	if image != nil {
		p.Period, p.Timeout, p.Failures, p.Delay, p.Path = image.Period, image.Timeout, image.Failures, image.Delay, image.Path
	}
	if len(h.Test) > 1 {
		p.Path = strings.Join(h.Test[1:], " ")
	}
	if p.Path == "" && image == nil && c.Build != nil {
		p.Method = "" // it sets times for a question that nobody asks
	}
	for into, given := range map[*int]*types.Duration{&p.Period: h.Interval, &p.Timeout: h.Timeout, &p.Delay: h.StartPeriod} {
		if given != nil && time.Duration(*given) > 0 {
			*into = max(seconds(*given), 1)
		}
	}
	if h.Retries != nil && *h.Retries > 0 {
		p.Failures = int(*h.Retries)
	}
	return p
}

// environment reads variables, files of variables and arguments. Values are not
// kept.
func (r *reader) environment(c *fact.Container, s *types.ServiceConfig, at func(...string) fact.Location) {
	var vars []process.Variable
	for _, name := range slices.Sorted(maps.Keys(s.Environment)) {
		place := r.variable(s.Name, name)
		value := s.Environment[name]
		c.Env = append(c.Env, entry(name, value, place))
		v := process.Variable{Name: name, Elsewhere: true, At: place}
		if value != nil && open(*value) == "" {
			v.Value, v.Elsewhere = *value, false
		}
		if value != nil {
			c.Dials = append(c.Dials, address.In(strings.NewReplacer("${", "", "}", "").Replace(*value), place)...)
		}
		vars = append(vars, v)
	}
	for i, f := range s.EnvFiles {
		place := r.item(i, "services", s.Name, "env_file")
		rel, inside := strings.CutPrefix(path.Clean(f.Path), root+"/")
		if !inside || open(f.Path) != "" || r.Kept == nil || !r.Kept(rel) {
			c.Env = append(c.Env, fact.Env{Name: path.Base(f.Path), Origin: fact.Outside, From: strings.TrimPrefix(f.Path, root+"/"), Optional: !bool(f.Required), At: place})
			continue
		}
		data, err := r.Read(rel)
		if err != nil || len(data) > MaxFile {
			r.lost(fact.Location{File: r.Show(rel)}, "cannot be read as a file of variables")
			continue
		}
		for i, line := range strings.Split(string(data), "\n") {
			name, value, found := strings.Cut(strings.TrimPrefix(strings.TrimSpace(line), "export "), "=")
			if !found || strings.HasPrefix(name, "#") || i > 5000 {
				continue
			}
			value = strings.Trim(interpolate(strings.TrimSpace(value)), `"'`)
			place := fact.Location{File: r.Show(rel), Line: i + 1}
			name = strings.TrimSpace(name)
			c.Env = append(c.Env, entry(name, &value, place))
			c.Dials = append(c.Dials, address.In(value, place)...)
			vars = append(vars, process.Variable{Name: name, Value: value, At: place})
		}
	}
	for field, words := range map[string][]string{"command": s.Command, "entrypoint": s.Entrypoint} {
		place := func(i int) fact.Location { return r.item(i, "services", s.Name, field) }
		for i, word := range words {
			c.Dials = append(c.Dials, address.In(word, place(i))...)
		}
		c.Env = append(c.Env, process.Arguments(words, place)...)
	}
	slices.SortStableFunc(c.Dials, func(a, b fact.Address) int { return byPlace(a.At, b.At) })
	slices.SortStableFunc(c.Env, func(a, b fact.Env) int { return byPlace(a.At, b.At) })
	c.Tracing = process.Tracing(vars)
}

// entry is one variable. A value that the deployer gives is known by its name
// alone.
func entry(name string, value *string, at fact.Location) fact.Env {
	out := fact.Env{Name: name, Origin: fact.Literal, At: at}
	switch {
	case value == nil && secrecy.Named(name):
		out.Origin, out.From, out.Key = fact.SecretKey, "${"+name+"}", name
	case value == nil:
		out.Origin, out.From = fact.Outside, "${"+name+"}"
	case open(*value) != "" && (secrecy.Named(name) || secrecy.Named(open(*value))):
		variable := open(*value)
		if secrecy.Named(name) {
			out.Origin, out.From, out.Key = fact.SecretKey, "${"+variable+"}", name
		} else {
			out.Origin, out.From, out.Key = fact.SecretKey, "${"+variable+"}", variable
		}
	default:
		out.Empty = *value == ""
		out.Smell = secrecy.Of(name, *value)
	}
	return out
}

// variable returns the place of a variable, written as a mapping or as a list.
func (r *reader) variable(service, name string) fact.Location {
	at := r.at("services", service, "environment", name)
	if keyed := r.at("services", service, "environment"); at != keyed {
		return at
	}
	for i := len(r.nodes) - 1; i >= 0; i-- {
		if place, found := r.nodes[i].listed(name, "services", service, "environment"); found {
			return place
		}
	}
	return at
}

func byPlace(a, b fact.Location) int {
	if c := strings.Compare(a.File, b.File); c != 0 {
		return c
	}
	if a.Line != b.Line {
		return a.Line - b.Line
	}
	return a.Column - b.Column
}

func resources(c *fact.Container, s *types.ServiceConfig) {
	if s.MemLimit > 0 {
		c.Limits.Memory = int64(s.MemLimit)
	}
	if s.CPUS > 0 {
		c.Limits.MilliCPU = int64(s.CPUS * 1000)
	}
	if s.MemReservation > 0 {
		c.Requests.Memory = int64(s.MemReservation)
	}
	if s.Deploy == nil {
		return
	}
	for into, from := range map[*fact.Resources]*types.Resource{&c.Limits: s.Deploy.Resources.Limits, &c.Requests: s.Deploy.Resources.Reservations} {
		if from == nil {
			continue
		}
		if from.MemoryBytes > 0 {
			into.Memory = int64(from.MemoryBytes)
		}
		if from.NanoCPUs > 0 {
			into.MilliCPU = int64(from.NanoCPUs * 1000)
		}
	}
}
