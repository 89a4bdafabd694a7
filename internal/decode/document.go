// Package decode is the only door through which YAML and JSON come in: in
// bounded portions, with line numbers, strictly, and with scalars read as
// YAML 1.1, as Kubernetes reads them.
package decode

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	yaml "go.yaml.in/yaml/v3"

	"seaworthy.dev/seaworthy/internal/fact"
)

// Limits on what is read. A document is one object or one list of objects:
// etcd refuses requests above 1.5 MiB, so a larger document can only be a
// list or no manifest at all.
const (
	MaxFile     = 32 << 20
	MaxDocument = 16 << 20
)

// Node is a parsed YAML value with its place in the document.
type Node = yaml.Node

// Document is one YAML document or JSON value of a file.
type Document struct {
	// File that problems and facts are reported at.
	File string
	// Line is the document's first line in the file, counted from 1.
	Line int
	Data []byte
	// Lines maps a line of Data (from 1) to a line of File, where the text
	// was rendered from a template; nil where both are the same.
	Lines func(line int) int
	// Placed is true where the lines in the nodes are the file's own already.
	Placed bool
	// Root is the document already parsed, which Parse returns as it is; nil
	// where Data is still to be parsed. Renderers set it together with Placed
	// after giving the nodes the places of what they were rendered from.
	Root *Node
}

// Split cuts a file into its documents at the lines that start with "---" or
// "...", which end a document wherever they stand, block scalars included.
// Stretches of nothing but comments and blank lines are left out. A broken
// document therefore never hides its neighbours.
func Split(file string, data []byte) []Document { return split(file, data, false) }

// SplitRendered splits what a chart renders as Helm does: there a line that starts
// with --- ends a document whatever follows on it, for templates trim the line's
// end away.
// (SplitManifests in helm.sh/helm/v4/pkg/release/v1/util).
func SplitRendered(file string, data []byte) []Document { return split(file, data, true) }

func split(file string, data []byte, rendered bool) []Document {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	var docs []Document
	start, startLine, line := 0, 1, 1
	add := func(end int) {
		if part := data[start:end]; !blank(part) {
			docs = append(docs, Document{File: file, Line: startLine, Data: part})
		}
	}
	for at := 0; at < len(data); line++ {
		end := bytes.IndexByte(data[at:], '\n')
		next := len(data)
		if end >= 0 {
			next = at + end + 1
		}
		switch {
		case separates(data[at:next], "---"):
			add(at)
			start, startLine = at, line
		case rendered && bytes.HasPrefix(data[at:next], []byte("---")):
			add(at)
			start, startLine = at+3, line
		case separates(data[at:next], "..."):
			add(at)
			start, startLine = next, line+1
		}
		at = next
	}
	add(len(data))
	return docs
}

func separates(line []byte, mark string) bool {
	if len(line) < 3 || string(line[:3]) != mark {
		return false
	}
	return len(line) == 3 || line[3] == ' ' || line[3] == '\n' || line[3] == '\r' || line[3] == '\t'
}

// blank reports whether there is nothing but comments, directives, separators
// and white space.
func blank(data []byte) bool {
	for len(data) > 0 {
		var line []byte
		line, data, _ = bytes.Cut(data, []byte("\n"))
		if separates(line, "---") {
			line = line[3:]
		}
		line = bytes.TrimSpace(line)
		if len(line) > 0 && line[0] != '#' && line[0] != '%' {
			return false
		}
	}
	return true
}

// Header is what a document says of itself at its top level, read without
// parsing. Fields are empty where the document is not in block style, or says
// nothing.
type Header struct {
	APIVersion, Kind string
	// Namespace and Name of the metadata, where they are plain scalars.
	Namespace, Name string
	// KindLine is the line of the kind within the file, APILine that of the
	// API version; 0 if there is none.
	KindLine, APILine int
}

