package decode

import (
	"encoding"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"reflect"
	"strings"
	"unicode/utf8"

	yaml "go.yaml.in/yaml/v3"
)

// maxDepth bounds how deep values nest, and maxNodes how many values one
// document may stand for once its aliases are followed. The API server's own
// types nest less than 40 deep; etcd's 1.5 MiB hold fewer values than that.
const (
	maxDepth = 200
	maxNodes = 500_000
)

// Mismatch is a place where a document does not fit its type.
type Mismatch struct {
	Node    *Node
	Message string
	// Kind tells how bad it is.
	Kind MismatchKind
}

// MismatchKind is the kind of a mismatch.
type MismatchKind int

// The kinds of mismatches.
const (
	// WrongType: Kubernetes would refuse the object.
	WrongType MismatchKind = iota
	// DuplicateKey: the last value counts for some readers, none for others.
	DuplicateKey
	// UnknownField: the value has no effect.
	UnknownField
)

// Into fills a Go value from a node by its json tags and returns what does not
// fit. With strict, fields that the type lacks are reported; types that model
// only a part of an object are read without it. The value is filled as far as
// possible whatever is reported.
func Into(n *Node, into any, strict bool) []Mismatch {
	d := decoder{strict: strict, budget: maxNodes}
	d.value(n, reflect.ValueOf(into).Elem(), 0)
	return d.mismatches
}

type decoder struct {
	strict     bool
	budget     int
	exhausted  bool
	mismatches []Mismatch
	path       path
}

func (d *decoder) report(n *Node, kind MismatchKind, format string, args ...any) {
	if len(d.mismatches) < 100 {
		d.mismatches = append(d.mismatches, Mismatch{Node: n, Kind: kind, Message: fmt.Sprintf(format, args...)})
	}
}

var (
	unmarshalerType = reflect.TypeFor[json.Unmarshaler]()
	textType        = reflect.TypeFor[encoding.TextUnmarshaler]()
	bytesType       = reflect.TypeFor[[]byte]()
	textsType       = reflect.TypeFor[map[string]string]()
)

func (d *decoder) spend(n *Node, depth int) bool {
	d.budget--
	if d.exhausted {
		return false
	}
	if d.budget < 0 {
		d.exhausted = true
		d.report(n, WrongType, "it stands for more than %d values once its aliases are followed; split it, or write fewer", maxNodes)
		return false
	}
	if depth > maxDepth {
		d.exhausted = true
		d.report(n, WrongType, "values nest more than %d deep", maxDepth)
		return false
	}
	return true
}

func (d *decoder) value(n *Node, v reflect.Value, depth int) {
	n = Follow(n)
	if n == nil || !d.spend(n, depth) {
		return
	}
	t := v.Type()
	if n.Kind == yaml.ScalarNode && Resolve(n).Kind == NullScalar {
		return // null leaves the zero value, as the API server does
	}
	if t.Kind() == reflect.Pointer {
		if v.IsNil() {
			v.Set(reflect.New(t.Elem()))
		}
		d.value(n, v.Elem(), depth)
		return
	}
	// Types without a package, such as string, have no methods.
	var shape *shape
	if t.PkgPath() != "" || t.Kind() == reflect.Struct {
		if shape = shapeOf(t); shape.custom {
			d.custom(n, v)
			return
		}
	}
	switch t.Kind() {
	case reflect.Struct:
		d.object(n, v, shape, depth)
	case reflect.Map:
		d.mapping(n, v, depth)
	case reflect.Slice:
		if t == bytesType {
			d.bytes(n, v)
			return
		}
		d.list(n, v, depth)
	case reflect.Interface:
		if plain := d.plain(n, depth); plain != nil {
			v.Set(reflect.ValueOf(plain))
		}
	default:
		d.scalar(n, v)
	}
}

func (d *decoder) wrong(n *Node, want string) {
	if n.Kind == yaml.ScalarNode {
		s := Resolve(n)
		switch {
		case want == "a string" && s.Kind == BoolScalar && n.Value != "true" && n.Value != "false":
			d.report(n, WrongType, "%s is the boolean %v: YAML 1.1 reads `%s` so; put it in quotes", d.path, s.Bool, n.Value)
		case want == "a string" && s.Kind != StringScalar:
			d.report(n, WrongType, "%s is %s but must be a string; put it in quotes", d.path, s.Kind)
		default:
			d.report(n, WrongType, "%s is %s but must be %s", d.path, s.Kind, want)
		}
		return
	}
	d.report(n, WrongType, "%s is %s but must be %s", d.path, Shape(n), want)
}

// Shape names what a node is: "a mapping", "a list", "a string".
func Shape(n *Node) string {
	n = Follow(n)
	switch {
	case n == nil:
		return "nothing"
	case n.Kind == yaml.MappingNode:
		return "a mapping"
	case n.Kind == yaml.SequenceNode:
		return "a list"
	}
	return Resolve(n).Kind.String()
}

