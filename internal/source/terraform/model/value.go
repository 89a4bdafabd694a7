// Package model holds infrastructure as code as far as it is known before it is
// applied: resources with their values, whether they were read from HCL or from
// a plan. What is not known stays unknown, with the reason, and is never guessed.
package model

import (
	"encoding/json"
	"slices"
	"sort"
	"strconv"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
)

// Kind tells what is known of a value.
type Kind int

// The kinds of values. Absent is the zero value: nothing was written.
const (
	Absent Kind = iota
	// Unknown: something was written, and only applying tells what it is.
	Unknown
	Null
	Scalar
	List
	Object
)

// Type tells scalars apart: "1" is not 1.
type Type int

// The types of scalars.
const (
	StringType Type = iota
	NumberType
	BoolType
)

// Value is an attribute, a block, or all blocks of one name (a List). The zero
// value is absent; every method may be called on it.
type Value struct {
	Kind Kind
	// Text is a scalar's: strings as they are, numbers in decimal, "true" and
	// "false". Of an unknown string it is the beginning that is known.
	Text string
	// Type of a scalar.
	Type Type
	// Items of a list, or of an unknown one those that are in it for certain.
	Items []Value
	// Fields of an object, or of an unknown one those that are known all the same.
	Fields map[string]Value
	// Refs lists the addresses of the resources that the value is made of, as
	// "aws_iam_role.task" or "module.db.aws_db_instance.this", without index and
	// attribute, also where the value itself is unknown. "module.vpc" stands for
	// a module whose content is not in the tree.
	Refs []string
	// Why says why the value is unknown, as the end of "... is not known, for".
	Why string
	// Failed is true of an unknown value that Terraform could not work out either:
	// an index out of range, an attribute that is not there.
	Failed bool
	// Pieces are those that an unknown text is put together from, the known ones
	// and the unknown ones in their order; empty where it is not put together.
	Pieces []Value
	// Encoded is what the text encodes, where it is written with jsonencode or
	// yamlencode; it may hold unknown parts where the text as a whole is unknown.
	Encoded *Value
	At      fact.Location
}

// Present reports whether something was written, null left out.
func (v Value) Present() bool { return v.Kind != Absent && v.Kind != Null }

// Known reports whether the value itself is known; an absent one is.
func (v Value) Known() bool { return v.Kind != Unknown }

// Get returns what stands below the value at a path of names. A list on the way
// stands for its first item, for a block that may be written once is a list of
// one. What stands below an unknown value is unknown.
func (v Value) Get(path ...string) Value {
	for _, name := range path {
		if v.Kind == List && len(v.Items) > 0 {
			v = v.Items[0]
		}
		field, found := v.Fields[name]
		if v.Kind == Unknown && !found {
			return v.less()
		}
		v = field // the zero value where there is none
	}
	return v
}

// less returns an unknown value without what is known of it.
func (v Value) less() Value {
	v.Text, v.Items, v.Fields, v.Pieces, v.Encoded = "", nil, nil, nil, nil
	return v
}

// Each returns the items of a list, or the value itself where it is a single
// one; nothing where it is absent, null or unknown.
func (v Value) Each() []Value {
	switch v.Kind {
	case List:
		return v.Items
	case Scalar, Object:
		return []Value{v}
	}
	return nil
}

// Names returns the names of an object's fields, sorted.
func (v Value) Names() []string {
	out := make([]string, 0, len(v.Fields))
	for name := range v.Fields {
		out = append(out, name)
	}
	sort.Strings(out)
	return out
}

// String returns a scalar's text; known is false where it is not known. An
// absent value is the empty string, and known.
func (v Value) String() (text string, known bool) {
	if v.Kind == Unknown {
		return "", false
	}
	return v.Text, true
}

// Bool returns a truth value, or what holds where none is written.
func (v Value) Bool(absent bool) (truth, known bool) {
	switch v.Kind {
	case Absent, Null:
		return absent, true
	case Scalar:
		truth, err := strconv.ParseBool(strings.ToLower(v.Text))
		return truth, err == nil
	}
	return false, false
}

// Int returns a whole number, or what holds where none is written.
func (v Value) Int(absent int) (n int, known bool) {
	switch v.Kind {
	case Absent, Null:
		return absent, true
	case Scalar:
		f, err := strconv.ParseFloat(v.Text, 64)
		return int(f), err == nil && f == float64(int(f))
	}
	return 0, false
}

// Strings returns the texts of a list, or of a single scalar; known is false
// where the list or one of its items is not known.
func (v Value) Strings() (texts []string, known bool) {
	known = v.Known()
	for _, item := range v.Each() {
		text, ok := item.String()
		known = known && ok
		if ok {
			texts = append(texts, text)
		}
	}
	return texts, known
}

// RefersTo reports whether the value, or something below it, is made of that
// resource.
func (v Value) RefersTo(address string) bool { return slices.Contains(v.AllRefs(), address) }

// AllRefs returns the addresses of the resources that the value and everything
// below it are made of, each once, sorted.
func (v Value) AllRefs() []string {
	seen := map[string]bool{}
	v.refs(seen)
	out := make([]string, 0, len(seen))
	for address := range seen {
		out = append(out, address)
	}
	sort.Strings(out)
	return out
}

func (v Value) refs(seen map[string]bool) {
	for _, r := range v.Refs {
		seen[r] = true
	}
	for _, item := range v.Items {
		item.refs(seen)
	}
	for _, field := range v.Fields {
		field.refs(seen)
	}
	if v.Encoded != nil {
		v.Encoded.refs(seen)
	}
}

// JSON returns what a text that holds JSON says, with the text's place
// throughout; an unknown value where it cannot be told.
func (v Value) JSON() Value {
	switch {
	case v.Encoded != nil:
		return *v.Encoded
	case v.Kind != Scalar:
		return v
	}
	var plain any
	dec := json.NewDecoder(strings.NewReader(v.Text))
	dec.UseNumber()
	if err := dec.Decode(&plain); err != nil {
		return Value{Kind: Unknown, Why: "it is no valid JSON: " + err.Error(), At: v.At, Refs: v.Refs}
	}
	return Of(plain, v.At)
}

// Of returns a value of what package encoding/json decodes to, all of it at one
// place.
func Of(plain any, at fact.Location) Value {
	out := Value{Kind: Scalar, At: at}
	switch p := plain.(type) {
	case nil:
		out.Kind = Null
	case string:
		out.Text = p
	case bool:
		out.Text, out.Type = strconv.FormatBool(p), BoolType
	case json.Number:
		out.Text, out.Type = p.String(), NumberType
	case float64:
		out.Type = NumberType
		out.Text = strconv.FormatFloat(p, 'f', -1, 64)
	case []any:
		out.Kind = List
		for _, item := range p {
			out.Items = append(out.Items, Of(item, at))
		}
	case map[string]any:
		out.Kind, out.Fields = Object, make(map[string]Value, len(p))
		for name, field := range p {
			out.Fields[name] = Of(field, at)
		}
	}
	return out
}
