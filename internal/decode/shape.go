package decode

import (
	"reflect"
	"sort"
	"strings"
	"sync"
)

// shape is what the decoder needs to know of a type, worked out once.
type shape struct {
	custom bool
	fields map[string][]int
	names  []string
}

var shapes sync.Map // reflect.Type -> *shape: a cache of pure values

func shapeOf(t reflect.Type) *shape {
	if known, found := shapes.Load(t); found {
		return known.(*shape)
	}
	s := &shape{}
	pointer := reflect.PointerTo(t)
	switch {
	case pointer.Implements(unmarshalerType), pointer.Implements(textType):
		s.custom = true
	case t.Kind() == reflect.Struct:
		s.fields = map[string][]int{}
		collect(t, nil, s.fields)
		for name := range s.fields {
			s.names = append(s.names, name)
		}
		sort.Strings(s.names)
	}
	known, _ := shapes.LoadOrStore(t, s)
	return known.(*shape)
}

func collect(t reflect.Type, prefix []int, fields map[string][]int) {
	for i := range t.NumField() {
		f := t.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		index := append(append([]int(nil), prefix...), i)
		if name == "-" {
			continue
		}
		if f.Anonymous && (name == "" || strings.Contains(options, "inline")) && f.Type.Kind() == reflect.Struct {
			collect(f.Type, index, fields)
			continue
		}
		if f.IsExported() && name != "" {
			fields[name] = index
		}
	}
}

// near returns "; did you mean ...?" where a field has almost that name.
func (s *shape) near(key string) string {
	best, distance := "", 3
	for _, name := range s.names {
		if d := Distance(strings.ToLower(key), strings.ToLower(name)); d < distance {
			best, distance = name, d
		}
	}
	if best == "" {
		return ""
	}
	return "; did you mean " + best + "?"
}

// Distance returns how many letters must change to turn a into b (Levenshtein).
func Distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}
