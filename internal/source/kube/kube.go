// Package kube turns Kubernetes objects, however they came to be text, into
// facts. It reads nothing itself: files, charts and overlays hand it documents.
package kube

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/derive/podsecurity"
	"seaworthy.dev/seaworthy/internal/fact"
)

// Fragment is what a few documents yield, before it is known what is deployed
// together with them.
type Fragment struct {
	// Facts carries no bundle yet. Its coverage has a hole for each object
	// that could not be read.
	Facts    fact.Set
	Problems []fact.Problem
	// Releases lists the charts that the documents have installed.
	Releases []Release
}

// Reader extracts facts from documents.
type Reader struct {
	version fact.Version
	digests bool
	raw     bool

	kinds  map[string]kind
	pods   podsecurity.Evaluator
	guests Guests
}

// New returns a reader that judges for a Kubernetes version. With digests,
// each object gets the digest by which copies of it are recognised; without,
// all digests are 0.
func New(version fact.Version, digests bool) Reader {
	return Reader{version: version, digests: digests, kinds: allKinds(), pods: podsecurity.New(version)}
}

// Read adds the facts of one document to the fragment. Whatever cannot be read
// becomes a problem and a hole in the coverage; nothing is lost silently.
func (r Reader) Read(doc decode.Document, into *Fragment) {
	if bytes.Contains(doc.Data, []byte(crd)) {
		// Definitions are recognised by their header: they make up most bytes
		// of many repositories, and no expectation looks inside them.
		if head := doc.Head(); isCRD(head) {
			into.addObject(&object{doc: &doc, header: head}, 0)
			return
		}
	}
	root, problem := doc.Parse()
	if problem != nil {
		head := doc.Head()
		into.Problems = append(into.Problems, *problem)
		if head.Kind != "" || decode.MayHoldObject(doc.Data) {
			into.hole(r.yields(head.APIVersion, head.Kind), problem.Location, subject(head)+" could not be read")
		}
		return
	}
	if root == nil || !decode.IsMapping(root) {
		return
	}
	r.object(&doc, root, into)
}

const crd = "CustomResourceDefinition"

func isCRD(h decode.Header) bool {
	return h.Kind == crd && strings.HasPrefix(h.APIVersion, "apiextensions.k8s.io/")
}

func (r Reader) object(doc *decode.Document, node *decode.Node, into *Fragment) {
	api, kind := decode.Child(node, "apiVersion"), decode.Child(node, "kind")
	if api == nil || kind == nil {
		r.incomplete(doc, node, into)
		return
	}
	o := &object{reader: r, doc: doc, node: node}
	o.header = decode.Header{APIVersion: decode.Text(api), Kind: decode.Text(kind)}
	if o.header.APIVersion == "" || o.header.Kind == "" {
		if decode.Shape(api) != "a mapping" && decode.Shape(kind) != "a mapping" {
			into.problem(doc.At(kind), "apiVersion and kind must be strings; they are %s and %s", decode.Shape(api), decode.Shape(kind))
			into.hole(nil, doc.At(kind), "an object without a kind could not be read")
		}
		return
	}
	if !isAPIVersion(o.header.APIVersion) {
		return // some other tool's file that happens to use the same two words
	}
	if strings.HasSuffix(o.header.Kind, "List") && decode.Child(node, "items") != nil {
		r.list(doc, node, o, into)
		return
	}
	if isClientSide(o.header) {
		return
	}
	if _, ours := r.kinds[o.group()+"/"+o.header.Kind]; !ours && decode.Child(node, "metadata") == nil {
		return // no object: settings of a program, or what an API server answers
	}
	if !o.readMeta(into) {
		return
	}
	digest := uint64(0)
	if r.digests {
		digest = contentDigest(node)
	}
	into.addObject(o, digest)
	known, found := r.kinds[o.group()+"/"+o.header.Kind]
	if !found {
		return
	}
	before := len(into.Facts.Coverage.Holes)
	known.extract(r, o, into)
	if o.broken && len(into.Facts.Coverage.Holes) == before {
		into.hole(o.yields(), o.at(node), o.subject()+" could not be read whole")
	}
}

