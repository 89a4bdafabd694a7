package kube

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
)

// secretFeedKinds lists what brings secrets from a store, and the stores.
func secretFeedKinds() map[string]kind {
	return map[string]kind{
		"external-secrets.io/ExternalSecret":             {yields(fact.Secrets), Reader.externalSecret},
		"external-secrets.io/ClusterExternalSecret":      {yields(fact.Secrets), Reader.clusterExternalSecret},
		"external-secrets.io/SecretStore":                {yields(fact.Secrets), Reader.secretStore},
		"external-secrets.io/ClusterSecretStore":         {yields(fact.Secrets), Reader.secretStore},
		"secrets-store.csi.x-k8s.io/SecretProviderClass": {yields(fact.Secrets), Reader.secretProviderClass},
		"secrets.hashicorp.com/VaultStaticSecret":        {yields(fact.Secrets), Reader.vaultSecret},
		"secrets.hashicorp.com/VaultDynamicSecret":       {yields(fact.Secrets), Reader.vaultSecret},
		"secrets.hashicorp.com/VaultPKISecret":           {yields(fact.Secrets), Reader.vaultSecret},
		"secrets.hashicorp.com/HCPVaultSecretsApp":       {yields(fact.Secrets), Reader.vaultSecret},
		"secrets.hashicorp.com/VaultAuthGlobal":          {yields(fact.Secrets), Reader.vaultAuth},
		"secrets.hashicorp.com/VaultAuth":                {yields(fact.Secrets), Reader.vaultAuth},
		"secrets.infisical.com/InfisicalSecret":          {yields(fact.Secrets), Reader.infisicalSecret},
		"secrets.doppler.com/DopplerSecret":              {yields(fact.Secrets), Reader.dopplerSecret},
		"onepassword.com/OnePasswordItem":                {yields(fact.Secrets), Reader.onePasswordItem},
		"spv.no/AzureKeyVaultSecret":                     {yields(fact.Secrets), Reader.azureKeyVaultSecret},
	}
}

// externalSecretSpec is the part of an ExternalSecret that is judged, the same
// in a ClusterExternalSecret.
type externalSecretSpec struct {
	RefreshPolicy string   `json:"refreshPolicy"`
	StoreRef      storeRef `json:"secretStoreRef"`
	Target        struct {
		Name      string `json:"name"`
		Immutable bool   `json:"immutable"`
	} `json:"target"`
	Data []struct {
		RemoteRef struct {
			Key string `json:"key"`
		} `json:"remoteRef"`
		SourceRef sourceRef `json:"sourceRef"`
	} `json:"data"`
	DataFrom []struct {
		Extract *struct {
			Key string `json:"key"`
		} `json:"extract"`
		Find *struct {
			Path string `json:"path"`
			Name *struct {
				RegExp string `json:"regexp"`
			} `json:"name"`
			Tags map[string]string `json:"tags"`
		} `json:"find"`
		SourceRef sourceRef `json:"sourceRef"`
	} `json:"dataFrom"`
}

type storeRef struct {
	Name string `json:"name"`
	Kind string `json:"kind"`
}

type sourceRef struct {
	StoreRef     storeRef `json:"storeRef"`
	GeneratorRef *struct {
		Kind string `json:"kind"`
	} `json:"generatorRef"`
}

func (r Reader) externalSecret(o *object, into *Fragment) {
	var in struct {
		Spec externalSecretSpec `json:"spec"`
	}
	if !o.fit(into, o.node, &in, false) {
		return
	}
	spec := decode.Child(o.node, "spec")
	if out := o.externalFeed(into, &in.Spec, spec, o.meta.Name); !o.broken {
		into.Facts.SecretFeeds = append(into.Facts.SecretFeeds, out)
	}
}

func (r Reader) clusterExternalSecret(o *object, into *Fragment) {
	var in struct {
		Spec struct {
			Name string             `json:"externalSecretName"`
			Spec externalSecretSpec `json:"externalSecretSpec"`
		} `json:"spec"`
	}
	if !o.fit(into, o.node, &in, false) {
		return
	}
	name := in.Spec.Name
	if name == "" {
		name = o.meta.Name
	}
	out := o.externalFeed(into, &in.Spec.Spec, decode.Dig(o.node, "spec", "externalSecretSpec"), name)
	out.AnyNamespace = true
	if !o.broken {
		into.Facts.SecretFeeds = append(into.Facts.SecretFeeds, out)
	}
}

