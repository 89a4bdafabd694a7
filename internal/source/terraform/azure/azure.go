// Package azure turns resources of Microsoft Azure into facts.
package azure

import (
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
	"seaworthy.dev/seaworthy/internal/source/terraform/reading"
)

// Facts adds what the configuration says of Azure to a set.
func Facts(c *model.Config, into *fact.Set) {
	r := &reader{reading.New(c, into)}
	r.containerApps()
	r.webApps()
	r.slots()
	r.machines()
	r.balancers()
	r.scaling()
	r.groups()
	r.access()
	r.databases()
	r.accounts()
	r.caches()
	r.disks()
	r.certificates()
	r.logs()
	r.budgets()
	r.groupsTold()
	r.alerts()
	r.rest()
}

type reader struct{ *reading.Reader }

func kinds(list ...fact.Kind) []fact.Kind { return list }

// region returns the location in which a resource stands, as Azure's own names
// spell it. The reason says why it is not known.
func (r *reader) region(res *model.Resource) (region, unknown string) {
	return where(res.Body.Get("location"))
}

func where(v model.Value) (region, unknown string) {
	switch t := reading.Text(v); {
	case !v.Known():
		return "", reading.Why(v)
	case t != "":
		return strings.ToLower(strings.ReplaceAll(t, " ", "")), ""
	}
	return "", "no location is written"
}

// workload begins something that runs.
func (r *reader) workload(res *model.Resource, platform fact.Platform, kind string) *fact.Workload {
	w := &fact.Workload{
		Ref: res.Ref(), Platform: platform, Form: fact.Replicated, Kind: kind, Name: reading.Name(res), Serverless: true,
		PodAt: res.At, GraceAt: res.At, Grace: 30, Drain: -1, PodLabels: map[string]string{}, Strategy: fact.Strategy{Type: "AllAtOnce", At: res.At},
	}
	reading.Labelled(w, res.Body.Get("tags").At, res.Body.Get("tags"))
	r.runsAs(w, res)
	return w
}

// runsAs notes as which identity something runs: one of its own, one that it is
// given, or none.
func (r *reader) runsAs(w *fact.Workload, res *model.Resource) {
	identity := res.Body.Get("identity")
	ids := identity.Get("identity_ids")
	switch kind := reading.Text(identity.Get("type")); {
	case !identity.Known(), identity.Present() && !identity.Get("type").Known():
		w.Account = "(not known)"
		w.Unknown = append(w.Unknown, fact.Unknown{Part: fact.Identity, Why: reading.Why(identity.Get("type")), At: identity.At})
	case strings.Contains(kind, "UserAssigned"):
		if found := r.Referred(ids, "id", "azurerm_user_assigned_identity"); len(found) > 0 {
			w.Account = reading.Name(found[0])
			if !found[0].Data && len(found) == 1 && !strings.Contains(kind, "SystemAssigned") {
				return
			}
		}
		if w.Account == "" {
			w.Account = "(not known)"
		}
		w.Unknown = append(w.Unknown, fact.Unknown{Part: fact.Identity, Why: "not all of its identities are among these files", At: reading.Place(ids, res)})
	case strings.Contains(kind, "SystemAssigned"):
		w.Account = res.Base
	}
}

// address adds the address of a workload's own.
func (r *reader) address(w *fact.Workload, res *model.Resource, open model.Value, absent bool) {
	label := "at " + w.Subject
	w.PodLabels[label] = "true"
	public, known := open.Bool(absent)
	if !known {
		r.Hole(res, kinds(fact.Services), "whether "+w.Name+" is open to everyone"+reading.Because(open))
	}
	r.Into.Services = append(r.Into.Services, &fact.Service{
		Ref: res.Ref().Within("address"), Name: w.Name, Type: "URL", Internal: !public || !known,
		Selects: fact.Selector{Labels: map[string]string{label: "true"}},
	})
}

// holds tells of the address of a resource whether a variable of that name
// surely takes a secret of it.
func (r *reader) holds(ref, key string) bool {
	switch {
	case reading.Made(ref, "random_password", "tls_private_key", "azuread_application_password", "azuread_service_principal_password"):
		return true
	case reading.Made(ref, "azurerm_key_vault_secret"):
		return reading.Secretive(key)
	case reading.Made(ref, "azurerm_storage_account", "azurerm_redis_cache", "azurerm_servicebus_namespace", "azurerm_cosmosdb_account"):
		name := strings.ToLower(key)
		return reading.Secretive(key) || strings.HasSuffix(name, "access_key") || strings.HasSuffix(name, "account_key") || strings.Contains(name, "connection_string")
	}
	return false
}

// vault notes that a platform brings a secret from Key Vault.
func (r *reader) vault(w *fact.Workload, name, restarts string, at fact.Location) {
	for _, f := range r.Into.SecretFeeds {
		if f.Name == name && f.Engine == string(w.Platform) {
			if restarts != "" {
				f.Restarts = append(f.Restarts, restarts)
			}
			return
		}
	}
	f := &fact.SecretFeed{
		Ref: w.Ref.At(at).Within("secret " + name), Name: name, Engine: string(w.Platform), Provider: "Key Vault",
		Targets: []string{name}, Reads: []string{name}, Refresh: -1, RefreshAt: at, At: at,
	}
	if restarts != "" {
		f.Restarts = []string{restarts}
	}
	r.Into.SecretFeeds = append(r.Into.SecretFeeds, f)
}

// vaultName names a secret of Key Vault, as findings show it.
func (r *reader) vaultName(v model.Value) string {
	for _, res := range r.Referred(v, "id", "azurerm_key_vault_secret") {
		return res.Base
	}
	t := strings.TrimRight(v.Text, "/)")
	if _, path, found := strings.Cut(t, "/secrets/"); found {
		name, _, _ := strings.Cut(path, "/")
		return name
	}
	if _, rest, found := strings.Cut(t, "SecretName="); found {
		name, _, _ := strings.Cut(rest, ";")
		return name
	}
	for _, ref := range v.AllRefs() {
		return ref
	}
	return "a secret of Key Vault"
}
