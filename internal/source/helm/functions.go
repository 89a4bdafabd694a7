package helm

import (
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/binary"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"slices"
	"strings"
	"text/template"
	"time"
)

// The functions that are put into the sources of templates.
const (
	beginKey = "seaworthyBegin"
	endKey   = "seaworthyEnd"
	markKey  = "seaworthyMark"
)

// begin is put before a template's source, in its first line.
func begin(index int) string { return fmt.Sprintf("{{%s %d}}", beginKey, index) }

// enclose puts a template's source between begin and end.
func enclose(index int, source string) string { return begin(index) + source + "{{" + endKey + "}}" }

// Generated is how every random text of at least twelve characters begins,
// passwords included: such a value is made when the chart is installed, and
// nobody has written it into the repository.
const Generated = "generated"

// run is what the functions of one rendering share.
type run struct {
	// open lists the templates that were begun and have not ended: the first
	// is the one that the engine executes, the others are included by it.
	open []int
	// drawn counts the random values that it took.
	drawn uint64
	// parts holds the templates by their number.
	parts map[int]*part
	// marks is true where marks write lines.
	marks bool
}

// current returns the number of the template that the engine executes.
func (r *run) current() int {
	if len(r.open) == 0 {
		return 0
	}
	return r.open[0]
}

// clock is the time that templates are told.
func clock() time.Time { return time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC) }

// functions replaces every function of a template that reads the clock, the
// time zone, randomness, or the order of a map, and adds those that tell where
// the engine is. Functions that read the environment are absent in Helm, name
// look-ups are switched off, and "lookup" finds nothing without a cluster.
func (r *run) functions() template.FuncMap {
	return template.FuncMap{
		beginKey: r.begin,
		endKey:   r.end,
		markKey:  r.mark,

		// The clock and the local time zone.
		"now":            clock,
		"ago":            ago,
		"date":           func(layout string, v any) string { return date(layout, v, "UTC") },
		"dateInZone":     date,
		"date_in_zone":   date,
		"htmlDate":       func(v any) string { return date(time.DateOnly, v, "UTC") },
		"htmlDateInZone": func(v any, zone string) string { return date(time.DateOnly, v, zone) },
		"durationRound":  durationRound,
		"toDate": func(layout, text string) time.Time {
			t, _ := time.Parse(layout, text) // as the original: the zero time
			return t
		},
		"mustToDate": time.Parse,

		// Randomness.
		"randAlphaNum": func(n int) string { return r.text(n, lower+upper+digits) },
		"randAlpha":    func(n int) string { return r.text(n, lower+upper) },
		"randAscii":    func(n int) string { return r.text(n, lower+upper+digits+"!#%&()*+,-./:;<=>?@[]^_{|}~") },
		"randNumeric":  func(n int) string { return r.draw(n, digits) },
		"randBytes":    r.bytes,
		"randInt":      r.integer,
		"uuidv4":       r.uuid,
		"shuffle":      func(text string) string { return text },
		"bcrypt":       func(string) string { return hashed },
		"htpasswd":     htpasswd,
		"encryptAES":   func(_, text string) (string, error) { return base64.StdEncoding.EncodeToString([]byte(Generated)), nil },

		// Keys and certificates.
		"genPrivateKey":     func(string) string { return privateKey() },
		"buildCustomCert":   customCertificate,
		"genCA":             func(name string, _ int) (certificate, error) { return issue(name, nil, nil, true) },
		"genCAWithKey":      func(name string, _ int, _ string) (certificate, error) { return issue(name, nil, nil, true) },
		"genSelfSignedCert": func(name string, ips, hosts []any, _ int) (certificate, error) { return issue(name, ips, hosts, false) },
		"genSelfSignedCertWithKey": func(name string, ips, hosts []any, _ int, _ string) (certificate, error) {
			return issue(name, ips, hosts, false)
		},
		"genSignedCert": func(name string, ips, hosts []any, _ int, _ certificate) (certificate, error) {
			return issue(name, ips, hosts, false)
		},
		"genSignedCertWithKey": func(name string, ips, hosts []any, _ int, _ certificate, _ string) (certificate, error) {
			return issue(name, ips, hosts, false)
		},

		// The order of maps.
		"keys":   keys,
		"values": values,
	}
}

// begin and end run at the start and the end of every template. An error ends
// the rendering as a whole, so that they always come in pairs.
func (r *run) begin(index int) string {
	if len(r.open) == 0 {
		r.drawn = 0
	}
	r.open = append(r.open, index)
	return ""
}

func (r *run) end() string {
	r.open = r.open[:len(r.open)-1]
	return ""
}

// mark writes a line into the output, unless the template that bears the mark
// is only included by the one being rendered.
func (r *run) mark(index, line int) string {
	if !r.marks || len(r.open) != 1 || r.open[0] != index {
		return ""
	}
	return fmt.Sprintf("%c%d%c", markStart, line, markEnd)
}

const (
	lower  = "abcdefghijklmnopqrstuvwxyz"
	upper  = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	digits = "0123456789"
)

// draw returns n characters that depend on nothing but the template and on how
// many values it took before.
func (r *run) draw(n int, alphabet string) string {
	if n <= 0 {
		return ""
	}
	out := make([]byte, 0, n)
	for block := uint64(0); len(out) < n; block++ {
		for _, b := range r.block(block) {
			if len(out) < n {
				out = append(out, alphabet[int(b)%len(alphabet)])
			}
		}
	}
	r.drawn++
	return string(out)
}

