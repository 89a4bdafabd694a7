package compose

import (
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/compose-spec/compose-go/v2/types"

	"seaworthy.dev/seaworthy/internal/fact"
)

// facts turns the merged project into facts.
func (r *reader) facts(p *types.Project) {
	swarm := isSwarm(p)
	healer := autoheal(p)
	for _, name := range slices.Sorted(maps.Keys(p.Services)) {
		s := p.Services[name]
		w := r.workload(&s, swarm)
		r.recovery(w, &s, swarm, healer)
		r.security(w, &s)
		r.volumes(w, &s, p)
		r.secrets(w, &s)
		r.out.Facts.Workloads = append(r.out.Facts.Workloads, w)
		r.service(w)
		r.backup(w, &s)
		if healer["name"] == name && !swarm {
			r.out.Facts.Remedies = append(r.out.Facts.Remedies, &fact.Remedy{
				Ref: w.Ref, Engine: "autoheal", Name: name, Trigger: "a health check that fails", Action: "starts the container again",
				Limited: fact.No(w.Location),
			})
		}
	}
	jobs(r.out.Facts.Workloads)
	r.out.Idle = append(r.out.Idle, slices.Sorted(maps.Keys(p.DisabledServices))...)
	for _, name := range slices.Sorted(maps.Keys(p.Networks)) {
		n := p.Networks[name]
		r.out.Facts.Networks = append(r.out.Facts.Networks, &fact.Network{
			Ref:  fact.Ref{Subject: "compose/network " + name, Location: r.at("networks", name)},
			Name: name, Internal: n.Internal, External: bool(n.External), Driver: n.Driver,
		})
	}
	r.topSecrets(p)
	r.references(p)
}

// isSwarm reports whether a project asks for what only Swarm does: updates in
// steps, placement, one instance a host, networks over several hosts.
func isSwarm(p *types.Project) bool {
	for _, s := range p.Services {
		if d := s.Deploy; d != nil && (d.UpdateConfig != nil || d.RollbackConfig != nil || d.EndpointMode != "" || d.Mode != "" && d.Mode != "replicated" ||
			len(d.Placement.Constraints)+len(d.Placement.Preferences) > 0 || d.Placement.MaxReplicas > 0) {
			return true
		}
	}
	for _, n := range p.Networks {
		if n.Driver == "overlay" {
			return true
		}
	}
	return false
}

// label is the key by which services select their workload.
const label = "com.docker.compose.service"

func (r *reader) workload(s *types.ServiceConfig, swarm bool) *fact.Workload {
	at := func(keys ...string) fact.Location { return r.at(append([]string{"services", s.Name}, keys...)...) }
	w := &fact.Workload{
		Ref:      fact.Ref{Subject: "compose/service " + s.Name, Location: at()},
		Platform: fact.Compose, Kind: fact.ComposeService, Name: s.Name, Labels: map[string]string{},
		PodLabels: map[string]string{label: s.Name}, Matches: map[string]string{label: s.Name},
		Replicas: s.GetScale(), ReplicasAt: at(), Scalable: true,
		Grace: 10, GraceAt: at(), PodAt: at(), // https://docs.docker.com/reference/compose-file/services/#stop_grace_period
		HostNetwork: s.NetworkMode == "host" || s.Net == "host",
		Strategy:    fact.Strategy{Type: "Recreate", At: at()},
	}
	if swarm {
		w.Kind = fact.SwarmService
	}
	maps.Copy(w.Labels, s.Labels)
	if d := s.Deploy; d != nil {
		maps.Copy(w.Labels, d.Labels)
		r.deploy(w, s, at)
	}
	switch {
	case s.Scale != nil:
		w.ReplicasSet, w.ReplicasAt = true, at("scale")
	case s.Deploy != nil && s.Deploy.Replicas != nil:
		w.ReplicasSet, w.ReplicasAt = true, at("deploy", "replicas")
	}
	if s.StopGracePeriod != nil {
		w.Grace, w.GraceAt = seconds(*s.StopGracePeriod), at("stop_grace_period")
	}
	w.StopSignal, w.StopAt = s.StopSignal, at("stop_signal")
	w.Networks = append(w.Networks, slices.Sorted(maps.Keys(s.Networks))...)
	for _, name := range slices.Sorted(maps.Keys(s.DependsOn)) {
		until := map[string]string{"service_healthy": "healthy", "service_completed_successfully": "completed"}[s.DependsOn[name].Condition]
		if until == "" {
			until = "started"
		}
		w.Awaits = append(w.Awaits, fact.Await{For: name, Until: until, At: at("depends_on", name)})
	}
	w.Containers = []fact.Container{r.container(w, s, at)}
	if stage := w.Containers[0].Stage(); stage != nil && w.StopSignal == "" {
		w.StopSignal, w.StopAt = stage.Config.StopSignal, stage.Config.StopAt
	}
	return w
}

func seconds(d types.Duration) int { return int(time.Duration(d).Round(time.Second).Seconds()) }

