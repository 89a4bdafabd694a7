package fact

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
	// Engine is external-secrets, sealed-secrets, csi, vault-agent, sops.
	Engine string
	// Target is the name of the secret that it writes; empty for CSI.
	Target string
	// Store and StoreKind name the SecretStore that it reads.
	Store, StoreKind string
	// Provider of a SecretProviderClass: vault, azure, aws, gcp.
	Provider string
	// Refresh is how often it reads anew in seconds: 0 for never, -1 where
	// not written.
	Refresh int
	// Reads lists the paths that it reads; a pattern counts as Broad.
	Reads []string
	Broad bool
	At    Location
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

// Certificate is a certificate that an issuer keeps fresh.
type Certificate struct {
	Ref
	Namespace, Name string
	SecretName      string
	IssuerKind      string
	IssuerName      string
	// Duration and RenewBefore in seconds; 0 where not written.
	// RenewPercent is the alternative in percent of the duration.
	Duration, RenewBefore, RenewPercent int
	DNSNames                            []string
	Usages                              []string
	At                                  Location
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
	At     Location
}