// externalFeed fills the defaults as the operator does: the target is named
// like the ExternalSecret, the store is a SecretStore, and values are read
// anew every hour.
func (o *object) externalFeed(into *Fragment, spec *externalSecretSpec, node *decode.Node, name string) *fact.SecretFeed {
	out := &fact.SecretFeed{
		Ref: o.ref(), Namespace: o.meta.Namespace, Name: o.meta.Name, Engine: "external-secrets",
		Targets: []string{name}, Store: spec.StoreRef.Name, StoreKind: spec.StoreRef.Kind,
		Refresh: o.seconds(into, node, "refreshInterval", 3600), RefreshAt: o.key(node, "refreshInterval"),
		Policy: spec.RefreshPolicy, Immutable: spec.Target.Immutable, At: o.at(node),
	}
	if spec.Target.Name != "" {
		out.Targets[0] = spec.Target.Name
	}
	if out.Policy == "" {
		out.Policy = "Periodic"
	} else if out.Policy != "Periodic" {
		out.RefreshAt = o.key(node, "refreshPolicy")
	}
	generated := len(spec.Data)+len(spec.DataFrom) > 0
	source := func(s sourceRef) {
		generated = generated && s.GeneratorRef != nil
		if out.Store == "" && s.StoreRef.Name != "" {
			out.Store, out.StoreKind = s.StoreRef.Name, s.StoreRef.Kind
		}
	}
	for _, d := range spec.Data {
		source(d.SourceRef)
		out.Reads = append(out.Reads, d.RemoteRef.Key)
	}
	for i, d := range spec.DataFrom {
		source(d.SourceRef)
		switch {
		case d.Extract != nil:
			out.Reads = append(out.Reads, d.Extract.Key)
		case d.Find != nil:
			pattern := ""
			if d.Find.Name != nil {
				pattern = d.Find.Name.RegExp
			}
			out.Reads = append(out.Reads, strings.TrimSuffix(d.Find.Path, "/")+"/"+pattern)
			if strings.Trim(d.Find.Path, "/") == "" && len(d.Find.Tags) == 0 && fitsEverything(pattern) {
				out.Broad, out.BroadAt = true, o.at(decode.Dig(node, "dataFrom", i))
			}
		}
	}
	out.Generated = generated
	if out.StoreKind == "" {
		out.StoreKind = "SecretStore"
	}
	return out
}

// everything matches regular expressions that fit any name.
var everything = regexp.MustCompile(`^\^?(?:\.\*|\.\+|\(\.\*\)|\(\.\+\))?\$?$`)

func fitsEverything(pattern string) bool { return everything.MatchString(strings.TrimSpace(pattern)) }

// seconds reads a field of a node as a Go duration. Where it stands empty or
// not at all, the default counts; where it is no duration, Kubernetes refuses
// the object.
func (o *object) seconds(into *Fragment, node *decode.Node, field string, otherwise int) int {
	text := decode.Text(decode.Child(node, field))
	if text == "" {
		return otherwise
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		into.problem(o.key(node, field), "%s: %s is %q, which is no duration such as 1h30m", o.name(), field, text)
		o.broken = true
	}
	return int(d / time.Second)
}

func (r Reader) secretStore(o *object, into *Fragment) {
	var in struct {
		Spec struct {
			Conditions []struct {
				Namespaces []string `json:"namespaces"`
			} `json:"conditions"`
		} `json:"spec"`
	}
	if !o.fit(into, o.node, &in, false) {
		return
	}
	out := &fact.SecretStore{
		Ref: o.ref(), Kind: o.header.Kind, Namespace: o.meta.Namespace, Name: o.meta.Name,
		ClusterWide: o.header.Kind == "ClusterSecretStore", Narrowed: len(in.Spec.Conditions) > 0, At: o.at(decode.Child(o.node, "spec")),
	}
	provider := decode.Dig(o.node, "spec", "provider")
	for _, k := range decode.Keys(provider) {
		node := decode.Child(provider, k.Value)
		out.Provider, out.At = k.Value, o.at(k)
		out.StaticKeys = staticLogin(node, 0)
		for _, field := range []string{"path", "prefix", "vaultUrl", "projectID"} {
			if v := decode.Text(decode.Child(node, field)); v != "" && out.Path == "" {
				out.Path = v
			}
		}
	}
	into.Facts.SecretStores = append(into.Facts.SecretStores, out)
}

// staticLogin reports whether a provider's settings name a secret that holds
// the key to the store. The authority by which it is verified does not count.
func staticLogin(n *decode.Node, depth int) bool {
	if depth > 6 {
		return false
	}
	for _, k := range decode.Keys(n) {
		name := strings.ToLower(k.Value)
		if name == "caprovider" {
			continue
		}
		if strings.HasSuffix(name, "secretref") || staticLogin(decode.Child(n, k.Value), depth+1) {
			return true
		}
	}
	return false
}

func (r Reader) secretProviderClass(o *object, into *Fragment) {
	var in struct {
		Spec struct {
			Provider string `json:"provider"`
			Objects  []struct {
				Name string `json:"secretName"`
			} `json:"secretObjects"`
		} `json:"spec"`
	}
	if !o.fit(into, o.node, &in, false) {
		return
	}
	out := &fact.SecretFeed{
		Ref: o.ref(), Namespace: o.meta.Namespace, Name: o.meta.Name, Engine: "csi",
		Provider: in.Spec.Provider, Refresh: -1, At: o.at(decode.Child(o.node, "spec")),
	}
	for _, s := range in.Spec.Objects {
		out.Targets = append(out.Targets, s.Name)
	}
	into.Facts.SecretFeeds = append(into.Facts.SecretFeeds, out)
}

