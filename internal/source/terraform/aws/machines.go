package aws

import (
	"encoding/base64"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/process"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
)

// machines reads groups of virtual machines, and machines of their own. Groups
// that are the nodes of a cluster are no workloads: what runs there is.
func (r *reader) machines() {
	for _, g := range r.of(kinds(fact.Workloads), "aws_autoscaling_group") {
		if p := r.hidden(); p != nil && !r.nodes(g) {
			r.hole(g, kinds(fact.Workloads), "whether "+g.Address+" is the capacity of a cluster"+because(p.Body.Get("auto_scaling_group_provider", "auto_scaling_group_arn")))
		} else if !r.nodes(g) {
			r.group(g)
		}
	}
	for _, i := range r.of(kinds(fact.Workloads), "aws_instance") {
		w := r.machine(i, fact.Bare, "EC2 instance")
		w.Replicas = 1
		r.placed(w, i, i.Body.Get("subnet_id"))
		r.launched(w, i.Body, i)
		r.grouped(w, i.Body.Get("vpc_security_group_ids"), true)
		for _, a := range r.of(kinds(fact.Services), "aws_lb_target_group_attachment", "aws_alb_target_group_attachment") {
			if r.means(a, i, "target_id") {
				r.target(w, a, a.Body.Get("target_group_arn"), "", a.Body.Get("port"), a.At)
			}
		}
		r.into.Workloads = append(r.into.Workloads, w)
	}
}

func (r *reader) machine(res *model.Resource, form fact.Form, kind string) *fact.Workload {
	w := &fact.Workload{
		Ref: res.Ref(), Platform: fact.Machines, Form: form, Kind: kind, Name: name(res), PodAt: res.At, GraceAt: res.At,
		Drain: -1, PodLabels: map[string]string{}, Scalable: form == fact.Replicated,
	}
	r.tagged(w, res)
	for _, t := range nested(res.Body.Get("tag")) {
		w.Labels[text(t.Get("key"))] = text(t.Get("value"))
	}
	return w
}

// hidden returns a capacity provider of which it is not known which group it
// means, or nil.
func (r *reader) hidden() *model.Resource {
	for _, p := range r.c.Of("aws_ecs_capacity_provider") {
		if arn := p.Body.Get("auto_scaling_group_provider", "auto_scaling_group_arn"); !arn.Known() && len(arn.AllRefs()) == 0 {
			return p
		}
	}
	return nil
}

// nodes reports whether a group is the capacity of a cluster.
func (r *reader) nodes(g *model.Resource) bool {
	for _, p := range r.c.Of("aws_ecs_capacity_provider") {
		if p.Body.RefersTo(g.Base) && r.fits(p, g) {
			return true
		}
	}
	for _, t := range nested(g.Body.Get("tag")) {
		if key := text(t.Get("key")); strings.HasPrefix(key, "kubernetes.io/cluster/") || key == "AmazonECSManaged" || strings.HasPrefix(key, "k8s.io/cluster-autoscaler/") {
			return true
		}
	}
	template, _ := r.template(g)
	if template == nil {
		return false
	}
	data := script(template.Body.Get("user_data"))
	return strings.Contains(data, "ECS_CLUSTER") || strings.Contains(data, "/etc/eks/bootstrap.sh") || template.Body.Get("user_data").RefersTo("aws_ecs_cluster") ||
		slices.ContainsFunc(template.Body.Get("user_data").AllRefs(), func(ref string) bool {
			return strings.Contains(ref, "aws_ecs_cluster.") || strings.Contains(ref, "aws_eks_cluster.")
		})
}

// template returns the launch template or launch configuration of a group, and
// why it is not known.
func (r *reader) template(g *model.Resource) (*model.Resource, string) {
	b := g.Body
	for _, v := range []model.Value{
		b.Get("launch_template"), b.Get("mixed_instances_policy", "launch_template"), b.Get("launch_configuration"),
	} {
		if !v.Present() && v.Known() {
			continue
		}
		for _, ref := range append(v.AllRefs(), text(v), text(v.Get("name")), text(v.Get("launch_template_specification", "launch_template_name"))) {
			for _, t := range r.c.Of("aws_launch_template", "aws_launch_configuration") {
				if t.Base == ref || ref != "" && text(t.Body.Get("name")) == ref {
					return t, ""
				}
			}
		}
		return nil, why(v)
	}
	return nil, "it names no launch template"
}

