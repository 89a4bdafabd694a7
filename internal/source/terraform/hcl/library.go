package hcl

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math/big"
	"net/netip"
	"net/url"
	"path"
	"regexp"
	"strings"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	ctyfunc "github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
)

// library works a call out whose arguments are all known.
func (m *module) library(name string, c *call) value {
	for _, a := range c.args {
		if !certain(a) {
			if m.run.r.known(name) {
				return c.open(c.args...)
			}
			break
		}
	}
	if simple := m.run.r.texts[name]; simple != nil {
		texts := make([]string, len(c.args))
		for i, a := range c.args {
			if a.Kind != model.Scalar {
				return c.open(c.args...)
			}
			texts[i] = a.Text
		}
		out, err := simple(texts)
		if err != nil || len(out) > maxText {
			return c.open()
		}
		v := text(out, c.at)
		if name == "startswith" || name == "endswith" || name == "strcontains" {
			v = scalarAs(v, "bool")
		}
		return c.with(v)
	}
	f, found := m.run.r.cty[name]
	if !found {
		if strings.Contains(name, "::") {
			return c.with(unknown(c.at, "function %s belongs to a provider", name))
		}
		if m.run.r.known(name) {
			return c.with(unknown(c.at, "%s is not worked out here", name))
		}
		m.run.problem(c.at, "there is no function %s%s; mend the name", name, m.run.r.nearFunction(name))
		return failed(c.at, "there is no function %s", name)
	}
	return m.cty(f, c)
}

func (m *module) cty(f ctyfunc.Function, c *call) (out value) {
	defer func() {
		if r := recover(); r != nil {
			out = c.with(unknown(c.at, "%s cannot take what it is given", c.name))
		}
	}()
	params := f.Params()
	args := make([]cty.Value, len(c.args))
	weight := 0
	for i, a := range c.args {
		weight += size(a)
		v := toCty(a)
		switch {
		case i < len(params):
			v, _ = converted(v, params[i].Type)
		case f.VarParam() != nil:
			v, _ = converted(v, f.VarParam().Type)
		}
		args[i] = v
	}
	if weight > 4*maxText || wild(c) {
		return c.with(unknown(c.at, "what %s is given is too large", c.name))
	}
	v, err := f.Call(args)
	if err != nil {
		return c.with(failed(c.at, "%s fails: %v", c.name, err))
	}
	return c.with(fromCty(v, c.at))
}

// wild reports whether a call may yield much more than it is given.
func wild(c *call) bool {
	product := 1
	for _, a := range c.args {
		switch {
		case c.name == "indent" || c.name == "format" || c.name == "formatlist" || c.name == "range":
			if n, ok := a.Int(0); ok && a.Type == model.NumberType && a.Kind == model.Scalar && c.name != "format" && c.name != "formatlist" && (n > 1024 || n < -1024) {
				return true
			}
			if wideVerb.MatchString(a.Text) {
				return true
			}
		case c.name == "setproduct":
			product *= max(1, len(a.Items))
		}
	}
	return product > maxItems
}

var wideVerb = regexp.MustCompile(`%[^a-zA-Z%]*[0-9]{4}`)

// size is about how much a value holds.
func size(v value) int {
	n := len(v.Text) + 8
	for _, i := range v.Items {
		n += size(i)
	}
	for _, f := range v.Fields {
		n += size(f)
	}
	return n
}

func converted(v cty.Value, to cty.Type) (cty.Value, error) {
	if to == cty.DynamicPseudoType {
		return v, nil
	}
	out, err := convert.Convert(v, to)
	if err != nil {
		return v, err
	}
	return out, nil
}

