package generate

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"

	"seaworthy.dev/seaworthy/internal/manifest"
	"seaworthy.dev/seaworthy/internal/overlay"
	"seaworthy.dev/seaworthy/internal/risk"
)

const (
	manifestPage = "docs/manifest.md"
	schemas      = "docs/schema"
	schemaSite   = "https://seaworthy.dev/schema/"
)

// form is a kind of file that people write, with its type.
type form struct {
	// The schema's file and title, and the package that holds the types.
	name, title, pkg string
	of               reflect.Type
}

// forms lists the files that have a schema; the manifest is the first.
func forms() []form {
	return []form{
		{"seaworthy.v1.json", "Seaworthy service manifest", "manifest", reflect.TypeFor[manifest.Service]()},
		{"risks.v1.json", "Seaworthy risk register", "risk", reflect.TypeFor[risk.Register]()},
		{"approvals.v1.json", "Seaworthy approvals of accepted risks", "risk", reflect.TypeFor[risk.Approvals]()},
		{"overlay.v1.json", "Seaworthy overlay of the standard", "overlay", reflect.TypeFor[overlay.Document]()},
	}
}

func (f form) id() string { return schemaSite + f.name }

// comments returns the comments of the types and fields of a package below
// internal, as "Type" and "Type.Field".
func comments(root, pkg string) (map[string]string, error) {
	files, err := filepath.Glob(filepath.Join(root, "internal", pkg, "*.go"))
	if err != nil {
		return nil, err
	}
	out := map[string]string{}
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
		if err != nil {
			return nil, fmt.Errorf("read the types of %s: %w", pkg, err)
		}
		for _, d := range file.Decls {
			decl, ok := d.(*ast.GenDecl)
			if !ok || decl.Tok != token.TYPE {
				continue
			}
			for _, spec := range decl.Specs {
				t := spec.(*ast.TypeSpec)
				out[t.Name.Name] = oneLine(decl.Doc.Text())
				fields, ok := t.Type.(*ast.StructType)
				if !ok {
					continue
				}
				for _, f := range fields.Fields.List {
					for _, n := range f.Names {
						out[t.Name.Name+"."+n.Name] = oneLine(f.Doc.Text())
					}
				}
			}
		}
	}
	return out, nil
}

// object is a JSON object that keeps the order of its keys, so that the schema
// reads like the manifest.
type object []entry

type entry struct {
	key   string
	value any
}

// MarshalJSON writes the entries in their order.
func (o object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, e := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		key, err := json.Marshal(e.key)
		if err != nil {
			return nil, err
		}
		b.Write(key)
		b.WriteByte(':')
		var value bytes.Buffer
		enc := json.NewEncoder(&value)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(e.value); err != nil {
			return nil, err
		}
		b.Write(bytes.TrimSpace(value.Bytes()))
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// schema returns the JSON Schema of a form.
func schema(f form, says map[string]string) ([]byte, error) {
	s := schemaWriter{says: says, seen: map[string]bool{}}
	whole := s.structure(f.of)
	out := object{
		{"$schema", "https://json-schema.org/draft/2020-12/schema"}, {"$id", f.id()}, {"title", f.title},
	}
	out = append(out, whole...)
	out = append(out, entry{"$defs", s.defs})
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(out); err != nil {
		return nil, err
	}
	var indented bytes.Buffer
	if err := json.Indent(&indented, bytes.TrimSpace(b.Bytes()), "", "  "); err != nil {
		return nil, err
	}
	return append(indented.Bytes(), '\n'), nil
}

type schemaWriter struct {
	says map[string]string
	defs object
	seen map[string]bool
}

// structure describes a struct.
func (s *schemaWriter) structure(t reflect.Type) object {
	var properties object
	var required []string
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Tag.Get("required") != "" {
			required = append(required, name)
		}
		properties = append(properties, entry{name, s.field(t, f)})
	}
	out := object{{"description", s.says[t.Name()]}, {"type", "object"}, {"additionalProperties", false}}
	if len(required) > 0 {
		out = append(out, entry{"required", required})
	}
	return append(out, entry{"properties", properties})
}

