package helm

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"helm.sh/helm/v4/pkg/chart/common/util"
	chart "helm.sh/helm/v4/pkg/chart/v2"

	"seaworthy.dev/seaworthy/internal/decode"
)

// checkSchemas puts the values to the schemas of the chart and its subcharts.
// Helm's own check would fetch what a schema refers to, from other hosts and
// from any file; here such a schema is reported as not checked.
func (l *load) checkSchemas(c *chart.Chart, values map[string]any, dir string, req request) {
	all, err := util.CoalesceValues(c, values)
	if err != nil {
		return // the rendering reports it
	}
	files := []valuesDocument{}
	names := slices.Clone(req.Variant.Files)
	slices.Reverse(names)
	for _, name := range append(names, "values.yaml") {
		files = append(files, valuesDocument{shown: path.Join(req.Chart.Shown, name), file: filepath.Join(dir, filepath.FromSlash(name))})
	}
	l.checkSchema(c, all, nil, files)
}

type valuesDocument struct{ shown, file string }

func (l *load) checkSchema(c *chart.Chart, values map[string]any, above []string, files []valuesDocument) {
	if c.Schema != nil {
		schema := path.Join(l.home[c.Raw[0]].shown, "values.schema.json")
		for _, v := range violations(c.Schema, values) {
			if v.unread {
				l.warn(schema, 0, "is not checked: "+v.says)
				continue
			}
			file, line := placeOf(append(append([]string(nil), above...), v.at...), files)
			says := fmt.Sprintf("break the chart's schema (%s): %s; Helm refuses to install it", schema, v.says)
			if name := strings.Join(append(append([]string(nil), above...), v.at...), "."); name != "" {
				says = "the values break the chart's schema at " + name + strings.TrimPrefix(says, "break the chart's schema")
			} else {
				says = "the values " + says
			}
			l.warn(file, line, says)
		}
	}
	for _, sub := range c.Dependencies() {
		if below, ok := values[sub.Name()].(map[string]any); ok {
			l.checkSchema(sub, below, append(append([]string(nil), above...), sub.Name()), files)
		}
	}
}

// violation is one place where values break a schema.
type violation struct {
	at     []string
	says   string
	unread bool // the schema itself cannot be used
}

// mostViolations bounds how many are told of one schema.
const mostViolations = 10

type noLoader struct{}

func (noLoader) Load(url string) (any, error) {
	return nil, errors.New("it refers to " + url + ", which is not fetched")
}

func violations(schema []byte, values map[string]any) (out []violation) {
	defer func() {
		if p := recover(); p != nil {
			out = []violation{{unread: true, says: short(fmt.Sprint(p))}}
		}
	}()
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(schema))
	if err != nil {
		return []violation{{unread: true, says: "it is not valid JSON: " + short(err.Error())}}
	}
	const name = "file:///values.schema.json"
	compiler := jsonschema.NewCompiler()
	compiler.UseLoader(noLoader{})
	if err := compiler.AddResource(name, document); err != nil {
		return []violation{{unread: true, says: short(err.Error())}}
	}
	compiled, err := compiler.Compile(name)
	if err != nil {
		var load *jsonschema.LoadURLError
		if errors.As(err, &load) {
			return []violation{{unread: true, says: short(load.Err.Error())}}
		}
		return []violation{{unread: true, says: "it is not a valid schema: " + short(err.Error())}}
	}
	var broken *jsonschema.ValidationError
	if errors.As(compiled.Validate(values), &broken) {
		leaves(broken, &out)
	}
	// The validator goes through mappings in no order.
	slices.SortFunc(out, func(a, b violation) int {
		return cmp.Or(slices.Compare(a.at, b.at), strings.Compare(a.says, b.says))
	})
	return out[:min(len(out), mostViolations)]
}

// leaves collects the innermost causes. Only texts of rules that never quote a
// value are passed on: values may be secret.
func leaves(e *jsonschema.ValidationError, out *[]violation) {
	if len(e.Causes) > 0 {
		for _, c := range e.Causes {
			leaves(c, out)
		}
		return
	}
	rule := ""
	if keyword := e.ErrorKind.KeywordPath(); len(keyword) > 0 {
		rule = keyword[0]
	}
	says := fmt.Sprintf("it does not meet the rule %q", rule)
	switch rule {
	case "type", "required", "additionalProperties", "minItems", "maxItems":
		says = short(e.ErrorKind.LocalizedString(message.NewPrinter(language.English)))
	case "":
		says = "no value is allowed there"
	}
	*out = append(*out, violation{at: append([]string(nil), e.InstanceLocation...), says: says})
}

// placeOf finds where a value is written: in the variant's file if it is there,
// else in values.yaml. Failing that, the nearest key above it counts.
func placeOf(at []string, files []valuesDocument) (file string, line int) {
	for depth := len(at); depth > 0; depth-- {
		for _, f := range files {
			if line := lineOf(at[:depth], f.file); line > 0 {
				return f.shown, line
			}
		}
	}
	return files[len(files)-1].shown, 0
}

func lineOf(at []string, file string) int {
	data, err := os.ReadFile(file)
	if err != nil {
		return 0
	}
	found := 0
	for _, doc := range decode.Split("", data) {
		node, problem := doc.Parse()
		if problem != nil {
			return 0
		}
		for i, step := range at {
			key := decode.KeyOf(node, step)
			if key == nil {
				break
			}
			if i == len(at)-1 {
				found = doc.At(key).Line
			}
			node = decode.Child(node, step)
		}
	}
	return found
}
