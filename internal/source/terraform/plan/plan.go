// Package plan reads plans as `terraform show -json` and `tofu show -json`
// write them: what the code leads to, as far as it is known before it is
// applied, and what others have changed.
package plan

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"path"
	"reflect"
	"slices"
	"sort"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
)

// maxResources bounds what is kept of a plan.
const maxResources = 50_000

// Named reports whether a file's name says that it is a plan.
func Named(file string) bool {
	base := strings.ToLower(path.Base(file))
	return base == "tfplan.json" || base == "plan.json" || strings.HasSuffix(base, ".tfplan.json") || strings.HasSuffix(base, ".plan.json")
}

// Begins reports whether a file that begins so may be a plan: Terraform writes
// the versions first.
func Begins(head []byte) bool {
	head = bytes.TrimLeft(head, " \t\r\n\xef\xbb\xbf")
	return bytes.HasPrefix(head, []byte("{")) && bytes.Contains(head, []byte(`"format_version"`)) && bytes.Contains(head, []byte(`"terraform_version"`))
}

// change is an entry of resource_changes and resource_drift.
type change struct {
	Address, Type, Name, Mode string
	ModuleAddress             string `json:"module_address"`
	ProviderName              string `json:"provider_name"`
	Deposed                   string
	Change                    struct {
		Actions       []string
		Before, After json.RawMessage
		Unknown       json.RawMessage `json:"after_unknown"`
		Sensitive     json.RawMessage `json:"after_sensitive"`
	}
}

// Read returns what a plan says. It is nil where the file is something else:
// JSON without resource_changes or planned values. Places within the file are
// not known.
func Read(shown string, in io.Reader) (c *model.Config) {
	at := fact.Location{File: shown}
	c = &model.Config{Dir: shown, Engine: "plan", Required: map[string]model.Value{}, At: at}
	r := &reader{config: c, at: at, stream: newStream(in)}
	lost := func(format string, args ...any) {
		c.Problems = append(c.Problems, fact.Problem{Location: at, Message: fmt.Sprintf(format, args...)})
		c.Holes = append(c.Holes, fact.Hole{Location: at, Why: path.Base(shown) + " cannot be read as a whole"})
	}
	defer func() {
		if p := recover(); p != nil {
			lost("cannot be read: it makes the reader fail (%v); write it anew with `terraform show -json`", p)
		}
	}()
	err := r.read()
	if !r.plan && (err != nil || r.version == "") {
		return nil
	}
	if !r.plan {
		return nil
	}
	if err != nil {
		lost("cannot be read to its end: %v; write it anew with `terraform show -json`", err)
	}
	if major, _, _ := strings.Cut(r.version, "."); major != "1" && major != "0" {
		lost("has format version %s, and this reads 1; judge the code itself, or report this", r.version)
	}
	r.configure()
	return c
}

type reader struct {
	*stream
	config  *model.Config
	at      fact.Location
	version string
	plan    bool
	given   map[string]model.Value
	conf    *configuration
}

func (r *reader) read() error {
	return r.object(func(key string) error {
		switch key {
		case "format_version", "terraform_version":
			raw, err := r.raw(true)
			if err == nil && key == "format_version" {
				r.version = strings.Trim(string(raw), `"`)
			}
			return err
		case "planned_values":
			r.plan = true
			return r.skip()
		case "resource_changes":
			r.plan = true
			return r.list(r.resource)
		case "resource_drift":
			return r.list(r.drift)
		case "variables":
			raw, err := r.raw(true)
			if err != nil {
				return err
			}
			var vars map[string]struct{ Value json.RawMessage }
			if json.Unmarshal(raw, &vars) == nil {
				r.given = map[string]model.Value{}
				for name, v := range vars {
					r.given[name] = r.value(v.Value, nil, nil)
				}
			}
			return nil
		case "configuration":
			raw, err := r.raw(true)
			if err != nil {
				return err
			}
			r.conf = new(configuration)
			if err := json.Unmarshal(raw, r.conf); err != nil {
				r.conf = nil
				return fmt.Errorf("its configuration: %w", err)
			}
			return nil
		}
		return r.skip()
	})
}

func (r *reader) change() (*change, error) {
	raw, err := r.raw(true)
	if err != nil {
		return nil, err
	}
	c := new(change)
	if err := json.Unmarshal(raw, c); err != nil {
		return nil, fmt.Errorf("a resource in it: %w", err)
	}
	return c, nil
}

func (r *reader) resource() error {
	c, err := r.change()
	if err != nil || c.Deposed != "" {
		return err
	}
	if len(c.Change.Actions) == 1 && (c.Change.Actions[0] == "delete" || c.Change.Actions[0] == "forget") {
		return nil // gone once it is applied
	}
	if len(r.config.Resources) == maxResources {
		r.config.Holes = append(r.config.Holes, fact.Hole{Location: r.at, Why: fmt.Sprintf("the plan has more than %d resources", maxResources)})
	}
	if len(r.config.Resources) >= maxResources {
		return nil
	}
	out := &model.Resource{
		Address: c.Address, Base: base(c.Address), Type: c.Type, Name: c.Name, Data: c.Mode == "data", At: r.at,
		Body: r.value(c.Change.After, c.Change.Unknown, c.Change.Sensitive),
	}
	out.Provider = path.Base(c.ProviderName)
	r.config.Resources = append(r.config.Resources, out)
	return nil
}

