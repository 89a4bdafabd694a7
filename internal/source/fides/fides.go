// Package fides reads inventories of data in the language of Fides (fideslang):
// datasets with the categories of their fields, systems with what they are for,
// and categories that people add to the taxonomy. Versions 1 to 3 of the language
// are read; what a newer one drops, an older file may still say.
package fides

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
)

// Bounds on what is kept of one document.
const (
	maxFields = 20_000
	maxDepth  = 30
)

// Reading is what one document yields.
type Reading struct {
	Inventories []*fact.Inventory
	// Categories are those that the document adds to the taxonomy.
	Categories []string
	// Used lists every place at which categories are written.
	Used     []Use
	Problems []fact.Problem
	Holes    []fact.Hole
}

// Use is a place at which a category is written.
type Use struct {
	Category string
	At       fact.Location
}

// kinds are the resources of the language, by the keys at the top of a file.
var kinds = regexp.MustCompile(`(?m)^(?:dataset|system|data_category|data_use|data_subject|data_qualifier|policy|organization|registry|evaluation):`)

// Sniff reports whether a document is written for Fides.
func Sniff(data []byte) bool {
	return bytes.Contains(data, []byte("fides_key")) && kinds.Match(data)
}

type reader struct {
	doc    decode.Document
	out    Reading
	fields int
}

// Read reads a document. Whatever is wrong with it is a problem, and a hole where
// an inventory may be missing.
func Read(doc decode.Document) (out Reading) {
	r := &reader{doc: doc}
	defer func() {
		if p := recover(); p != nil {
			r.lost(fact.Location{File: doc.File, Line: doc.Line}, fmt.Sprintf("cannot be read: %v", p))
			out = r.out
		}
	}()
	root, problem := doc.Parse()
	if problem != nil {
		r.lost(problem.Location, problem.Message)
		return r.out
	}
	for _, n := range r.list(root, "data_category") {
		if key := r.key(n, "data_category"); key != "" {
			r.out.Categories = append(r.out.Categories, key)
		}
	}
	for _, n := range r.list(root, "dataset") {
		r.dataset(n)
	}
	for _, n := range r.list(root, "system") {
		r.system(n)
	}
	return r.out
}

func (r *reader) lost(at fact.Location, message string) {
	r.out.Problems = append(r.out.Problems, fact.Problem{Location: at, Message: message})
	r.out.Holes = append(r.out.Holes, fact.Hole{Kinds: []fact.Kind{fact.Inventories}, Location: at, Why: message})
}

// list returns the resources of one kind.
func (r *reader) list(root *decode.Node, kind string) []*decode.Node {
	n := decode.Child(root, kind)
	if decode.IsNull(n) {
		return nil
	}
	if decode.IsMapping(n) {
		return []*decode.Node{n} // one, without the dash
	}
	items := decode.Items(n)
	if items == nil {
		r.lost(r.doc.At(n), fmt.Sprintf("%s is %s but must be a list of resources, each with its `fides_key`", kind, decode.Shape(n)))
	}
	return items
}

// key returns a resource's key; empty, with a problem, where it has none.
func (r *reader) key(n *decode.Node, kind string) string {
	key := decode.Text(decode.Child(n, "fides_key"))
	if key == "" {
		r.lost(r.doc.At(n), fmt.Sprintf("a %s has no `fides_key`, by which others name it", kind))
	}
	return key
}

func (r *reader) dataset(n *decode.Node) {
	key := r.key(n, "dataset")
	if key == "" {
		return
	}
	out := &fact.Inventory{
		Ref:   fact.Ref{Subject: "dataset " + key, Location: r.doc.At(n)},
		Store: key, Title: decode.Text(decode.Child(n, "name")),
	}
	r.categories(out, n, "")
	if c := decode.Child(n, "collections"); decode.IsNull(c) {
		r.lost(r.doc.At(n), fmt.Sprintf("the dataset %s has no `collections`; list its tables with their fields", key))
	}
	for _, c := range decode.Items(decode.Child(n, "collections")) {
		name := decode.Text(decode.Child(c, "name"))
		r.categories(out, c, name)
		r.nested(out, decode.Child(c, "fields"), name, 0)
	}
	r.transfers(out, n)
	r.out.Inventories = append(r.out.Inventories, out)
}

