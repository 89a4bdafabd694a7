// Package catalog reads who owns what from the descriptions that service
// catalogs keep in repositories: Backstage, Atlassian Compass, Cortex, OpsLevel,
// Datadog, and Score. A document is told by what it says, not by its file's name,
// for other programs use the same names.
package catalog

import (
	"fmt"
	"path"
	"strings"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/derive/owner"
	"seaworthy.dev/seaworthy/internal/fact"
)

// Reading is what documents of catalogs say.
type Reading struct {
	Owners   []*fact.OwnerClaim
	Problems []fact.Problem
	// Holes say what could not be read, all of kind Owners.
	Holes []fact.Hole
	// Targets are other files of the repository that a Location names.
	Targets []Target
}

// Target is a file, or a pattern of files, that a Location names. Path is
// relative to the folder of the Location's own file.
type Target struct {
	fact.Location
	Path string
}

// Documents sorts a file's documents: those of catalogs, and whether others
// among them look like Kubernetes objects.
func Documents(docs []decode.Document) (own []decode.Document, objects bool) {
	for _, doc := range docs {
		head := doc.Head()
		switch {
		case isBackstage(head.APIVersion), isScore(head.APIVersion), isDatadogEntity(head.APIVersion):
			own = append(own, doc)
		case head.APIVersion != "" && head.Kind != "":
			objects = true
		default:
			own = append(own, doc)
		}
	}
	return own, objects
}

// Read adds what the documents of one file say.
func (r *Reading) Read(docs []decode.Document) {
	for _, doc := range docs {
		root, problem := doc.Parse()
		if problem != nil {
			r.lose(*problem)
			continue
		}
		if !decode.IsMapping(root) {
			continue
		}
		d := document{Document: doc, root: root, into: r}
		api := decode.Text(decode.Child(root, "apiVersion"))
		switch {
		case isBackstage(api):
			d.backstage()
		case isScore(api):
			d.score()
		case isDatadogEntity(api):
			d.datadogEntity()
		case decode.Child(root, "dd-service") != nil:
			d.datadog()
		case decode.Dig(root, "info", "x-cortex-tag") != nil, decode.Dig(root, "info", "x-cortex-owners") != nil:
			d.cortex()
		case decode.Child(root, "configVersion") != nil && (decode.Child(root, "ownerId") != nil || decode.Child(root, "typeId") != nil):
			d.compass()
		case strings.HasPrefix(path.Base(doc.File), "opslevel."):
			d.opslevel()
		}
	}
}

// lose records something that could not be read.
func (r *Reading) lose(p fact.Problem) {
	r.Problems = append(r.Problems, p)
	says, _, _ := strings.Cut(p.Message, "; ")
	r.Holes = append(r.Holes, fact.Hole{Kinds: []fact.Kind{fact.Owners}, Location: p.Location, Why: path.Base(p.File) + " " + says})
}

// document is one document while it is read.
type document struct {
	decode.Document
	root *decode.Node
	into *Reading
}

// fit fills a value and reports what does not fit; false means that a part has
// the wrong type, so that the document counts as unread.
func (d *document) fit(n *decode.Node, into any) bool {
	ok := true
	for _, m := range decode.Into(n, into, false) {
		p := fact.Problem{Location: d.At(m.Node), Message: strings.TrimPrefix(m.Message, ".")}
		if m.Kind == decode.WrongType {
			ok = false
			d.into.lose(p)
			continue
		}
		d.into.Problems = append(d.into.Problems, p)
	}
	return ok
}

// place returns where a key of a mapping stands, or where the mapping does.
func (d *document) place(n *decode.Node, key string) fact.Location {
	if k := decode.KeyOf(n, key); k != nil {
		return d.At(k)
	}
	if n == nil {
		n = d.root
	}
	return d.At(n)
}

// claim adds what the document says; teams and people are names as written.
func (d *document) claim(c *fact.OwnerClaim, at fact.Location, teams, people []string) {
	c.Subject = fmt.Sprintf("%s/%s %s", c.Source, c.Kind, c.Of)
	c.Location = at
	for _, name := range teams {
		if name = strings.TrimSpace(name); name != "" {
			c.Owners = append(c.Owners, name)
			if c.Team == "" {
				c.Team = owner.Plain(name)
			}
		}
	}
	for _, name := range people {
		if name = strings.TrimSpace(name); name != "" {
			c.Owners, c.People = append(c.Owners, name), append(c.People, name)
		}
	}
	d.into.Owners = append(d.into.Owners, c)
}

// first returns the first text that is not empty.
func first(texts ...string) string {
	for _, t := range texts {
		if t = strings.TrimSpace(t); t != "" {
			return t
		}
	}
	return ""
}
