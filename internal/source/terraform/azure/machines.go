package azure

import (
	"encoding/base64"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/process"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
	"seaworthy.dev/seaworthy/internal/source/terraform/reading"
)

var (
	setTypes     = []string{"azurerm_linux_virtual_machine_scale_set", "azurerm_windows_virtual_machine_scale_set", "azurerm_orchestrated_virtual_machine_scale_set"}
	machineTypes = []string{"azurerm_linux_virtual_machine", "azurerm_windows_virtual_machine"}
)

// machines reads scale sets, and virtual machines of their own.
// https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs/resources/linux_virtual_machine_scale_set
func (r *reader) machines() {
	for _, res := range r.Of(kinds(fact.Workloads), setTypes...) {
		w := r.machine(res, fact.Replicated, "scale set")
		count := res.Body.Get("instances")
		n, known := count.Int(0)
		w.Replicas, w.ReplicasAt, w.ReplicasSet = n, count.At, count.Present() && !reading.Ignores(res, "instances")
		if !known {
			w.Unknown = append(w.Unknown, fact.Unknown{Part: fact.Number, Why: reading.Why(count), At: count.At})
		}
		zoned(w, res)
		updated(w, res)
		r.healed(w, res)
		ended(w, res)
		r.Into.Workloads = append(r.Into.Workloads, w)
		r.attached(w, reading.Nested(res.Body.Get("network_interface")))
	}
	for _, res := range r.Of(kinds(fact.Workloads), machineTypes...) {
		w := r.machine(res, fact.Bare, "virtual machine")
		w.Replicas = 1
		w.Placement = &fact.Placement{Zones: 1, At: res.At}
		w.Placement.Region, w.Placement.RegionWhy = r.region(res)
		r.Into.Workloads = append(r.Into.Workloads, w)
		r.plugged(w, res)
	}
}

func (r *reader) machine(res *model.Resource, form fact.Form, kind string) *fact.Workload {
	w := &fact.Workload{
		Ref: res.Ref(), Platform: fact.Machines, Form: form, Kind: kind, Name: reading.Name(res), PodAt: res.At, GraceAt: res.At,
		Drain: -1, PodLabels: map[string]string{}, Scalable: form == fact.Replicated, Windows: strings.Contains(res.Type, "windows"),
	}
	reading.Labelled(w, res.Body.Get("tags").At, res.Body.Get("tags"))
	r.runsAs(w, res)
	c := fact.Container{Ref: w.Ref, Name: w.Name, ReadOnlyRoot: true, Archive: true}
	for _, field := range []string{"custom_data", "user_data", "user_data_base64"} {
		data := res.Body.Get(field)
		if !data.Present() {
			data = res.Body.Get("os_profile").Get(field) // of a set that orchestrates itself
		}
		c.Env = append(c.Env, process.Arguments(strings.Fields(script(data)), func(int) fact.Location { return data.At })...)
	}
	w.Containers = []fact.Container{c}
	if strings.EqualFold(reading.Text(res.Body.Get("priority")), "Spot") {
		w.Spot, w.Notice = "Azure Spot", 30
	}
	return w
}

// script returns a start script as text, also where it is encoded.
func script(v model.Value) string {
	t := reading.Text(v)
	if plain, err := base64.StdEncoding.DecodeString(t); err == nil && t != "" {
		return string(plain)
	}
	return t
}

// zoned reads in which zones a set stands. Without any Azure puts its machines
// where it has room.
// https://learn.microsoft.com/azure/reliability/reliability-virtual-machine-scale-sets
func zoned(w *fact.Workload, res *model.Resource) {
	zones := res.Body.Get("zones")
	p := &fact.Placement{At: reading.Place(zones, res), Hosts: true}
	p.Region, p.RegionWhy = where(res.Body.Get("location"))
	w.Placement = p
	switch list, known := zones.Strings(); {
	case known && len(list) > 0:
		p.Zones, p.Names = len(list), list
	case !known && len(zones.Each()) > 1:
		p.Zones = len(zones.Each())
	case !known:
		p.Why = reading.Why(zones)
	default:
		p.Zones, p.Why = 1, "it names no zones"
	}
	if group := res.Body.Get("proximity_placement_group_id"); group.Present() || !group.Known() {
		p.HostsWhy = "a proximity placement group keeps its machines near to each other"
	}
}