// vaultSecret reads the kinds of the Vault Secrets Operator. Static secrets
// without refreshAfter are read once; leases of dynamic ones and certificates
// are renewed by the operator.
func (r Reader) vaultSecret(o *object, into *Fragment) {
	var in struct {
		Spec struct {
			Mount       string `json:"mount"`
			Path        string `json:"path"`
			Auth        string `json:"vaultAuthRef"`
			Destination struct {
				Name string `json:"name"`
			} `json:"destination"`
			Sync struct {
				Instant bool `json:"instantUpdates"`
			} `json:"syncConfig"`
			Restarts []struct {
				Kind string `json:"kind"`
				Name string `json:"name"`
			} `json:"rolloutRestartTargets"`
		} `json:"spec"`
	}
	if !o.fit(into, o.node, &in, false) {
		return
	}
	spec := decode.Child(o.node, "spec")
	otherwise := 0
	switch o.header.Kind {
	case "VaultDynamicSecret", "VaultPKISecret":
		otherwise = -1
	case "HCPVaultSecretsApp":
		otherwise = 600
	}
	out := &fact.SecretFeed{
		Ref: o.ref(), Namespace: o.meta.Namespace, Name: o.meta.Name, Engine: "vault-operator",
		Store: in.Spec.Auth, StoreKind: "VaultAuth", Provider: "vault",
		Refresh: o.seconds(into, spec, "refreshAfter", otherwise), RefreshAt: o.key(spec, "refreshAfter"),
		Reads: []string{in.Spec.Mount + "/" + in.Spec.Path}, At: o.at(spec),
	}
	if in.Spec.Sync.Instant && out.Refresh == 0 {
		out.Refresh = -1
	}
	if in.Spec.Destination.Name != "" {
		out.Targets = []string{in.Spec.Destination.Name}
	}
	for _, t := range in.Spec.Restarts {
		// A Rollout of Argo is written as argo.Rollout.
		out.Restarts = append(out.Restarts, strings.TrimPrefix(t.Kind, "argo.")+"/"+t.Name)
	}
	if o.broken {
		return
	}
	into.Facts.SecretFeeds = append(into.Facts.SecretFeeds, out)
}

func (r Reader) vaultAuth(o *object, into *Fragment) {
	var in struct {
		Spec struct {
			Method  string   `json:"method"`
			Mount   string   `json:"mount"`
			Allowed []string `json:"allowedNamespaces"`
		} `json:"spec"`
	}
	if !o.fit(into, o.node, &in, false) {
		return
	}
	into.Facts.SecretStores = append(into.Facts.SecretStores, &fact.SecretStore{
		Ref: o.ref(), Kind: o.header.Kind, Namespace: o.meta.Namespace, Name: o.meta.Name, Provider: "vault",
		ClusterWide: slices.Contains(in.Spec.Allowed, "*"),
		StaticKeys:  strings.EqualFold(in.Spec.Method, "appRole"),
		At:          o.key(decode.Child(o.node, "spec"), "allowedNamespaces"),
	})
}

func (r Reader) infisicalSecret(o *object, into *Fragment) {
	type target struct {
		Name string `json:"secretName"`
	}
	var in struct {
		Spec struct {
			One  target   `json:"managedSecretReference"`
			Many []target `json:"managedKubeSecretReferences"`
		} `json:"spec"`
	}
	if !o.fit(into, o.node, &in, false) {
		return
	}
	var names []string
	for _, t := range append(in.Spec.Many, in.Spec.One) {
		names = append(names, t.Name)
	}
	o.operatorFeed(into, "infisical", names...)
}

func (r Reader) dopplerSecret(o *object, into *Fragment) {
	var in struct {
		Spec struct {
			Managed struct {
				Name string `json:"name"`
			} `json:"managedSecret"`
		} `json:"spec"`
	}
	if !o.fit(into, o.node, &in, false) {
		return
	}
	o.operatorFeed(into, "doppler", in.Spec.Managed.Name)
}

func (r Reader) onePasswordItem(o *object, into *Fragment) {
	o.operatorFeed(into, "1password", o.meta.Name)
}

func (r Reader) azureKeyVaultSecret(o *object, into *Fragment) {
	var in struct {
		Spec struct {
			Output struct {
				Secret struct {
					Name string `json:"name"`
				} `json:"secret"`
			} `json:"output"`
		} `json:"spec"`
	}
	if !o.fit(into, o.node, &in, false) {
		return
	}
	o.operatorFeed(into, "akv2k8s", in.Spec.Output.Secret.Name)
}

// operatorFeed adds a feed whose operator alone decides when it reads anew.
func (o *object) operatorFeed(into *Fragment, engine string, targets ...string) {
	into.Facts.SecretFeeds = append(into.Facts.SecretFeeds, &fact.SecretFeed{
		Ref: o.ref(), Namespace: o.meta.Namespace, Name: o.meta.Name, Engine: engine, Provider: engine,
		Targets: slices.DeleteFunc(targets, func(t string) bool { return t == "" }), Refresh: -1,
		At: o.at(decode.Child(o.node, "spec")),
	})
}
