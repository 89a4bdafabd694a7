package reading

import (
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/address"
	"seaworthy.dev/seaworthy/internal/derive/secrecy"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
)

// Because ends a sentence about something that is not known.
func Because(v model.Value) string { return " is not known before it is applied" + reason(v) }

// reason returns ", for ..." where it is known why.
func reason(v model.Value) string {
	if v.Why == "" {
		return ""
	}
	return ", for " + v.Why
}

// Why returns the reason for which a value is not known, which is never empty.
func Why(v model.Value) string {
	if v.Why != "" {
		return v.Why
	}
	return "it is made of what only applying tells"
}

// Name returns what the resource is called: as written where that is known, or
// as Terraform names it.
func Name(res *model.Resource, attributes ...string) string {
	for _, a := range append(attributes, "name") {
		if text, known := res.Body.Get(a).String(); known && text != "" {
			return text
		}
	}
	last := res.Address[strings.LastIndexByte(res.Address, '.')+1:]
	if strings.ContainsAny(res.Address, "[") || last == "" {
		return res.Name + Index(res.Address)
	}
	return last
}

// Index returns the index at the end of an address.
func Index(address string) string {
	if at := strings.LastIndexByte(address, '['); at >= 0 && strings.HasSuffix(address, "]") {
		return address[at:]
	}
	return ""
}

// Text returns a scalar that is known, or an empty string.
func Text(v model.Value) string {
	t, _ := v.String()
	return t
}

// Truth returns a yes or no as far as it is known.
func Truth(v model.Value, absent bool) fact.Truth {
	yes, known := v.Bool(absent)
	t := fact.Truth{Known: known, Yes: yes && known, At: v.At}
	if !known {
		t.Why = Why(v)
	}
	return t
}

// Flag reads a yes or no of a resource with its place.
func Flag(res *model.Resource, absent bool, path ...string) fact.Truth {
	return PlaceOf(Truth(res.Body.Get(path...), absent), res)
}

// Says tells whether an attribute is one of the words, letters of either case
// being the same; what holds where none is written is absent.
func Says(res *model.Resource, v model.Value, absent bool, words ...string) fact.Truth {
	t := fact.Truth{Known: v.Known(), At: v.At}
	switch {
	case !t.Known:
		t.Why = Why(v)
	case !v.Present():
		t.Yes = absent
	default:
		for _, w := range words {
			t.Yes = t.Yes || strings.EqualFold(Text(v), w)
		}
	}
	return PlaceOf(t, res)
}

// Not turns a known truth around.
func Not(t fact.Truth) fact.Truth {
	t.Yes = t.Known && !t.Yes
	return t
}

// PlaceOf gives a truth the resource's place where it has none of its own.
func PlaceOf(t fact.Truth, res *model.Resource) fact.Truth {
	if t.At.File == "" {
		t.At = res.At
	}
	return t
}

// Place returns where a value stands, or its resource.
func Place(v model.Value, res *model.Resource) fact.Location {
	if v.At.File != "" {
		return v.At
	}
	return res.At
}

// Nested returns the blocks of a name, each an object.
func Nested(v model.Value) []model.Value {
	var out []model.Value
	for _, b := range v.Each() {
		if b.Kind == model.Object {
			out = append(out, b)
		}
	}
	return out
}

// Ignores reports whether changes of an attribute by others are left alone.
func Ignores(res *model.Resource, attribute string) bool {
	list, _ := res.Lifecycle.Get("ignore_changes").Strings()
	for _, one := range list {
		if one == attribute || one == "all" || one == "["+attribute+"]" || strings.HasPrefix(one, attribute+"[") || strings.HasPrefix(one, attribute+".") {
			return true
		}
	}
	return false
}

// Variable reads one variable with a value. A value that is not known is taken
// by its name, and by what it is made of: holds tells of the address of a
// resource whether a variable of that name surely takes a secret of it.
func (r *Reader) Variable(key string, value model.Value, at fact.Location, holds func(ref, key string) bool) (fact.Env, []fact.Address) {
	env := fact.Env{Name: key, Origin: fact.Literal, At: at}
	if value.Known() {
		t := Text(value)
		env.Empty, env.Smell = t == "", secrecy.Of(key, t)
		return env, address.In(t, at)
	}
	for _, ref := range value.Refs {
		if holds(ref, key) {
			env.Smell = "the value of " + ref
			return env, nil
		}
	}
	for _, ref := range value.Refs {
		// The beginning is known: postgres://app: goes on with a password.
		if _, rest, found := strings.Cut(value.Text, "://"); found && strings.HasSuffix(rest, ":") && holds(ref, "PASSWORD") {
			env.Smell = "the value of " + ref
			return env, nil
		}
	}
	if v := r.SecretVariable(value); v != "" {
		env.Smell = "the value of " + v
		return env, nil
	}
	if len(value.Refs) == 0 && Secretive(key) {
		env.Unknown = Why(value)
	}
	return env, nil
}

// SecretVariable returns the variable of the configuration for which a value is
// not known, where it holds a secret: by its name, or because it is sensitive.
func (r *Reader) SecretVariable(value model.Value) string {
	for _, v := range r.Config.Variables {
		for _, word := range []string{"variable ", "parameter "} { // as Terraform and CloudFormation call it
			if strings.HasPrefix(value.Why, word+v.Name+" ") && (v.Sensitive || Secretive(v.Name)) {
				return word + v.Name
			}
		}
	}
	return ""
}

// Secretive reports whether a value under this name would be taken for a secret.
func Secretive(name string) bool { return secrecy.Of(name, "x7Kp2mQ9vT4z") != "" }

// Made reports whether an address is that of one of the types of resources.
func Made(ref string, types ...string) bool {
	parts := strings.Split(ref, ".")
	if len(parts) < 2 {
		return false
	}
	for _, t := range types {
		if parts[len(parts)-2] == t {
			return true
		}
	}
	return false
}