func toCty(v value) cty.Value {
	switch v.Kind {
	case model.Scalar:
		switch v.Type {
		case model.NumberType:
			if f := float(v); f != nil {
				return cty.NumberVal(f)
			}
		case model.BoolType:
			return cty.BoolVal(v.Text == "true")
		}
		return cty.StringVal(v.Text)
	case model.List:
		if len(v.Items) == 0 {
			return cty.EmptyTupleVal
		}
		items := make([]cty.Value, len(v.Items))
		for i, item := range v.Items {
			items[i] = toCty(item)
		}
		return cty.TupleVal(items)
	case model.Object:
		fields := make(map[string]cty.Value, len(v.Fields))
		for name, f := range v.Fields {
			fields[name] = toCty(f)
		}
		return cty.ObjectVal(fields)
	}
	return cty.NullVal(cty.DynamicPseudoType)
}

func fromCty(v cty.Value, at fact.Location) value {
	v, _ = v.UnmarkDeep()
	if !v.IsKnown() || v.IsNull() || v.Type().IsPrimitiveType() {
		return scalarOf(v, at)
	}
	if !v.CanIterateElements() {
		return unknown(at, "it is no plain value")
	}
	object := v.Type().IsObjectType() || v.Type().IsMapType()
	out := value{Kind: model.List, At: at}
	if object {
		out.Kind, out.Fields = model.Object, map[string]value{}
	}
	for it := v.ElementIterator(); it.Next(); {
		key, item := it.Element()
		if object {
			out.Fields[key.AsString()] = fromCty(item, at)
			continue
		}
		out.Items = append(out.Items, fromCty(item, at))
	}
	return out
}

// ctyFunctions are the functions of Terraform that the library has.
func ctyFunctions() map[string]ctyfunc.Function {
	return map[string]ctyfunc.Function{
		"abs": stdlib.AbsoluteFunc, "ceil": stdlib.CeilFunc, "chomp": stdlib.ChompFunc, "chunklist": stdlib.ChunklistFunc, "csvdecode": stdlib.CSVDecodeFunc,
		"floor": stdlib.FloorFunc, "format": stdlib.FormatFunc, "formatdate": stdlib.FormatDateFunc, "formatlist": stdlib.FormatListFunc, "indent": stdlib.IndentFunc,
		"log": stdlib.LogFunc, "lower": stdlib.LowerFunc, "max": stdlib.MaxFunc, "min": stdlib.MinFunc, "parseint": stdlib.ParseIntFunc,
		"pow": stdlib.PowFunc, "range": stdlib.RangeFunc, "regex": stdlib.RegexFunc, "regexall": stdlib.RegexAllFunc, "setintersection": stdlib.SetIntersectionFunc,
		"setproduct": stdlib.SetProductFunc, "setsubtract": stdlib.SetSubtractFunc, "signum": stdlib.SignumFunc, "sort": stdlib.SortFunc, "split": stdlib.SplitFunc,
		"strrev": stdlib.ReverseFunc, "substr": stdlib.SubstrFunc, "timeadd": stdlib.TimeAddFunc, "title": stdlib.TitleFunc, "trim": stdlib.TrimFunc,
		"trimprefix": stdlib.TrimPrefixFunc, "trimspace": stdlib.TrimSpaceFunc, "trimsuffix": stdlib.TrimSuffixFunc, "upper": stdlib.UpperFunc,
		"cidrsubnets": cidrSubnets, "sum": sum,
	}
}

// unworked are functions that there are and that are not worked out.
var unworked = map[string]bool{
	"base64gzip": true, "cidrcontains": true, "matchkeys": true, "transpose": true, "rsadecrypt": true, "textencodebase64": true, "textdecodebase64": true, "timecmp": true,
	"type": true, "issensitive": true, "defaults": true, "list": true, "map": true, "base64gunzip": true, "urldecode": true, "listproduct": true,
}

func (r *reader) known(name string) bool {
	if unworked[name] || r.functions[name] != nil || r.texts[name] != nil || name == "try" || name == "can" {
		return true
	}
	_, found := r.cty[name]
	return found
}

func (r *reader) nearFunction(name string) string {
	all := map[string]bool{"try": true, "can": true}
	for n := range r.functions {
		all[n] = true
	}
	for n := range r.texts {
		all[n] = true
	}
	for n := range r.cty {
		all[n] = true
	}
	if hint := near(name, all); hint != "" {
		return ", but " + strings.TrimPrefix(hint, ", which has ")
	}
	return ""
}

