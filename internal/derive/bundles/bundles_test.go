package bundles

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"seaworthy.dev/seaworthy/internal/fact"
)

// tree describes files, one a line: "path: kind/name kind/name". A kind may
// have a version in front and a namespace behind, as in
// "extensions/v1beta1:Deployment/web@shop".
func tree(text string) []Part {
	var parts []Part
	for _, line := range strings.Split(strings.TrimSpace(text), "\n") {
		file, objects, _ := strings.Cut(strings.TrimSpace(line), ":")
		set := &fact.Set{}
		for _, o := range strings.Fields(objects) {
			version := "v1"
			if v, rest, found := strings.Cut(o, ":"); found {
				version, o = v, rest
			}
			kind, name, _ := strings.Cut(o, "/")
			name, namespace, _ := strings.Cut(name, "@")
			set.Objects = append(set.Objects, &fact.Object{Ref: fact.Ref{Subject: o}, APIVersion: version, Kind: kind, Name: name, Namespace: namespace})
		}
		parts = append(parts, Part{Path: file, Facts: set})
	}
	return parts
}

// show renders sets, one a line: "bundle [variant] object object".
func show(sets []*fact.Set) string {
	var lines []string
	for _, s := range sets {
		line := s.Bundle
		if s.Variant != "" {
			line += " [" + s.Variant + "]"
		}
		for _, o := range s.Objects {
			line += " " + o.Subject
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

// TestJoin shows which files are deployed together.
func TestJoin(t *testing.T) {
	for name, tt := range map[string]struct{ files, want string }{
		"one folder": {"web.yaml: D/web\npdb.yaml: P/web", ". P/web D/web"},
		"folders without recurrence are one": {"a/web.yaml: D/web\nb/c/pdb.yaml: P/web\nns.yaml: N/shop",
			". D/web P/web N/shop"},
		"environments repeat each other": {"dev/web.yaml: D/web\nprod/web.yaml: D/web\nprod/pdb.yaml: P/web",
			"dev D/web\nprod P/web D/web"},
		"what stands above them is its own": {"crd.yaml: C/x\ndev/web.yaml: D/web\nprod/web.yaml: D/web",
			". C/x\ndev D/web\nprod D/web"},
		"a folder that repeats nothing stays apart from those that do": {"dev/web.yaml: D/web\nprod/web.yaml: D/web\nbase/ns.yaml: N/shop",
			"base N/shop\ndev D/web\nprod D/web"},
		"recurrence is found deep below": {"a/x/dev/web.yaml: D/web\na/x/prod/web.yaml: D/web\nb/api.yaml: D/api",
			"a/x/dev D/web\na/x/prod D/web\nb D/api"},
		"alternatives in one folder": {"ns.yaml: N/shop\nsmall.yaml: D/web\nlarge.yaml: D/web",
			". [large.yaml] D/web N/shop\n. [small.yaml] D/web N/shop"},
		"alternatives of several files": {"a-web.yaml: D/web\na-api.yaml: D/api\nb-web.yaml: D/web\nb-api.yaml: D/api",
			". [a-api.yaml and 1 more] D/api D/web\n. [b-api.yaml and 1 more] D/api D/web"},
		"another namespace is another object": {"a.yaml: D/web@one\nb.yaml: D/web@two", ". D/web@one D/web@two"},
		"another kind is another object":      {"a.yaml: D/web\nb.yaml: S/web", ". D/web S/web"},
		"another version is the same object": {"a.yaml: apps/v1:D/web\nb.yaml: extensions/v1beta1:D/web",
			". [a.yaml] D/web\n. [b.yaml] D/web"},
		"another group is another object":    {"a.yaml: one.example/v1:D/web\nb.yaml: two.example/v1:D/web", ". D/web D/web"},
		"twice in one file is no recurrence": {"a.yaml: D/web D/web\nb.yaml: S/web", ". D/web D/web S/web"},
		"what has no name cannot recur":      {"a.yaml: J/\nb.yaml: J/", ". J/ J/"},
		"nothing":                            {"a.yaml:", "."},
		"documentation and tests stand aside": {"a/docs/web.yaml: D/demo\na/web.yaml: D/web\nb/pdb.yaml: P/web\ntest/e2e/x.yaml: D/x\ntest/y.yaml: D/y",
			". D/web P/web\na/docs D/demo\ntest/e2e D/x\ntest D/y"},
		"what stands aside repeats nobody": {"web.yaml: D/web\nexamples/web.yaml: D/web\nexamples/dev/web.yaml: D/web",
			". D/web\nexamples D/web\nexamples/dev D/web"},
	} {
		sets := Join(tree(tt.files), "kube", fact.Configured)
		if got := show(sets); got != tt.want {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, tt.want)
		}
		parts := tree(tt.files)
		slices.Reverse(parts)
		if got := show(Join(parts, "kube", fact.Configured)); got != tt.want {
			t.Errorf("%s: the order of files changes the bundles to\n%s", name, got)
		}
		for _, s := range sets {
			if s.Source != "kube" || s.Rung != fact.Configured || !s.ProductionLike {
				t.Errorf("%s: a set is %+v", name, s)
			}
		}
	}
	if got := Join(nil, "kube", fact.Configured); len(got) != 0 {
		t.Errorf("no files make %d bundles", len(got))
	}
}

// TestJoinKeepsHoles: what could not be read stays a hole of its own bundle.
func TestJoinKeepsHoles(t *testing.T) {
	parts := tree("dev/web.yaml: D/web\nprod/web.yaml: D/web\nprod/broken.yaml:")
	parts[2].Facts.Coverage.Holes = []fact.Hole{{Why: "broken"}}
	sets := Join(parts, "kube", fact.Configured)
	if len(sets) != 2 || len(sets[0].Coverage.Holes) != 0 || len(sets[1].Coverage.Holes) != 1 {
		t.Errorf("got %s", show(sets))
	}
}

// TestMarkVariants shows what is judged: of the variants of one bundle those
// of production if there are any, else those that are no other environment's,
// else all. Folders are left out where they are named for another environment
// and repeat most of a folder that is not. Objects stand behind an equals sign.
func TestMarkVariants(t *testing.T) {
	for name, tt := range map[string]struct{ sets, want string }{
		"alone":                      {".=web", "."},
		"alone, whatever its name":   {"overlays/dev=web", "overlays/dev"},
		"production is judged":       {"o/dev=web o/staging=web o/prod=web", "o/prod"},
		"two productions":            {"o/prod-eu=web o/prod-us=web o/dev=web", "o/prod-eu o/prod-us"},
		"no production":              {"o/dev=web o/eu=web o/us=web", "o/eu o/us"},
		"only other environments":    {"o/dev=web o/staging=web", "o/dev o/staging"},
		"words within words":         {"o/product=web o/device=web o/prod=web", "o/product o/device o/prod"},
		"preprod is not production":  {"o/preprod=web o/prod=web", "o/prod"},
		"pre-prod neither":           {"o/pre-prod=web o/live=web", "o/live"},
		"nor is non-production":      {"o/nonprod=web o/non-production=web o/web-prod=web", "o/web-prod"},
		"environments deep below":    {"dev/a/web=web prod/a/web=web", "prod/a/web"},
		"half of it is repeated":     {"o/dev=web,db o/prod=web,pdb", "o/prod"},
		"little of it is repeated":   {"o/dev=web,a,b o/prod=web", "o/dev o/prod"},
		"what only it deploys":       {"o/test=runner o/prod=web", "o/test o/prod"},
		"an empty folder":            {"o/test= o/prod=web", "o/test o/prod"},
		"numbered":                   {"o/prod1=web o/dev2=web", "o/prod1"},
		"capitals":                   {"o/PROD=web o/Dev=web", "o/PROD"},
		"variants of a chart":        {"chart:values.yaml=web chart:values-dev.yaml=web chart:values-prod.yaml=web", "chart:values-prod.yaml"},
		"variants without prod":      {"chart:values.yaml=web chart:values-dev.yaml=web chart:ci/test.yaml=web", "chart:values.yaml"},
		"variants, all of elsewhere": {"chart:dev.yaml=web chart:test.yaml=web", "chart:dev.yaml chart:test.yaml"},
		"releases side by side":      {"r:web-1.9.0.yaml=web r:web-1.10.0-rc1.yaml=web r:web-1.10.0.yaml=web r:db-v2.0.yaml=db", "r:web-1.10.0.yaml r:db-v2.0.yaml"},
		"variants of two charts":     {"a:prod.yaml=web a:x.yaml=web b:x.yaml=web b:dev.yaml=web", "a:prod.yaml b:x.yaml"},
	} {
		var sets []*fact.Set
		for _, s := range strings.Fields(tt.sets) {
			label, objects, _ := strings.Cut(s, "=")
			bundle, variant, _ := strings.Cut(label, ":")
			set := &fact.Set{Bundle: bundle, Variant: variant, Source: "kube"}
			for _, n := range strings.FieldsFunc(objects, func(r rune) bool { return r == ',' }) {
				set.Objects = append(set.Objects, &fact.Object{APIVersion: "v1", Kind: "D", Name: n})
			}
			sets = append(sets, set)
		}
		MarkVariants(sets)
		var got []string
		for _, s := range sets {
			if s.ProductionLike {
				label := s.Bundle
				if s.Variant != "" {
					label = fmt.Sprintf("%s:%s", s.Bundle, s.Variant)
				}
				got = append(got, label)
			}
		}
		if g := strings.Join(got, " "); g != tt.want {
			t.Errorf("%s: of %s are judged: %s; want %s", name, tt.sets, g, tt.want)
		}
	}
}

// TestMarkAside: documentation, examples and tests are judged where nothing
// else is, or where something applies them.
func TestMarkAside(t *testing.T) {
	runs := func(bundle string) *fact.Set {
		return &fact.Set{Bundle: bundle, Source: "kube", Workloads: []*fact.Workload{{Name: "web"}}}
	}
	chart := &fact.Set{Bundle: "chart", Source: "helm"}
	applies := runs("deploy")
	applies.Reconcilers = []*fact.Reconciler{{Path: "examples/shop"}}
	for name, tt := range map[string]struct {
		sets []*fact.Set
		want string
	}{
		"beside what runs": {[]*fact.Set{runs("deploy"), runs("docs/a"), runs("pkg/testdata"), runs("Examples")}, "deploy"},
		"beside a chart":   {[]*fact.Set{chart, runs("docs")}, "chart"},
		"an example installs a chart that is not here": {[]*fact.Set{runs("examples"), {Bundle: "Application web", Source: "helm", ProductionLike: true,
			Coverage: fact.Coverage{Holes: []fact.Hole{{Location: fact.Location{File: "examples/web.yaml"}}}}}}, "examples Application web"},
		"alone":                          {[]*fact.Set{runs("examples"), runs("test")}, "examples"},
		"beside nothing that runs":       {[]*fact.Set{{Bundle: ".", Source: "kube"}, runs("examples")}, ". examples"},
		"what a reconciler applies":      {[]*fact.Set{applies, runs("examples/shop"), runs("examples/blog")}, "deploy examples/shop"},
		"names that only sound like it":  {[]*fact.Set{runs("deploy"), runs("test-runner"), runs("docs-site"), runs("latest")}, "deploy test-runner docs-site latest"},
		"folders of tests by their kind": {[]*fact.Set{runs("deploy"), runs("e2e"), runs("integration-tests/x"), runs("load_test")}, "deploy"},
	} {
		MarkVariants(tt.sets)
		var got []string
		for _, s := range tt.sets {
			if s.ProductionLike {
				got = append(got, s.Bundle)
			}
		}
		if g := strings.Join(got, " "); g != tt.want {
			t.Errorf("%s: judged are %s; want %s", name, g, tt.want)
		}
	}
}

// TestDropCopies: a plain file that was made from a chart is judged once, as
// the chart; one that differs, or could not be read whole, stays.
func TestDropCopies(t *testing.T) {
	set := func(source, bundle string, digests ...uint64) *fact.Set {
		s := &fact.Set{Source: source, Bundle: bundle}
		for i, d := range digests {
			name := string(rune('a' + i))
			s.Objects = append(s.Objects, &fact.Object{Ref: fact.Ref{Subject: name}, APIVersion: "v1", Kind: "D", Name: name, Digest: d})
		}
		return s
	}
	holed := set("kube", "holed", 1)
	holed.Coverage.Holes = []fact.Hole{{Why: "broken"}}
	sets := DropCopies([]*fact.Set{
		set("helm", "chart", 1, 2, 3), set("kustomize", "overlay", 7), set("kube", "copy", 1, 2, 3), set("kube", "part", 1),
		set("kube", "other", 1, 9), set("kube", "more", 1, 2, 3, 4), set("kube", "mixed", 7, 2), set("kube", "empty"), holed,
	})
	if got, want := show(sets), "chart a b c\noverlay a\nother a b\nmore a b c d\nmixed a b\nempty\nholed a"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestDropCopiedFiles: a file that holds what an overlay yields is that overlay,
// whatever stands beside it; one that holds more or less is not, for what it shares
// a folder with may belong to it.
func TestDropCopiedFiles(t *testing.T) {
	object := func(name string, digest uint64) *fact.Object {
		return &fact.Object{Ref: fact.Ref{Subject: name}, APIVersion: "v1", Kind: "D", Name: name, Digest: digest}
	}
	part := func(file string, objects ...*fact.Object) Part {
		return Part{Path: file, Facts: &fact.Set{Objects: objects}}
	}
	holed := part("holed.yaml", object("a", 1), object("b", 2))
	holed.Facts.Coverage.Holes = []fact.Hole{{Why: "broken"}}
	overlay := &fact.Set{Source: "kustomize", Objects: []*fact.Object{object("a", 1), object("b", 2)}}
	single := &fact.Set{Source: "kustomize", Objects: []*fact.Object{object("c", 3)}}
	got := DropCopiedFiles([]Part{
		part("install.yaml", object("b", 2), object("a", 1)), part("more.yaml", object("a", 1), object("b", 2), object("c", 3)),
		part("less.yaml", object("a", 1)), part("other.yaml", object("a", 1), object("b", 9)), part("source.yaml", object("c", 3)), holed,
	}, []*fact.Set{overlay, single})
	var files []string
	for _, p := range got {
		files = append(files, p.Path)
	}
	if got, want := strings.Join(files, " "), "more.yaml less.yaml other.yaml source.yaml holed.yaml"; got != want {
		t.Errorf("kept %s, want %s", got, want)
	}
}