// updated reads how a new model of a set replaces its machines: by hand unless
// it says otherwise, all at once, or in batches.
// https://learn.microsoft.com/azure/virtual-machine-scale-sets/virtual-machine-scale-sets-upgrade-policy
func updated(w *fact.Workload, res *model.Resource) {
	mode, policy := res.Body.Get("upgrade_mode"), res.Body.Get("rolling_upgrade_policy")
	at := reading.Place(mode, res)
	switch t := reading.Text(mode); {
	case !mode.Known():
		w.Unknown = append(w.Unknown, fact.Unknown{Part: fact.Updates, Why: reading.Why(mode), At: at})
	case t == "Automatic":
		w.Strategy = fact.Strategy{Type: "RollingUpdate", MaxUnavailable: fact.Share(100), At: at}
	case t == "Rolling":
		batch, surge := policy.Get("max_batch_instance_percent"), policy.Get("maximum_surge_instances_enabled")
		share, known := batch.Int(20)
		added, told := surge.Bool(false)
		if !known || !told || !policy.Known() {
			v := batch
			if known {
				v = surge
			}
			w.Unknown = append(w.Unknown, fact.Unknown{Part: fact.Updates, Why: reading.Why(v), At: at})
		}
		amount := fact.Share(share)
		w.Strategy = fact.Strategy{Type: "RollingUpdate", MaxUnavailable: amount, MaxSurge: fact.Count(0), At: reading.Place(policy, res)}
		if added {
			w.Strategy.MaxUnavailable, w.Strategy.MaxSurge = fact.Count(0), amount
		}
	default:
		w.Strategy = fact.Strategy{Type: "Replacement", At: at}
	}
}

// ended reads whether machines are told in time that they go.
// https://learn.microsoft.com/azure/virtual-machine-scale-sets/virtual-machine-scale-sets-terminate-notification
func ended(w *fact.Workload, res *model.Resource) {
	notice := res.Body.Get("termination_notification")
	told := reading.PlaceOf(reading.Truth(notice.Get("enabled"), false), res)
	if !notice.Known() {
		told = fact.Truth{Why: reading.Why(notice), At: reading.Place(notice, res)}
	}
	if told.Is() {
		w.Grace, w.GraceAt = minutes(notice.Get("timeout"), 5)*60, told.At
	}
	w.NodeDrain = &told
}

// minutes reads a duration of ISO 8601 in whole minutes, such as PT10M.
func minutes(v model.Value, absent int) int {
	t, found := strings.CutPrefix(reading.Text(v), "PT")
	if !found {
		return absent
	}
	n := 0
	for _, c := range t {
		switch {
		case c >= '0' && c <= '9' && n < 10000:
			n = n*10 + int(c-'0')
		case c == 'M':
			return n
		default:
			return absent
		}
	}
	return absent
}

// healed reads what repairs a machine that does not answer: the question of its
// load balancer, or that of an extension.
// https://learn.microsoft.com/azure/virtual-machine-scale-sets/virtual-machine-scale-sets-automatic-instance-repairs
func (r *reader) healed(w *fact.Workload, res *model.Resource) {
	repair := res.Body.Get("automatic_instance_repair")
	on := reading.PlaceOf(reading.Truth(repair.Get("enabled"), false), res)
	if !repair.Known() {
		on = fact.Truth{Why: reading.Why(repair), At: res.At}
	}
	c := &w.Containers[0]
	probe := res.Body.Get("health_probe_id")
	switch {
	case on.IsNot():
		return
	case !on.Known:
		c.Liveness = &fact.Probe{Ref: w.Ref.At(on.At).Within("automatic repair"), Method: "http", Grace: -1, Unknown: on.Why}
		return
	case probe.Present() || !probe.Known():
		w.ReplacedBy = "the health probe of its load balancer"
		if p := r.One(res, probe, "id", "azurerm_lb_probe"); p != nil {
			w.ReplacedBy += " (" + reading.Name(p) + ")"
		}
	}
	// The provider's page lets every repair wait for the grace period, Azure's own
	// only those after a change of the set.
	c.Liveness = &fact.Probe{
		Ref: w.Ref.At(on.At).Within("automatic repair"), Method: "http", Grace: -1,
		Unknown: "whether a repair waits for the grace period, of 10 minutes at least, is documented either way",
	}
}

