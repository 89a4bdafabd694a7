package reading

import (
	"fmt"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
)

// Types says what may be missing where a resource of a type stands that no reader
// reads: nothing, or facts of some kinds. A type that it does not know may hide
// anything, so nothing becomes met beside it.
type Types struct {
	one, families map[string][]fact.Kind
}

// Harmless is the heading of types behind which no fact is missing: they neither
// run anything nor keep data nor guard what is judged, or they are read with
// another resource.
const Harmless = "harmless"

// Anything are the kinds of facts that a resource may hide of which nothing is
// known.
func Anything() []fact.Kind {
	return []fact.Kind{fact.Workloads, fact.Services, fact.Backups, fact.Storage, fact.Policies}
}

// ParseTypes reads a table: a line that begins with a letter and ends with a colon
// names kinds of facts, or says that the types are harmless; the indented lines
// below it list types, and families of types by a name that ends in _* or ::*.
// What is listed more closely counts. The rest of a line behind # is for readers.
func ParseTypes(table string) (Types, error) {
	t := Types{one: map[string][]fact.Kind{}, families: map[string][]fact.Kind{}}
	var kinds []fact.Kind
	headed := false
	for line := range strings.Lines(table) {
		line, _, _ = strings.Cut(line, "#")
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		if line[0] != ' ' && line[0] != '\t' {
			heading, ends := strings.CutSuffix(strings.TrimSpace(line), ":")
			if !ends {
				return t, fmt.Errorf("heading %q does not end with a colon", heading)
			}
			headed, kinds = true, []fact.Kind{}
			if heading == Harmless {
				continue
			}
			for _, word := range strings.Fields(heading) {
				if !slices.Contains(fact.Kinds(), fact.Kind(word)) {
					return t, fmt.Errorf("%q is no kind of fact", word)
				}
				kinds = append(kinds, fact.Kind(word))
			}
			continue
		}
		if !headed {
			return t, fmt.Errorf("%q stands under no heading", words[0])
		}
		for _, word := range words {
			list, name := t.one, word
			if family, is := strings.CutSuffix(word, "*"); is {
				if !strings.HasSuffix(family, "_") && !strings.HasSuffix(family, "::") {
					return t, fmt.Errorf("family %q does not end with a whole word", word)
				}
				list, name = t.families, family
			}
			if _, twice := list[name]; twice {
				return t, fmt.Errorf("%q stands twice", word)
			}
			list[name] = kinds
		}
	}
	return t, nil
}

// Of returns the kinds of facts that a type may hide, none where it is harmless;
// known is false for a type that the table does not list.
func (t Types) Of(kind string) (kinds []fact.Kind, known bool) {
	if kinds, known = t.one[kind]; known {
		return kinds, true
	}
	for end := len(kind); end > 0; end-- {
		if c := kind[end-1]; c != '_' && c != ':' {
			continue
		}
		if kinds, known = t.families[kind[:end]]; known {
			return kinds, true
		}
	}
	return nil, false
}

// Knows reports whether any type that begins with the prefix is listed.
func (t Types) Knows(prefix string) bool {
	for _, list := range []map[string][]fact.Kind{t.one, t.families} {
		for name := range list {
			if strings.HasPrefix(name, prefix) {
				return true
			}
		}
	}
	return false
}

// Lists reports whether a type is listed by its own name.
func (t Types) Lists(kind string) bool {
	_, listed := t.one[kind]
	return listed
}

// Reads reports whether a type was read so far.
func (r *Reader) Reads(kind string) bool { return r.read[kind] }

// Rest leaves a hole for each type that begins with the prefix, was not read, and
// is not harmless. It comes last, for what is read is what readers asked for.
func (r *Reader) Rest(prefix string, types Types) {
	byType := map[string][]*model.Resource{}
	var order []string
	for _, res := range r.Config.Resources {
		if res.Data || res.Part || !strings.HasPrefix(res.Type, prefix) || r.read[res.Type] {
			continue
		}
		if byType[res.Type] == nil {
			order = append(order, res.Type)
		}
		byType[res.Type] = append(byType[res.Type], res)
	}
	for _, kind := range order {
		kinds, known := types.Of(kind)
		if !known {
			kinds = Anything()
		}
		if len(kinds) > 0 {
			first := byType[kind][0]
			r.Into.Coverage.Holes = append(r.Into.Coverage.Holes, fact.Hole{Kinds: kinds, Why: NotRead(byType[kind]), Location: first.At, Unread: true})
		}
	}
}

// NotRead says of resources of one type that they are not read.
func NotRead(list []*model.Resource) string {
	if len(list) == 1 && list[0].Base == list[0].Name { // as CloudFormation names them
		return fmt.Sprintf("%s (%s) is not read", list[0].Name, list[0].Type)
	}
	for _, res := range list {
		if res.Base != list[0].Base {
			return fmt.Sprintf("resources of type %s are not read, such as %s and %d more", list[0].Type, list[0].Base, len(list)-1)
		}
	}
	return list[0].Base + " is not read"
}
