package hcl

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/big"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"seaworthy.dev/seaworthy/internal/fact"
)

// labels is how many names stand between a block's type and its body.
var labels = map[string]int{
	"resource": 2, "data": 2, "ephemeral": 2, "module": 1, "variable": 1, "output": 1, "provider": 1, "check": 1,
}

// json reads Terraform's JSON form into the syntax tree of the other one.
func (p *parsed) json(data []byte) {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	r := &jsonReader{parsed: p, data: data, dec: json.NewDecoder(bytes.NewReader(data)), line: 1}
	r.dec.UseNumber()
	top, ok := r.value(0)
	if !ok {
		return
	}
	if top.kind != '{' {
		p.fail(place(top.at), "cannot be parsed: the file must hold a JSON object, such as {\"resource\": {...}}")
		return
	}
	if r.dec.More() {
		p.fail(fact.Location{File: p.name, Line: r.line}, "cannot be parsed: something stands after the end of the JSON object; delete it")
	}
	vars := labels
	if isVars(p.name) {
		vars = nil
	}
	for _, f := range top.fields {
		n, block := vars[f.name]
		if vars != nil && (f.name == "terraform" || f.name == "locals" || f.name == "moved" || f.name == "import" || f.name == "removed") {
			n, block = 0, true
		}
		switch {
		case f.name == "//":
		case block:
			r.blocks(p.body, f.name, nil, n, f)
		case vars == nil:
			r.attribute(p.body, f)
		default:
			p.body.Blocks = append(p.body.Blocks, &hclsyntax.Block{Type: f.name, Body: &hclsyntax.Body{}, TypeRange: f.key})
		}
	}
}

// node is a JSON value with its place.
type node struct {
	kind   byte // '{', '[', 's' for a scalar
	at     hcl.Range
	fields []field
	items  []node
	scalar any // string, json.Number, bool, nil
}

type field struct {
	name string
	key  hcl.Range
	node
}

type jsonReader struct {
	*parsed
	data []byte
	dec  *json.Decoder
	// line and start are those of the byte seen last.
	line, seen, start int
}

// at returns the place of what the decoder has just read, which ends at its
// offset and is n bytes long.
func (r *jsonReader) at(n int) hcl.Range {
	end := max(0, int(r.dec.InputOffset())-n)
	for ; r.seen < end && r.seen < len(r.data); r.seen++ {
		if r.data[r.seen] == '\n' {
			r.line, r.start = r.line+1, r.seen+1
		}
	}
	pos := hcl.Pos{Line: r.line, Column: r.seen - r.start + 1, Byte: r.seen}
	return hcl.Range{Filename: r.name, Start: pos, End: pos}
}

func (r *jsonReader) broken(err error) {
	at := r.at(0)
	r.fail(place(at), "cannot be parsed as JSON here: %v", err)
}

func (r *jsonReader) value(depth int) (n node, ok bool) {
	token, err := r.dec.Token()
	if err != nil {
		r.broken(err)
		return n, false
	}
	if depth > maxNesting {
		r.broken(fmt.Errorf("it nests more than %d deep", maxNesting))
		return n, false
	}
	switch t := token.(type) {
	case json.Delim:
		n.kind, n.at = byte(t), r.at(1)
		for r.dec.More() {
			if n.kind == '[' {
				item, ok := r.value(depth + 1)
				if !ok {
					return n, false
				}
				n.items = append(n.items, item)
				continue
			}
			name, err := r.dec.Token()
			if err != nil {
				r.broken(err)
				return n, false
			}
			key, _ := name.(string)
			f := field{name: key, key: r.at(len(key) + 2)}
			if f.node, ok = r.value(depth + 1); !ok {
				return n, false
			}
			n.fields = append(n.fields, f)
		}
		if _, err := r.dec.Token(); err != nil {
			r.broken(err)
			return n, false
		}
	case string:
		n.kind, n.scalar, n.at = 's', t, r.at(len(t)+2)
	default:
		n.kind, n.scalar, n.at = 's', t, r.at(1)
	}
	return n, true
}

// blocks takes the blocks of one type: a body, a list of bodies, or either
// below as many names as the type has.
func (r *jsonReader) blocks(into *hclsyntax.Body, kind string, names []string, more int, f field) {
	if f.kind == '[' {
		for _, item := range f.items {
			r.blocks(into, kind, names, more, field{name: f.name, key: f.key, node: item})
		}
		return
	}
	if f.kind != '{' {
		r.fail(place(f.at), "%q must hold an object here", kind)
		return
	}
	if more > 0 {
		for _, sub := range f.fields {
			if sub.name != "//" {
				r.blocks(into, kind, append(names[:len(names):len(names)], sub.name), more-1, sub)
			}
		}
		return
	}
	body := &hclsyntax.Body{SrcRange: f.at}
	for _, sub := range f.fields {
		if kind == "resource" && sub.name == "dynamic" {
			r.fail(place(sub.key), "a dynamic block in JSON is not read; write this resource in a .tf file")
			continue
		}
		r.attribute(body, sub)
	}
	into.Blocks = append(into.Blocks, &hclsyntax.Block{Type: kind, Labels: names, Body: body, TypeRange: f.key})
}

func (r *jsonReader) attribute(body *hclsyntax.Body, f field) {
	if f.name == "//" {
		return
	}
	if body.Attributes == nil {
		body.Attributes = hclsyntax.Attributes{}
	}
	body.Attributes[f.name] = &hclsyntax.Attribute{Name: f.name, Expr: r.expression(f.node), SrcRange: f.key, NameRange: f.key}
}

func (r *jsonReader) expression(n node) hclsyntax.Expression {
	switch n.kind {
	case '[':
		out := &hclsyntax.TupleConsExpr{SrcRange: n.at, OpenRange: n.at}
		for _, item := range n.items {
			out.Exprs = append(out.Exprs, r.expression(item))
		}
		return out
	case '{':
		out := &hclsyntax.ObjectConsExpr{SrcRange: n.at, OpenRange: n.at}
		for _, f := range n.fields {
			if f.name != "//" {
				out.Items = append(out.Items, hclsyntax.ObjectConsItem{KeyExpr: r.text(f.name, f.key), ValueExpr: r.expression(f.node)})
			}
		}
		return out
	}
	val := cty.NullVal(cty.DynamicPseudoType)
	switch s := n.scalar.(type) {
	case string:
		return r.text(s, n.at)
	case bool:
		val = cty.BoolVal(s)
	case json.Number:
		if f, _, err := big.ParseFloat(s.String(), 10, 512, big.ToNearestEven); err == nil {
			val = cty.NumberVal(f)
		}
	}
	return &hclsyntax.LiteralValueExpr{Val: val, SrcRange: n.at}
}

// text takes a string, which may hold a template. Variable files hold none.
func (r *jsonReader) text(s string, at hcl.Range) hclsyntax.Expression {
	literal := &hclsyntax.LiteralValueExpr{Val: cty.StringVal(s), SrcRange: at}
	if isVars(r.name) || !bytes.ContainsAny([]byte(s), "$%") {
		return literal
	}
	if why := tooMuch([]byte(s)); why != "" {
		r.fail(place(at), "the template %s", why)
		return literal
	}
	start := at.Start
	start.Column++
	start.Byte++
	expr, diags := hclsyntax.ParseTemplate([]byte(s), r.name, start)
	r.diagnose(diags)
	if expr == nil || diags.HasErrors() {
		return literal
	}
	return expr
}