// attached reads the networks and load balancers of a set.
func (r *reader) attached(w *fact.Workload, interfaces []model.Value) {
	for _, n := range interfaces {
		r.guarded(w, n.Get("network_security_group_id"), n.At)
		for _, ip := range reading.Nested(n.Get("ip_configuration")) {
			r.placedIn(w, ip.Get("subnet_id"), ip.At)
			r.served(w, ip)
			if ip.Get("public_ip_address").Present() {
				w.PodLabels["public address"] = "true"
			}
		}
	}
	if len(interfaces) == 0 {
		w.Unknown = append(w.Unknown,
			fact.Unknown{Part: fact.Groups, Why: "its network interfaces are not known", At: w.PodAt},
			fact.Unknown{Part: fact.FrontDoor, Why: "its network interfaces are not known", At: w.PodAt})
	}
}

// plugged reads the networks and load balancers of a machine, by its interfaces.
func (r *reader) plugged(w *fact.Workload, res *model.Resource) {
	ids := res.Body.Get("network_interface_ids")
	cards := r.Referred(ids, "", "azurerm_network_interface")
	cards = slices.DeleteFunc(cards, func(n *model.Resource) bool { return !r.Fits(res, n) || n.Data })
	if len(cards) == 0 {
		for _, part := range []fact.Part{fact.Groups, fact.FrontDoor} {
			w.Unknown = append(w.Unknown, fact.Unknown{Part: part, Why: "its network interface is not among these files", At: reading.Place(ids, res)})
		}
	}
	for _, n := range cards {
		for _, a := range r.Of(kinds(fact.Policies), "azurerm_network_interface_security_group_association") {
			if r.Means(a, n, "network_interface_id") {
				r.guarded(w, a.Body.Get("network_security_group_id"), a.At)
			}
		}
		for _, ip := range reading.Nested(n.Body.Get("ip_configuration")) {
			r.placedIn(w, ip.Get("subnet_id"), ip.At)
			if ip.Get("public_ip_address_id").Present() || !ip.Get("public_ip_address_id").Known() {
				w.PodLabels["public address"] = "true"
			}
		}
		for _, a := range r.Of(kinds(fact.Services), "azurerm_network_interface_backend_address_pool_association", "azurerm_network_interface_application_gateway_backend_address_pool_association") {
			if r.Means(a, n, "network_interface_id") {
				r.pooled(w, a.Body.Get("backend_address_pool_id"), a.At)
			}
		}
	}
}

// guarded makes a workload a member of a security group.
func (r *reader) guarded(w *fact.Workload, v model.Value, at fact.Location) {
	if !v.Present() && v.Known() {
		return
	}
	g := r.One(nil, v, "id", "azurerm_network_security_group")
	if g == nil || g.Data {
		w.Unknown = append(w.Unknown, fact.Unknown{Part: fact.Groups, Why: "its network security group is not among these files", At: at})
		return
	}
	w.PodLabels["member of "+g.Address] = "true"
}

// placedIn makes a workload a member of the security group of its subnet.
func (r *reader) placedIn(w *fact.Workload, v model.Value, at fact.Location) {
	subnet := r.One(nil, v, "id", "azurerm_subnet")
	if subnet == nil || subnet.Data {
		w.Unknown = append(w.Unknown, fact.Unknown{Part: fact.Groups, Why: "its subnet, which may have a security group, is not among these files", At: at})
		return
	}
	for _, a := range r.Of(kinds(fact.Policies), "azurerm_subnet_network_security_group_association") {
		if r.Means(a, subnet, "subnet_id") {
			r.guarded(w, a.Body.Get("network_security_group_id"), a.At)
		}
	}
}
