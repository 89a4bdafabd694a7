// Package alertmanager reads trees that send alerts to people: Alertmanager's
// configuration, wherever it stands, and the parts of it that the operators of
// Prometheus and VictoriaMetrics join. Alertmanager's own packages say what is a
// configuration and what is not; places are those of the text. Secrets are looked
// past: no address with a token, no key and no password is kept or shown.
package alertmanager

import (
	"bytes"
	"fmt"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
)

// Bounds on one configuration. The largest public ones that we know have a few
// hundred routes, less than ten deep.
const (
	MaxFile   = 4 << 20
	maxRoutes = 20_000
	maxDepth  = 100
	maxOthers = 20_000 // receivers, intervals, inhibition rules
)

// Sniff reports whether a text may be a configuration of Alertmanager: it has
// the two parts that every one has, at its top.
func Sniff(data []byte) bool {
	return hasKey(data, "route") && hasKey(data, "receivers")
}

// hasKey reports whether a line of the text is that key in the first column, as
// it is at the top of a document in block style; in quotes or not.
func hasKey(data []byte, key string) bool {
	for _, form := range []string{key + ":", `"` + key + `":`} {
		if bytes.HasPrefix(data, []byte(form)) || bytes.Contains(data, []byte("\n"+form)) {
			return true
		}
	}
	return false
}

// Config is a text that holds a configuration, with what holds the text.
type Config struct {
	Ref             fact.Ref
	Namespace, Name string
	Labels          map[string]string
	Owner           string
	// Key is the file's name within the object; empty for a file.
	Key string
	Doc decode.Document
}

// Read returns the tree of a configuration. One that Alertmanager refuses is a
// problem and a hole instead: what it would run with is not known.
func Read(c Config) (out fact.Set, problems []fact.Problem) {
	fail := func(at fact.Location, format string, args ...any) (fact.Set, []fact.Problem) {
		message := fmt.Sprintf(format, args...)
		hole := fact.Hole{Kinds: []fact.Kind{fact.Routings}, Location: at, Why: "the routes of " + c.title() + " could not be read"}
		return fact.Set{Coverage: fact.Coverage{Holes: []fact.Hole{hole}}}, []fact.Problem{{Location: at, Message: message}}
	}
	top := c.Doc.At(&decode.Node{Line: 1, Column: 1})
	if len(c.Doc.Data) > MaxFile {
		return fail(top, "is a configuration of Alertmanager of more than %d MiB, which is not read", MaxFile>>20)
	}
	c.Doc.Data = fill(c.Doc.Data)
	root, problem := c.Doc.Parse()
	if problem != nil {
		return fail(problem.Location, "%s", problem.Message)
	}
	if !decode.IsMapping(root) {
		return fail(top, "is no configuration of Alertmanager: it must be a mapping")
	}
	t := tree{doc: c.Doc, form: plain}
	if !t.bounded(root) {
		return fail(t.at(root), "has more than %d routes, or routes more than %d deep; it is not read", maxRoutes, maxDepth)
	}
	if refusal := load(c.Doc, root); refusal != nil {
		return fail(refusal.Location, "%s", refusal.Message)
	}
	r := &fact.Routing{
		Ref: c.Ref.At(t.at(decode.KeyOf(root, "route"))), Namespace: c.Namespace, Name: c.Name, Labels: c.Labels, Owner: c.Owner, Key: c.Key, Engine: "alertmanager",
	}
	t.fill(root, r)
	if t.wrong != nil { // what the library takes and this package does not
		return fail(t.wrong.Location, "%s", t.wrong.Message)
	}
	return fact.Set{Routings: []*fact.Routing{r}}, nil
}

func (c Config) title() string {
	if c.Key != "" {
		return c.Ref.Title(c.Name) + " (" + c.Key + ")"
	}
	return c.Name
}