// nested reads fields and those within them.
func (r *reader) nested(out *fact.Inventory, fields *decode.Node, above string, depth int) {
	if depth > maxDepth {
		r.lost(r.doc.At(fields), fmt.Sprintf("the fields of %s nest more than %d deep; those below are not read", above, maxDepth))
		return
	}
	for _, f := range decode.Items(fields) {
		if r.fields++; r.fields > maxFields {
			if r.fields == maxFields+1 {
				r.lost(r.doc.At(f), fmt.Sprintf("the file describes more than %d fields; split it", maxFields))
			}
			return
		}
		name := decode.Text(decode.Child(f, "name"))
		if above != "" {
			name = above + "." + name
		}
		r.categories(out, f, name)
		r.nested(out, decode.Child(f, "fields"), name, depth+1)
	}
}

// categories reads the categories that are written at a resource or a part of it.
func (r *reader) categories(out *fact.Inventory, n *decode.Node, name string) {
	list := decode.Child(n, "data_categories")
	items := decode.Items(list)
	if items == nil && !decode.IsNull(list) && decode.Text(list) != "" {
		items = []*decode.Node{list}
	}
	if len(items) == 0 {
		return
	}
	// Before version 3, a qualifier says how far data leads back to a person: what is
	// counted together or made anonymous does not.
	qualifier := decode.Text(decode.Child(n, "data_qualifier"))
	anonymous := qualifier == "aggregated" || qualifier == "aggregated.anonymized"
	field := fact.DataField{Name: name, At: r.doc.At(list)}
	for _, item := range items {
		c := decode.Text(item)
		if c == "" {
			continue
		}
		field.Categories = append(field.Categories, c)
		r.out.Used = append(r.out.Used, Use{c, r.doc.At(item)})
		if out != nil && !anonymous && !slices.Contains(out.Categories, c) {
			out.Categories = append(out.Categories, c)
		}
	}
	if out != nil && len(field.Categories) > 0 {
		out.Fields = append(out.Fields, field)
	}
}

// transfers reads the countries to which data goes. Version 3 has no such list.
func (r *reader) transfers(out *fact.Inventory, n *decode.Node) {
	for _, c := range decode.Items(decode.Child(n, "third_country_transfers")) {
		if text := decode.Text(c); text != "" {
			out.Transfers = append(out.Transfers, fact.Place{Name: text, At: r.doc.At(c)})
		}
	}
}

// system reads what a system does with data: which of its datasets get which
// categories, and to which countries it sends them.
func (r *reader) system(n *decode.Node) {
	key := r.key(n, "system")
	if key == "" {
		return
	}
	out := &fact.Inventory{Ref: fact.Ref{Subject: "system " + key, Location: r.doc.At(n)}, Title: decode.Text(decode.Child(n, "name"))}
	r.transfers(out, n)
	for _, d := range decode.Items(decode.Child(n, "privacy_declarations")) {
		r.categories(out, d, decode.Text(decode.Child(d, "name")))
	}
	for _, direction := range []string{"egress", "ingress"} {
		for _, flow := range decode.Items(decode.Child(n, direction)) {
			var into *fact.Inventory
			if to := decode.Text(decode.Child(flow, "fides_key")); to != "" && decode.Text(decode.Child(flow, "type")) == "dataset" {
				into = &fact.Inventory{Ref: fact.Ref{Subject: "dataset " + to, Location: r.doc.At(flow)}, Store: to}
			}
			r.categories(into, flow, "")
			if into != nil && len(into.Categories) > 0 {
				r.out.Inventories = append(r.out.Inventories, into)
			}
		}
	}
	if len(out.Transfers) > 0 {
		r.out.Inventories = append(r.out.Inventories, out)
	}
}
