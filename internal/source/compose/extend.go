package compose

import (
	"maps"
	"path"
	"slices"

	"github.com/compose-spec/compose-go/v2/override"

	"seaworthy.dev/seaworthy/internal/fact"
)

// extendAll puts the services that others extend below them.
func (r *reader) extendAll(model map[string]any, rel string) {
	services, _ := model["services"].(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(services)) {
		if extended, ok := r.extend(services, name, rel, nil); ok {
			services[name] = extended
		}
	}
}

type reference struct{ file, service string }

// extend returns a service with what it extends below it. What it extends may
// stand in another file of the tree, and extend again.
func (r *reader) extend(services map[string]any, name, rel string, stack []reference) (map[string]any, bool) {
	service, ok := services[name].(map[string]any)
	if !ok || service["extends"] == nil {
		return service, ok
	}
	at := r.extends(rel, name)
	base, file := "", ""
	switch e := service["extends"].(type) {
	case string:
		base = e
	case map[string]any:
		base, _ = e["service"].(string)
		file, _ = e["file"].(string)
	}
	delete(service, "extends")
	here := reference{rel, name}
	if slices.Contains(stack, here) {
		r.lost(at, "service %s extends itself by way of %s", name, stack[len(stack)-1].service)
		return service, true
	}
	stack = append(stack, here)
	from := services
	if file != "" {
		target, err := within(path.Dir(rel), file)
		if err != nil {
			r.lost(at, "service %s extends %s of %s, but %v", name, base, file, err)
			return service, true
		}
		if slices.ContainsFunc(stack, func(s reference) bool { return s.file == target && s.service == base }) {
			r.lost(at, "service %s extends itself by way of %s", name, r.Show(target))
			return service, true
		}
		if _, err := r.Read(target); err != nil {
			r.lost(at, "service %s extends %s of %s, but %v", name, base, r.Show(target), err)
			return service, true
		}
		documents, ok := r.documents(target, nil, true)
		if !ok {
			return service, true
		}
		from = map[string]any{}
		for _, d := range documents {
			found, _ := d.model["services"].(map[string]any)
			maps.Copy(from, found)
		}
		rel = target
	}
	if slices.Contains(stack, reference{rel, base}) {
		r.lost(at, "service %s extends itself by way of %s", base, name)
		return service, true
	}
	if _, found := from[base].(map[string]any); !found {
		r.lost(at, "service %s extends %s, which is no service of %s", name, base, r.Show(rel))
		return service, true
	}
	source, _ := r.extend(from, base, rel, stack)
	if file != "" {
		resolved := r.resolve(map[string]any{"services": map[string]any{base: source}}, path.Dir(rel))
		if list, ok := resolved["services"].(map[string]any); ok {
			source, _ = list[base].(map[string]any)
		}
	}
	source = clone(source).(map[string]any)
	for _, key := range []string{"depends_on", "links", "volumes_from"} {
		if file != "" { // they name services of the other file
			delete(source, key)
		}
	}
	merged, err := override.ExtendService(source, service)
	if err != nil {
		r.lost(at, "service %s cannot extend %s: %s", name, base, plain(err))
		return service, true
	}
	delete(merged, "extends")
	if file == "" {
		services[name] = merged
	}
	return merged, true
}

// extends returns the place where a service of a file extends another one.
func (r *reader) extends(rel, name string) fact.Location {
	at := r.at("services", name, "extends")
	if at.File != r.Show(rel) {
		at = fact.Location{File: r.Show(rel)}
	}
	return at
}

func clone(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for key, value := range v {
			out[key] = clone(value)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = clone(v[i])
		}
		return out
	}
	return v
}

// include adds the services of other files of the tree. Their paths are
// relative to the first file of each entry.
func (r *reader) include(model map[string]any, rel string, stack []string) {
	list, _ := model["include"].([]any)
	delete(model, "include")
	for i, entry := range list {
		var files []string
		at := r.item(i, "include")
		switch e := entry.(type) {
		case string:
			files = []string{e}
		case map[string]any:
			switch p := e["path"].(type) {
			case string:
				files = []string{p}
			case []any:
				for _, one := range p {
					if text, ok := one.(string); ok {
						files = append(files, text)
					}
				}
			}
		}
		included := map[string]any{}
		dir := ""
		for j, file := range files {
			target, err := within(path.Dir(rel), file)
			if err != nil {
				r.lost(at, "includes %s, but %v", file, err)
				continue
			}
			if j == 0 {
				dir = path.Dir(target)
			}
			if _, err := r.Read(target); err != nil {
				r.lost(at, "includes %s, but %v", r.Show(target), err)
				continue
			}
			if below, resets, ok := r.file(target, stack); ok {
				forget(included, resets)
				included = r.merge(included, below, target)
			}
		}
		included = r.resolve(included, dir)
		for _, section := range []string{"services", "networks", "volumes", "secrets", "configs"} {
			from, _ := included[section].(map[string]any)
			for _, name := range slices.Sorted(maps.Keys(from)) {
				into, _ := model[section].(map[string]any)
				if into == nil {
					into = map[string]any{}
					model[section] = into
				}
				if _, found := into[name]; !found {
					into[name] = from[name]
				} else if section == "services" {
					r.lost(at, "includes a second service %s; docker compose refuses both", name)
				}
			}
		}
	}
}