// textFunctions take texts and yield a text.
func textFunctions() map[string]func([]string) (string, error) {
	one := func(f func(string) (string, error)) func([]string) (string, error) {
		return func(a []string) (string, error) {
			if len(a) != 1 {
				return "", errArguments
			}
			return f(a[0])
		}
	}
	plain := func(f func(string) string) func([]string) (string, error) {
		return one(func(s string) (string, error) { return f(s), nil })
	}
	sum := func(f func([]byte) []byte, write func([]byte) string) func([]string) (string, error) {
		return plain(func(s string) string { return write(f([]byte(s))) })
	}
	b64 := base64.StdEncoding.EncodeToString
	md := func(b []byte) []byte { s := md5.Sum(b); return s[:] }
	s1 := func(b []byte) []byte { s := sha1.Sum(b); return s[:] }
	s256 := func(b []byte) []byte { s := sha256.Sum256(b); return s[:] }
	s512 := func(b []byte) []byte { s := sha512.Sum512(b); return s[:] }
	return map[string]func([]string) (string, error){
		"base64encode": plain(func(s string) string { return b64([]byte(s)) }),
		"base64decode": one(func(s string) (string, error) { b, err := base64.StdEncoding.DecodeString(s); return string(b), err }),
		"urlencode":    plain(url.QueryEscape),
		"basename":     plain(path.Base), "dirname": plain(path.Dir),
		"md5": sum(md, hex.EncodeToString), "sha1": sum(s1, hex.EncodeToString), "sha256": sum(s256, hex.EncodeToString), "sha512": sum(s512, hex.EncodeToString),
		"base64sha256": sum(s256, b64), "base64sha512": sum(s512, b64),
		"replace": replace, "cidrsubnet": cidrSubnet, "cidrhost": cidrHost, "cidrnetmask": cidrMask,
		"startswith":  relates(strings.HasPrefix),
		"endswith":    relates(strings.HasSuffix),
		"strcontains": relates(strings.Contains),
	}
}

var errArguments = fmt.Errorf("other arguments are wanted")

// relates yields a truth value as text.
func relates(f func(string, string) bool) func([]string) (string, error) {
	return func(a []string) (string, error) {
		if len(a) != 2 {
			return "", errArguments
		}
		return fmt.Sprint(f(a[0], a[1])), nil
	}
}

func replace(a []string) (string, error) {
	if len(a) != 3 {
		return "", errArguments
	}
	if grow := strings.Count(a[0], a[1]); len(a[1]) == 0 && len(a[0])*len(a[2]) > maxText || grow*len(a[2]) > maxText {
		return "", errArguments
	}
	if len(a[1]) > 1 && strings.HasPrefix(a[1], "/") && strings.HasSuffix(a[1], "/") {
		re, err := regexp.Compile(a[1][1 : len(a[1])-1])
		if err != nil {
			return "", err
		}
		return re.ReplaceAllString(a[0], a[2]), nil
	}
	return strings.ReplaceAll(a[0], a[1], a[2]), nil
}

// cidrSubnet returns the numbered network of so many more bits within another.
func cidrSubnet(a []string) (string, error) {
	if len(a) != 3 {
		return "", errArguments
	}
	p, err := netip.ParsePrefix(a[0])
	if err != nil {
		return "", err
	}
	bits, num := new(big.Int), new(big.Int)
	if _, ok := bits.SetString(a[1], 10); !ok || !bits.IsInt64() {
		return "", errArguments
	}
	if _, ok := num.SetString(a[2], 10); !ok {
		return "", errArguments
	}
	length := int64(p.Bits()) + bits.Int64()
	total := int64(p.Addr().BitLen())
	if bits.Sign() < 0 || length > total || num.Sign() < 0 || int64(num.BitLen()) > bits.Int64() {
		return "", errArguments
	}
	addr, err := offset(p, num.Lsh(num, uint(total-length)))
	if err != nil {
		return "", err
	}
	return netip.PrefixFrom(addr, int(length)).String(), nil
}

