package assess

import (
	"bytes"
	"context"
	"fmt"
	"path"
	"slices"
	"strings"
	"sync"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/derive/bundles"
	"seaworthy.dev/seaworthy/internal/derive/rules"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/prometheus"
	"seaworthy.dev/seaworthy/internal/source/repo"
)

// ruleSource is the technology of rule files and their tests.
const ruleSource = "prometheus"

// ruleFile is what was found among the plain files that is for Prometheus.
type ruleFile struct {
	path  string
	rules *prometheus.File
	// tests are documents of unit tests, kept until all rules are known.
	tests []decode.Document
}

// sniffRules takes the documents of a plain file that are rules or unit tests of
// rules, and returns the others.
func sniffRules(rel string, docs []decode.Document) (rest []decode.Document, found *ruleFile) {
	rest = docs
	var mine []decode.Document
	for _, doc := range docs {
		head := doc.Head()
		kind := head.Kind != "" && head.APIVersion != ""
		switch {
		case !kind && rules.SniffTest(doc.Data):
			doc.Data = bytes.Clone(doc.Data)
			if found == nil {
				found = &ruleFile{path: rel}
			}
			found.tests = append(found.tests, doc)
		case !kind && rules.Sniff(doc.Data):
			mine = append(mine, doc)
		default:
			continue
		}
		rest = slices.DeleteFunc(slices.Clone(rest), func(d decode.Document) bool { return d.Line == doc.Line })
	}
	if len(mine) == 0 {
		return rest, found
	}
	file := prometheus.Read(rel, mine)
	if file == nil { // the words are there and nothing that they stand for
		return docs, found
	}
	if found == nil {
		found = &ruleFile{path: rel}
	}
	found.rules = file
	return rest, found
}

// ruled gives rule files and what their tests say to those whom they concern.
func (f *found) ruled(ctx context.Context, files []*ruleFile, o Options) {
	for _, name := range f.tree.Files[repo.Rules] {
		if file := f.ruleFile(name); file != nil {
			files = append(files, &ruleFile{path: name, rules: file})
		}
	}
	if len(files) == 0 {
		return
	}
	library := &library{found: f, known: map[string]*prometheus.File{}}
	var copies []string
	for _, file := range files {
		if file.rules == nil {
			continue
		}
		library.known[file.path] = file.rules
		f.complain(file.rules.Problems...)
		if f.inChart(file.path) {
			continue // what the chart makes of it is judged
		}
		set := &fact.Set{Bundle: file.path, Source: ruleSource, Rung: fact.Configured, ProductionLike: !bundles.OtherEnvironment(file.path) && !bundles.Tooling(file.path)}
		set.Add(file.rules.Facts)
		groups := f.concerned(file.path)
		if f.deployed(set, groups) {
			copies = append(copies, file.path)
			continue
		}
		f.groups[0].files++
		keep(set, groups)
	}
	if len(copies) > 0 {
		f.say("not judged, because objects here hold the same rules: " + list(copies))
	}
	if !slices.ContainsFunc(o.Expectations, func(e *expect.Expectation) bool { return slices.Contains(e.Needs, fact.RuleTests) }) {
		return
	}
	f.testRules(ctx, files, library)
}

// testRules runs the unit tests, file by file.
func (f *found) testRules(ctx context.Context, files []*ruleFile, library *library) {
	spent := 0
	for _, file := range files {
		for _, doc := range file.tests {
			tests, problems := prometheus.ReadTests(ctx, doc, library.from(file.path), &spent)
			f.complain(problems...)
			if len(tests) == 0 && len(problems) == 0 {
				continue
			}
			set := &fact.Set{Bundle: ".", Source: ruleSource, Rung: fact.Configured, ProductionLike: true, RuleTests: tests}
			for _, p := range problems {
				set.Coverage.Holes = append(set.Coverage.Holes, fact.Hole{Kinds: []fact.Kind{fact.RuleTests}, Location: p.Location, Why: path.Base(p.File) + ": " + p.Message})
			}
			keep(set, f.concerned(file.path))
		}
	}
}

// concerned returns the groups of the services to which a file of rules belongs;
// what stands in nobody's folder watches all of them.
func (f *found) concerned(rel string) []*group {
	if owners := f.land.of(rel, ofAnything); len(owners) > 0 {
		return f.members(owners)
	}
	return f.groups[:len(f.groups)-1]
}

func (f *found) inChart(rel string) bool {
	return slices.ContainsFunc(f.tree.Charts, func(dir string) bool { return strings.HasPrefix(rel, dir+"/") })
}

// deployed reports whether all alerts and recordings of a file stand in objects
// that are judged anyway.
func (f *found) deployed(set *fact.Set, groups []*group) bool {
	known := map[string]bool{}
	for _, g := range groups {
		for _, s := range g.sets {
			if s.Source == ruleSource {
				continue
			}
			for _, a := range s.Alerts {
				known[a.Name+"\x00"+rules.Squeeze(a.Expression)] = true
			}
			for _, r := range s.Recordings {
				known[r.Name+"\x00"+rules.Squeeze(r.Expression)] = true
			}
		}
	}
	for _, a := range set.Alerts {
		if !known[a.Name+"\x00"+rules.Squeeze(a.Expression)] {
			return false
		}
	}
	for _, r := range set.Recordings {
		if !known[r.Name+"\x00"+rules.Squeeze(r.Expression)] {
			return false
		}
	}
	return len(set.Alerts)+len(set.Recordings) > 0
}

// ruleFile reads one file of the tree as rules; nil where it holds none.
func (f *found) ruleFile(rel string) *prometheus.File {
	if !f.tree.Within(rel) {
		return nil
	}
	data, err := f.tree.Content(rel, maxRuleFile)
	if err != nil || len(data) > maxRuleFile || !rules.Sniff(data) {
		return nil
	}
	return prometheus.Read(rel, decode.Split(f.tree.Show(rel), data))
}

// maxRuleFile bounds a file of rules that is read for a test.
const maxRuleFile = 8 << 20

// library finds the rules that tests name.
type library struct {
	found *found
	mutex sync.Mutex
	known map[string]*prometheus.File
}

// from returns the library as seen from a file of tests.
func (l *library) from(test string) prometheus.Library { return shelf{l, path.Dir(test)} }

type shelf struct {
	*library
	dir string
}

// Find reads the files that a pattern names, as promtool would.
func (s shelf) Find(_, pattern string) (files []*prometheus.File, why string) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if path.IsAbs(pattern) {
		return nil, fmt.Sprintf("it names %s, which stands outside of what is judged", pattern)
	}
	rel := path.Join(s.dir, pattern)
	if rel == ".." || strings.HasPrefix(rel, "../") {
		return nil, fmt.Sprintf("it names %s, which leads out of what is judged", pattern)
	}
	names := []string{rel}
	if strings.ContainsAny(pattern, "*?[") {
		names = nil
		for _, f := range s.found.tree.Manifests {
			if ok, err := path.Match(rel, f.Path); err == nil && ok {
				names = append(names, f.Path)
			}
		}
		for _, f := range s.found.tree.Files[repo.Rules] {
			if ok, err := path.Match(rel, f); err == nil && ok {
				names = append(names, f)
			}
		}
	}
	for _, name := range names {
		file, read := s.known[name]
		if !read {
			file = s.found.ruleFile(name)
			s.known[name] = file
		}
		if file != nil {
			files = append(files, file)
		}
	}
	if len(files) == 0 {
		return nil, fmt.Sprintf("it names %s, and no rules are found there; if a pipeline makes them, run the tests there", pattern)
	}
	return files, ""
}
