package azure

import (
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
	"seaworthy.dev/seaworthy/internal/source/terraform/reading"
)

// balancers reads load balancers and application gateways as names in front of
// what stands behind them.
func (r *reader) balancers() {
	for _, b := range r.Of(kinds(fact.Services), "azurerm_lb", "azurerm_application_gateway") {
		svc := &fact.Service{
			Ref: b.Ref(), Name: reading.Name(b), Type: "LoadBalancer", Internal: true, Blind: b.Type == "azurerm_lb",
			Selects: fact.Selector{Labels: map[string]string{"behind " + b.Address: "true"}},
		}
		front := b.Body.Get("frontend_ip_configuration")
		for _, f := range reading.Nested(front) {
			for _, field := range []string{"public_ip_address_id", "public_ip_prefix_id"} {
				if v := f.Get(field); v.Present() || !v.Known() {
					svc.Internal = false
				}
			}
		}
		if !front.Known() {
			r.Hole(b, kinds(fact.Services), "whether "+b.Address+" is internal"+reading.Because(front))
		}
		r.Into.Services = append(r.Into.Services, svc)
	}
}

// served reads which load balancers send to one of a workload's addresses.
func (r *reader) served(w *fact.Workload, ip model.Value) {
	for _, field := range []string{"load_balancer_backend_address_pool_ids", "application_gateway_backend_address_pool_ids"} {
		if v := ip.Get(field); v.Present() || !v.Known() {
			r.pooled(w, v, reading.Nested(ip)[0].At)
		}
	}
}

// pooled makes a workload one of those behind a load balancer.
func (r *reader) pooled(w *fact.Workload, pools model.Value, at fact.Location) {
	found := false
	for _, p := range r.Referred(pools, "id", "azurerm_lb_backend_address_pool") {
		if b := r.One(p, p.Body.Get("loadbalancer_id"), "id", "azurerm_lb"); b != nil && !b.Data {
			found = true
			w.PodLabels["behind "+b.Address] = "true"
			r.askedBy(w, p)
		}
	}
	for _, g := range r.Referred(pools, "id", "azurerm_application_gateway") {
		if !g.Data {
			found = true
			w.PodLabels["behind "+g.Address] = "true"
			gateway(w, g)
		}
	}
	if !found {
		w.Unknown = append(w.Unknown, fact.Unknown{Part: fact.FrontDoor, Why: "its load balancer is not among these files", At: at})
	}
}

// askedBy reads by which question the rules of a load balancer choose among the
// machines of a pool.
// https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs/resources/lb_probe
func (r *reader) askedBy(w *fact.Workload, pool *model.Resource) {
	c := &w.Containers[0]
	for _, rule := range r.Of(kinds(fact.Services), "azurerm_lb_rule") {
		ids := rule.Body.Get("backend_address_pool_ids")
		if !ids.RefersTo(pool.Base) && !rule.Body.Get("backend_address_pool_id").RefersTo(pool.Base) {
			continue
		}
		port, _ := rule.Body.Get("backend_port").Int(0)
		c.Ports = append(c.Ports, fact.Port{Number: port, At: rule.At})
		id := rule.Body.Get("probe_id")
		if !id.Present() && id.Known() {
			continue
		}
		probe := r.One(rule, id, "id", "azurerm_lb_probe")
		if probe == nil {
			c.Readiness = &fact.Probe{Ref: rule.Ref().At(id.At), Method: "http", Grace: -1, Unknown: "its health probe is not among these files"}
			continue
		}
		b := probe.Body
		p := &fact.Probe{Ref: probe.Ref(), Method: "tcp", Path: reading.Text(b.Get("request_path")), Successes: 1, Grace: -1}
		protocol := b.Get("protocol")
		if p.Port, _ = b.Get("port").Int(0); strings.HasPrefix(strings.ToLower(reading.Text(protocol)), "http") {
			p.Method = "http"
		}
		counted(p, b, "interval_in_seconds", 15, &p.Period)
		counted(p, b, "number_of_probes", 2, &p.Failures)
		if n, _ := b.Get("probe_threshold").Int(1); n > p.Failures {
			p.Failures = n
		}
		if !protocol.Known() {
			p.Unknown = reading.Why(protocol)
		}
		c.Readiness = p
	}
}

// counted reads a number of a probe.
func counted(p *fact.Probe, b model.Value, field string, absent int, into *int) {
	n, known := b.Get(field).Int(absent)
	if *into = n; !known {
		p.Unknown = reading.Why(b.Get(field))
	}
}

// gateway reads how an application gateway treats what stands behind it, as far
// as it treats all alike.
// https://learn.microsoft.com/azure/application-gateway/application-gateway-probe-overview
func gateway(w *fact.Workload, g *model.Resource) {
	c := &w.Containers[0]
	settings := reading.Nested(g.Body.Get("backend_http_settings"))
	if len(settings) != 1 || !g.Body.Get("backend_http_settings").Known() {
		why := "its application gateway has several settings for what stands behind it"
		c.Readiness = &fact.Probe{Ref: g.Ref(), Method: "http", Grace: -1, Unknown: why}
		w.Unknown = append(w.Unknown, fact.Unknown{Part: fact.FrontDoor, Why: why, At: g.At})
		return
	}
	s := settings[0]
	port, _ := s.Get("port").Int(80)
	c.Ports = append(c.Ports, fact.Port{Number: port, At: s.At})
	p := &fact.Probe{Ref: g.Ref().At(s.At), Method: "http", Path: "/", Port: port, Period: 30, Failures: 3, Successes: 1, Grace: -1}
	if named := s.Get("probe_name"); named.Present() || !named.Known() {
		p.Unknown = "its probe is not among these files"
		for _, v := range reading.Nested(g.Body.Get("probe")) {
			if reading.Text(v.Get("name")) == reading.Text(named) && named.Known() {
				p.Ref, p.Path, p.Unknown = g.Ref().At(v.At), reading.Text(v.Get("path")), ""
				counted(p, v, "interval", 30, &p.Period)
				counted(p, v, "unhealthy_threshold", 3, &p.Failures)
			}
		}
	}
	c.Readiness = p
	drain := s.Get("connection_draining")
	on := reading.Truth(drain.Get("enabled"), false)
	n, known := drain.Get("drain_timeout_sec").Int(0)
	switch {
	case on.Known && known && on.Yes && n > 0:
		w.Drain, w.DrainAt = n, drain.At
	case !on.Known || !drain.Known() || !known:
		w.Unknown = append(w.Unknown, fact.Unknown{Part: fact.FrontDoor, Why: reading.Why(drain), At: reading.Place(drain, g)})
	}
}