func offset(p netip.Prefix, by *big.Int) (netip.Addr, error) {
	base := p.Masked().Addr().AsSlice()
	n := new(big.Int).Add(new(big.Int).SetBytes(base), by)
	if n.BitLen() > len(base)*8 || n.Sign() < 0 {
		return netip.Addr{}, errArguments
	}
	addr, _ := netip.AddrFromSlice(n.FillBytes(make([]byte, len(base))))
	return addr, nil
}

func cidrHost(a []string) (string, error) {
	if len(a) != 2 {
		return "", errArguments
	}
	p, err := netip.ParsePrefix(a[0])
	if err != nil {
		return "", err
	}
	num := new(big.Int)
	if _, ok := num.SetString(a[1], 10); !ok {
		return "", errArguments
	}
	room := new(big.Int).Lsh(big.NewInt(1), uint(p.Addr().BitLen()-p.Bits()))
	if num.Sign() < 0 { // counted from the end
		num.Add(num, room)
	}
	if num.Sign() < 0 || num.Cmp(room) >= 0 {
		return "", errArguments
	}
	addr, err := offset(p, num)
	return addr.String(), err
}

func cidrMask(a []string) (string, error) {
	if len(a) != 1 {
		return "", errArguments
	}
	p, err := netip.ParsePrefix(a[0])
	if err != nil || !p.Addr().Is4() {
		return "", errArguments
	}
	m := uint32(0xffffffff) << (32 - p.Bits())
	return netip.AddrFrom4([4]byte{byte(m >> 24), byte(m >> 16), byte(m >> 8), byte(m)}).String(), nil
}

// cidrSubnets lays networks of the given sizes one after the other.
var cidrSubnets = ctyfunc.New(&ctyfunc.Spec{
	Params:   []ctyfunc.Parameter{{Name: "prefix", Type: cty.String}},
	VarParam: &ctyfunc.Parameter{Name: "newbits", Type: cty.Number},
	Type:     ctyfunc.StaticReturnType(cty.List(cty.String)),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		p, err := netip.ParsePrefix(args[0].AsString())
		if err != nil {
			return cty.NilVal, err
		}
		total := p.Addr().BitLen()
		next := new(big.Int)
		var out []cty.Value
		for _, a := range args[1:] {
			bits, _ := a.AsBigFloat().Int64()
			length := p.Bits() + int(bits)
			if bits < 1 || bits > 128 || length > total {
				return cty.NilVal, errArguments
			}
			size := new(big.Int).Lsh(big.NewInt(1), uint(total-length))
			if rest := new(big.Int).Mod(next, size); rest.Sign() > 0 {
				next.Add(next, new(big.Int).Sub(size, rest))
			}
			addr, err := offset(p, next)
			if err != nil || !p.Contains(addr) {
				return cty.NilVal, errArguments
			}
			out = append(out, cty.StringVal(netip.PrefixFrom(addr, length).String()))
			next.Add(next, size)
		}
		if len(out) == 0 {
			return cty.ListValEmpty(cty.String), nil
		}
		return cty.ListVal(out), nil
	},
})

var sum = ctyfunc.New(&ctyfunc.Spec{
	Params: []ctyfunc.Parameter{{Name: "list", Type: cty.DynamicPseudoType}},
	Type:   ctyfunc.StaticReturnType(cty.Number),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		total := cty.Zero
		if !args[0].CanIterateElements() || args[0].LengthInt() == 0 {
			return cty.NilVal, errArguments
		}
		for it := args[0].ElementIterator(); it.Next(); {
			_, v := it.Element()
			n, err := convert.Convert(v, cty.Number)
			if err != nil {
				return cty.NilVal, err
			}
			total = total.Add(n)
		}
		return total, nil
	},
})
