package manifest

import (
	"fmt"
	"net"
	"net/url"
	"path"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	yaml "go.yaml.in/yaml/v3"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
	form "seaworthy.dev/seaworthy/internal/manifest"
)

var serviceType = reflect.TypeFor[form.Service]()

// fields visits the fields of a struct with their names.
func fields(t reflect.Type, visit func(name string, f reflect.StructField)) {
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		visit(name, f)
	}
}

// most bounds how many values of one manifest are looked at: aliases can stand for
// far more than a file holds.
const most = 100_000

// spread turns a word that stands for a mapping into that mapping, as the field
// that is marked as short says, so that the decoder sees one form only.
func spread(n *decode.Node, t reflect.Type, left *int) {
	n = decode.Follow(n)
	if *left--; *left < 0 {
		return // the decoder says that it is too much
	}
	switch {
	case n == nil:
	case t.Kind() == reflect.Pointer:
		spread(n, t.Elem(), left)
	case t.Kind() == reflect.Struct:
		fields(t, func(name string, f reflect.StructField) { spread(decode.Child(n, name), f.Type, left) })
	case t.Kind() == reflect.Slice:
		for _, item := range decode.Items(n) {
			item = decode.Follow(item)
			if short := shortOf(t.Elem()); short != "" && item != nil && item.Kind == yaml.ScalarNode {
				key := &decode.Node{Kind: yaml.ScalarNode, Value: short, Line: item.Line, Column: item.Column}
				value := *item
				*item = decode.Node{Kind: yaml.MappingNode, Line: item.Line, Column: item.Column, Content: []*decode.Node{key, &value}}
			}
			spread(item, t.Elem(), left)
		}
	}
}

// shortOf returns the field that a bare word stands for, if one does.
func shortOf(t reflect.Type) (short string) {
	if t.Kind() == reflect.Struct {
		fields(t, func(name string, f reflect.StructField) {
			if f.Tag.Get("short") != "" {
				short = name
			}
		})
	}
	return short
}

// check holds a value to the tags of its type. What has the wrong type was
// reported by the decoder.
func (r *reader) check(n *decode.Node, t reflect.Type, name string) {
	n = decode.Follow(n)
	if r.left--; r.left == 0 {
		r.wrong(n, "the document stands for more values than anyone writes; write it without aliases")
	}
	switch {
	case r.left <= 0 || n == nil || decode.IsNull(n):
	case t.Kind() == reflect.Pointer:
		r.check(n, t.Elem(), name)
	case t.Kind() == reflect.Slice:
		for i, item := range decode.Items(n) {
			r.check(item, t.Elem(), fmt.Sprintf("%s[%d]", name, i))
		}
	case t.Kind() == reflect.Struct && decode.IsMapping(n):
		fields(t, func(key string, f reflect.StructField) {
			value, full := decode.Child(n, key), strings.TrimPrefix(name+"."+key, ".")
			if decode.IsNull(value) || decode.Text(value) == "" && value.Kind == yaml.ScalarNode {
				if f.Tag.Get("required") != "" {
					r.missing(n, full, f)
				}
				return
			}
			if items := decode.Items(value); f.Type.Kind() == reflect.Slice && f.Type.Elem().Kind() == reflect.String {
				for i, item := range items[:min(len(items), most)] {
					r.left--
					r.scalar(item, f, fmt.Sprintf("%s[%d]", full, i))
				}
				return
			}
			r.scalar(value, f, full)
			r.check(value, f.Type, full)
		})
	}
}

// missing reports a field that must be written. An attested entry that lacks one
// is left out alone: it says itself why it does not count.
func (r *reader) missing(n *decode.Node, full string, f reflect.StructField) {
	hint := ""
	if e := f.Tag.Get("example"); e != "" {
		hint = fmt.Sprintf(", for instance `%s: %s`", full[strings.LastIndexByte(full, '.')+1:], e)
	} else if e := f.Tag.Get("enum"); e != "" {
		hint = fmt.Sprintf("; write `%s: %s`", full[strings.LastIndexByte(full, '.')+1:], strings.ReplaceAll(e, ",", " or "))
	}
	if strings.HasPrefix(full, "spec.attestations[") || strings.HasPrefix(full, "spec.none[") {
		r.mistaken(n, "%s is missing%s; until then the entry does not count", full, hint)
		return
	}
	r.wrong(n, "%s is missing%s", full, hint)
}

// scalar holds one value to the tags of its field.
func (r *reader) scalar(n *decode.Node, f reflect.StructField, full string) {
	n = decode.Follow(n)
	if n == nil || n.Kind != yaml.ScalarNode {
		return
	}
	s, text := decode.Resolve(n), n.Value
	if s.Kind == decode.IntScalar || s.Kind == decode.FloatScalar {
		if low, err := strconv.ParseFloat(f.Tag.Get("minimum"), 64); err == nil && s.Float < low {
			r.wrong(n, "%s is %s; the least is %s%s", full, text, f.Tag.Get("minimum"), bounds(full))
		}
		if high, err := strconv.ParseFloat(f.Tag.Get("maximum"), 64); err == nil && s.Float > high {
			r.wrong(n, "%s is %s; the most is %s%s", full, text, f.Tag.Get("maximum"), bounds(full))
		}
		return
	}
	if words := f.Tag.Get("enum"); words != "" && !slices.Contains(strings.Split(words, ","), text) {
		r.wrong(n, "%s is %q; write %s%s", full, text, alternatives(strings.Split(words, ",")), near(text, strings.Split(words, ",")))
		return
	}
	if s.Kind == decode.StringScalar {
		r.form(n, f.Tag.Get("format"), full, text)
	}
}

