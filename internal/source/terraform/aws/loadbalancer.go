package aws

import (
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
)

var (
	balancerTypes = []string{"aws_lb", "aws_alb"}
	listenerTypes = []string{"aws_lb_listener", "aws_alb_listener"}
	ruleTypes     = []string{"aws_lb_listener_rule", "aws_alb_listener_rule"}
	targetTypes   = []string{"aws_lb_target_group", "aws_alb_target_group"}
)

// balancers reads load balancers as names in front of what stands behind them.
func (r *reader) balancers() {
	for _, lb := range r.of(kinds(fact.Services), balancerTypes...) {
		s := &fact.Service{
			Ref: lb.Ref(), Name: name(lb), Type: "LoadBalancer", Blind: blind(lb),
			Selects: fact.Selector{Labels: map[string]string{behind(lb): "true"}},
		}
		internal := lb.Body.Get("internal")
		yes, known := internal.Bool(false)
		if !known {
			r.hole(lb, kinds(fact.Services), "whether "+lb.Address+" is internal"+because(internal))
		}
		s.Internal = yes || !known
		for _, l := range r.c.Of(listenerTypes...) {
			if r.means(l, lb, "load_balancer_arn") {
				n, _ := number(l.Body.Get("port"), 0)
				s.Listeners = append(s.Listeners, r.listener(l))
				s.Ports = append(s.Ports, fact.ServicePort{Number: n, Protocol: strings.ToLower(text(l.Body.Get("protocol")))})
			}
		}
		s.Labels, _ = r.tags(lb)
		s.Hosts = r.named(lb)
		for _, tg := range r.c.Of(targetTypes...) {
			if slices.Contains(r.fronts(tg), lb) {
				s.Onward = append(s.Onward, onward(tg))
			}
		}
		r.into.Services = append(r.into.Services, s)
	}
}

// blind reports whether a load balancer passes connections on and sees no requests
// in them.
func blind(lb *model.Resource) bool {
	kind := lb.Body.Get("load_balancer_type")
	return kind.Present() && text(kind) != "application" || !kind.Known()
}

// gateways reads other addresses that everyone reaches: APIs and distributions.
func (r *reader) gateways() {
	for _, res := range r.of(kinds(fact.Services), "aws_apigatewayv2_api", "aws_api_gateway_rest_api", "aws_cloudfront_distribution") {
		s := &fact.Service{Ref: res.Ref(), Name: name(res), Type: "URL"}
		types, _ := res.Body.Get("endpoint_configuration", "types").Strings()
		s.Internal = slices.Contains(types, "PRIVATE")
		aliases, _ := res.Body.Get("aliases").Strings()
		s.Hosts = append(r.named(res), aliases...)
		r.into.Services = append(r.into.Services, s)
	}
}

// named returns the names that Route 53 gives a resource.
func (r *reader) named(res *model.Resource) []string {
	var out []string
	for _, record := range r.c.Of("aws_route53_record") {
		if r.means(record, res, "alias") || r.means(record, res, "records") {
			if t := strings.TrimSuffix(text(record.Body.Get("name")), "."); strings.Contains(t, ".") {
				out = append(out, t)
			}
		}
	}
	return out
}

// behind is the label by which a load balancer's service knows who stands
// behind it.
func behind(lb *model.Resource) string { return "behind " + lb.Address }

// fronts returns the load balancers that send to a target group.
func (r *reader) fronts(group *model.Resource) []*model.Resource {
	var listeners []model.Value
	for _, l := range r.c.Of(listenerTypes...) {
		if r.means(l, group, "default_action") {
			listeners = append(listeners, l.Body.Get("load_balancer_arn"))
		}
	}
	for _, rule := range r.c.Of(ruleTypes...) {
		if !r.means(rule, group, "action") {
			continue
		}
		for _, l := range r.referred(rule.Body.Get("listener_arn"), "arn", listenerTypes...) {
			listeners = append(listeners, l.Body.Get("load_balancer_arn"))
		}
	}
	var out []*model.Resource
	for _, v := range listeners {
		for _, lb := range r.referred(v, "arn", balancerTypes...) {
			if !slices.Contains(out, lb) {
				out = append(out, lb)
			}
		}
	}
	return out
}