// group reads a group of machines.
func (r *reader) group(g *model.Resource) {
	b := g.Body
	w := r.machine(g, fact.Replicated, "Auto Scaling group")
	count := b.Get("desired_capacity")
	if !count.Present() && count.Known() {
		count = b.Get("min_size")
	}
	n, known := number(count, 0)
	w.Replicas, w.ReplicasAt, w.ReplicasSet = n, count.At, b.Get("desired_capacity").Present() && !ignores(g, "desired_capacity")
	if !known {
		w.Unknown = append(w.Unknown, fact.Unknown{Part: fact.Number, Why: why(count), At: count.At})
	}
	r.placed(w, g, b.Get("vpc_zone_identifier"))
	if list, known := b.Get("availability_zones").Strings(); known && len(list) > 0 {
		w.Placement.Zones, w.Placement.Names, w.Placement.Why = len(list), list, ""
	}
	w.Placement.Hosts = true // each member is a machine
	template, unknown := r.template(g)
	if template != nil {
		r.launched(w, template.Body, template)
		groups := template.Body.Get("vpc_security_group_ids")
		if !groups.Present() && groups.Known() {
			groups = template.Body.Get("network_interfaces", "security_groups")
		}
		if template.Type == "aws_launch_configuration" {
			groups = template.Body.Get("security_groups")
		}
		r.grouped(w, groups, true)
	} else {
		w.Unknown = append(w.Unknown, fact.Unknown{Part: fact.Contents, Why: unknown, At: g.At}, fact.Unknown{Part: fact.Groups, Why: unknown, At: g.At}, fact.Unknown{Part: fact.Identity, Why: unknown, At: g.At})
		r.hole(g, kinds(fact.Workloads), "what "+w.Name+" runs is not known, for "+unknown)
	}
	c := &w.Containers
	if len(*c) == 0 {
		*c = append(*c, fact.Container{Ref: g.Ref(), Name: w.Name, ReadOnlyRoot: true, Archive: true})
	}
	for _, v := range b.Get("target_group_arns").Each() {
		r.target(w, g, v, "", model.Value{}, b.Get("target_group_arns").At)
	}
	if v := b.Get("target_group_arns"); !v.Known() {
		r.target(w, g, v, "", model.Value{}, v.At)
	}
	for _, a := range r.of(kinds(fact.Services), "aws_autoscaling_attachment") {
		if r.means(a, g, "autoscaling_group_name") {
			r.target(w, a, a.Body.Get("lb_target_group_arn"), "", model.Value{}, a.At)
		}
	}
	if (*c)[0].Readiness != nil && text(b.Get("health_check_type")) == "ELB" {
		w.ReplacedBy = "its load balancer's health check"
	}
	r.refresh(w, g)
	r.hooks(w, g, template)
	r.into.Workloads = append(r.into.Workloads, w)
}

// refresh reads how many machines an update takes at once.
// https://docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-overview.html
func (r *reader) refresh(w *fact.Workload, g *model.Resource) {
	b := g.Body
	refresh, policy := b.Get("instance_refresh"), b.Get("instance_maintenance_policy")
	low, high := policy.Get("min_healthy_percentage"), policy.Get("max_healthy_percentage")
	if p := refresh.Get("preferences"); p.Get("min_healthy_percentage").Present() || !p.Get("min_healthy_percentage").Known() {
		low, high = p.Get("min_healthy_percentage"), p.Get("max_healthy_percentage")
	}
	keep, a := number(low, 90)
	total, c := number(high, 100)
	at := low.At
	if at.File == "" {
		at = g.At
	}
	w.Strategy = fact.Strategy{Type: "RollingUpdate", MaxUnavailable: fact.Share(100 - keep), MaxSurge: fact.Share(max(total-100, 0)), At: at}
	if !refresh.Present() && refresh.Known() && !policy.Present() {
		w.Strategy = fact.Strategy{Type: "Replacement", At: g.At} // old machines stay until somebody ends them
	}
	if !a || !c || !refresh.Known() {
		w.Unknown = append(w.Unknown, fact.Unknown{Part: fact.Updates, Why: why(low), At: at})
	}
}