// field describes a field: what it means stands before what it may be.
func (s *schemaWriter) field(t reflect.Type, f reflect.StructField) object {
	out := object{{"description", s.says[t.Name()+"."+f.Name]}}
	ft := f.Type
	if ft.Kind() == reflect.Pointer {
		ft = ft.Elem()
	}
	switch ft.Kind() {
	case reflect.Slice:
		if ft.Elem().Kind() == reflect.String {
			return append(out, entry{"type", "array"}, entry{"items", s.scalar(ft.Elem(), f)})
		}
		return append(out, entry{"type", "array"}, entry{"items", s.reference(ft.Elem())})
	case reflect.Map:
		out = append(out, entry{"type", "object"})
		if keys := f.Tag.Get("keys"); keys != "" {
			out = append(out, entry{"propertyNames", object{{"enum", strings.Split(keys, ",")}}})
		}
		if ft.Elem().Kind() == reflect.Struct {
			return append(out, entry{"additionalProperties", s.reference(ft.Elem())})
		}
		return append(out, entry{"additionalProperties", s.scalar(ft.Elem(), f)})
	case reflect.Struct:
		if ft == reflect.TypeFor[risk.Date]() {
			return append(out, entry{"type", "string"}, schemaForms["date"])
		}
		return append(out, s.reference(ft)...)
	}
	return append(out, s.scalar(ft, f)...)
}

// reference refers to a struct's definition. Where a bare word may stand for it,
// both forms are allowed.
func (s *schemaWriter) reference(t reflect.Type) object {
	if !s.seen[t.Name()] {
		s.seen[t.Name()] = true
		at := len(s.defs)
		s.defs = append(s.defs, entry{key: t.Name()})
		s.defs[at].value = s.structure(t)
	}
	ref := object{{"$ref", "#/$defs/" + t.Name()}}
	for i := range t.NumField() {
		if t.Field(i).Tag.Get("short") != "" {
			return object{{"anyOf", []any{object{{"type", "string"}}, ref}}}
		}
	}
	return ref
}

// schemaForms are the forms that JSON Schema knows, and patterns for others.
var schemaForms = map[string]entry{
	"date":     {"format", "date"},
	"url":      {"format", "uri"},
	"duration": {"pattern", `^[0-9]+[dw]$|^([0-9]+(\.[0-9]+)?(ns|us|ms|s|m|h))+$`},
	"name":     {"pattern", `^[A-Za-z0-9]([A-Za-z0-9._-]{0,98}[A-Za-z0-9])?$`},
	"version":  {"pattern", `^v?[0-9]+\.[0-9]+(\..*)?$`},
	"entry":    {"pattern", `^[A-Za-z][A-Za-z0-9]*-[0-9]+$`},
	"row":      {"pattern", `^[a-z][a-z0-9-]*/[a-z][a-z0-9-]*$`},
	"age":      {"pattern", `^[0-9]+d$|^([0-9]+(\.[0-9]+)?(ns|us|ms|s|m|h))+$`},
}

func (s *schemaWriter) scalar(t reflect.Type, f reflect.StructField) object {
	out := object{}
	switch t.Kind() {
	case reflect.Bool:
		out = append(out, entry{"type", "boolean"})
	case reflect.Int:
		out = append(out, entry{"type", "integer"})
	case reflect.Float64:
		out = append(out, entry{"type", "number"})
	default:
		out = append(out, entry{"type", "string"})
	}
	if words := f.Tag.Get("enum"); words != "" {
		out = append(out, entry{"enum", strings.Split(words, ",")})
	}
	if form, found := schemaForms[f.Tag.Get("format")]; found {
		out = append(out, form)
	}
	for _, tag := range []string{"minimum", "maximum", "default"} {
		if text := f.Tag.Get(tag); text != "" {
			out = append(out, entry{tag, literal(t, text)})
		}
	}
	if text := f.Tag.Get("example"); text != "" {
		out = append(out, entry{"examples", []any{literal(t, text)}})
	}
	return out
}