func (d *decoder) object(n *Node, v reflect.Value, shape *shape, depth int) {
	if n.Kind != yaml.MappingNode {
		d.wrong(n, "a mapping")
		return
	}
	d.entries(n, depth, func(key, value *Node) {
		field, found := shape.fields[key.Value]
		if !found {
			if d.strict {
				d.report(key, UnknownField, "%s is no field of %s%s", d.path, typeName(v.Type()), shape.near(key.Value))
			}
			return
		}
		d.value(value, v.FieldByIndex(field), depth+1)
	})
}

// entries calls visit for each entry of a mapping, merged ones first so that
// the mapping's own win.
func (d *decoder) entries(n *Node, depth int, visit func(key, value *Node)) {
	var seen map[string]*Node
	if len(n.Content) > 16 {
		seen = make(map[string]*Node, len(n.Content)/2)
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if key := n.Content[i]; isMerge(key) {
			d.merge(Follow(n.Content[i+1]), depth+1, visit)
		}
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := Follow(n.Content[i]), n.Content[i+1]
		if key == nil || isMerge(key) {
			continue
		}
		if key.Kind != yaml.ScalarNode {
			d.report(key, WrongType, "a key of %s is %s but must be a string", d.path, Shape(key))
			continue
		}
		d.path = append(d.path, step{key: key.Value, index: -1})
		if twice(seen, n, i, key) {
			d.report(key, DuplicateKey, "%s stands twice; Kubernetes takes the last one or refuses both", d.path)
		}
		visit(key, value)
		d.path = d.path[:len(d.path)-1]
	}
}

func twice(seen map[string]*Node, n *Node, i int, key *Node) bool {
	if seen != nil {
		_, found := seen[key.Value]
		seen[key.Value] = key
		return found
	}
	for j := 0; j < i; j += 2 {
		if n.Content[j].Value == key.Value && n.Content[j].Kind == yaml.ScalarNode {
			return true
		}
	}
	return false
}

func (d *decoder) merge(n *Node, depth int, visit func(key, value *Node)) {
	if n == nil || !d.spend(n, depth) {
		return
	}
	switch n.Kind {
	case yaml.MappingNode:
		d.entries(n, depth, visit)
	case yaml.SequenceNode:
		for i := len(n.Content) - 1; i >= 0; i-- {
			d.merge(Follow(n.Content[i]), depth+1, visit)
		}
	default:
		d.report(n, WrongType, "what is merged into %s is %s but must be a mapping", d.path, Shape(n))
	}
}

func (d *decoder) mapping(n *Node, v reflect.Value, depth int) {
	if n.Kind != yaml.MappingNode {
		d.wrong(n, "a mapping")
		return
	}
	t := v.Type()
	if v.IsNil() {
		v.Set(reflect.MakeMapWithSize(t, len(n.Content)/2))
	}
	if t == textsType { // labels and annotations: most maps, by far
		texts, text := v.Interface().(map[string]string), ""
		elem := reflect.ValueOf(&text).Elem()
		d.entries(n, depth, func(key, value *Node) {
			before := len(d.mismatches)
			text = ""
			if d.value(value, elem, depth+1); len(d.mismatches) == before {
				texts[key.Value] = text
			}
		})
		return
	}
	d.entries(n, depth, func(key, value *Node) {
		elem := reflect.New(t.Elem()).Elem()
		before := len(d.mismatches)
		d.value(value, elem, depth+1)
		if len(d.mismatches) == before || elem.Kind() != reflect.String {
			v.SetMapIndex(reflect.ValueOf(key.Value).Convert(t.Key()), elem)
		}
	})
}

func (d *decoder) list(n *Node, v reflect.Value, depth int) {
	if n.Kind != yaml.SequenceNode {
		d.wrong(n, "a list")
		return
	}
	// Large elements count for several values: aliases can ask for many of
	// them with few letters.
	if d.budget -= len(n.Content) * int(v.Type().Elem().Size()/128); d.budget < len(n.Content) {
		d.budget = 0
		d.spend(n, depth)
		return
	}
	out := reflect.MakeSlice(v.Type(), len(n.Content), len(n.Content))
	for i, item := range n.Content {
		d.path = append(d.path, step{index: i})
		d.value(item, out.Index(i), depth+1)
		d.path = d.path[:len(d.path)-1]
	}
	v.Set(out)
}

func (d *decoder) bytes(n *Node, v reflect.Value) {
	if n.Kind != yaml.ScalarNode || Resolve(n).Kind != StringScalar {
		d.wrong(n, "a string")
		return
	}
	text := strings.ReplaceAll(strings.ReplaceAll(n.Value, "\n", ""), "\r", "")
	data, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		d.report(n, WrongType, "%s is not base64", d.path)
		return
	}
	v.SetBytes(data)
}

