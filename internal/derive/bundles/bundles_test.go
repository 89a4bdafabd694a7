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

// TestMarkVariants shows which variants are judged: production's if there are
// any, else those that are no other environment's, else all. Folders hold the
// same object but where another one is named behind an @.
func TestMarkVariants(t *testing.T) {
	for name, tt := range map[string]struct{ sets, want string }{
		"alone":                     {".", "."},
		"alone, whatever its name":  {"overlays/dev", "overlays/dev"},
		"production is judged":      {"o/dev o/staging o/prod", "o/prod"},
		"two productions":           {"o/prod-eu o/prod-us o/dev", "o/prod-eu o/prod-us"},
		"no production":             {"o/dev o/eu o/us", "o/eu o/us"},
		"only other environments":   {"o/dev o/staging", "o/dev o/staging"},
		"words within words":        {"o/product o/device o/prod", "o/product o/device o/prod"},
		"nothing in common":         {"o/dev@web o/monitoring@agent", "o/dev o/monitoring"},
		"deeper folders":            {"dev/app prod/app", "prod/app"},
		"preprod is not production": {"o/preprod o/prod", "o/prod"},
		"pre-prod neither":          {"o/pre-prod o/live", "o/live"},
		"nor is non-production":     {"o/nonprod o/non-production o/web-prod", "o/web-prod"},
		"folders of their own":      {"o/web@web o/api@api o/prod o/dev", "o/web o/api o/prod"},
		"families are separate":     {"a/dev@a a/prod@a b/dev@b b/test@b", "a/prod b/dev b/test"},
		"variants of a chart":       {"chart:values.yaml chart:values-dev.yaml chart:values-prod.yaml", "chart:values-prod.yaml"},
		"variants without prod":     {"chart:values.yaml chart:values-dev.yaml chart:ci/test.yaml", "chart:values.yaml"},
		"variants of two charts":    {"a:prod.yaml a:x.yaml b:x.yaml b:dev.yaml", "a:prod.yaml b:x.yaml"},
		"numbered":                  {"o/prod1 o/dev2", "o/prod1"},
		"capitals":                  {"o/PROD o/Dev", "o/PROD"},
	} {
		var sets []*fact.Set
		for _, s := range strings.Fields(tt.sets) {
			bundle, object, _ := strings.Cut(s, "@")
			bundle, variant, _ := strings.Cut(bundle, ":")
			sets = append(sets, &fact.Set{Bundle: bundle, Variant: variant, Source: "kube", Objects: []*fact.Object{{Kind: "Deployment", Name: object}}})
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