// bounds says what the numbers of a field mean, where they are names.
func bounds(full string) string {
	if full == "spec.tier" {
		return ": tiers are 1 (most critical), 2 and 3"
	}
	return ""
}

func alternatives(words []string) string {
	if len(words) == 1 {
		return words[0]
	}
	return strings.Join(words[:len(words)-1], ", ") + " or " + words[len(words)-1]
}

// near returns " (did you mean ...?)" for a word that is almost one of a list.
func near(text string, words []string) string {
	best, distance := "", max(2, len(text)/3)+1
	for _, w := range words {
		if d := decode.Distance(strings.ToLower(text), strings.ToLower(w)); d < distance {
			best, distance = w, d
		}
	}
	if best == "" {
		return ""
	}
	return " (did you mean " + best + "?)"
}

var serviceName = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9._-]{0,98}[A-Za-z0-9])?$`)

// form holds a text to its form.
func (r *reader) form(n *decode.Node, name, full, text string) {
	switch name {
	case "date":
		if _, ok := day(text); !ok {
			r.wrong(n, "%s is %q, which is no date; write it as 2026-05-20", full, text)
		}
	case "url":
		if u, err := url.Parse(text); err != nil || u.Scheme == "" || u.Host == "" {
			r.wrong(n, "%s is %q, which is no URL; write one as https://example.com", full, text)
		}
	case "address":
		if _, _, ok := address(text); !ok {
			r.wrong(n, "%s is %q, which is no address; write a URL, or a host with its port", full, text)
		}
	case "duration":
		if _, ok := length(text); !ok {
			r.wrong(n, "%s is %q, which is no length of time; write one as 30s, 10m, 24h or 30d", full, text)
		}
	case "name":
		if !serviceName.MatchString(text) {
			r.wrong(n, "%s is %q; names consist of at most 100 letters, digits, dots, dashes and underscores", full, text)
		}
	case "version":
		if _, err := fact.ParseVersion(text); err != nil {
			r.wrong(n, "%s: %v", full, err)
		}
	case "path":
		if _, missing := r.resolve(text); missing != "" {
			r.wrong(n, "%s names %s", full, missing)
		}
	case "output": // of a pipeline, which need not have run
		if _, missing := r.resolve(text); missing != "" {
			r.mistaken(n, "%s names %s", full, missing)
		}
	case "link":
		if missing := r.link(text); missing != "" {
			r.mistaken(n, "%s names %s", full, missing)
		}
	case "expectation":
		r.expectation(n, full, text)
	case "none":
		ids := r.ids()
		kinds := slices.Concat(fact.NoneKinds(), fact.NoneSignals())
		if !slices.Contains(kinds, text) && !slices.Contains(ids, text) {
			r.mistaken(n, "%s is %q, which is no expectation%s; write an id as `seaworthy explain` lists them, or %s", full, text, near(text, append(kinds, ids...)), alternatives(fact.NoneKinds()))
		}
	}
}

// expectation reports an attestation for a row on which saying so is no evidence.
func (r *reader) expectation(n *decode.Node, full, text string) {
	for _, e := range r.standard {
		if e.ID != text {
			continue
		}
		// Where secrets leak, a rotation is declared.
		if !e.Has(fact.Declared) && !slices.Contains(e.Needs, fact.Leaks) {
			r.mistaken(n, "%s is %s, for which declared evidence does not count: it takes evidence that is %s", full, text, e.Rungs[0].Rung)
		}
		return
	}
	r.mistaken(n, "%s is %q, which is no expectation%s; `seaworthy explain` lists them", full, text, near(text, r.ids()))
}

func (r *reader) ids() []string {
	out := make([]string, len(r.standard))
	for i, e := range r.standard {
		out[i] = e.ID
	}
	return out
}

// day reads a date; ok is false for anything else.
func day(text string) (at time.Time, ok bool) {
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if at, err := time.Parse(layout, text); err == nil {
			return at, true
		}
	}
	return time.Time{}, false
}

// length reads a length of time, days and weeks included.
func length(text string) (d time.Duration, ok bool) {
	unit := map[byte]time.Duration{'d': 24 * time.Hour, 'w': 7 * 24 * time.Hour}
	if len(text) > 1 && unit[text[len(text)-1]] > 0 {
		n, err := strconv.ParseUint(text[:len(text)-1], 10, 16)
		return time.Duration(n) * unit[text[len(text)-1]], err == nil
	}
	d, err := time.ParseDuration(text)
	return d, err == nil && d >= 0
}

var schemePorts = map[string]int{"https": 443, "http": 80, "grpcs": 443, "wss": 443, "ws": 80}

// address takes a URL or a host with its port apart.
func address(text string) (host string, port int, ok bool) {
	if !strings.Contains(text, "://") {
		text = "//" + text
	}
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || strings.ContainsAny(u.Hostname(), " \t") {
		return "", 0, false
	}
	if p := u.Port(); p != "" {
		port, err = net.LookupPort("tcp", p)
		if err != nil || port == 0 {
			return "", 0, false
		}
	} else {
		port = schemePorts[u.Scheme]
	}
	return strings.ToLower(u.Hostname()), port, true
}

// isURL tells a link into the world from a path.
func isURL(text string) bool {
	scheme, _, found := strings.Cut(text, "://")
	return found && path.Base(scheme) == scheme
}