// Head reads the document's header by its lines: in block style, only keys of
// the top level start in the first column.
func (d Document) Head() (h Header) {
	data, line := d.Data, d.Line
	inMeta, indent := false, -1
	for ; len(data) > 0; line++ {
		var text []byte
		text, data, _ = bytes.Cut(data, []byte("\n"))
		if len(text) == 0 || text[0] == '#' || text[0] == '\r' || text[0] == '-' {
			continue
		}
		if text[0] == ' ' {
			if inMeta {
				trimmed := bytes.TrimLeft(text, " ")
				deep := len(text) - len(trimmed)
				if indent < 0 && len(trimmed) > 0 && trimmed[0] != '#' {
					indent = deep
				}
				if deep == indent {
					if v, ok := headValue(trimmed, "name"); ok {
						h.Name = v
					} else if v, ok := headValue(trimmed, "namespace"); ok {
						h.Namespace = v
					}
				}
			}
			continue
		}
		inMeta = false
		if v, ok := headValue(text, "kind"); ok {
			h.Kind, h.KindLine = v, line
		} else if v, ok := headValue(text, "apiVersion"); ok {
			h.APIVersion, h.APILine = v, line
		} else if bytes.HasPrefix(text, []byte("metadata:")) {
			inMeta, indent = true, -1
		}
	}
	return h
}

func headValue(line []byte, key string) (string, bool) {
	rest, found := bytes.CutPrefix(line, []byte(key))
	if !found {
		return "", false
	}
	rest = bytes.TrimLeft(rest, " ")
	if len(rest) == 0 || rest[0] != ':' {
		return "", false
	}
	value := string(rest[1:])
	if at := strings.Index(value, " #"); at >= 0 {
		value = value[:at]
	}
	value = strings.TrimSpace(value)
	if len(value) > 1 && (value[0] == '"' || value[0] == '\'') && value[len(value)-1] == value[0] {
		value = value[1 : len(value)-1]
	}
	return value, true
}

// MayHoldObject reports whether the text can be a Kubernetes object at all: it
// must contain both words, whatever its style.
func MayHoldObject(data []byte) bool {
	return bytes.Contains(data, []byte("apiVersion")) && bytes.Contains(data, []byte("kind"))
}

// Parse turns the document into nodes. The problem is nil if all went well;
// a nil node without a problem is an empty document.
func (d Document) Parse() (*Node, *fact.Problem) {
	if d.Root != nil {
		return d.Root, nil
	}
	if len(d.Data) > MaxDocument {
		return nil, d.problem(0, "is larger than %d MiB; split it into smaller documents", MaxDocument>>20)
	}
	if bytes.IndexByte(d.Data, 0) >= 0 {
		return nil, d.problem(0, "is binary and not YAML; keep it out of the manifests or give it another extension")
	}
	if !utf8.Valid(d.Data) {
		line := 1 + bytes.Count(d.Data[:invalidAt(d.Data)], []byte("\n"))
		return nil, d.problem(line, "is not UTF-8 text; save it as UTF-8")
	}
	if root := parseJSON(d.Data); root != nil {
		return root, nil
	}
	var root Node
	if err := unmarshal(d.Data, &root); err != nil {
		line, text := explain(err, d.Data)
		if hint := templateHint(d.Data); hint != "" {
			text += "; " + hint
		}
		return nil, d.problem(line, "is not valid YAML: %s", text)
	}
	if root.Kind != yaml.DocumentNode || len(root.Content) == 0 {
		return nil, nil
	}
	realign(root.Content[0], d.Data)
	return root.Content[0], nil
}

func (d Document) problem(line int, format string, args ...any) *fact.Problem {
	at := fact.Location{File: d.File, Line: d.Line}
	if line > 0 {
		at.Line = d.line(line)
	}
	if d.Lines != nil && line <= 0 {
		at.Line = 0
	}
	return &fact.Problem{Location: at, Message: fmt.Sprintf(format, args...)}
}

func (d Document) line(line int) int {
	switch {
	case d.Lines != nil:
		return d.Lines(line)
	case d.Placed:
		return line
	}
	return d.Line + line - 1
}

// At returns the node's place in the file. A nil node, or one whose line is
// not known, yields the file alone. Columns are those of the manifest, so
// rendered text has none.
func (d Document) At(n *Node) fact.Location {
	where := fact.Location{File: d.File}
	if n == nil || n.Line <= 0 {
		return where
	}
	where.Line = d.line(n.Line)
	if where.Line > 0 && d.Lines == nil {
		where.Column = n.Column
	}
	return where
}
