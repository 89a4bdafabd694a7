// Package cloudformation reads templates of AWS CloudFormation and SAM into the
// model of Terraform. Resources whose types stand in a table take Terraform's
// names; of all others only the type, the tags and the secrets in
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
	t.mappings = decode.Child(root, "Mappings")
	if globals := decode.Dig(root, "Globals", "Function"); globals != nil {
		t.globals = t.value(globals, 0)
	}
	for _, key := range decode.Keys(resources) {
		if strings.HasPrefix(key.Value, "Fn::") {
			c.Holes = append(c.Holes, fact.Hole{Location: doc.At(key), Why: "what " + key.Value + " makes is not read in CloudFormation"})
			continue
		}
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
	// mappings are looked up by FindInMap; globals hold for all functions of SAM.
	mappings *decode.Node
	globals  model.Value
	budget   int
}

// global returns the properties of a function with those that SAM gives to all:
// objects are merged, lists are joined, and everything else is taken where the
// function says nothing.
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-template-anatomy-globals.html
func (t *template) global(kind string, own model.Value) model.Value {
	if kind != "AWS::Serverless::Function" || !t.globals.Present() && t.globals.Known() {
		return own
	}
	return merged(t.globals, own, 0)
}

func merged(all, own model.Value, depth int) model.Value {
	switch {
	case own.Kind == model.Absent || depth > 20:
		return all
	case all.Kind == model.Absent:
		return own
	case all.Kind == model.Object && own.Kind == model.Object:
		out := own
		out.Fields = make(map[string]model.Value, len(own.Fields)+len(all.Fields))
		for name, v := range all.Fields {
			out.Fields[name] = v
		}
		for name, v := range own.Fields {
			out.Fields[name] = merged(all.Fields[name], v, depth+1)
		}
		return out
	case all.Kind == model.List && own.Kind == model.List:
		own.Items = append(append([]model.Value{}, all.Items...), own.Items...)
		return own
	case !all.Known() && own.Kind != model.Scalar:
		own.Kind, own.Why = model.Unknown, all.Why
	}
	return own
}

func (t *template) parameter(name string, n *decode.Node) {
	at := t.doc.At(n)
	v := &model.Variable{Name: name, At: at, Sensitive: decode.Text(decode.Child(n, "NoEcho")) == "true"}
	known := model.Value{Kind: model.Unknown, Why: "parameter " + name + " has no default", At: at}
	if d := decode.Child(n, "Default"); d != nil {
		v.Default = t.value(d, 0)
		kind := decode.Text(decode.Child(n, "Type"))
		if listed := kind == "CommaDelimitedList" || strings.HasPrefix(kind, "List<"); listed && v.Default.Kind == model.Scalar {
			v.Default = split(v.Default)
		}
		known = v.Default
		if v.Sensitive {
			known = model.Value{Kind: model.Unknown, Why: "parameter " + name + " is not echoed", At: at}
		}
		if strings.HasPrefix(kind, "AWS::SSM::") {
			known = model.Value{Kind: model.Unknown, Why: "parameter " + name + " is looked up when it is applied", At: at}
			v.Default = model.Value{}
		}
	}
	t.parameters[name] = known
	t.config.Variables = append(t.config.Variables, v)
}

