package edges

import (
	"fmt"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
)

// Wire is what an address says of the encryption that its client asks for.
type Wire int

// The kinds of wires.
const (
	Untold     Wire = iota // the address names no protocol that tells
	PlainText              // no encryption, or none that the client insists on
	Unverified             // encryption without looking at the server's name
	Verified               // encryption to a server that is verified
)

var plainSchemes = []string{"http", "ws", "redis", "amqp", "mqtt", "nats", "memcached", "ldap", "ftp", "smtp", "bolt"}
var tlsSchemes = []string{"https", "wss", "rediss", "amqps", "mqtts", "ldaps", "grpcs", "tls", "mongodb+srv"}

// stores are schemes of data stores whose parameters decide on encryption.
var stores = []string{"postgres", "postgresql", "mysql", "mariadb", "mongodb", "cockroachdb"}

// modes are the values of sslmode and its relatives. PostgreSQL's require and
// verify-ca, and MySQL's REQUIRED and VERIFY_CA, do not look at the name.
var modes = map[string]Wire{
	"disable": PlainText, "disabled": PlainText, "allow": PlainText, "prefer": PlainText, "preferred": PlainText, "false": PlainText, "none": PlainText, "off": PlainText,
	"require": Unverified, "required": Unverified, "verify-ca": Unverified, "verify_ca": Unverified, "skip-verify": Unverified,
	"true": Verified, "verify-full": Verified, "verify_full": Verified, "verify_identity": Verified, "strict": Verified,
}

// WireOf reads the scheme and the TLS mode of an address. A client that is
// told to take any certificate verifies nothing, whatever the mode is called.
func WireOf(a fact.Address) Wire {
	wire := asked(a)
	if wire == Verified && a.Unchecked != "" {
		return Unverified
	}
	return wire
}

func asked(a fact.Address) Wire {
	scheme := strings.ToLower(a.Scheme)
	if scheme == "" {
		return Untold
	}
	for _, list := range []struct {
		schemes []string
		wire    Wire
	}{{plainSchemes, PlainText}, {tlsSchemes, Verified}} {
		if slices.Contains(list.schemes, scheme) {
			return list.wire
		}
	}
	if wire, known := modes[a.Mode]; known {
		return wire
	}
	if slices.Contains(stores, scheme) {
		return PlainText
	}
	return Untold
}

// How says what an address tells of its encryption: its scheme, and its TLS mode
// or the parameter by which any certificate is taken.
func How(a fact.Address) string {
	switch {
	case a.Unchecked != "" && asked(a) == Verified:
		return fmt.Sprintf("%s, %s", a.Scheme, a.Unchecked)
	case a.Mode != "":
		return fmt.Sprintf("%s, TLS mode %s", a.Scheme, a.Mode)
	}
	return a.Scheme
}

// Spoken reports whether the address surely is one to connect to: it names a
// service of the cluster in full, or has the scheme of a known protocol. A
// bucket or a file is none.
func Spoken(a fact.Address) bool {
	scheme := strings.ToLower(a.Scheme)
	return WireOf(a) != Untold || scheme == "grpc" || scheme == "tcp" || strings.Contains(a.Host, ".svc")
}

// Store reports whether the address is that of a data store or a queue.
func Store(a fact.Address) bool {
	switch strings.ToLower(a.Scheme) {
	case "redis", "rediss", "amqp", "amqps", "nats", "memcached", "mongodb+srv", "bolt":
		return true
	}
	return slices.Contains(stores, strings.ToLower(a.Scheme))
}
