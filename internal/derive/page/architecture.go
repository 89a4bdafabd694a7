package page

import (
	"regexp"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
)

// Architecture is what a page says of how a service is built.
type Architecture struct {
	// Diagram is the drawing with the most parts; nil where there is none. Drawn is
	// false where only a picture was found, whose parts cannot be read.
	Diagram *fact.Diagram
	Drawn   bool
	// Components, Needs and Needed tell whether it lists what the service consists
	// of, what it depends on, and what depends on it.
	Components, Needs, Needed bool
	// Prose is all that it says, the parts of its diagrams included.
	Prose string
}

var (
	building   = words(`architectur\w*|components?|system (?:design|overview|context)|overview|context|topology|how it (?:works|is built|fits)|design|building blocks|containers?|infrastructure|structure|data ?flow|c4`)
	components = words(`components?|parts?|services?|containers?|building blocks|modules?|what it does|element|subsystems?|workloads?`)
	needs      = regexp.MustCompile(`(?i)\b(?:depend(?:s|encies|ency)?(?: on)?|requires?|relies on|talks? to|calls?|uses|reads? from|writes? to|stores?|connects? to|upstreams?|needs|without it|external (?:systems?|services?)|third[- ]part(?:y|ies)|keeps? .{0,40} in)\b`)
	needed     = regexp.MustCompile(`(?i)\b(?:who (?:depends|calls|uses)|depend(?:s|ed|ents?)? (?:up)?on (?:it|this|the|us)|dependents?|dependants?|consumers?|clients?|callers?|called by|used by|users? of|downstreams?|customers?|no(?:body| one| service) (?:calls|depends|uses)|nothing depends|consumed by|serves)\b`)
)

// Architectures returns the pages of a set that may describe how the service is
// built: those that the manifest names, and those that hold a drawing below a title
// or heading that says so. It is what asks git for their age.
func Architectures(s *fact.Set, docs *fact.Docs) (out []*fact.Document) {
	for _, d := range s.Documents {
		named := docs != nil && docs.Architecture != nil && docs.Architecture.File == d.Path
		if named || mayDescribe(d) {
			out = append(out, d)
		}
	}
	return out
}

func mayDescribe(d *fact.Document) bool {
	if aside(d.Path) {
		return false
	}
	drawn := false
	about := building.titled(d)
	for _, s := range d.Sections {
		about = about || building.heads(s)
		for _, g := range s.Diagrams {
			drawn = drawn || Flows(g) || g.Engine == "image" && pictured(s, g)
		}
	}
	return about && drawn
}

// aside reports whether a page stands in a folder of tests, examples or proposals:
// what is described there is not the service as it is.
func aside(path string) bool {
	for _, step := range strings.Split(strings.ToLower(path), "/") {
		switch step {
		case "test", "tests", "testdata", "examples", "example", "samples", "proposals", "proposal", "rfcs", "rfc", "adr", "adrs", "decisions", "fixtures", "templates", "archive", "blog":
			return true
		}
	}
	return false
}

// Flows reports whether a drawing shows parts and what leads from one to another.
func Flows(g *fact.Diagram) bool { return g.Known && len(g.Names) >= 3 && g.Arrows >= 2 }

// pictured reports whether a picture is of parts, as its name or what is said of it
// shows: badges, logos and screenshots are not.
func pictured(s *fact.Section, g *fact.Diagram) bool {
	name := g.File[strings.LastIndexByte(g.File, '/')+1:]
	return building.heads(s) || building.MatchString(strings.NewReplacer("-", " ", "_", " ", ".", " ").Replace(name))
}

// ArchitectureOf returns what a page says of how a service is built; ok is false
// where it is no such page. Known are names of what the service consists of. At
// least three of these must hold: it holds a drawing, its title or a heading says
// so, it names two of the known parts, it speaks of what the service depends on or
// of what depends on it.
func ArchitectureOf(d *fact.Document, known []string, named bool) (a Architecture, ok bool) {
	if aside(d.Path) && !named {
		return a, false
	}
	about := building.titled(d)
	for _, s := range d.Sections {
		about = about || building.heads(s)
		for _, g := range s.Diagrams {
			switch {
			case g.Known && len(g.Names) >= 3 && (g.Arrows >= 2 || named):
				if a.Diagram == nil || !a.Drawn || len(g.Names) > len(a.Diagram.Names) {
					a.Diagram, a.Drawn = g, true
				}
			case a.Diagram == nil && (g.Engine == "image" || !g.Known) && (named || pictured(s, g)):
				a.Diagram = g
			}
		}
		a.Components = a.Components || components.heads(s) && !Unwritten(d.Under(s))
		for _, t := range s.Tables {
			a.Components = a.Components || len(t.Header) > 0 && components.MatchString(t.Header[0]) && len(t.Rows) > 1
			for _, h := range t.Header {
				a.Needs = a.Needs || needs.MatchString(h)
				a.Needed = a.Needed || needed.MatchString(h)
			}
		}
		for _, t := range s.Texts {
			a.Needs = a.Needs || needs.MatchString(t.Text)
			a.Needed = a.Needed || needed.MatchString(t.Text)
		}
		a.Needs = a.Needs || needs.MatchString(s.Heading)
		a.Needed = a.Needed || needed.MatchString(s.Heading)
	}
	a.Prose = Prose(d.Sections)
	names := 0
	for _, k := range known {
		if Names(a.Prose, k) {
			names++
		}
	}
	if a.Drawn {
		// What is drawn between arrows is listed as well.
		a.Components, a.Needs = a.Components || names >= 2, a.Needs || a.Diagram.Arrows >= 2
	}
	signs := 0
	for _, holds := range []bool{a.Diagram != nil, about, names >= 2 || len(known) == 1 && names == 1, a.Needs || a.Needed} {
		if holds {
			signs++
		}
	}
	return a, named || signs >= 3 && (a.Diagram != nil || about && names >= 2)
}

// Component is a part of a service that was found in what deploys it.
type Component struct {
	fact.Ref
	Name string
	// Also are other words by which a page may name it: its kind, its image.
	Also []string
	Says string
}

// Unnamed returns the components that a page does not name.
func (a Architecture) Unnamed(list []Component) (out []Component) {
	for _, c := range list {
		if !slices.ContainsFunc(append([]string{c.Name}, c.Also...), func(n string) bool { return n != "" && (Names(a.Prose, n) || NamesKind(a.Prose, n)) }) {
			out = append(out, c)
		}
	}
	return out
}
