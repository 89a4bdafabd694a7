package azure

import (
	"sort"
	"strconv"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
	"seaworthy.dev/seaworthy/internal/source/terraform/reading"
)

// access reads identities, roles that are assigned, and passwords of
// applications. A role that is assigned at a subscription or above reaches
// everything in it.
// https://learn.microsoft.com/azure/role-based-access-control/scope-overview
func (r *reader) access() {
	for _, a := range r.Of(kinds(fact.Accounts), "azurerm_user_assigned_identity") {
		r.Into.Accounts = append(r.Into.Accounts, &fact.Account{Ref: a.Ref(), Name: reading.Name(a), CloudIdentity: a.Address})
	}
	for _, res := range r.Of(kinds(fact.Permissions), "azurerm_role_assignment") {
		r.assigned(res)
	}
	for _, res := range r.Of(kinds(fact.Secrets), "azuread_application_password", "azuread_service_principal_password") {
		of := res.Body.Get("application_id")
		for _, field := range []string{"application_object_id", "service_principal_id"} {
			if !of.Present() && of.Known() {
				of = res.Body.Get(field)
			}
		}
		c := &fact.Credential{Ref: res.Ref(), Kind: "a client secret", Holder: strings.Join(r.holder(of), ""), Lasts: "for two years"}
		if end := res.Body.Get("end_date"); end.Present() || !end.Known() {
			c.Lasts = strings.TrimSpace("until the end that is set " + reading.Text(end))
		} else if hours := res.Body.Get("end_date_relative"); hours.Present() || !hours.Known() {
			c.Lasts = strings.TrimSpace("for the time that is set " + reading.Text(hours))
		}
		r.Into.Credentials = append(r.Into.Credentials, c)
	}
}

func (r *reader) assigned(res *model.Resource) {
	principal, role, scope := res.Body.Get("principal_id"), res.Body.Get("role_definition_name"), res.Body.Get("scope")
	g := &fact.Grant{Ref: res.Ref(), Holders: r.holder(principal), At: reading.Place(role, res), People: people(principal)}
	switch where, known := reach(scope); {
	case !known:
		g.Resources, g.Unknown = []string{"(not known)"}, reading.Why(scope)
	default:
		g.Resources = []string{where}
	}
	if c := reading.Text(res.Body.Get("condition")); c != "" {
		g.Conditions = []string{c}
	}
	own := r.One(res, res.Body.Get("role_definition_id"), "id", "azurerm_role_definition")
	switch t := reading.Text(role); {
	case t != "":
		g.Policy, g.Managed, g.Actions = t, t, []string{t}
	case own != nil && !own.Data:
		permissions := own.Body.Get("permissions")
		list, known := permissions.Get("actions").Strings()
		g.Policy, g.Actions = reading.Name(own), list
		if !known {
			g.Unknown = reading.Why(permissions.Get("actions"))
		}
	case !role.Known():
		g.Policy, g.Unknown = "a role", reading.Why(role)
	default:
		g.Policy, g.Unknown = "a role", "its definition is not among these files"
	}
	if r.grouped(scope) {
		switch {
		case mighty(g.Managed):
			g.Resources = []string{"*"} // everything in it, with the right to give more
		case g.Unknown == "":
			g.Unknown = "it reaches everything in its resource group, of which others may make a part"
		}
	}
	if narrowRole(g.Managed) && g.Unknown != "" {
		g.Unknown = "" // wherever it is given, it reads settings alone
	}
	r.Into.Grants = append(r.Into.Grants, g)
}

// grouped reports whether a scope is a whole resource group.
func (r *reader) grouped(scope model.Value) bool {
	for _, ref := range scope.AllRefs() {
		if reading.Made(ref, "azurerm_resource_group") {
			return true
		}
	}
	t := strings.Split(strings.Trim(strings.ToLower(scope.Text), "/"), "/")
	return len(t) == 4 && t[2] == "resourcegroups"
}

// mighty reports whether a role manages all that its scope holds.
func mighty(name string) bool {
	switch name {
	case "Owner", "Contributor", "User Access Administrator", "Role Based Access Control Administrator":
		return true
	}
	return false
}

// narrowRole reports whether a role changes nothing and reads no data.
func narrowRole(name string) bool {
	return name == "AcrPull" || name == "Reader" || name == "Monitoring Reader" || name == "Monitoring Metrics Publisher"
}

// reach returns what a role that is assigned there reaches: everything, for a
// subscription or what stands above one.
func reach(scope model.Value) (resource string, known bool) {
	for _, ref := range scope.AllRefs() {
		if reading.Made(ref, "azurerm_subscription", "azurerm_management_group") {
			return "*", true
		}
	}
	for _, ref := range scope.AllRefs() {
		return ref, true
	}
	t := strings.Trim(reading.Text(scope), "/")
	switch {
	case !scope.Known() && strings.Contains(scope.Text, "/resourceGroups/"):
		return scope.Text, true
	case !scope.Known(), t == "":
		return "", false
	case strings.Count(t, "/") == 1 && strings.HasPrefix(strings.ToLower(t), "subscriptions/"), strings.Contains(strings.ToLower(t), "managementgroups/"):
		return "*", true
	}
	return t, true
}

