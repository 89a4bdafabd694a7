package hcl

import (
	"encoding/json"
	"fmt"
	"strings"

	yaml "go.yaml.in/yaml/v3"
	sigs "sigs.k8s.io/yaml"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
)

// encoded writes a value that is known as JSON or YAML.
func encoded(how string, v value) (string, error) {
	data, err := json.Marshal(plain(v))
	if err == nil && how == "yamlencode" {
		data, err = sigs.JSONToYAML(data)
	}
	return string(data), err
}

func plain(v value) any {
	switch v.Kind {
	case model.Scalar:
		switch v.Type {
		case model.NumberType:
			return json.Number(v.Text)
		case model.BoolType:
			return v.Text == "true"
		}
		return v.Text
	case model.List:
		out := make([]any, len(v.Items))
		for i, item := range v.Items {
			out[i] = plain(item)
		}
		return out
	case model.Object:
		out := make(map[string]any, len(v.Fields))
		for name, f := range v.Fields {
			out[name] = plain(f)
		}
		return out
	}
	return nil
}

// parsedText reads JSON or YAML, with the places of the lines in it as far as
// the text starts where it says.
func parsedText(written string, at fact.Location) (v value, err string) {
	doc := decode.Document{File: at.File, Line: max(1, at.Line), Data: []byte(written)}
	root, problem := doc.Parse()
	if problem != nil {
		return value{}, problem.Message
	}
	if root == nil {
		return value{Kind: model.Null, At: at}, ""
	}
	budget := maxItems
	return fromNode(decode.Follow(root), doc, nil, &budget, 0), ""
}

// fromNode turns a document into a value; holes stand for what is put in.
func fromNode(n *decode.Node, doc decode.Document, holes []value, budget *int, depth int) value {
	if *budget--; *budget < 0 || depth > 100 || n == nil {
		return value{Kind: model.Unknown, Why: "it is too large"}
	}
	at := doc.At(n)
	if at.Line > 0 {
		at.Column = 0 // the text is indented in its own way
	}
	n = decode.Follow(n)
	switch n.Kind {
	case yaml.DocumentNode:
		if len(n.Content) > 0 {
			return fromNode(n.Content[0], doc, holes, budget, depth+1)
		}
	case yaml.MappingNode:
		out := value{Kind: model.Object, At: at, Fields: make(map[string]value, len(n.Content)/2)}
		for i := 0; i+1 < len(n.Content); i += 2 {
			name := filled(n.Content[i].Value, at, holes)
			if name.Kind != model.Scalar {
				out.Kind, out.Why = model.Unknown, name.Why
				continue
			}
			out.Fields[name.Text] = fromNode(n.Content[i+1], doc, holes, budget, depth+1)
		}
		return out
	case yaml.SequenceNode:
		out := value{Kind: model.List, At: at}
		for _, item := range n.Content {
			out.Items = append(out.Items, fromNode(item, doc, holes, budget, depth+1))
		}
		return out
	case yaml.ScalarNode:
		s := decode.Resolve(n)
		switch s.Kind {
		case decode.NullScalar:
			return value{Kind: model.Null, At: at}
		case decode.BoolScalar:
			return truth(strings.EqualFold(n.Value, "true") || strings.EqualFold(n.Value, "yes") || strings.EqualFold(n.Value, "on"), at)
		case decode.IntScalar, decode.FloatScalar:
			return value{Kind: model.Scalar, Type: model.NumberType, Text: n.Value, At: at}
		}
		return filled(n.Value, at, holes)
	}
	return value{Kind: model.Null, At: at}
}

// holeStart and holeEnd stand around the number of what is not known in a text:
// characters that nobody writes.
const holeStart, holeEnd = "\uE0F0", "\uE0F1"

// filled returns a text in which holes stand for unknown values.
func filled(written string, at fact.Location, holes []value) value {
	if len(holes) == 0 || !strings.Contains(written, holeStart) {
		return text(written, at)
	}
	var parts []value
	for rest := written; rest != ""; {
		before, after, found := strings.Cut(rest, holeStart)
		if before != "" {
			parts = append(parts, text(before, at))
		}
		if !found {
			break
		}
		number, tail, _ := strings.Cut(after, holeEnd)
		var i int
		if _, err := fmt.Sscan(number, &i); err != nil || i < 0 || i >= len(holes) {
			return unknown(at, "it is not known")
		}
		parts = append(parts, holes[i])
		rest = tail
	}
	if len(parts) == 1 {
		v := parts[0]
		v.At = at
		return v
	}
	return concat(parts, at)
}

// withJSON keeps the structure of a text that is written as JSON, so that its
// parts have places, and are known where the text as a whole is not.
func withJSON(v value, parts []value) value {
	start := strings.TrimLeft(v.Text, " \t\r\n")
	if len(start) < 2 || start[0] != '{' && start[0] != '[' || v.Kind == model.Unknown && len(parts) == 0 || !strings.ContainsAny(start, `"`) && v.Kind == model.Scalar {
		return v
	}
	written, holes := v.Text, []value(nil)
	if v.Kind == model.Unknown {
		if written, holes = punched(parts); written == "" {
			return v
		}
	}
	at := v.At
	var doc value
	if strings.Contains(written, "\n") {
		at.Line++ // a heredoc starts below its mark
	}
	d := decode.Document{File: at.File, Line: max(1, at.Line), Data: []byte(written)}
	if !json.Valid(d.Data) {
		return v
	}
	root, problem := d.Parse()
	if problem != nil || root == nil {
		return v
	}
	budget := maxItems
	doc = fromNode(decode.Follow(root), d, holes, &budget, 0)
	v.Encoded = &doc
	return v
}

// punched puts a text together in which holes stand for what is not known, in
// quotes where they stand outside of a text.
func punched(parts []value) (written string, holes []value) {
	var b strings.Builder
	quoted, escaped := false, false
	for _, p := range parts {
		switch p.Kind {
		case model.Scalar:
			for i := range len(p.Text) {
				switch c := p.Text[i]; {
				case escaped:
					escaped = false
				case c == '\\' && quoted:
					escaped = true
				case c == '"':
					quoted = !quoted
				}
			}
			b.WriteString(p.Text)
		case model.Unknown:
			hole := fmt.Sprint(holeStart, len(holes), holeEnd)
			if !quoted {
				hole = `"` + hole + `"`
			}
			if p.Encoded != nil && !quoted { // the JSON of something else
				p = *p.Encoded
			}
			holes = append(holes, p)
			b.WriteString(hole)
		default:
			return "", nil
		}
		if b.Len() > maxText {
			return "", nil
		}
	}
	return b.String(), holes
}