// hooks reads what lets a machine finish before it is ended.
func (r *reader) hooks(w *fact.Workload, g, template *model.Resource) {
	ending := fact.No(g.At)
	look := func(v model.Value, transition string, at fact.Location) {
		if transition != "autoscaling:EC2_INSTANCE_TERMINATING" {
			return
		}
		ending = fact.Yes(at)
		if n, known := number(v.Get("heartbeat_timeout"), 3600); known && n > w.Grace {
			w.Grace, w.GraceAt = n, at
		}
	}
	for _, v := range nested(g.Body.Get("initial_lifecycle_hook")) {
		look(v, text(v.Get("lifecycle_transition")), v.At)
	}
	for _, h := range r.c.Of("aws_autoscaling_lifecycle_hook") {
		if named := h.Body.Get("autoscaling_group_name"); named.RefersTo(g.Base) && r.fits(h, g) || text(named) == w.Name {
			look(h.Body, text(h.Body.Get("lifecycle_transition")), h.At)
		}
	}
	w.NodeDrain = &ending
	distribution := g.Body.Get("mixed_instances_policy", "instances_distribution")
	if n, known := number(distribution.Get("on_demand_percentage_above_base_capacity"), 100); known && n < 100 ||
		template != nil && (text(template.Body.Get("instance_market_options", "market_type")) == "spot" || template.Body.Get("spot_price").Present()) {
		w.Spot, w.Notice = "EC2 Spot", 120
	}
}

// launched reads what machines are started with.
func (r *reader) launched(w *fact.Workload, b model.Value, from *model.Resource) {
	options := b.Get("metadata_options")
	tokens := options.Get("http_tokens")
	at := tokens.At
	if at.File == "" {
		at = from.At
	}
	switch {
	case !tokens.Known():
		w.Breaches = append(w.Breaches, fact.Breach{Check: "metadata", Rule: "metadata-v1", At: at, Detail: "answers metadata requests without a token", Unknown: why(tokens)})
	case text(options.Get("http_endpoint")) == "disabled":
	case !tokens.Present():
		// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceMetadataOptionsRequest.html
		w.Breaches = append(w.Breaches, fact.Breach{Check: "metadata", Rule: "metadata-v1", At: at, Detail: "answers metadata requests without a token",
			Unknown: "without http_tokens its image and the account's default decide"})
	case text(tokens) != "required":
		w.Breaches = append(w.Breaches, fact.Breach{Check: "metadata", Rule: "metadata-v1", At: at,
			Detail: "answers metadata requests without a token (IMDSv1), by which a forged request reads the keys of its role"})
	}
	c := fact.Container{Ref: w.Ref, Name: w.Name, ReadOnlyRoot: true, Archive: true}
	for _, field := range []string{"user_data", "user_data_base64"} {
		data := b.Get(field)
		c.Env = append(c.Env, process.Arguments(strings.Fields(script(data)), func(int) fact.Location { return data.At })...)
	}
	w.Containers = []fact.Container{c}
	profile := b.Get("iam_instance_profile")
	if profile.Present() || !profile.Known() {
		if p := r.one(from, profile, "name", "aws_iam_instance_profile"); p != nil {
			r.identified(w, p, p.Body.Get("role"))
		} else {
			w.Unknown = append(w.Unknown, fact.Unknown{Part: fact.Identity, Why: "its instance profile is not among these files", At: profile.At})
		}
	}
	if public, _ := b.Get("associate_public_ip_address").Bool(false); public {
		w.PodLabels["public address"] = "true"
	}
}

// script returns a start script as text, also where it is encoded.
func script(v model.Value) string {
	t := text(v)
	if plain, err := base64.StdEncoding.DecodeString(t); err == nil && len(t) > 0 {
		return string(plain)
	}
	return t
}

// groupZones returns in how many zones the machines of a group stand.
func (r *reader) groupZones(g *model.Resource) (n int, names []string, unknown string) {
	if list, known := g.Body.Get("availability_zones").Strings(); known && len(list) > 0 {
		return len(list), list, ""
	}
	return r.zones(g.Body.Get("vpc_zone_identifier"))
}