func (d *decoder) scalar(n *Node, v reflect.Value) {
	want := "a number"
	switch v.Kind() {
	case reflect.String:
		want = "a string"
	case reflect.Bool:
		want = "a boolean"
	}
	if n.Kind != yaml.ScalarNode {
		d.wrong(n, want)
		return
	}
	s := Resolve(n)
	switch v.Kind() {
	case reflect.String:
		if s.Kind == StringScalar {
			v.SetString(n.Value)
			return
		}
	case reflect.Bool:
		if s.Kind == BoolScalar {
			v.SetBool(s.Bool)
			return
		}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		i, whole := s.whole()
		switch {
		case whole && !v.OverflowInt(i):
			v.SetInt(i)
			return
		case s.number():
			d.unfit(n, s)
			return
		}
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		i, whole := s.whole()
		switch {
		case whole && i >= 0 && !v.OverflowUint(uint64(i)):
			v.SetUint(uint64(i))
			return
		case s.number():
			d.unfit(n, s)
			return
		}
	case reflect.Float32, reflect.Float64:
		switch {
		case s.number() && (math.IsInf(s.Float, 0) || math.IsNaN(s.Float) || v.OverflowFloat(s.Float)):
			d.unfit(n, s)
			return
		case s.number():
			v.SetFloat(s.Float)
			return
		}
	}
	d.wrong(n, want)
}

// unfit reports a number that its field cannot hold.
func (d *decoder) unfit(n *Node, s Scalar) {
	if s.Float != math.Trunc(s.Float) && !math.IsNaN(s.Float) {
		d.report(n, WrongType, "%s is %s but must be a whole number", d.path, short(n.Value, 40))
		return
	}
	d.report(n, WrongType, "%s is %s, which is out of range", d.path, short(n.Value, 40))
}

// custom fills types that read themselves from JSON, such as quantities.
func (d *decoder) custom(n *Node, v reflect.Value) {
	data, err := json.Marshal(d.plain(n, 0))
	if n.Kind == yaml.ScalarNode && costly(n.Value) {
		err = errCostly
	}
	if err == nil {
		switch target := v.Addr().Interface().(type) {
		case json.Unmarshaler:
			err = target.UnmarshalJSON(data)
		case encoding.TextUnmarshaler:
			err = target.UnmarshalText([]byte(n.Value))
		}
	}
	if err != nil {
		if n.Kind == yaml.ScalarNode {
			d.report(n, WrongType, "%s is %q, which is no valid %s", d.path, short(n.Value, 40), typeName(v.Type()))
			return
		}
		d.report(n, WrongType, "%s is %s, which is no valid %s", d.path, Shape(n), typeName(v.Type()))
	}
}

var errCostly = errors.New("a number out of all proportion")

// costly reports numbers with more digits than anything has, or an exponent
// that stands for them: quantities are worked out digit by digit, and 1e999999999
// takes for ever. Text that goes on after a number, such as an expression, is none.
func costly(text string) bool {
	rest := strings.TrimLeft(text, "+-.0123456789")
	if mantissa := len(text) - len(rest); mantissa == 0 || mantissa > 100 {
		return mantissa > 100
	}
	if rest == "" || rest[0]|0x20 != 'e' {
		return false
	}
	exponent := strings.TrimLeft(rest[1:], "+-0")
	return len(exponent)-len(strings.TrimLeft(exponent, "0123456789")) > 3
}

// Plain returns the value of a node as encoding/json would: maps, lists and
// scalars, as far as its size allows.
func Plain(n *Node) any {
	d := decoder{budget: maxNodes}
	return d.plain(n, 0)
}

// plain returns the value as encoding/json would: maps, lists and scalars.
func (d *decoder) plain(n *Node, depth int) any {
	n = Follow(n)
	if n == nil || !d.spend(n, depth) {
		return nil
	}
	switch n.Kind {
	case yaml.MappingNode:
		out := make(map[string]any, len(n.Content)/2)
		d.entries(n, depth, func(key, value *Node) {
			out[key.Value] = d.plain(value, depth+1)
		})
		return out
	case yaml.SequenceNode:
		out := make([]any, len(n.Content))
		for i, item := range n.Content {
			out[i] = d.plain(item, depth+1)
		}
		return out
	}
	switch s := Resolve(n); s.Kind {
	case BoolScalar:
		return s.Bool
	case IntScalar:
		return s.Int
	case FloatScalar:
		return s.Float
	case NullScalar:
		return nil
	}
	return n.Value
}

func short(text string, most int) string {
	if len(text) <= most {
		return text
	}
	for most > 0 && !utf8.RuneStart(text[most]) {
		most--
	}
	return text[:most] + "..."
}

func typeName(t reflect.Type) string {
	name := t.Name()
	if name == "" {
		return "this object"
	}
	return name
}
