package kube

import (
	"strings"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
)

// refuses tells for an operator's database whether clients that do not encrypt are
// refused, as far as its object decides. What operators do where nothing is written
// is cited beside it.
func (o *object) refuses(kind string) fact.Truth {
	spec := decode.Child(o.node, "spec")
	at := func(path ...any) fact.Location {
		if n := decode.Dig(spec, path...); n != nil {
			return o.at(n)
		}
		return o.at(spec)
	}
	flag := func(path ...any) string { return strings.ToLower(decode.Text(decode.Dig(spec, path...))) }
	truth := func(yes bool, path ...any) fact.Truth { return fact.Truth{Known: true, Yes: yes, At: at(path...)} }
	switch kind {
	case "Cluster": // CloudNativePG ends the list by "host all all all": https://cloudnative-pg.io/documentation/current/postgresql_conf/#the-pg_hba-section
		return o.hba(decode.Dig(spec, "postgresql", "pg_hba"), true, at("postgresql", "pg_hba"))
	case "postgresql": // Zalando's image brings its own list, which patroni.pg_hba replaces
		if n := decode.Dig(spec, "patroni", "pg_hba"); n != nil {
			return o.hba(n, false, o.at(n))
		}
		return fact.Truth{Why: "the image of the operator brings its own pg_hba.conf, and `patroni.pg_hba` does not replace it", At: at()}
	case "MongoDBCommunity": // https://github.com/mongodb/mongodb-kubernetes/blob/master/docs/mongodbcommunity/secure.md: optional is false by default
		return truth(flag("security", "tls", "enabled") == "true" && flag("security", "tls", "optional") != "true", "security", "tls")
	case "RabbitmqCluster": // https://www.rabbitmq.com/kubernetes/operator/using-operator#tls
		return truth(flag("tls", "disableNonTLSListeners") == "true", "tls")
	case "MariaDB": // https://github.com/mariadb-operator/mariadb-operator/blob/main/docs/tls.md
		return truth(flag("tls", "required") == "true", "tls")
	case "Elasticsearch": // TLS on HTTP is on unless it is disabled: https://www.elastic.co/docs/deploy-manage/security/k8s-https-settings
		return truth(flag("http", "tls", "selfSignedCertificate", "disabled") != "true", "http", "tls")
	case "CrdbCluster":
		return truth(flag("tlsEnabled") == "true", "tlsEnabled")
	case "Kafka":
		return o.listeners(decode.Dig(spec, "kafka", "listeners"))
	}
	return fact.Truth{Why: "its object does not say", At: at()}
}

// hba reads the lines of a pg_hba.conf in their order, of which the first that
// matches decides. With open, a line that takes everything follows.
func (o *object) hba(list *decode.Node, open bool, at fact.Location) fact.Truth {
	for _, item := range decode.Items(list) {
		fields := strings.Fields(decode.Text(item))
		if len(fields) < 4 || strings.HasPrefix(fields[0], "#") || fields[0] == "hostssl" || fields[0] == "local" {
			continue
		}
		rejects := fields[len(fields)-1] == "reject"
		everyone := fields[1] == "all" && fields[2] == "all" && (fields[3] == "all" || fields[3] == "0.0.0.0/0")
		switch {
		case rejects && everyone:
			return fact.Yes(o.at(item))
		case rejects: // some are refused
		case strings.HasPrefix(fields[3], "127.0.0.1") || strings.HasPrefix(fields[3], "::1") || fields[3] == "localhost" || fields[3] == "samehost": // the pod itself
		default:
			return fact.No(o.at(item))
		}
	}
	if open {
		return fact.No(at)
	}
	return fact.Yes(at) // whom no line matches is refused
}

// listeners reads the doors of a Kafka cluster of Strimzi: before version 0.22 they
// were a mapping of names.
func (o *object) listeners(list *decode.Node) fact.Truth {
	if decode.IsMapping(list) {
		if n := decode.Child(list, "plain"); n != nil {
			return fact.No(o.at(n))
		}
		return fact.Yes(o.at(list))
	}
	for _, l := range decode.Items(list) {
		if strings.ToLower(decode.Text(decode.Child(l, "tls"))) != "true" {
			return fact.No(o.at(l))
		}
	}
	if len(decode.Items(list)) == 0 {
		return fact.Truth{Why: "its object names no listeners", At: o.at(list)}
	}
	return fact.Yes(o.at(list))
}
