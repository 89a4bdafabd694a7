package aws

import (
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
)

// How clients of AWS's stores prove who they are. RDS, ElastiCache and OpenSearch
// ask nobody for a certificate; what they know instead of a password are tokens
// that IAM issues to the client's role.

const byIAM = "IAM authentication"

// tokens reads the attribute by which a database takes tokens of IAM.
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.html
func (r *reader) tokens(d *fact.Database, res *model.Resource, action string) {
	m := d.Managed
	m.IdentityBy, m.IdentityNeeds, m.Otherwise = byIAM, action, "a password alone"
	m.Identity = flag(res, false, "iam_database_authentication_enabled")
	if domain := res.Body.Get("domain"); m.Identity.IsNot() && (domain.Present() || !domain.Known()) {
		m.Identity = fact.Truth{Why: "it joins a domain, by which clients may prove who they are (Kerberos)", At: domain.At}
	}
}

// groups reads whom a cache of ElastiCache lets in.
// https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth-iam.html
func (r *reader) groups(m *fact.ManagedStore, res *model.Resource, users, group string) {
	m.IdentityBy, m.IdentityNeeds = byIAM, "elasticache:Connect"
	v := res.Body.Get(users)
	token := res.Body.Get("auth_token")
	switch {
	case token.Present() || !token.Known():
		m.Identity, m.Otherwise = placeOf(fact.Truth{Known: true, At: token.At}, res), "a password alone"
		return
	case !v.Present() && v.Known():
		m.Identity, m.Otherwise = fact.No(res.At), "nothing at all"
		return
	}
	m.Identity = fact.Truth{Why: "its users are not among these files", At: v.At}
	for _, g := range r.referred(v, "user_group_id", group) {
		for _, u := range r.referred(g.Body.Get("user_ids"), "user_id", "aws_elasticache_user") {
			mode := u.Body.Get("authentication_mode", "type")
			if text(mode) == "iam" {
				m.Identity = fact.Yes(u.At)
				return
			}
			if mode.Known() {
				m.Identity, m.Otherwise = fact.No(u.At), "a password alone"
			}
		}
	}
}

// brokers reads whom a cluster of MSK lets in.
// https://docs.aws.amazon.com/msk/latest/developerguide/msk-authentication.html
func brokers(m *fact.ManagedStore, res *model.Resource) {
	by := res.Body.Get("client_authentication")
	at := by.At
	if at.File == "" {
		at = res.At
	}
	iam, iamKnown := by.Get("sasl", "iam").Bool(false)
	scram, scramKnown := by.Get("sasl", "scram").Bool(false)
	anybody, anybodyKnown := by.Get("unauthenticated").Bool(false)
	authorities := by.Get("tls", "certificate_authority_arns")
	certificates := authorities.Present() || !authorities.Known()
	switch {
	case !by.Known() || !iamKnown || !scramKnown || !anybodyKnown:
		m.Identity = fact.Truth{Why: "how its clients prove who they are is told when it is applied", At: at}
	case anybody || !iam && !scram && !certificates:
		m.Identity, m.Otherwise = fact.No(at), "nothing at all"
	case scram:
		m.Identity, m.Otherwise = fact.No(at), "a password alone"
	case iam:
		m.Identity, m.IdentityBy, m.IdentityNeeds = fact.Yes(at), byIAM, "kafka-cluster:Connect"
	default:
		m.Identity, m.IdentityBy = fact.Yes(at), "certificates"
	}
	nodes := res.Body.Get("encryption_info", "encryption_in_transit", "in_cluster")
	m.Nodes = placeOf(truth(nodes, true), res)
}

// searchers reads whom a domain of OpenSearch lets in.
// https://docs.aws.amazon.com/opensearch-service/latest/developerguide/ac.html
func searchers(m *fact.ManagedStore, res *model.Resource) {
	fine := res.Body.Get("advanced_security_options")
	internal, known := fine.Get("internal_user_database_enabled").Bool(false)
	on, onKnown := fine.Get("enabled").Bool(false)
	m.IdentityBy, m.IdentityNeeds = byIAM, "es:ESHttp*"
	switch {
	case !fine.Known() || !known || !onKnown:
		m.Identity = fact.Truth{Why: why(fine), At: res.At}
	case on && internal:
		m.Identity, m.Otherwise = placeOf(fact.Truth{Known: true, At: fine.At}, res), "a password alone"
	default:
		m.Identity = fact.Truth{Why: "its access policies, which decide whose signed requests it takes, are not weighed", At: res.At}
	}
	m.Nodes = flag(res, false, "node_to_node_encryption", "enabled")
}

// forced tells whether a cache takes nothing but TLS: "preferred" is the mode of
// a migration in which it takes plain text too.
func forced(res *model.Resource) fact.Truth {
	t := flag(res, false, "transit_encryption_enabled")
	if mode := res.Body.Get("transit_encryption_mode"); t.Is() && strings.EqualFold(text(mode), "preferred") {
		return fact.No(mode.At)
	} else if t.Is() && !mode.Known() {
		return fact.Truth{Why: why(mode), At: mode.At}
	}
	return t
}
