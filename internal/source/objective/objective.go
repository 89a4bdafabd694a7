// Package objective reads service level objectives as OpenSLO, Sloth, Pyrra and
// Nobl9 write them, in files of their own and in objects of Kubernetes. What refers
// to something by name is joined later (internal/derive/objectives), for it may
// stand in another file.
package objective

import (
	"bytes"
	"fmt"
	"strings"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/slo"
)

// maxObjectives bounds how many objectives of one document are read.
const maxObjectives = 5_000

// Object is an object, or a document of a file, that may hold objectives.
type Object struct {
	// Ref names it, Node is its text, At returns the place of a node.
	Ref  fact.Ref
	Node *decode.Node
	At   func(*decode.Node) fact.Location
}

// Sniff reports cheaply whether a text can be a file of objectives that is no
// object of Kubernetes.
func Sniff(doc decode.Document) bool {
	head := doc.Head()
	switch {
	case foreign(head.APIVersion):
		return true
	case head.APIVersion != "":
		return false
	}
	return bytes.Contains(doc.Data, []byte("openslo")) && bytes.Contains(doc.Data, []byte("apiVersion")) ||
		bytes.Contains(doc.Data, []byte("prometheus/v1")) && bytes.Contains(doc.Data, []byte("slos")) && bytes.Contains(doc.Data, []byte("version"))
}

// foreign reports whether objects of that version look like Kubernetes' and are
// none.
func foreign(apiVersion string) bool {
	group, _, _ := strings.Cut(apiVersion, "/")
	return group == "openslo" || group == "openslo.com" || group == "n9"
}

// Read reads a document of a file; ok is false where it is of another kind.
func Read(rel string, doc decode.Document) (facts fact.Set, problems []fact.Problem, ok bool) {
	root, problem := doc.Parse()
	if problem != nil {
		if !foreign(doc.Head().APIVersion) {
			return facts, nil, false
		}
		facts.Coverage.Holes = []fact.Hole{{Kinds: []fact.Kind{fact.Objectives}, Location: problem.Location, Why: "objectives could not be read"}}
		return facts, []fact.Problem{*problem}, true
	}
	r := &reader{at: doc.At}
	defer func() {
		if p := recover(); p != nil {
			facts.Coverage.Holes = append(facts.Coverage.Holes, fact.Hole{Kinds: []fact.Kind{fact.Objectives}, Location: doc.At(root), Why: "objectives could not be read"})
			problems, ok = append(problems, fact.Problem{Location: doc.At(root), Message: fmt.Sprintf("cannot be read: %v", p)}), true
		}
	}()
	for i, item := range items(root) {
		item = decode.Follow(item)
		if i >= maxObjectives || !decode.IsMapping(item) {
			continue
		}
		version := decode.Text(decode.Child(item, "apiVersion"))
		switch {
		case foreign(version):
			kind, name := decode.Text(decode.Child(item, "kind")), decode.Text(decode.Dig(item, "metadata", "name"))
			r.ref = fact.Ref{Subject: kind + " " + name, Location: doc.At(item)}
			r.openSLO(version, kind, item)
			ok = true
		case isSloth(item):
			r.ref = fact.Ref{Subject: "sloth/" + decode.Text(decode.Child(item, "service")) + " " + rel, Location: doc.At(item)}
			r.sloth(item)
			ok = true
		}
	}
	return r.out, r.problems, ok
}

// items returns the objects of a document, which may be a list of them.
func items(root *decode.Node) []*decode.Node {
	if decode.IsMapping(root) {
		return []*decode.Node{root}
	}
	return decode.Items(root)
}

// reader reads one document.
type reader struct {
	ref      fact.Ref
	at       func(*decode.Node) fact.Location
	out      fact.Set
	problems []fact.Problem
}

// refuse reports what whoever uses the objective would refuse, and leaves a hole.
func (r *reader) refuse(n *decode.Node, format string, args ...any) {
	at := r.at(n)
	if at.Line == 0 {
		at = r.ref.Location
	}
	message := fmt.Sprintf(format, args...)
	r.problems = append(r.problems, fact.Problem{Location: at, Message: message})
	r.out.Coverage.Holes = append(r.out.Coverage.Holes, fact.Hole{Kinds: []fact.Kind{fact.Objectives}, Location: at, Why: message})
}

// part names a part of what is read, at its place.
func (r *reader) part(n *decode.Node, name string) fact.Ref {
	out := r.ref.Within(name)
	if n != nil && n.Line > 0 {
		out = out.At(r.at(n))
	}
	return out
}

// percent reads a target that is written in percent; empty where there is none or
// none that can be read.
func (r *reader) percent(n *decode.Node, what string) string {
	return r.target(n, what, slo.ParsePercent, "a number of percent from 0 to 100, such as 99.9")
}

// share reads a target that is written as a share.
func (r *reader) share(n *decode.Node, what string) string {
	return r.target(n, what, slo.ParseShare, "a share from 0 to 1, such as 0.999")
}

func (r *reader) target(n *decode.Node, what string, parse func(string) (slo.Target, error), wanted string) string {
	text := decode.Text(n)
	if n == nil || decode.IsNull(n) || blank(text) {
		return ""
	}
	t, err := parse(text)
	if err != nil {
		r.refuse(n, "%s is %q, which is not %s", what, text, wanted)
		return ""
	}
	return strings.TrimSuffix(t.String(), " %")
}

// blank reports whether a value is filled in by a template before anybody reads it.
func blank(text string) bool { return strings.Contains(text, "{{") || strings.Contains(text, "${") }

// promQL lists the sources that are asked in PromQL, by their names in lower case
// without marks.
var promQL = []string{"prometheus", "promql", "thanos", "mimir", "cortex", "victoriametrics", "grafanamimir", "grafanacloud", "amazonprometheus", "azureprometheus", "googleprometheus", "gmp", "amp", "googlemanagedprometheus", "amazonmanagedprometheus", "azuremonitormanagedprometheus"}

// languageOf returns the language in which a source is asked; empty for no source.
func languageOf(source string) string {
	plain := strings.Map(func(c rune) rune {
		if strings.ContainsRune("-_ ./", c) {
			return -1
		}
		return c
	}, strings.ToLower(source))
	for _, name := range promQL {
		if plain == name {
			return "promql"
		}
	}
	return plain
}
