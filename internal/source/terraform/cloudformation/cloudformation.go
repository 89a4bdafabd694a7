// Package cloudformation reads templates of AWS CloudFormation and SAM into the
// model of Terraform. Resources whose types stand in a small table take
// Terraform's names; of all others only the type, the tags and the secrets in
// them are read, and a hole says so.
package cloudformation

import (
	"bytes"
	"fmt"
	"sort"
	"strings"

	yaml "go.yaml.in/yaml/v3"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
)

// Engine is what configurations of this technology are called.
const Engine = "cloudformation"

// MaxFile is CloudFormation's own limit on a template, and some room.
const MaxFile = 2 << 20

// Begins reports whether a file may be a template, as its bytes tell.
func Begins(data []byte) bool {
	return bytes.Contains(data, []byte("AWSTemplateFormatVersion")) || bytes.Contains(data, []byte("AWS::Serverless")) ||
		bytes.Contains(data, []byte("Resources")) && bytes.Contains(data, []byte("AWS::"))
}

// Read returns what a template says, or nil where the file is something else.
func Read(shown string, data []byte) *model.Config {
	if !Begins(data) {
		return nil
	}
	doc := decode.Document{File: shown, Line: 1, Data: data}
	root, problem := doc.Parse()
	named := bytes.Contains(data, []byte("AWSTemplateFormatVersion"))
	if problem != nil {
		if !named {
			return nil
		}
		return &model.Config{Dir: shown, Engine: Engine, At: problem.Location, Required: map[string]model.Value{}, Problems: []fact.Problem{*problem},
			Holes: []fact.Hole{{Location: problem.Location, Why: "the template cannot be parsed"}}}
	}
	resources := decode.Child(root, "Resources")
	if !decode.IsMapping(resources) || !named && !typed(resources) {
		return nil
	}
	c := &model.Config{Dir: shown, Engine: Engine, At: doc.At(root), Required: map[string]model.Value{}}
	t := &template{doc: doc, config: c, parameters: map[string]model.Value{}, budget: 50_000}
	for _, key := range decode.Keys(decode.Child(root, "Parameters")) {
		t.parameter(key.Value, decode.Child(decode.Child(root, "Parameters"), key.Value))
	}
	for _, key := range decode.Keys(resources) {
		t.resource(key, decode.Child(resources, key.Value))
	}
	return c
}

// typed reports whether one of the resources is of a type of AWS.
func typed(resources *decode.Node) bool {
	for _, key := range decode.Keys(resources) {
		if strings.HasPrefix(decode.Text(decode.Dig(resources, key.Value, "Type")), "AWS::") {
			return true
		}
	}
	return false
}

type template struct {
	doc        decode.Document
	config     *model.Config
	parameters map[string]model.Value
	budget     int
}

func (t *template) parameter(name string, n *decode.Node) {
	at := t.doc.At(n)
	v := &model.Variable{Name: name, At: at, Sensitive: decode.Text(decode.Child(n, "NoEcho")) == "true"}
	known := model.Value{Kind: model.Unknown, Why: "parameter " + name + " has no default", At: at}
	if d := decode.Child(n, "Default"); d != nil {
		v.Default = t.value(d, 0)
		known = v.Default
		if v.Sensitive {
			known = model.Value{Kind: model.Unknown, Why: "parameter " + name + " is not echoed", At: at}
		}
		if kind := decode.Text(decode.Child(n, "Type")); strings.HasPrefix(kind, "AWS::SSM::") {
			known = model.Value{Kind: model.Unknown, Why: "parameter " + name + " is looked up when it is applied", At: at}
			v.Default = model.Value{}
		}
	}
	t.parameters[name] = known
	t.config.Variables = append(t.config.Variables, v)
}

