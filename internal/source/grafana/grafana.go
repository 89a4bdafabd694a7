// Package grafana reads dashboards from files and from the objects of operators:
// Grafana's in all of its schemas, CloudWatch's, and names those of others, which
// are not read.
package grafana

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"fmt"
	"io"
	"path"
	"strings"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/derive/dashboards"
	"seaworthy.dev/seaworthy/internal/fact"
)

// Source is what sets of this technology are called.
const Source = "grafana"

// maxUnpacked bounds a dashboard that was packed within an object.
const maxUnpacked = 32 << 20

// Found is what a text yields. Mine is false for a text that is no dashboard.
type Found struct {
	Mine     bool
	Facts    fact.Set
	Problems []fact.Problem
}

// set returns what was found as guests of Kubernetes' reader return it.
func (f Found) set() (fact.Set, []fact.Problem) { return f.Facts, f.Problems }

// lost notes what may be missing, and says so.
func (f *Found) lost(at fact.Location, why, remedy string) {
	f.hole(at, why)
	f.Problems = append(f.Problems, fact.Problem{Location: at, Message: why + remedy})
}

func (f *Found) hole(at fact.Location, why string) {
	f.Facts.Coverage.Holes = append(f.Facts.Coverage.Holes, fact.Hole{Kinds: []fact.Kind{fact.Dashboards}, Location: at, Why: why})
}

// File reads a file, or a key of an object, that may be a dashboard in JSON. Name is
// how messages call it; sure tells whether it surely is meant to be one, so that
// what cannot be read is a loss.
func File(doc decode.Document, ref fact.Ref, name string, sure bool) (out Found) {
	if !dashboards.Sniff(doc.Data) {
		return out
	}
	doc.Data = bytes.TrimPrefix(doc.Data, []byte("\xef\xbb\xbf"))
	read, err := decode.Skim(doc, dashboards.Keep)
	if err != nil {
		broken, _ := err.(*decode.Broken)
		if !sure && !looksLike(doc.Data) {
			return out
		}
		out.Mine = true
		at := doc.At(&decode.Node{Line: max(1, broken.Line)})
		out.lost(at, fmt.Sprintf("dashboard %s is no valid JSON: %s", name, broken.Message), "; mend it, or export it anew")
		return out
	}
	if decode.Text(decode.Child(read.Root, "apiVersion")) != "" && decode.Child(read.Root, "spec") != nil {
		return out // an object, which Kubernetes' reader hands over
	}
	return node(read.Root, read.Cut, doc.At, ref, name)
}

// looksLike reports whether a text that does not parse was meant to be a dashboard.
func looksLike(data []byte) bool {
	return bytes.Contains(data, []byte(`"schemaVersion"`)) && bytes.Contains(data, []byte(`"panels"`))
}

// node reads what is parsed.
func node(root *decode.Node, cut string, at func(*decode.Node) fact.Location, ref fact.Ref, name string) (out Found) {
	defer func() {
		if r := recover(); r != nil {
			out = Found{Mine: true}
			out.lost(ref.Location, fmt.Sprintf("dashboard %s cannot be read: %v", name, r), "; please report it with the file")
		}
	}()
	d := dashboards.Read(root, dashboards.Source{Ref: ref, At: at})
	if d == nil {
		if engine := dashboards.Foreign(root); engine != "" {
			out.Mine = true
			out.hole(at(root), fmt.Sprintf("%s is a dashboard of %s, which is not read", name, engine))
		}
		return out
	}
	out.Mine = true
	if d.Title == "" {
		d.Title = strings.TrimSuffix(path.Base(name), path.Ext(name))
	}
	if cut != "" && d.Partly == "" {
		d.Partly = cut
	}
	if d.Partly != "" {
		out.lost(d.Location, fmt.Sprintf("dashboard %s was not read whole: %s", d.Title, d.Partly), "")
	}
	out.Facts.Dashboards = append(out.Facts.Dashboards, d)
	return out
}

// Object is a custom resource that holds a dashboard.
type Object struct {
	Ref        fact.Ref
	Kind, Name string
	Node       *decode.Node
	At         func(*decode.Node) fact.Location
}

// Resource reads a custom resource of Grafana's operators, of its own API and of
// Grizzly. One that takes its dashboard from elsewhere leaves a hole.
func Resource(o Object) (fact.Set, []fact.Problem) {
	spec := decode.Follow(decode.Child(o.Node, "spec"))
	name := o.Kind + " " + o.Name
	for _, key := range []string{"json", "configJson", "definition"} { // the operators', Crossplane's, Deckhouse's
		text := decode.Child(spec, key)
		if text == nil {
			text = decode.Dig(spec, "forProvider", key)
		}
		if decode.IsMapping(decode.Follow(text)) {
			return node(text, "", o.At, o.Ref, name).set()
		}
		if decode.Text(text) != "" {
			return o.text(text, []byte(decode.Text(text)), name)
		}
	}
	if packed := decode.Child(spec, "gzipJson"); decode.Text(packed) != "" {
		data, err := unpack(decode.Text(packed))
		if err != nil {
			var out Found
			out.lost(o.At(packed), fmt.Sprintf("gzipJson of %s cannot be unpacked: %v", name, err), "; it is gzip in base64")
			return out.set()
		}
		return o.text(nil, data, name)
	}
	var out Found
	for _, way := range []struct{ key, says string }{
		{"url", "is fetched from an address"}, {"grafanaCom", "is taken from grafana.com"}, {"configMapRef", "stands in a ConfigMap"}, {"gzipConfigMapRef", "stands packed in a ConfigMap"},
		{"jsonnet", "is made by Jsonnet"}, {"jsonnetLib", "is made by Jsonnet"}, {"environmentJsonnet", "is made by Jsonnet"}, {"oci", "is taken from a registry"},
	} {
		n := decode.Child(spec, way.key)
		if decode.IsNull(n) {
			continue
		}
		if way.key == "configMapRef" {
			return out.set() // read where that is found
		}
		out.hole(o.At(n), fmt.Sprintf("the dashboard of %s %s, and was not read", name, way.says))
		return out.set()
	}
	if found := node(o.Node, "", o.At, o.Ref, name); found.Mine {
		return found.set()
	}
	out.hole(o.At(o.Node), name+" holds no dashboard that was understood")
	return out.set()
}

// text reads a dashboard within a field. The lines of a literal block are those of
// the manifest; for everything else the field's own place stands for all.
func (o Object) text(field *decode.Node, data []byte, name string) (fact.Set, []fact.Problem) {
	start := o.At(o.Node)
	if field != nil {
		start = o.At(field)
	}
	doc := decode.Document{File: start.File, Line: 1, Data: data, Lines: func(line int) int {
		if decode.IsLiteral(field) {
			return o.At(&decode.Node{Line: field.Line + line}).Line
		}
		return start.Line
	}}
	if found := File(doc, o.Ref, name, true); found.Mine {
		return found.set()
	}
	var out Found
	if _, err := decode.Skim(doc, dashboards.Keep); err != nil {
		out.lost(start, fmt.Sprintf("the dashboard of %s is no valid JSON: %v", name, err), "; mend it, or export it anew")
		return out.set()
	}
	out.hole(start, "the dashboard of "+name+" was not understood")
	return out.set()
}

func unpack(text string) ([]byte, error) {
	data, err := base64.StdEncoding.DecodeString(strings.NewReplacer("\n", "", "\r", "", " ", "").Replace(text))
	if err != nil {
		return nil, err
	}
	packed, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(packed, maxUnpacked))
}