// value joins what is known with what is not and what must not be seen.
func (r *reader) value(after, unknown, sensitive json.RawMessage) model.Value {
	decode := func(raw json.RawMessage) any {
		if len(raw) == 0 {
			return nil
		}
		var v any
		d := json.NewDecoder(bytes.NewReader(raw))
		d.UseNumber()
		if d.Decode(&v) != nil {
			return nil
		}
		return v
	}
	return r.join(decode(after), decode(unknown), decode(sensitive))
}

func (r *reader) join(after, unknown, sensitive any) model.Value {
	switch {
	case unknown == true:
		return model.Value{Kind: model.Unknown, Why: "it is known only once it is applied", At: r.at}
	case sensitive == true && after != nil:
		return model.Value{Kind: model.Unknown, Why: "it is sensitive", At: r.at}
	}
	sub := func(v any, key string, i int) any {
		switch v := v.(type) {
		case map[string]any:
			return v[key]
		case []any:
			if i < len(v) {
				return v[i]
			}
		}
		return nil
	}
	switch a := after.(type) {
	case map[string]any:
		out := model.Value{Kind: model.Object, At: r.at, Fields: make(map[string]model.Value, len(a))}
		for name, f := range a {
			out.Fields[name] = r.join(f, sub(unknown, name, 0), sub(sensitive, name, 0))
		}
		if more, ok := unknown.(map[string]any); ok {
			for name, u := range more {
				if _, known := a[name]; !known && holds(u) {
					out.Fields[name] = r.join(nil, true, nil)
				}
			}
		}
		return out
	case []any:
		out := model.Value{Kind: model.List, At: r.at}
		for i, item := range a {
			out.Items = append(out.Items, r.join(item, sub(unknown, "", i), sub(sensitive, "", i)))
		}
		return out
	case nil:
		if holds(unknown) {
			return r.join(nil, true, nil)
		}
	}
	return model.Of(after, r.at)
}

// holds reports whether something in it is true.
func holds(unknown any) bool {
	switch u := unknown.(type) {
	case bool:
		return u
	case map[string]any:
		for _, v := range u {
			if holds(v) {
				return true
			}
		}
	case []any:
		return slices.ContainsFunc(u, holds)
	}
	return false
}

// drift keeps what differs between what was applied last and what is there,
// unless only the order of a list does, or nothing became empty.
func (r *reader) drift() error {
	c, err := r.change()
	if err != nil || c.Mode != "managed" {
		return err
	}
	d := model.Drift{Address: c.Address, Type: c.Type, Actions: c.Change.Actions}
	if !slices.Contains(d.Actions, "delete") {
		var before, after map[string]any
		if json.Unmarshal(c.Change.Before, &before) != nil || json.Unmarshal(c.Change.After, &after) != nil {
			return nil
		}
		for name := range before {
			if !alike(before[name], after[name]) {
				d.Fields = append(d.Fields, name)
			}
		}
		for name := range after {
			if _, known := before[name]; !known && !alike(nil, after[name]) {
				d.Fields = append(d.Fields, name)
			}
		}
		sort.Strings(d.Fields)
		if len(d.Fields) == 0 {
			return nil
		}
	}
	r.config.Drift = append(r.config.Drift, d)
	return nil
}

// alike reports whether two values say the same: nothing and empty do, and
// lists in another order.
func alike(a, b any) bool {
	if empty(a) && empty(b) || reflect.DeepEqual(a, b) {
		return true
	}
	switch x := a.(type) {
	case []any:
		y, ok := b.([]any)
		if !ok || len(x) != len(y) {
			return false
		}
		return slices.Equal(sorted(x), sorted(y))
	case map[string]any:
		y, ok := b.(map[string]any)
		if !ok {
			return false
		}
		for name := range x {
			if !alike(x[name], y[name]) {
				return false
			}
		}
		for name := range y {
			if _, both := x[name]; !both && !alike(nil, y[name]) {
				return false
			}
		}
		return true
	case string: // a document in another order of its fields
		y, ok := b.(string)
		if !ok || !strings.HasPrefix(strings.TrimSpace(x), "{") {
			return false
		}
		var p, q any
		return json.Unmarshal([]byte(x), &p) == nil && json.Unmarshal([]byte(y), &q) == nil && alike(p, q)
	}
	return false
}

func sorted(list []any) []string {
	out := make([]string, len(list))
	for i, v := range list {
		text, _ := json.Marshal(v) // came from JSON
		out[i] = string(text)
	}
	sort.Strings(out)
	return out
}

func empty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case bool:
		return !v
	case []any:
		return len(v) == 0
	case map[string]any:
		return len(v) == 0
	}
	return false
}

// base returns an address without indexes.
func base(address string) string {
	var b strings.Builder
	depth, quoted := 0, false
	for i := 0; i < len(address); i++ {
		switch c := address[i]; {
		case quoted && c == '\\':
			i++
		case depth > 0 && c == '"':
			quoted = !quoted
		case quoted:
		case c == '[':
			depth++
		case c == ']':
			depth--
		case depth == 0:
			b.WriteByte(c)
		}
	}
	return b.String()
}