func (t *template) resource(key, n *decode.Node) {
	kind := decode.Text(decode.Child(n, "Type"))
	if kind == "" {
		t.config.Problems = append(t.config.Problems, fact.Problem{Location: t.doc.At(key), Message: fmt.Sprintf("resource %s has no Type; name one, such as AWS::SQS::Queue", key.Value)})
		t.config.Holes = append(t.config.Holes, fact.Hole{Location: t.doc.At(key), Why: "resource " + key.Value + " has no type"})
		return
	}
	r := &model.Resource{Address: key.Value, Base: key.Value, Type: kind, Name: key.Value, Provider: "aws", At: t.doc.At(key)}
	body := t.value(decode.Child(n, "Properties"), 0)
	if body.Kind != model.Object && body.Kind != model.Unknown {
		body = model.Value{Kind: model.Object, At: r.At, Fields: map[string]model.Value{}}
	}
	if condition := decode.Text(decode.Child(n, "Condition")); condition != "" {
		r.Count = model.Value{Kind: model.Unknown, Why: "condition " + condition + " is not known", At: r.At}
	}
	r.Body = body
	if m, found := types[kind]; found {
		r.Type = m.kind
		r.Body = renamed(body, m.names)
		if m.mend != nil {
			m.mend(r)
		}
	} else {
		t.config.Holes = append(t.config.Holes, fact.Hole{Location: r.At, Kinds: holds(kind), Why: fmt.Sprintf("%s (%s) is not read in CloudFormation", key.Value, kind)})
	}
	if fields := r.Body.Fields; fields != nil {
		fields["tags"] = tags(body)
	}
	t.config.Resources = append(t.config.Resources, r)
}

// tags turns lists of keys and values into an object.
func tags(body model.Value) model.Value {
	for _, name := range []string{"Tags", "FileSystemTags", "HostedZoneTags", "UserPoolTags"} {
		v := body.Fields[name]
		switch v.Kind {
		case model.Object, model.Unknown:
			return v
		case model.List:
			out := model.Value{Kind: model.Object, At: v.At, Fields: map[string]model.Value{}}
			for _, item := range v.Items {
				key := item.Get("Key")
				if key.Kind != model.Scalar {
					out.Kind, out.Why = model.Unknown, "a tag's name is not known"
					continue
				}
				out.Fields[key.Text] = item.Get("Value")
			}
			return out
		}
	}
	return model.Value{}
}

// value evaluates a node, its functions included.
func (t *template) value(n *decode.Node, depth int) model.Value {
	n = decode.Follow(n)
	if n == nil {
		return model.Value{}
	}
	at := t.doc.At(n)
	if t.budget--; t.budget < 0 || depth > 100 {
		return model.Value{Kind: model.Unknown, Why: "the template is too large", At: at}
	}
	if strings.HasPrefix(n.Tag, "!") && !strings.HasPrefix(n.Tag, "!!") {
		return t.call(strings.TrimPrefix(n.Tag, "!"), n, at, depth)
	}
	switch n.Kind {
	case yaml.MappingNode:
		if keys := decode.Keys(n); len(keys) == 1 && (keys[0].Value == "Ref" || strings.HasPrefix(keys[0].Value, "Fn::")) {
			return t.call(strings.TrimPrefix(keys[0].Value, "Fn::"), decode.Child(n, keys[0].Value), at, depth)
		}
		out := model.Value{Kind: model.Object, At: at, Fields: map[string]model.Value{}}
		for _, key := range decode.Keys(n) {
			out.Fields[key.Value] = t.value(decode.Child(n, key.Value), depth+1)
		}
		return out
	case yaml.SequenceNode:
		out := model.Value{Kind: model.List, At: at}
		for _, item := range n.Content {
			out.Items = append(out.Items, t.value(item, depth+1))
		}
		return out
	}
	s := decode.Resolve(n)
	out := model.Value{Kind: model.Scalar, Text: n.Value, At: at}
	switch s.Kind {
	case decode.NullScalar:
		out.Kind = model.Null
	case decode.BoolScalar:
		out.Type, out.Text = model.BoolType, fmt.Sprint(s.Bool)
	case decode.IntScalar, decode.FloatScalar:
		out.Type = model.NumberType
	}
	return out
}

