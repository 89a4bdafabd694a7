package kube

import (
	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/derive/secrecy"
)

// hidden stands in raw objects where a secret value stood.
const hidden = "(hidden)"

// Raw returns the reader with objects keeping all that their documents say, for
// expressions of overlays; secret values are hidden.
func (r Reader) Raw() Reader {
	r.raw = true
	return r
}

// rawObject returns what an object's document says. Of a Secret no value is
// kept, of others none that looks like a secret.
func rawObject(o *object) map[string]any {
	plain, ok := decode.Plain(o.node).(map[string]any)
	if !ok {
		return nil
	}
	if o.header.Kind == "Secret" {
		for _, part := range []string{"data", "stringData"} {
			values, _ := plain[part].(map[string]any)
			for key := range values {
				values[key] = hidden
			}
		}
	}
	if meta, ok := plain["metadata"].(map[string]any); ok {
		if annotations, ok := meta["annotations"].(map[string]any); ok {
			delete(annotations, lastApplied)
		}
	}
	hide("", plain)
	return plain
}

// hide replaces the texts below a value that look like secrets by their name or
// their form.
func hide(name string, value any) any {
	switch v := value.(type) {
	case string:
		if secrecy.Of(name, v) != "" || secrecy.InFile(name, v) != "" {
			return hidden
		}
	case []any:
		for i := range v {
			v[i] = hide(name, v[i])
		}
	case map[string]any:
		variable, _ := v["name"].(string) // the entries of env have a name and a value
		for key := range v {
			by := key
			if key == "value" && variable != "" {
				by = variable
			}
			v[key] = hide(by, v[key])
		}
	}
	return value
}
