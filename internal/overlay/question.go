package overlay

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"sync"
	"unicode"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/ext"

	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// maxCost bounds the work of one evaluation, and maxTotal that of an expectation
// in one set, in CEL's own units, of which a core does some ten million a
// second: a join of a thousand facts with a thousand others fits, a runaway
// product of lists does not.
const (
	maxCost  = 1_000_000
	maxTotal = 20_000_000
)

// question is what an own expectation asks of each fact of a list.
type question struct {
	over                          string
	where, holds, message, passes cel.Program
}

// judge puts the question to every fact of the list.
func (q question) judge(in expect.Input) (out verdict.Findings) {
	items := reflect.ValueOf(in.Here).Elem().FieldByIndex(setFields()[q.over].Index)
	vars := map[string]any{"here": in.Here, "all": in.All, "asOf": in.AsOf}
	spent := uint64(0)
	for i := range items.Len() {
		item := items.Index(i)
		vars["it"] = item.Interface()
		ref := item.Elem().FieldByName("Ref").Interface().(fact.Ref)
		if spent >= maxTotal {
			out.Unclear(ref, unclear, "%s is not judged: the expression costs too much on %d %s", ref.Subject, items.Len(), q.over)
			continue
		}
		applies, cost, err := truth(q.where, vars)
		spent += cost
		if err != nil {
			out.Unclear(ref, unclear, "whether this applies to %s cannot be told: %v", ref.Subject, err)
			continue
		}
		if !applies {
			out.Skip(ref, leftOut, "%s is not meant", ref.Subject)
			continue
		}
		right, cost, err := truth(q.holds, vars)
		spent += cost
		if err != nil {
			out.Unclear(ref, unclear, "%s cannot be judged: %v", ref.Subject, err)
			continue
		}
		if right {
			out.Pass(ref, holds, "%s", words(q.passes, vars, ref.Subject+" is as asked"))
			continue
		}
		out.Fail(ref, holds, "%s", words(q.message, vars, ref.Subject+" is not as asked"))
	}
	return out
}

// truth evaluates an expression, and returns what it cost. Nothing is true.
func truth(p cel.Program, vars map[string]any) (answer bool, cost uint64, err error) {
	if p == nil {
		return true, 0, nil
	}
	value, details, err := p.Eval(vars)
	if err != nil {
		return false, maxCost, err // the cost of a failure is not told
	}
	if details != nil && details.ActualCost() != nil {
		cost = *details.ActualCost()
	}
	answer, ok := value.Value().(bool)
	if !ok {
		return false, cost, fmt.Errorf("the expression yields no truth value")
	}
	return answer, cost, nil
}

func words(p cel.Program, vars map[string]any, otherwise string) string {
	if p == nil {
		return otherwise
	}
	value, _, err := p.Eval(vars)
	if err != nil {
		return otherwise
	}
	if text, ok := value.Value().(string); ok {
		return text
	}
	return otherwise
}

// compiler turns the texts of one expectation into programs.
type compiler struct {
	reader *reader
	it     reflect.Type
	path   func(key string) []any
}

func (c compiler) truth(key, text string) cel.Program { return c.compile(key, text, cel.BoolType) }
func (c compiler) text(key, text string) cel.Program  { return c.compile(key, text, cel.StringType) }

// compile returns the program of an expression, or nil where there is none or
// it is wrong; then it leaves a problem.
func (c compiler) compile(key, text string, want *cel.Type) cel.Program {
	if text == "" {
		return nil
	}
	env, err := environment().Extend(cel.Variable("it", cel.ObjectType(typeName(c.it))))
	if err != nil {
		c.reader.fail(c.path(key), "the expression cannot be read: %v", err)
		return nil
	}
	ast, issues := env.Compile(text)
	if issues.Err() != nil {
		for _, e := range issues.Errors() {
			p := fact.Problem{Location: c.reader.at(c.path(key), e.Location.Line(), e.Location.Column()), Message: fmt.Sprintf("%s: %s", key, c.explain(e.Message))}
			c.reader.problems = append(c.reader.problems, p)
		}
		return nil
	}
	if got := ast.OutputType(); !got.IsExactType(want) && !got.IsExactType(cel.DynType) {
		hint := ""
		if want == cel.StringType {
			hint = `; a fixed text stands in quotes of its own: '"..."'`
		}
		c.reader.fail(c.path(key), "%s yields %s and must yield %s%s", key, got, want, hint)
		return nil
	}
	program, err := env.Program(ast, cel.CostLimit(maxCost))
	if err != nil {
		c.reader.fail(c.path(key), "%s cannot be evaluated: %v", key, err)
		return nil
	}
	return program
}