// call evaluates one of CloudFormation's functions.
func (t *template) call(name string, n *decode.Node, at fact.Location, depth int) model.Value {
	open := func(why string, args ...model.Value) model.Value {
		out := model.Value{Kind: model.Unknown, Why: why, At: at}
		for _, a := range args {
			out.Refs = append(out.Refs, a.AllRefs()...)
		}
		sort.Strings(out.Refs)
		return out
	}
	switch name {
	case "Ref":
		return t.ref(n.Value, at)
	case "GetAtt":
		target, _, _ := strings.Cut(n.Value, ".")
		if len(n.Content) > 0 {
			target = n.Content[0].Value
		}
		return model.Value{Kind: model.Unknown, Why: target + " gives it only once it is applied", Refs: []string{target}, At: at}
	case "Sub":
		return t.sub(n, at, depth)
	case "Join":
		if len(n.Content) == 2 && n.Content[1].Kind == yaml.SequenceNode {
			var parts []model.Value
			for i, item := range n.Content[1].Content {
				if i > 0 {
					parts = append(parts, model.Value{Kind: model.Scalar, Text: n.Content[0].Value})
				}
				parts = append(parts, t.value(item, depth+1))
			}
			return join(parts, at)
		}
	case "Condition", "Equals", "And", "Or", "Not":
		return open("a condition is not known")
	}
	var args []model.Value
	for _, item := range n.Content {
		args = append(args, t.value(item, depth+1))
	}
	return open("Fn::"+name+" is worked out when it is applied", args...)
}

func (t *template) ref(name string, at fact.Location) model.Value {
	if v, found := t.parameters[name]; found {
		return v
	}
	if strings.HasPrefix(name, "AWS::") {
		if name == "AWS::NoValue" {
			return model.Value{}
		}
		return model.Value{Kind: model.Unknown, Why: name + " depends on where it is applied", At: at}
	}
	return model.Value{Kind: model.Unknown, Why: name + " gives it only once it is applied", Refs: []string{name}, At: at}
}

// sub fills ${Name} and ${Name.Attribute} in.
func (t *template) sub(n *decode.Node, at fact.Location, depth int) model.Value {
	written, given := n.Value, map[string]model.Value{}
	if len(n.Content) == 2 {
		written = n.Content[0].Value
		for _, key := range decode.Keys(n.Content[1]) {
			given[key.Value] = t.value(decode.Child(n.Content[1], key.Value), depth+1)
		}
	}
	var parts []model.Value
	for rest := written; rest != ""; {
		before, after, found := strings.Cut(rest, "${")
		parts = append(parts, model.Value{Kind: model.Scalar, Text: before})
		name, tail, closed := strings.Cut(after, "}")
		if !found || !closed {
			break
		}
		rest = tail
		if literal, is := strings.CutPrefix(name, "!"); is {
			parts = append(parts, model.Value{Kind: model.Scalar, Text: "${" + literal + "}"})
			continue
		}
		if v, is := given[name]; is {
			parts = append(parts, v)
			continue
		}
		target, _, _ := strings.Cut(name, ".")
		parts = append(parts, t.ref(target, at))
	}
	return join(parts, at)
}

func join(parts []model.Value, at fact.Location) model.Value {
	out := model.Value{Kind: model.Scalar, At: at}
	for _, p := range parts {
		out.Refs = append(out.Refs, p.AllRefs()...)
		if out.Kind == model.Unknown || len(out.Text) > 1<<20 {
			continue
		}
		out.Text += p.Text
		if p.Kind != model.Scalar {
			out.Kind, out.Why = model.Unknown, p.Why
		}
	}
	if out.Kind == model.Unknown && len(parts) <= 64 {
		for _, p := range parts {
			out.Pieces = append(out.Pieces, model.Value{Kind: p.Kind, Text: p.Text, Refs: p.AllRefs(), Why: p.Why, At: p.At})
		}
	}
	return out
}
