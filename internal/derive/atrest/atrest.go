// Package atrest tells whether what lies on volumes and in buckets is encrypted
// there, by what those who run them document.
package atrest

import (
	"cmp"
	_ "embed"
	"fmt"
	"strings"
	"sync"

	"seaworthy.dev/seaworthy/internal/fact"
)

//go:embed provisioners.txt
var file string

// habit is what a provisioner does.
type habit struct {
	always bool
	// key and value are the parameter by which a class asks.
	key, value string
	// elsewhere is true where a setting of the account or of the storage encrypts as
	// well.
	elsewhere bool
}

var habits = sync.OnceValue(func() map[string]habit {
	out := map[string]habit{}
	for line := range strings.Lines(file) {
		fields := strings.Fields(line)
		if len(fields) != 4 || fields[0] == "#" {
			continue
		}
		h := habit{always: fields[1] == "always", elsewhere: fields[2] == "or-elsewhere"}
		h.key, h.value, _ = strings.Cut(fields[1], "=")
		out[fields[0]] = h
	}
	return out
})

// ClassNamed returns the storage class of a name, or the default one for an empty
// name. Classes are the whole cluster's, so they may stand in any of the sets.
func ClassNamed(all []*fact.Set, name string) *fact.StorageClass {
	for _, set := range all {
		for _, c := range set.Classes {
			if name != "" && c.Name == name || name == "" && c.Default {
				return c
			}
		}
	}
	return nil
}

// Volumes tells whether volumes of the named classes are encrypted. Why is fit to
// follow "this is not known, for"; says names the class, for a reader.
func Volumes(all []*fact.Set, classes []string) (t fact.Truth, says string) {
	if len(classes) == 0 {
		return fact.Truth{Why: "nothing here says on which volumes it lies"}, ""
	}
	for _, name := range classes {
		c := ClassNamed(all, name)
		if c == nil {
			why := fmt.Sprintf("its storage class %s is not among these files", name)
			if name == "" {
				why = "its volumes are of the cluster's default storage class, which is not among these files"
			}
			if t.Known || t.Why == "" {
				t = fact.Truth{Why: why}
			}
			continue
		}
		one := ofClass(c)
		if one.IsNot() {
			return one, c.Name
		}
		if !one.Known && (t.Known || t.Why == "") || one.Known && t.Why == "" {
			t, says = one, c.Name
		}
	}
	return t, says
}

func ofClass(c *fact.StorageClass) fact.Truth {
	h, known := habits()[c.Provisioner]
	switch {
	case !known:
		return fact.Truth{Why: fmt.Sprintf("what %s of its storage class %s does is not known here", c.Provisioner, c.Name), At: c.At}
	case h.always:
		return fact.Yes(c.At)
	case c.Parameters[h.key] == h.value:
		return fact.Yes(c.At)
	case c.Parameters[h.key] != "":
		return fact.No(c.At)
	case h.elsewhere:
		return fact.Truth{Why: fmt.Sprintf("its storage class %s does not ask for it (`%s: \"%s\"`), and whether what lies below encrypts by itself does not stand here", c.Name, h.key, h.value), At: c.At}
	}
	return fact.No(c.At)
}

// Place tells whether copies at a place are encrypted: Amazon S3 encrypts every new
// object since January 2023, Google Cloud Storage and Azure Storage always did.
func Place(p fact.CopyPlace) fact.Truth {
	switch {
	case p.Key != "", p.Kind == "gcs", p.Kind == "azure":
		return fact.Yes(p.At)
	case p.Kind == "s3" && (p.Endpoint == "" || strings.HasSuffix(p.Endpoint, ".amazonaws.com") || strings.HasSuffix(p.Endpoint, ".amazonaws.com.cn")):
		return fact.Yes(p.At)
	}
	return fact.Truth{Why: fmt.Sprintf("%s is not known to encrypt by itself, and no key is written", cmp.Or(p.Endpoint, p.Name)), At: p.At}
}