// literal returns the value that a tag's text stands for.
func literal(t reflect.Type, text string) any {
	switch t.Kind() {
	case reflect.Int, reflect.Float64:
		if n, err := strconv.ParseFloat(text, 64); err == nil {
			return n
		}
	case reflect.Bool:
		return text == "true"
	}
	return text
}

// fieldTables writes the table of fields of each type, in the order in which the
// manifest refers to them.
func fieldTables(says map[string]string) []byte {
	var b bytes.Buffer
	seen := map[string]bool{}
	var queue []reflect.Type
	visit := func(t reflect.Type) {
		for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
			t = t.Elem()
		}
		if t.Kind() == reflect.Struct && !seen[t.Name()] {
			seen[t.Name()] = true
			queue = append(queue, t)
		}
	}
	visit(reflect.TypeFor[manifest.Service]())
	for len(queue) > 0 {
		t := queue[0]
		queue = queue[1:]
		fmt.Fprintf(&b, "### %s\n\n%s\n\n| field | what it is | meaning |\n|---|---|---|\n", t.Name(), says[t.Name()])
		for i := range t.NumField() {
			f := t.Field(i)
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if f.Tag.Get("required") != "" {
				name += "`, required`"
				name = strings.TrimSuffix(name, "`")
			}
			fmt.Fprintf(&b, "| `%s | %s | %s |\n", tick(name), kindOf(f), strings.ReplaceAll(meaning(says[t.Name()+"."+f.Name], f), "|", "\\|"))
			visit(f.Type)
		}
		b.WriteByte('\n')
	}
	return b.Bytes()
}

// tick closes the code of a field's name before what is said of it.
func tick(name string) string {
	if plain, rest, found := strings.Cut(name, "`"); found {
		return plain + "`" + rest
	}
	return name + "`"
}

func kindOf(f reflect.StructField) string {
	t, list := f.Type, ""
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		if t.Kind() == reflect.Slice {
			list = "list of "
		}
		t = t.Elem()
	}
	switch t.Kind() {
	case reflect.Struct:
		return list + "[" + t.Name() + "](#" + strings.ToLower(t.Name()) + ")"
	case reflect.Map:
		return "mapping"
	case reflect.Bool:
		return "boolean"
	case reflect.Int, reflect.Float64:
		return "number"
	}
	word := map[string]string{"date": "date", "url": "URL", "address": "address", "link": "path or URL", "path": "path", "duration": "length of time", "version": "version", "expectation": "expectation", "none": "expectation or kind"}[f.Tag.Get("format")]
	if word == "" {
		word = "text"
	}
	return list + word
}

// meaning adds to a field's comment what its tags say.
func meaning(says string, f reflect.StructField) string {
	if words := f.Tag.Get("enum"); words != "" {
		says += " One of `" + strings.ReplaceAll(words, ",", "`, `") + "`."
	}
	if d := f.Tag.Get("default"); d != "" {
		says += " Default: `" + d + "`."
	}
	if e := f.Tag.Get("example"); e != "" {
		says += " Example: `" + e + "`."
	}
	return says
}

// The marks between which the page's tables stand.
const fieldsFrom, fieldsTo = "<!-- fields: generated from internal/manifest -->\n", "<!-- end of fields -->\n"

// manifestFiles returns the schema, and the manifest's page with its tables.
func manifestFiles(root string) (map[string][]byte, error) {
	out := map[string][]byte{}
	for _, f := range forms() {
		says, err := comments(root, f.pkg)
		if err != nil {
			return nil, err
		}
		if out[schemas+"/"+f.name], err = schema(f, says); err != nil {
			return nil, err
		}
	}
	says, err := comments(root, "manifest")
	if err != nil {
		return nil, err
	}
	page, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(manifestPage)))
	if os.IsNotExist(err) {
		return out, nil
	}
	if err != nil {
		return nil, err
	}
	head, rest, found := strings.Cut(string(page), fieldsFrom)
	_, tail, closed := strings.Cut(rest, fieldsTo)
	if !found || !closed {
		return nil, fmt.Errorf("%s has no place for the tables of fields", manifestPage)
	}
	out[manifestPage] = []byte(head + fieldsFrom + "\n" + string(fieldTables(says)) + fieldsTo + tail)
	return out, nil
}
