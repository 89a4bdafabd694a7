package provenance

import (
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
)

// Kind is the manner in which a secret comes to be.
type Kind int

// The kinds of origins.
const (
	Nowhere   Kind = iota // nothing that was read makes it
	Fed                   // brought from a store
	Issued                // a certificate that an issuer keeps fresh
	Generated             // made up in the cluster by an operator
	Plain                 // written in a file
	Sealed                // written in a file, encrypted
	Awaited               // written in a file without its values
	Charted               // written by a chart, from values that may be given elsewhere
	Opaque                // written in a file, in which nothing looks like a secret
	Harmless              // written in a file that holds only what is public
)

// Origin is where a secret comes from.
type Origin struct {
	Kind Kind
	// By names what makes it: a feed, an issuer, an operator.
	By string
	// Feed is set for Fed where an object describes it; Certificate for Issued.
	Feed        *fact.SecretFeed
	Certificate *fact.Certificate
	// Account is set for a long-lived token of that service account.
	Account string
	// Secret is set for what is written in a file, where it was read whole.
	Secret *fact.Secret
	// Ref is the object that makes the secret; zero for Nowhere.
	Ref fact.Ref
}

// Of returns the origin of the secret of that namespace and name.
func Of(here *fact.Set, namespace, name string) Origin {
	for _, f := range here.SecretFeeds {
		if f.Writes(namespace, name) {
			if f.Generated {
				return Origin{Kind: Generated, By: f.Ref.Kind() + " " + f.Name, Feed: f, Ref: f.Ref}
			}
			by := f.Ref.Kind() + " " + f.Name
			if platform := f.ByPlatform(); platform != "" {
				by = platform
			}
			return Origin{Kind: Fed, By: by, Feed: f, Ref: f.Ref}
		}
	}
	for _, c := range Certificates(here) {
		if c.Namespace == namespace && c.SecretName == name {
			return Origin{Kind: Issued, By: c.IssuerKind + " " + c.IssuerName, Certificate: c, Ref: c.Ref}
		}
	}
	if o, found := written(here, namespace, name); found {
		return o
	}
	return generated(here, namespace, name)
}

// tokenOf is the annotation by which a Secret asks for an account's token.
const tokenOf = "kubernetes.io/service-account.name"

// written finds the secret among those that stand in files.
func written(here *fact.Set, namespace, name string) (Origin, bool) {
	var object *fact.Object
	for _, o := range here.Objects {
		// The kind first: it differs for most objects, and by its length.
		if (o.Kind == "Secret" && o.APIVersion == "v1" || o.Kind == "SealedSecret") && o.Name == name && o.Namespace == namespace {
			object = o
			break
		}
	}
	if object == nil {
		return handed(here, namespace, name)
	}
	out := Origin{Kind: Plain, Ref: object.Ref}
	if object.Kind == "SealedSecret" {
		out.Kind = Sealed
	}
	for _, s := range here.Secrets {
		if s.Namespace == namespace && s.Name == name {
			out.Secret, out.Ref = s, s.Ref
			switch {
			case s.Sealed:
				out.Kind = Sealed
			case s.Placeholders || len(s.Keys) == 0:
				out.Kind = Awaited
			case len(s.Plain) == 0:
				out.Kind = Harmless
			case here.Source == "helm":
				out.Kind = Charted
			case !slices.ContainsFunc(s.Plain, func(l fact.Leak) bool { return l.Smell != "" }):
				out.Kind = Opaque
			}
		}
	}
	switch a := object.Annotations; {
	case a[tokenOf] != "":
		out.Kind, out.By, out.Account = Generated, "Kubernetes", a[tokenOf]
	case a["avp.kubernetes.io/path"] != "":
		out.Kind, out.By = Fed, "the Argo CD Vault plugin"
	case a["secret-generator.v1.mittwald.de/autogenerate"] != "":
		out.Kind, out.By = Generated, "the secret generator"
	case a["reflector.v1.k8s.emberstack.com/reflects"] != "", a["replicator.v1.mittwald.de/replicate-from"] != "":
		out.Kind = Awaited
	}
	return out, true
}

// handed finds a secret that a compose file or a unit hands over, and that is
// written beside it.
func handed(here *fact.Set, namespace, name string) (Origin, bool) {
	for _, s := range here.Secrets {
		if s.Namespace != namespace || s.Name != name || s.Type != "file" && s.Type != "credential" {
			continue
		}
		out := Origin{Kind: Plain, Ref: s.Ref, Secret: s}
		switch {
		case s.Sealed:
			out.Kind = Sealed
		case s.Placeholders:
			out.Kind = Awaited
		}
		return out, true
	}
	return Origin{}, false
}

// operators are controllers that write secrets named after their own objects.
// A star stands for any text, a percent sign for the object's name.
var operators = []struct {
	group, kind string
	names       []string
}{
	{"postgresql.cnpg.io", "Cluster", []string{"%-app", "%-superuser", "%-ca", "%-server", "%-replication"}},
	{"acid.zalan.do", "postgresql", []string{"*.%.credentials.postgresql.acid.zalan.do"}},
	{"postgres-operator.crunchydata.com", "PostgresCluster", []string{"%-pguser-*", "%-cluster-cert"}},
	{"kafka.strimzi.io", "Kafka", []string{"%-cluster-ca-cert", "%-clients-ca-cert"}},
	{"kafka.strimzi.io", "KafkaUser", []string{"%"}},
	{"rabbitmq.com", "RabbitmqCluster", []string{"%-default-user"}},
	{"elasticsearch.k8s.elastic.co", "Elasticsearch", []string{"%-es-elastic-user", "%-es-http-certs-public", "%-es-http-certs-internal"}},
	{"kibana.k8s.elastic.co", "Kibana", []string{"%-kb-http-certs-public"}},
}

// servingCertificate is the annotation by which OpenShift's service CA issues a
// certificate for a service.
const servingCertificate = "service.beta.openshift.io/serving-cert-secret-name"

func generated(here *fact.Set, namespace, name string) Origin {
	for _, svc := range here.Services {
		if len(svc.Annotations) > 0 && svc.Annotations[servingCertificate] == name && svc.Namespace == namespace {
			return Origin{Kind: Generated, By: "OpenShift's service CA", Ref: svc.Ref}
		}
	}
	for _, o := range here.Custom {
		for _, op := range operators {
			if o.Kind != op.kind || o.Namespace != namespace || !strings.HasPrefix(o.APIVersion, op.group+"/") {
				continue
			}
			for _, pattern := range op.names {
				if fits(strings.ReplaceAll(pattern, "%", o.Name), name) {
					return Origin{Kind: Generated, By: "the operator of " + o.Kind + " " + o.Name, Ref: o.Ref}
				}
			}
		}
	}
	return Origin{}
}

func fits(pattern, name string) bool {
	before, after, star := strings.Cut(pattern, "*")
	if !star {
		return name == pattern
	}
	return len(name) > len(before)+len(after) && strings.HasPrefix(name, before) && strings.HasSuffix(name, after)
}