// incomplete handles a mapping that lacks apiVersion or kind: it is an object
// only if the rest looks like one.
func (r Reader) incomplete(doc *decode.Document, node *decode.Node, into *Fragment) {
	has := func(key string) bool { return decode.Child(node, key) != nil }
	switch {
	case has("kind") && has("metadata") && has("spec") && !has("apiVersion"):
		into.problem(doc.At(node), "has a kind, metadata and a spec but no apiVersion, so Kubernetes refuses it; add the apiVersion")
		into.hole(r.yields("", decode.Text(decode.Child(node, "kind"))), doc.At(node), "an object without apiVersion could not be read")
	case has("apiVersion") && has("metadata") && has("spec") && !has("kind"):
		into.problem(doc.At(node), "has an apiVersion, metadata and a spec but no kind, so Kubernetes refuses it; add the kind")
		into.hole(nil, doc.At(node), "an object without kind could not be read")
	}
}

// list reads a List or a typed list, whose items may leave their kind out.
func (r Reader) list(doc *decode.Document, node *decode.Node, list *object, into *Fragment) {
	items := decode.Child(node, "items")
	if decode.Shape(items) != "a list" {
		if !decode.IsNull(items) {
			into.problem(doc.At(items), "items is %s but must be a list", decode.Shape(items))
			into.hole(nil, doc.At(items), "a list of objects could not be read")
		}
		return
	}
	for i, item := range decode.Items(items) {
		item = decode.Follow(item)
		if !decode.IsMapping(item) {
			into.problem(doc.At(item), "items[%d] is %s but must be an object", i, decode.Shape(item))
			into.hole(nil, doc.At(item), "an item of a list could not be read")
			continue
		}
		typed := strings.TrimSuffix(list.header.Kind, "List")
		if typed != "" && decode.Child(item, "kind") == nil && decode.Child(item, "apiVersion") == nil {
			item = withType(item, list.header.APIVersion, typed)
		}
		r.object(doc, item, into)
	}
}

// problem reports a place once: metadata, for instance, is read on its own and
// again as a part of its object.
func (f *Fragment) problem(at fact.Location, format string, args ...any) {
	for _, known := range f.Problems {
		if known.Location == at && at.Line > 0 {
			return
		}
	}
	f.Problems = append(f.Problems, fact.Problem{Location: at, Message: fmt.Sprintf(format, args...)})
}

// hole records that facts of these kinds may be missing; nil means any kind.
func (f *Fragment) hole(kinds []fact.Kind, at fact.Location, why string) {
	f.Facts.Coverage.Holes = append(f.Facts.Coverage.Holes, fact.Hole{Kinds: kinds, Why: why, Location: at})
}

// Yields returns the kinds of facts that objects of that version and kind hold;
// nothing if no expectation looks at them.
func (r Reader) Yields(apiVersion, kind string) []fact.Kind {
	group, _, found := strings.Cut(apiVersion, "/")
	if !found {
		group = ""
	}
	return r.kinds[group+"/"+kind].yields
}

// yields returns the kinds of facts that an object may hold, as far as its
// header tells: nil, meaning any, where it tells nothing.
func (r Reader) yields(apiVersion, name string) []fact.Kind {
	if name == "" || name == "List" {
		return nil
	}
	out := []fact.Kind{fact.Objects}
	group, _, found := strings.Cut(apiVersion, "/")
	if !found {
		group = ""
	}
	if apiVersion != "" {
		out = append(out, r.kinds[group+"/"+name].yields...)
	} else {
		for known, k := range r.kinds {
			if strings.HasSuffix(known, "/"+name) {
				out = append(out, k.yields...)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func subject(h decode.Header) string {
	if h.Kind == "" {
		return "an object"
	}
	return strings.TrimSpace(h.Kind + " " + h.Name)
}
