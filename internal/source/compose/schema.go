package compose

import (
	"encoding/json"
	"strings"
	"sync"

	"github.com/compose-spec/compose-go/v2/schema"

	"seaworthy.dev/seaworthy/internal/decode"
)

// spec is the part of the compose specification's JSON schema that says which
// keys there are.
type spec struct {
	Ref                  string           `json:"$ref"`
	Properties           map[string]*spec `json:"properties"`
	PatternProperties    map[string]*spec `json:"patternProperties"`
	AdditionalProperties json.RawMessage  `json:"additionalProperties"`
	Items                *spec            `json:"items"`
	OneOf                []*spec          `json:"oneOf"`
	AnyOf                []*spec          `json:"anyOf"`
	Defs                 map[string]*spec `json:"$defs"`
	Definitions          map[string]*spec `json:"definitions"`
}

// specification reads the schema once: a cache of a pure value.
var specification = sync.OnceValue(func() *spec {
	root := new(spec)
	if err := json.Unmarshal([]byte(schema.Schema), root); err != nil {
		return new(spec) // then no key is called unknown
	}
	return root
})

// resolve follows a reference within the schema.
func (s *spec) resolve(root *spec) *spec {
	for range 20 {
		if s == nil || s.Ref == "" {
			break
		}
		name := s.Ref[strings.LastIndexByte(s.Ref, '/')+1:]
		if next := root.Defs[name]; next != nil {
			s = next
			continue
		}
		s = root.Definitions[name]
	}
	return s
}

// shaped returns those alternatives of a schema that describe mappings with
// keys of their own, or lists.
func (s *spec) shaped(root *spec, depth int) []*spec {
	if s = s.resolve(root); s == nil || depth > 8 {
		return nil
	}
	var out []*spec
	if len(s.Properties) > 0 || len(s.PatternProperties) > 0 || s.Items != nil {
		out = append(out, s)
	}
	for _, list := range [][]*spec{s.OneOf, s.AnyOf} {
		for _, one := range list {
			out = append(out, one.shaped(root, depth+1)...)
		}
	}
	return out
}

// stranger is a key that the specification does not have.
type stranger struct {
	key  *decode.Node
	path []string
	near string
}

// strangers lists the keys of a document that the specification does not have,
// each with the nearest one that it has.
func strangers(n *decode.Node) []stranger {
	var out []stranger
	root := specification()
	walkKeys(n, root.shaped(root, 0), root, nil, &out, 0)
	return out
}

func walkKeys(n *decode.Node, specs []*spec, root *spec, path []string, out *[]stranger, depth int) {
	if len(specs) == 0 || depth > 30 || len(*out) > 50 {
		return
	}
	for _, item := range decode.Items(n) {
		for _, s := range specs {
			if s.Items != nil {
				walkKeys(item, s.Items.shaped(root, 0), root, append(path, "[]"), out, depth+1)
			}
		}
	}
	for _, key := range decode.Keys(n) {
		name := key.Value
		if strings.HasPrefix(name, "x-") || depth == 0 && name == "version" {
			continue
		}
		var below []*spec
		known := false
		for _, s := range specs {
			next, found := s.child(name)
			known = known || found
			below = append(below, next.shaped(root, 0)...)
		}
		below = dedupe(below)
		here := append(append([]string(nil), path...), name)
		if !known {
			*out = append(*out, stranger{key, here, nearest(name, specs)})
			continue
		}
		walkKeys(decode.Child(n, name), below, root, here, out, depth+1)
	}
}

// child returns the schema of a key's value, and whether such a key may stand
// there at all.
func (s *spec) child(name string) (*spec, bool) {
	if next, found := s.Properties[name]; found {
		return next, true
	}
	for pattern, next := range s.PatternProperties {
		if pattern != "^x-" {
			return next, true // names that users choose
		}
	}
	if text := string(s.AdditionalProperties); text != "false" {
		if text == "" && len(s.Properties) == 0 {
			return nil, s.Items == nil
		}
		next := new(spec)
		if json.Unmarshal(s.AdditionalProperties, next) == nil {
			return next, true
		}
		return nil, true
	}
	return nil, false
}

func dedupe(list []*spec) []*spec {
	seen := map[*spec]bool{}
	out := list[:0]
	for _, s := range list {
		if !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	return out
}

func nearest(name string, specs []*spec) string {
	best, distance := "", 3
	for _, s := range specs {
		for key := range s.Properties {
			d := decode.Distance(strings.ToLower(name), key)
			if d < distance || d == distance && best != "" && key < best {
				best, distance = key, d
			}
		}
	}
	return best
}
