package reading

import (
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/source/terraform/model"
)

// References name resources without any index. Where a module is called several
// times, or a resource has several instances, a reference from one of them
// mostly means the one with the same index. This file sorts them apart.

// Apart returns the configuration with the instances of modules told apart: the
// base of each resource names the instance of its module, and so do references
// from within that module.
func Apart(c *model.Config) *model.Config {
	known := map[string][]string{} // bases that tell instances apart, by those that do not
	indexed := false
	for _, res := range c.Resources {
		base := module(res) + own(res)
		indexed = indexed || strings.Contains(module(res), "[")
		if !slices.Contains(known[res.Base], base) {
			known[res.Base] = append(known[res.Base], base)
		}
	}
	if !indexed {
		return c
	}
	out := *c
	out.Resources = make([]*model.Resource, len(c.Resources))
	for i, res := range c.Resources {
		r, from := *res, module(res)
		r.Base = from + own(res)
		r.Body = renamed(res.Body, func(ref string) []string { return nearest(known[ref], ref, from) })
		out.Resources[i] = &r
	}
	return &out
}

// module returns the path of the resource's module with a dot at its end; empty
// for the root.
func module(res *model.Resource) string {
	path := res.Address
	if at := strings.LastIndex(path, res.Type+"."+res.Name); at >= 0 {
		path = path[:at]
	}
	return strings.TrimSuffix(path, "data.")
}

// own returns the resource's name within its module.
func own(res *model.Resource) string {
	if res.Data {
		return "data." + res.Type + "." + res.Name
	}
	return res.Type + "." + res.Name
}

// nearest picks, of the bases that a reference may mean, those of the module in
// which it stands or of one around that, or else all.
func nearest(bases []string, ref, from string) []string {
	if len(bases) < 2 {
		if len(bases) == 1 {
			return bases
		}
		return []string{ref}
	}
	best, length := []string(nil), -1
	for _, b := range bases {
		path := b[:strings.LastIndexByte(b[:strings.LastIndexByte(b, '.')], '.')+1]
		path = strings.TrimSuffix(path, "data.")
		switch {
		case !strings.HasPrefix(from, path):
		case len(path) > length:
			best, length = []string{b}, len(path)
		case len(path) == length:
			best = append(best, b)
		}
	}
	if length > 0 || length == 0 && len(best) > 0 {
		return best
	}
	return bases
}

// renamed copies a value with other references.
func renamed(v model.Value, name func(string) []string) model.Value {
	if v.Refs != nil {
		refs := make([]string, 0, len(v.Refs))
		for _, ref := range v.Refs {
			refs = append(refs, name(ref)...)
		}
		v.Refs = refs
	}
	if v.Items != nil {
		items := make([]model.Value, len(v.Items))
		for i, item := range v.Items {
			items[i] = renamed(item, name)
		}
		v.Items = items
	}
	if v.Fields != nil {
		fields := make(map[string]model.Value, len(v.Fields))
		for key, field := range v.Fields {
			fields[key] = renamed(field, name)
		}
		v.Fields = fields
	}
	if v.Encoded != nil {
		inner := renamed(*v.Encoded, name)
		v.Encoded = &inner
	}
	return v
}

// Means reports whether an attribute of one resource is made of another one.
// Between resources with several instances, the same index means the same.
func (r *Reader) Means(from, to *model.Resource, path ...string) bool {
	return from.Body.Get(path...).RefersTo(to.Base) && r.Fits(from, to)
}

// Fits reports whether a reference from one resource may mean this instance of
// the other: where one of its instances carries the referring one's index, that
// is the one which is meant.
func (r *Reader) Fits(from, to *model.Resource) bool {
	mine := Index(from.Address)
	if mine == "" || Index(to.Address) == "" || Index(to.Address) == mine {
		return true
	}
	for _, other := range r.Config.Resources {
		if other.Base == to.Base && Index(other.Address) == mine {
			return false
		}
	}
	return true
}
