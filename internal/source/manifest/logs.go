package manifest

import (
	"bytes"
	"io"
	"path/filepath"
	"time"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
	form "seaworthy.dev/seaworthy/internal/manifest"
)

// maxCode bounds the file that is looked through for the names of fields.
const maxCode = 2 << 20

// logs takes what is said of logs: how long customers' are kept, and which code
// writes a line for each request.
func (r *reader) logs(spec *decode.Node, in *form.Spec) {
	d := &r.service.Declared
	if in.Privacy != nil && in.Privacy.CustomerLogs != nil {
		c := in.Privacy.CustomerLogs
		n := decode.Dig(spec, "privacy", "customerLogs")
		out := &fact.CustomerLogs{Ref: r.ref(n, "privacy.customerLogs"), Days: days(c.Default)}
		for i, t := range c.Tenants {
			out.Tenants = append(out.Tenants, fact.TenantDays{Ref: r.ref(decode.Dig(n, "tenants", i), "logs of "+t.Tenant), Tenant: t.Tenant, Days: days(t.Keep)})
		}
		d.CustomerLogs = out
	}
	if in.Logs == nil || in.Logs.Access == nil {
		return
	}
	a := in.Logs.Access
	out := &fact.AccessLines{Ref: r.ref(decode.Dig(spec, "logs", "access"), "logs.access")}
	rel, missing := r.resolve(a.Code)
	out.File = rel
	text := r.content(rel)
	out.Resolves = missing == "" && text != nil
	for _, f := range []struct{ field, name string }{{"method", a.Fields.Method}, {"path", a.Fields.Path}, {"status", a.Fields.Status}, {"principal", a.Fields.Principal}, {"time", a.Fields.Time}} {
		if f.name == "" && f.field == "time" {
			continue // loggers add it
		}
		if f.name == "" || !spelled(text, f.name) {
			out.Missing = append(out.Missing, f.field)
		}
	}
	d.AccessLines = out
}

// spelled reports whether a text has a name in quotes, or as a key.
func spelled(text []byte, name string) bool {
	for _, form := range []string{`"` + name + `"`, "'" + name + "'", "`" + name + "`", name + "=", name + ":"} {
		if bytes.Contains(text, []byte(form)) {
			return true
		}
	}
	return false
}

// content returns what a file says; nil where it cannot be read.
func (r *reader) content(rel string) []byte {
	file, err := r.disk.Open(filepath.FromSlash(rel))
	if err != nil {
		return nil
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, maxCode))
	if err != nil {
		return nil
	}
	return data
}

// days returns a length of time in whole days; 0 where none is written.
func days(text string) int {
	d, _ := length(text)
	return int(d / (24 * time.Hour))
}