var undefinedField = regexp.MustCompile(`^undefined field '(\w+)'$`)
var undeclared = regexp.MustCompile(`^undeclared reference to '(\w+)'`)

// explain adds the nearest known name to a message about one that is unknown.
func (c compiler) explain(message string) string {
	if m := undefinedField.FindStringSubmatch(message); m != nil {
		return message + nearest(m[1], fieldNames())
	}
	if m := undeclared.FindStringSubmatch(message); m != nil {
		return fmt.Sprintf("there is nothing called %s%s; expressions know it, here, all and asOf", m[1], nearest(m[1], []string{"it", "here", "all", "asOf"}))
	}
	return message
}

// environment is what every expression knows. It is made when the first
// expression is compiled.
var environment = sync.OnceValue(func() *cel.Env {
	env, err := cel.NewEnv(
		ext.NativeTypes(reflect.TypeFor[fact.Set](), ext.ParseStructField(celName)),
		ext.Strings(), ext.Lists(), ext.Sets(),
		cel.Variable("here", cel.ObjectType(typeName(reflect.TypeFor[fact.Set]()))),
		cel.Variable("all", cel.ListType(cel.ObjectType(typeName(reflect.TypeFor[fact.Set]())))),
		cel.Variable("asOf", cel.TimestampType),
	)
	if err != nil {
		panic(err) // the types are our own: a test makes the environment
	}
	return env
})

func typeName(t reflect.Type) string { return "fact." + t.Name() }

// celName is how a field is called in expressions: its first word in lower
// case, "readOnlyRoot" for ReadOnlyRoot, "urls" for URLs.
func celName(f reflect.StructField) string {
	letters := []rune(f.Name)
	for i := range letters {
		if i > 0 && i+1 < len(letters) && unicode.IsLower(letters[i+1]) {
			if !(i+2 == len(letters) && letters[i+1] == 's') { // a plural of capitals
				break
			}
		}
		if !unicode.IsUpper(letters[i]) {
			break
		}
		letters[i] = unicode.ToLower(letters[i])
	}
	return string(letters)
}

// setFields are the lists of facts by their names in expressions: those whose
// items say what they are about.
var setFields = sync.OnceValue(func() map[string]reflect.StructField {
	out := map[string]reflect.StructField{}
	set := reflect.TypeFor[fact.Set]()
	for i := range set.NumField() {
		f := set.Field(i)
		if f.Type.Kind() != reflect.Slice || f.Type.Elem().Kind() != reflect.Pointer {
			continue
		}
		if ref, found := f.Type.Elem().Elem().FieldByName("Ref"); found && ref.Type == reflect.TypeFor[fact.Ref]() {
			out[celName(f)] = f
		}
	}
	return out
})

// lists names the lists of facts, sorted.
func lists() []string { return sorted(setFields()) }

// listed returns the type of a list's items.
func listed(name string) (reflect.Type, bool) {
	f, found := setFields()[name]
	if !found {
		return nil, false
	}
	return f.Type.Elem().Elem(), true
}

// fieldNames lists the names of all fields of facts.
var fieldNames = sync.OnceValue(func() []string {
	seen := map[reflect.Type]bool{}
	var names []string
	var visit func(t reflect.Type)
	visit = func(t reflect.Type) {
		for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice || t.Kind() == reflect.Map {
			t = t.Elem()
		}
		if t.Kind() != reflect.Struct || seen[t] {
			return
		}
		seen[t] = true
		for i := range t.NumField() {
			if f := t.Field(i); f.IsExported() {
				names = append(names, celName(f))
				visit(f.Type)
			}
		}
	}
	visit(reflect.TypeFor[fact.Set]())
	slices.Sort(names)
	return slices.Compact(names)
})