// holder returns the name of the identity that a value means; one of a
// resource's own is named by its resource.
func (r *reader) holder(v model.Value) []string {
	if a := r.One(nil, v, "", "azurerm_user_assigned_identity"); a != nil {
		return []string{reading.Name(a)}
	}
	for _, ref := range v.AllRefs() {
		return []string{ref}
	}
	if t := reading.Text(v); t != "" {
		return []string{t}
	}
	return []string{"somebody (" + reading.Why(v) + ")"}
}

// people reports whether a value means people.
func people(v model.Value) bool {
	for _, ref := range v.AllRefs() {
		if reading.Made(ref, "azuread_group", "azuread_user") {
			return true
		}
	}
	return false
}

// groups reads network security groups: they let a network's own members in,
// and everything out, unless a rule refuses it.
// https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview
func (r *reader) groups() {
	for _, g := range r.Of(kinds(fact.Policies), "azurerm_network_security_group") {
		p := &fact.Policy{
			Ref: g.Ref(), Name: reading.Name(g), Engine: "firewall", Ingress: true,
			Selects: fact.Selector{Labels: map[string]string{"member of " + g.Address: "true"}},
		}
		var blocks []model.Value
		if v := g.Body.Get("security_rule"); v.Known() {
			blocks = reading.Nested(v)
		} else {
			p.Rules = append(p.Rules, fact.PolicyRule{Unknown: reading.Why(v), At: v.At})
		}
		for _, res := range r.Of(kinds(fact.Policies), "azurerm_network_security_rule") {
			if of := res.Body.Get("network_security_group_name"); of.RefersTo(g.Base) || reading.Text(of) != "" && reading.Text(of) == p.Name {
				body := res.Body
				body.At = res.At
				blocks = append(blocks, body)
			}
		}
		sort.SliceStable(blocks, func(i, j int) bool { return priority(blocks[i]) < priority(blocks[j]) })
		shut := map[bool]bool{} // by direction: a rule before this one refuses everyone
		for _, b := range blocks {
			rule := rule(b)
			if shut[rule.Egress] {
				continue
			}
			whole := rule.Deny && rule.AnyPort && rule.World() && rule.Unknown == ""
			shut[rule.Egress] = whole
			p.Egress = p.Egress || whole && rule.Egress
			p.Rules = append(p.Rules, rule)
		}
		r.Into.Policies = append(r.Into.Policies, p)
	}
}

func priority(v model.Value) int {
	n, known := v.Get("priority").Int(4096)
	if !known {
		return 4096
	}
	return n
}

// rule reads one rule of a group.
func rule(b model.Value) fact.PolicyRule {
	out := fact.PolicyRule{Egress: reading.Text(b.Get("direction")) == "Outbound", Deny: reading.Text(b.Get("access")) == "Deny", At: b.At}
	side := "source"
	if out.Egress {
		side = "destination"
	}
	for _, v := range []model.Value{b.Get("direction"), b.Get("access")} {
		if !v.Known() {
			out.Unknown = reading.Why(v)
		}
	}
	for _, field := range []string{side + "_address_prefix", side + "_address_prefixes"} {
		v := b.Get(field)
		list, known := v.Strings()
		if !known {
			out.Unknown = reading.Why(v)
		}
		for _, one := range list {
			switch {
			case one == "*" || strings.EqualFold(one, "Any"):
				out.Anyone = true
			case one == "Internet":
				out.CIDRs = append(out.CIDRs, "0.0.0.0/0")
			case strings.ContainsAny(one, "./:"):
				out.CIDRs = append(out.CIDRs, one)
			default:
				out.Groups = append(out.Groups, one) // a tag of a service, such as AzureLoadBalancer
			}
		}
	}
	if v := b.Get(side + "_application_security_group_ids"); v.Present() || !v.Known() {
		out.Groups = append(out.Groups, v.AllRefs()...)
	}
	if protocol := strings.ToLower(reading.Text(b.Get("protocol"))); protocol == "icmp" || protocol == "esp" || protocol == "ah" {
		out.PortNames = []string{protocol}
		return out
	}
	for _, field := range []string{"destination_port_range", "destination_port_ranges"} {
		v := b.Get(field)
		list, known := v.Strings()
		if !known {
			out.Unknown = reading.Why(v)
		}
		for _, one := range list {
			first, last, span := strings.Cut(one, "-")
			from, err := strconv.Atoi(first)
			to, _ := strconv.Atoi(last)
			switch {
			case one == "*", span && from <= 1 && to == 65535:
				out.AnyPort = true
			case err != nil:
				out.PortNames = append(out.PortNames, one)
			case span:
				out.Ranges = append(out.Ranges, [2]int{from, to})
			default:
				out.Ports = append(out.Ports, from)
			}
		}
	}
	return out
}
