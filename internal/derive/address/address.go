// Package address finds the hosts that configuration names.
package address

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
)

var (
	hostPort = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*):([0-9]{2,5})$`)
	tlsMode  = regexp.MustCompile(`(?i)[?&; ](?:sslmode|ssl-mode|tls|ssl|encrypt)=([a-z_-]+)`)
	// unchecked matches the parameters by which MongoDB's clients, JDBC drivers,
	// redis-py and RabbitMQ's clients take any server's certificate.
	unchecked = regexp.MustCompile(`(?i)[?&; ]((?:tlsInsecure|tlsAllowInvalidCertificates|tlsAllowInvalidHostnames|trustServerCertificate)=true|verifyServerCertificate=false|ssl_cert_reqs=(?:cert_)?none|verify=verify_none)\b`)
	// ownCertificate matches the parameters by which libpq and MongoDB's
	// clients name the certificate that they show.
	ownCertificate = regexp.MustCompile(`(?i)[?&](?:sslcert|tlsCertificateKeyFile)=[^&]`)
)

// Bounds on what is looked at: a value is a command line or a file of settings,
// and names few other parties.
const (
	mostAddresses = 20
	longestHost   = 300
)

// In finds the hosts that a text names: in URLs and as host:port. User
// names and passwords are dropped.
func In(text string, at fact.Location) []fact.Address {
	if len(text) < longestHost && strings.Contains(text, ":") {
		if m := hostPort.FindStringSubmatch(strings.TrimSpace(text)); m != nil {
			port, _ := strconv.Atoi(m[4])
			return []fact.Address{{Host: m[1], Port: port, Alone: true, At: at}}
		}
	}
	var out []fact.Address
	for rest := text; len(out) < mostAddresses; {
		sep := strings.Index(rest, "://")
		if sep < 0 {
			break
		}
		start := sep
		for start > 0 && isScheme(rest[start-1]) {
			start--
		}
		end := sep + len("://")
		for end < len(rest) && !endsURL(rest[end]) {
			end++
		}
		if a, ok := parse(rest[start:end]); ok {
			a.At, a.Alone = at, alone(text, rest[start:end])
			out = append(out, a)
		}
		rest = rest[end:]
	}
	return out
}

// alone reports whether the text is the address and nothing else, or a flag with
// the address as its value.
func alone(text, raw string) bool {
	text = strings.Trim(text, " \t\n\"'")
	flag, value, found := strings.Cut(text, "=")
	return text == raw || found && value == raw && !strings.ContainsAny(flag, " \t\n")
}

func parse(raw string) (fact.Address, bool) {
	u, err := url.Parse(strings.TrimRight(raw, ",;)"))
	if err != nil || u.Scheme == "" || u.Hostname() == "" {
		return fact.Address{}, false
	}
	a := fact.Address{Scheme: u.Scheme, Host: u.Hostname()}
	a.Port, _ = strconv.Atoi(u.Port())
	if m := tlsMode.FindStringSubmatch(raw); m != nil {
		a.Mode = strings.ToLower(m[1])
	}
	if m := unchecked.FindStringSubmatch(raw); m != nil {
		a.Unchecked = m[1]
	}
	a.ShowsCertificate = ownCertificate.MatchString(raw)
	return a, true
}

func isScheme(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '+' || c == '.' || c == '-'
}

func endsURL(c byte) bool {
	return c <= ' ' || strings.IndexByte("\"'<>|\\^`", c) >= 0
}