// deploy reads what Swarm is told of placement and updates.
func (r *reader) deploy(w *fact.Workload, s *types.ServiceConfig, at func(...string) fact.Location) {
	d := s.Deploy
	switch d.Mode {
	case "global":
		w.Form, w.Scalable = fact.PerNode, false
	case "replicated-job", "global-job":
		w.Form, w.Scalable = fact.OneOff, false
	}
	if w.Kind != fact.SwarmService {
		return
	}
	w.Strategy = fact.Strategy{Type: "SwarmUpdate", MaxSurge: fact.Count(1), At: at("deploy")}
	u := &fact.Update{OnFailure: "pause", Monitor: 5, At: at("deploy")} // https://docs.docker.com/reference/compose-file/deploy/#update_config
	if c := d.UpdateConfig; c != nil {
		u.At = at("deploy", "update_config")
		w.Strategy.At = u.At
		if c.FailureAction != "" {
			u.OnFailure = c.FailureAction
		}
		if c.Monitor > 0 {
			u.Monitor = seconds(c.Monitor)
		}
		u.StartFirst = c.Order == "start-first"
		if c.Parallelism != nil {
			w.Strategy.MaxSurge = fact.Count(int(*c.Parallelism))
		}
	}
	w.Update = u
	for i, p := range d.Placement.Preferences {
		w.Spread = append(w.Spread, fact.Spread{
			Topology: strings.TrimPrefix(p.Spread, "node.labels."), Selects: fact.Selector{Everything: true},
			At: r.item(i, "services", s.Name, "deploy", "placement", "preferences"),
		})
	}
	if d.Placement.MaxReplicas > 0 {
		w.Spread = append(w.Spread, fact.Spread{Topology: "hostname", Hard: true, MaxSkew: int(d.Placement.MaxReplicas), Selects: fact.Selector{Everything: true}, At: at("deploy", "placement")})
	}
}

// service makes the workload's name one that others can dial: on its networks
// every container is found by it.
func (r *reader) service(w *fact.Workload) {
	svc := &fact.Service{
		Ref: w.Ref.Within("name"), Name: w.Name, Type: "compose", Labels: w.Labels,
		Selects: fact.Selector{Labels: map[string]string{label: w.Name}},
	}
	for _, c := range w.Main() {
		for _, p := range c.Ports {
			svc.Ports = append(svc.Ports, fact.ServicePort{Number: p.Number, Target: p.Number})
		}
	}
	if len(svc.Ports) > 0 {
		r.out.Facts.Services = append(r.out.Facts.Services, svc)
	}
}

// jobs marks workloads that others wait for until they are done.
func jobs(list []*fact.Workload) {
	for _, w := range list {
		for _, a := range w.Awaits {
			if a.Until != "completed" {
				continue
			}
			for _, job := range list {
				if job.Name == a.For {
					job.Form, job.Scalable = fact.OneOff, false
				}
			}
		}
	}
}

// autoheal returns the service that restarts unhealthy containers, with the
// label that a container must carry; "all" for every one.
func autoheal(p *types.Project) map[string]string {
	for _, s := range p.Services {
		if !strings.Contains(path.Base(fact.ParseImage(s.Image).Repository), "autoheal") {
			continue
		}
		wanted := "autoheal"
		if v := s.Environment["AUTOHEAL_CONTAINER_LABEL"]; v != nil && *v != "" {
			wanted = *v
		}
		return map[string]string{"label": wanted, "name": s.Name}
	}
	return nil
}

// recovery says what brings the service's containers back.
func (r *reader) recovery(w *fact.Workload, s *types.ServiceConfig, swarm bool, healer map[string]string) {
	rec := &fact.Recovery{Restarts: "never", At: w.Location}
	policy, limit, found := strings.Cut(s.Restart, ":")
	switch policy {
	case "always", "unless-stopped":
		rec.Restarts, rec.AtBoot = "always", true
	case "", "no":
	case "on-failure":
		rec.Restarts = "on-failure"
		if found {
			rec.Limit, _ = strconv.Atoi(limit)
		}
	default:
		if open(s.Restart) == "" {
			r.problem(r.at("services", s.Name, "restart"), "%s is no restart policy; write no, always, unless-stopped or on-failure", s.Restart)
		}
		rec.Restarts = ""
	}
	if s.Restart != "" {
		rec.At = r.at("services", s.Name, "restart")
	}
	var policyOf *types.RestartPolicy
	if s.Deploy != nil {
		policyOf = s.Deploy.RestartPolicy
	}
	if swarm {
		rec.Restarts, rec.AtBoot, rec.Hangs, rec.HangsAt = "always", true, "Swarm", w.Location
	}
	if policyOf != nil {
		rec.At = r.at("services", s.Name, "deploy", "restart_policy")
		switch policyOf.Condition {
		case "none":
			rec.Restarts = "never"
		case "on-failure":
			rec.Restarts = "on-failure"
		default:
			rec.Restarts = "always"
		}
		if policyOf.MaxAttempts != nil {
			rec.Limit = int(*policyOf.MaxAttempts)
			if policyOf.Window != nil {
				rec.LimitWithin = seconds(*policyOf.Window)
			}
		}
	}
	if healer != nil && !swarm && (healer["label"] == "all" || strings.EqualFold(s.Labels[healer["label"]], "true")) {
		rec.Hangs, rec.HangsAt = healer["name"], r.at("services", healer["name"])
	}
	w.Recovery = rec
}
