package fact

import "slices"

// Secret is an object that holds secret values. Values are never kept.
type Secret struct {
	Ref
	Namespace, Name string
	// Type as the platform spells it: Opaque, kubernetes.io/tls, ...
	Type string
	// Keys lists the keys that hold a value in the file.
	Keys []string
	// Plain lists those of them whose value is a secret that everyone who may
	// read the file can read: neither encrypted, nor a placeholder, nor public
	// by its name, such as a user name or a certificate. The smell is empty for
	// a file of settings in which nothing looks like a secret.
	Plain []Leak
	// Sealed is true where values are encrypted (SealedSecret, SOPS).
	Sealed bool
	// Placeholders is true where every value is empty or plainly stands for
	// another one that is filled in later.
	Placeholders bool
	// ForAccount is set for a long-lived token of a service account.
	ForAccount string
	// PrivateKey is true where a value is a private key.
	PrivateKey  bool
	Annotations map[string]string
	At          Location
}

// Setting is configuration that is not meant to be secret.
type Setting struct {
	Ref
	Namespace, Name string
	Keys            []string
	// Leaks lists keys whose values look like secrets all the same.
	Leaks []Leak
	// Dials lists the addresses that its values name.
	Dials []Address
}

// SettingsFor returns the settings that the workload's containers or volumes
// take, in the order in which they were read.
func (s *Set) SettingsFor(w *Workload) []*Setting {
	taken := map[string]bool{}
	for _, c := range w.All() {
		for _, e := range c.Env {
			if e.Origin == SettingAll || e.Origin == SettingKey {
				taken[e.From] = true
			}
		}
	}
	for i := range w.Volumes {
		for _, name := range w.Volumes[i].Settings {
			taken[name] = true
		}
	}
	var out []*Setting
	for _, setting := range s.Settings {
		if setting.Namespace == w.Namespace && taken[setting.Name] {
			out = append(out, setting)
		}
	}
	return out
}

// Leak is a value that looks like a secret.
type Leak struct {
	Key string
	// Smell says in which way, for instance "a private key".
	Smell string
	At    Location
}

// SecretFeed brings secret values from a store into the platform.
type SecretFeed struct {
	Ref
	Namespace, Name string
	// Engine is external-secrets, csi, vault-operator, infisical, doppler,
	// 1password or akv2k8s.
	Engine string
	// Targets names the secrets that it writes; a CSI class may write none.
	Targets []string
	// AnyNamespace is true where it writes into namespaces other than its own.
	AnyNamespace bool
	// Store and StoreKind name the SecretStore that it reads.
	Store, StoreKind string
	// Generated is true where it makes values up instead of reading a store.
	Generated bool
	// Provider of a SecretProviderClass: vault, azure, aws, gcp.
	Provider string
	// Refresh is how often it reads anew in seconds, the operator's default
	// included: 0 for never, -1 where that is decided elsewhere.
	Refresh   int
	RefreshAt Location
	// Policy is when it reads anew: Periodic, OnChange, CreatedOnce; empty
	// where the operator knows no such choice.
	Policy string
	// Rotates says how often the store gives the secret a new value by itself,
	// "every 30 days"; empty where that is not told.
	Rotates string
	// Immutable is true where the secret that it writes cannot change.
	Immutable bool
	// Reads lists the paths that it reads, in the order of the file.
	Reads []string
	// Broad is true where one of them is a pattern that fits everything in
	// the store; BroadAt is its place.
	Broad   bool
	BroadAt Location
	// Restarts lists workloads that the operator restarts after a change, as
	// "Deployment/web".
	Restarts []string
	At       Location
}

// ByPlatform returns the platform of a cloud that hands the secret over by
// itself; empty where something else does.
func (f *SecretFeed) ByPlatform() string {
	switch p := Platform(f.Engine); p {
	case ECS, CloudRun, AppService, ContainerApp:
		return p.Title()
	}
	return ""
}

// Writes reports whether the feed writes the secret of that namespace and name.
func (f *SecretFeed) Writes(namespace, name string) bool {
	return (f.AnyNamespace || f.Namespace == namespace) && slices.Contains(f.Targets, name)
}

// SecretStore is a place where secrets are kept.
type SecretStore struct {
	Ref
	Namespace, Name, Kind string
	// Provider is the store's kind: vault, aws, gcpsm, azurekv, fake, ...
	Provider string
	// ClusterWide stores serve every namespace unless Conditions narrow it.
	ClusterWide, Narrowed bool
	// Path is the prefix or mount that the store is limited to.
	Path string
	// StaticKeys is true where it logs in with a key kept in a secret.
	StaticKeys bool
	At         Location
}

// StoreOf returns the store that the feed reads, or nil.
func (s *Set) StoreOf(f *SecretFeed) *SecretStore {
	for _, store := range s.SecretStores {
		if store.Name == f.Store && store.Kind == f.StoreKind && (store.ClusterWide || f.AnyNamespace || store.Namespace == f.Namespace) {
			return store
		}
	}
	return nil
}

// Certificate is a certificate that an issuer keeps fresh.
type Certificate struct {
	Ref
	Namespace, Name string
	// Engine is cert-manager, gke or acm.
	Engine string
	// Manner is how a cloud's certificate came to be: DNS or EMAIL, by which its
	// name is shown to be the owner's, private CA, imported, or unknown; Unknown
	// says why.
	Manner, Unknown string
	SecretName      string
	// IssuerGroup is the API group of the issuer: cert-manager.io, or that of
	// an external issuer.
	IssuerKind, IssuerName, IssuerGroup string
	// CA is true where the certificate may sign others.
	CA bool
	// Duration and RenewBefore in seconds; 0 where not written.
	// RenewPercent is the alternative in percent of the duration.
	Duration, RenewBefore, RenewPercent int
	// RenewalOff is true where a policy says that nothing renews it.
	RenewalOff bool
	DNSNames   []string
	Usages     []string
	At         Location
}

// Issuer signs certificates.
type Issuer struct {
	Ref
	Kind, Namespace, Name string
	ClusterWide           bool
	// Source is ca, vault, selfSigned, acme, venafi or external.
	Source string
	// Server is the ACME directory or the Vault address.
	Server string
	// CASecret holds the key of a ca issuer.
	CASecret string
	At       Location
}

// Issuer returns the issuer of the certificate, or nil.
func (s *Set) Issuer(c *Certificate) *Issuer {
	for _, i := range s.Issuers {
		if i.Name == c.IssuerName && i.Kind == c.IssuerKind && (i.ClusterWide || i.Namespace == c.Namespace) {
			return i
		}
	}
	return nil
}

// Termination is a place other than a Route at which TLS ends: a listener of
// a gateway.
type Termination struct {
	Ref
	Kind, Namespace, Name string
	Hosts                 []string
	// Secret holds the certificate. SecretNamespace is its namespace, unless
	// AnyNamespace says that the object does not tell it.
	Secret, SecretNamespace string
	AnyNamespace            bool
	Annotations             map[string]string
	At                      Location
}
