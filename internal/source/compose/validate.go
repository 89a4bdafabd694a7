package compose

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/compose-spec/compose-go/v2/schema"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

// compiled is the specification's schema, compiled once: compose-go does so for
// each file, which takes longer than all the rest. It is nil where it cannot be
// compiled, and then nothing is refused by it.
var compiled = sync.OnceValue(func() *jsonschema.Schema {
	document, err := jsonschema.UnmarshalJSON(strings.NewReader(schema.Schema))
	if err != nil {
		return nil
	}
	c := jsonschema.NewCompiler()
	if c.AddResource("compose-spec.json", document) != nil {
		return nil
	}
	c.RegisterFormat(&jsonschema.Format{Name: "duration", Validate: func(v any) error {
		text, ok := v.(string)
		if !ok {
			return errors.New("expected a string")
		}
		_, err := time.ParseDuration(text)
		return err
	}})
	s, err := c.Compile("compose-spec.json")
	if err != nil {
		return nil
	}
	return s
})

// validate returns what the schema refuses of a model, by the deepest place that
// it names.
func validate(model map[string]any) error {
	s := compiled()
	if s == nil {
		return nil
	}
	err := s.Validate(model)
	var refused *jsonschema.ValidationError
	if !errors.As(err, &refused) {
		return err
	}
	deepest := refused
	var walk func(*jsonschema.ValidationError)
	walk = func(e *jsonschema.ValidationError) {
		if len(e.Causes) == 0 && (len(deepest.Causes) > 0 || len(e.InstanceLocation) > len(deepest.InstanceLocation)) {
			deepest = e
		}
		for _, c := range e.Causes {
			walk(c)
		}
	}
	walk(refused)
	path := strings.Join(deepest.InstanceLocation, ".")
	if k, ok := deepest.ErrorKind.(*kind.Type); ok {
		return fmt.Errorf("%s must be %s", path, wanted(k.Want))
	}
	return fmt.Errorf("%s %s", path, deepest.ErrorKind.LocalizedString(message.NewPrinter(language.English)))
}

// wanted names types in the words of YAML.
func wanted(types []string) string {
	words := map[string]string{"object": "a mapping", "array": "a list", "string": "a string", "integer": "a whole number", "number": "a number", "boolean": "a boolean", "null": "nothing"}
	var out []string
	for _, t := range types {
		if w := words[t]; w != "" {
			out = append(out, w)
		}
	}
	slices.Sort(out)
	return strings.Join(out, " or ")
}