// attach joins a service with what sends it traffic: the target groups of load
// balancers, service discovery and Service Connect.
func (r *reader) attach(w *fact.Workload, res *model.Resource) {
	b := res.Body
	for _, block := range nested(b.Get("load_balancer")) {
		r.target(w, res, block.Get("target_group_arn"), text(block.Get("container_name")), block.Get("container_port"), block.At)
	}
	if v := b.Get("load_balancer"); !v.Known() {
		w.Unknown = append(w.Unknown, fact.Unknown{Part: fact.FrontDoor, Why: why(v), At: v.At})
	}
	if on, _ := b.Get("service_connect_configuration", "enabled").Bool(false); on || b.Get("service_registries").Present() {
		label := "discovered " + res.Address
		w.PodLabels[label] = "true"
		s := &fact.Service{Ref: res.Ref().Within("discovery"), Name: w.Name, Type: "discovery", Internal: true, Selects: fact.Selector{Labels: map[string]string{label: "true"}}}
		r.connected(s, b.Get("service_connect_configuration"))
		r.into.Services = append(r.into.Services, s)
		for _, c := range w.Main() {
			// Discovery names healthy tasks only: the container's own check decides.
			if c.Readiness == nil && c.Liveness != nil && len(c.Ports) > 0 {
				p := *c.Liveness
				c.Readiness = &p
			}
		}
	}
}

// target puts a workload behind a target group, whose health check decides when
// it gets traffic and whose delay lets requests finish.
func (r *reader) target(w *fact.Workload, from *model.Resource, group model.Value, container string, port model.Value, at fact.Location) {
	n, _ := number(port, 0)
	c := w.Container(container)
	if main := w.Main(); c == nil && len(main) == 1 {
		c = main[0] // the only one that it can mean
	}
	tg := r.one(from, group, "arn", targetTypes...)
	if tg == nil {
		reason := why(group)
		if text(group) != "" {
			reason = "its target group is not among these files"
		}
		w.Unknown = append(w.Unknown, fact.Unknown{Part: fact.FrontDoor, Why: reason, At: group.At})
		if c != nil && c.Readiness == nil {
			c.Readiness = &fact.Probe{Ref: c.Ref.At(group.At).Within("target group"), Method: "http", Port: n, Grace: -1, Unknown: reason}
		}
		return
	}
	if w.PodLabels == nil {
		w.PodLabels = map[string]string{}
	}
	fronts := r.fronts(tg)
	for _, lb := range fronts {
		w.PodLabels[behind(lb)] = "true"
	}
	if len(fronts) == 0 {
		label := "behind " + tg.Address
		w.PodLabels[label] = "true"
		r.into.Services = append(r.into.Services, &fact.Service{Ref: tg.Ref(), Name: name(tg), Type: "target-group", Internal: true,
			Selects: fact.Selector{Labels: map[string]string{label: "true"}}})
	}
	delay := tg.Body.Get("deregistration_delay")
	seconds, known := number(delay, 300)
	switch {
	case !known:
		w.Unknown = append(w.Unknown, fact.Unknown{Part: fact.Updates, Why: why(delay), At: delay.At})
	case w.Drain < 0 || seconds < w.Drain:
		w.Drain, w.DrainAt = seconds, delay.At
	}
	if c == nil {
		return
	}
	if n > 0 && !slices.ContainsFunc(c.Ports, func(p fact.Port) bool { return p.Number == n }) {
		c.Ports = append(c.Ports, fact.Port{Number: n})
	}
	if p := asked(tg, n); p != nil {
		p.Ref = c.Ref.At(p.Ref.Location).Within("target group " + tg.Address)
		c.Readiness = p
	}
}

// asked returns the health check of a target group; nil where it is off.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
func asked(tg *model.Resource, port int) *fact.Probe {
	h := tg.Body.Get("health_check")
	at := h.At
	if at.File == "" {
		at = tg.At
	}
	if list := h.Each(); len(list) > 0 {
		at = list[0].At
	}
	p := &fact.Probe{Ref: fact.Ref{Location: at}, Method: "http", Path: "/", Port: port, Grace: -1}
	if on, known := h.Get("enabled").Bool(true); known && !on {
		return nil
	}
	balancing := strings.ToUpper(text(tg.Body.Get("protocol")))
	protocol := strings.ToUpper(text(h.Get("protocol")))
	if protocol == "" && (balancing == "TCP" || balancing == "TLS" || balancing == "UDP" || balancing == "TCP_UDP") {
		protocol = "TCP"
	}
	if protocol == "TCP" {
		p.Method, p.Path = "tcp", ""
	} else if path := text(h.Get("path")); path != "" {
		p.Path = path
	}
	if n, known := number(h.Get("port"), 0); known && n > 0 {
		p.Port = n
	}
	for _, f := range []struct {
		name   string
		absent int
		into   *int
	}{{"interval", 30, &p.Period}, {"timeout", 5, &p.Timeout}, {"unhealthy_threshold", 3, &p.Failures}, {"healthy_threshold", 3, &p.Successes}} {
		n, known := number(h.Get(f.name), f.absent)
		if *f.into = n; !known {
			p.Unknown = why(h.Get(f.name))
		}
	}
	if !h.Known() {
		p.Unknown = why(h)
	}
	if p.Port == 0 {
		p.Port = 80
	}
	return p
}