// split returns the items of a text with commas.
func split(v model.Value) model.Value {
	out := model.Value{Kind: model.List, At: v.At}
	for _, item := range strings.Split(v.Text, ",") {
		if item = strings.TrimSpace(item); item != "" {
			out.Items = append(out.Items, model.Value{Kind: model.Scalar, Text: item, At: v.At})
		}
	}
	return out
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
		r.Body = renamed(t.global(kind, body), m.names)
		if m.deep {
			for name, f := range r.Body.Fields {
				if !opaque[name] {
					r.Body.Fields[name] = spelled(f)
				}
			}
		}
		if m.mend != nil && r.Body.Fields != nil {
			m.mend(r)
		}
		if m.parts != nil && r.Body.Fields != nil {
			for _, part := range m.parts(r) {
				part.Part, part.Count = true, r.Count
				t.config.Resources = append(t.config.Resources, part)
			}
		}
		if v := r.Body.Get("replication_configuration"); kind == "AWS::S3::Bucket" && v.Kind != model.Absent {
			t.config.Holes = append(t.config.Holes, fact.Hole{Location: v.At, Kinds: []fact.Kind{fact.Backups}, Why: "where " + key.Value + " copies to is not read in CloudFormation"})
		}
		if kinds := m.left(r); len(kinds) > 0 {
			t.config.Holes = append(t.config.Holes, fact.Hole{Location: r.At, Kinds: kinds, Why: "what else SAM makes for " + key.Value + " is not read"})
		}
	} else if kinds := holds(kind); len(kinds) > 0 {
		t.config.Holes = append(t.config.Holes, fact.Hole{Location: r.At, Kinds: kinds, Unread: true, Why: fmt.Sprintf("%s (%s) is not read in CloudFormation", key.Value, kind)})
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
			v := t.value(item, depth+1)
			if !v.Known() && conditional(item) { // whether it is in the list is not known
				out.Kind, out.Why = model.Unknown, v.Why
				out.Refs = append(out.Refs, v.AllRefs()...)
				continue
			}
			if v.Kind != model.Absent { // AWS::NoValue takes it out
				out.Items = append(out.Items, v)
			}
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

// conditional reports whether a node is a choice that a condition makes.
func conditional(n *decode.Node) bool {
	n = decode.Follow(n)
	return n != nil && (n.Tag == "!If" || decode.Child(n, "Fn::If") != nil)
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
	case "FindInMap":
		return t.find(n, at, depth)
	case "Split":
		if len(n.Content) == 2 {
			if by, of := t.value(n.Content[0], depth+1), t.value(n.Content[1], depth+1); by.Kind == model.Scalar && by.Text == "," && of.Kind == model.Scalar {
				return split(of)
			}
		}
	case "Select":
		if v, found := t.pick(n, at, depth); found {
			return v
		}
	case "If":
		if len(n.Content) == 3 {
			return open("condition "+n.Content[0].Value+" is not known", t.value(n.Content[1], depth+1), t.value(n.Content[2], depth+1))
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

// find looks a value up in the mappings of the template.
func (t *template) find(n *decode.Node, at fact.Location, depth int) model.Value {
	why := "Fn::FindInMap names no entry that is known here"
	if len(n.Content) >= 3 {
		found := t.mappings
		for _, part := range n.Content[:3] {
			key := t.value(part, depth+1)
			if key.Kind != model.Scalar {
				if key.Why != "" {
					why = key.Why
				}
				found = nil
				break
			}
			found = decode.Child(found, key.Text)
		}
		if found != nil {
			v := t.value(found, depth+1)
			v.At = at
			return v
		}
	}
	return model.Value{Kind: model.Unknown, Why: why, At: at}
}

// pick takes one item of a list. The zones of a region differ from each other,
// although their names are not known.
func (t *template) pick(n *decode.Node, at fact.Location, depth int) (model.Value, bool) {
	if len(n.Content) != 2 {
		return model.Value{}, false
	}
	index := t.value(n.Content[0], depth+1)
	i, known := index.Int(0)
	of := decode.Follow(n.Content[1])
	if !known || of == nil || index.Kind != model.Scalar || i < 0 {
		return model.Value{}, false
	}
	if of.Tag == "!GetAZs" || decode.Child(of, "Fn::GetAZs") != nil {
		return model.Value{Kind: model.Scalar, Text: fmt.Sprintf("zone %d of the region", i), At: at}, true
	}
	if list := t.value(of, depth+1); list.Kind == model.List && i < len(list.Items) {
		v := list.Items[i]
		v.At = at
		return v, true
	}
	return model.Value{}, false
}

func (t *template) ref(name string, at fact.Location) model.Value {
	if v, found := t.parameters[name]; found {
		if !v.Known() {
			v.At = at // a value is reported where it is written, a hole where it is missed
		}
		return v
	}
	if strings.HasPrefix(name, "AWS::") {
		switch name {
		case "AWS::NoValue":
			return model.Value{}
		case "AWS::Partition": // those of China and of governments change nothing here
			return model.Value{Kind: model.Scalar, Text: "aws", At: at}
		case "AWS::URLSuffix":
			return model.Value{Kind: model.Scalar, Text: "amazonaws.com", At: at}
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