func (r *run) block(n uint64) [sha256.Size]byte {
	var name string
	if p := r.parts[r.current()]; p != nil {
		name = p.name
	}
	seed := binary.BigEndian.AppendUint64([]byte(name), r.drawn)
	return sha256.Sum256(binary.BigEndian.AppendUint64(seed, n))
}

func (r *run) text(n int, alphabet string) string {
	if n < len(Generated)+3 {
		return r.draw(n, alphabet)
	}
	return Generated + r.draw(n-len(Generated), alphabet)
}

func (r *run) bytes(n int) (string, error) {
	return base64.StdEncoding.EncodeToString([]byte(r.text(n, lower))), nil
}

func (r *run) integer(low, high int) (int, error) {
	if high <= low {
		return 0, errors.New("randInt: the upper bound must be above the lower one")
	}
	b := r.block(0)
	r.drawn++
	return low + int(binary.BigEndian.Uint64(b[:])%uint64(high-low)), nil
}

func (r *run) uuid() string {
	b := r.block(0)
	r.drawn++
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:16])
}

// hashed is a bcrypt hash of nothing in particular: the salt is random.
const hashed = "$2a$10$generatedgeneratedgeneratedgeneratedgeneratedgenerate"

func htpasswd(user, _ string) string {
	if strings.Contains(user, ":") {
		return "invalid username: " + user
	}
	return user + ":" + hashed
}

func moment(v any) time.Time {
	switch v := v.(type) {
	case time.Time:
		return v
	case *time.Time:
		return *v
	case int64:
		return time.Unix(v, 0)
	case int:
		return time.Unix(int64(v), 0)
	case int32:
		return time.Unix(int64(v), 0)
	}
	return clock()
}

func date(layout string, v any, zone string) string {
	where, err := time.LoadLocation(zone)
	if err != nil || zone == "Local" {
		where = time.UTC
	}
	return moment(v).In(where).Format(layout)
}

func ago(v any) string { return clock().Sub(moment(v)).Round(time.Second).String() }

// durationRound names the largest unit of a duration, as the original does.
func durationRound(v any) string {
	var d time.Duration
	switch v := v.(type) {
	case string:
		d, _ = time.ParseDuration(v) // as the original: zero
	case int64:
		d = time.Duration(v)
	case time.Time:
		d = clock().Sub(v)
	}
	d = d.Abs()
	const day = 24 * time.Hour
	for _, unit := range []struct {
		size time.Duration
		name string
	}{{365 * day, "y"}, {30 * day, "mo"}, {day, "d"}, {time.Hour, "h"}, {time.Minute, "m"}, {time.Second, "s"}} {
		if d > unit.size {
			return fmt.Sprintf("%d%s", d/unit.size, unit.name)
		}
	}
	return "0s"
}

func keys(maps ...map[string]any) []string {
	var out []string
	for _, m := range maps {
		var own []string
		for k := range m {
			own = append(own, k)
		}
		slices.Sort(own)
		out = append(out, own...)
	}
	return out
}

func values(m map[string]any) []any {
	var out []any
	for _, k := range keys(m) {
		out = append(out, m[k])
	}
	return out
}

// certificate has the fields that templates read.
type certificate struct{ Cert, Key string }

// issue returns a certificate that is valid until the far future: the real one
// is made at installation, so its dates say nothing.
func issue(name string, ips, hosts []any, authority bool) (certificate, error) {
	key := signer()
	t := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		Subject:      pkix.Name{CommonName: name},
		NotBefore:    clock(),
		NotAfter:     time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC),
		IsCA:         authority, BasicConstraintsValid: true,
		KeyUsage:    x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	if authority {
		t.KeyUsage |= x509.KeyUsageCertSign
	}
	for _, v := range ips {
		ip := net.ParseIP(fmt.Sprint(v))
		if ip == nil {
			return certificate{}, fmt.Errorf("error parsing ip: %v", v)
		}
		t.IPAddresses = append(t.IPAddresses, ip)
	}
	for _, v := range hosts {
		host, ok := v.(string)
		if !ok {
			return certificate{}, fmt.Errorf("error processing alternate dns name: %v", v)
		}
		t.DNSNames = append(t.DNSNames, host)
	}
	der, err := x509.CreateCertificate(nil, t, t, key.Public(), key)
	if err != nil {
		return certificate{}, fmt.Errorf("issue a certificate: %w", err)
	}
	return certificate{Cert: string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})), Key: privateKey()}, nil
}

// signer is the one key of every rendering; ed25519 signs without randomness.
func signer() ed25519.PrivateKey {
	seed := sha256.Sum256([]byte(Generated))
	return ed25519.NewKeyFromSeed(seed[:])
}

func privateKey() string {
	der, err := x509.MarshalPKCS8PrivateKey(signer())
	if err != nil {
		return "" // not for a key of this kind
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
}

func customCertificate(cert, key string) (certificate, error) {
	c, err := base64.StdEncoding.DecodeString(cert)
	if err != nil {
		return certificate{}, errors.New("unable to decode base64 certificate")
	}
	k, err := base64.StdEncoding.DecodeString(key)
	if err != nil {
		return certificate{}, errors.New("unable to decode base64 private key")
	}
	return certificate{Cert: string(c), Key: string(k)}, nil
}
