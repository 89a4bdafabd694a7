package manifest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/registry"
)

// read writes the files of an archive and reads its manifests.
func read(t *testing.T, archive string) Reading {
	t.Helper()
	dir := t.TempDir()
	var files []string
	for _, f := range txtar.Parse([]byte(archive)).Files {
		name := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, f.Data, 0o644); err != nil {
			t.Fatal(err)
		}
		if filepath.Base(name) == "seaworthy.yaml" {
			files = append(files, f.Name)
		}
	}
	return Read(Tree{Root: dir}, files, registry.All())
}

const head = "apiVersion: seaworthy.dev/v1\nkind: Service\nmetadata: {name: shop}\n"

// TestMessages: each mistake is told with its line, its column, and what to write
// instead.
func TestMessages(t *testing.T) {
	for _, tt := range []struct{ spec, want string }{
		{"spec: {teir: 1}", "4:8 spec.teir is no field of Spec; did you mean tier?"},
		{"spec: {tier: 4}", "4:14 spec.tier is 4; the most is 3: tiers are 1 (most critical), 2 and 3"},
		{"spec: {tier: 0}", "4:14 spec.tier is 0; the least is 1: tiers are 1 (most critical), 2 and 3"},
		{"spec: {tier: two}", "4:14 spec.tier is a string but must be a number"},
		{"spec: {owner: 7}", "4:15 spec.owner is a number but must be a string; put it in quotes"},
		{"spec: {owner: a, owner: b}", "4:18 spec.owner stands twice"},
		{"spec: {endpoints: shop.acme.dev}", "4:19 spec.endpoints is a string but must be a list"},
		{"spec: {endpoints: [{name: web}]}", "4:20 spec.endpoints[0].url is missing, for instance `url: https://shop.example.com`"},
		{"spec: {endpoints: ['https://']}", "4:20 spec.endpoints[0].url is \"https://\", which is no address; write a URL, or a host with its port"},
		{"spec: {sources: {prometheus: {url: prometheus}}}", "4:36 spec.sources.prometheus.url is \"prometheus\", which is no URL; write one as https://example.com"},
		{"spec: {sources: {manifests: [deplyo]}}", "4:30 spec.sources.manifests[0] names deplyo, which is not there (did you mean deploy?)"},
		{"spec: {sources: {manifests: [deploy/wbe.yaml]}}", "4:30 spec.sources.manifests[0] names deploy/wbe.yaml, which is not there (did you mean deploy/web.yaml?)"},
		{"spec: {sources: {paths: [../elsewhere]}}", "4:26 spec.sources.paths[0] names ../elsewhere, which leads out of the judged path; judge the folder that holds both"},
		{"spec: {sources: {helm: [deploy]}}", "4:25 spec.sources.helm[0].chart is deploy, which is no chart: it has no Chart.yaml"},
		{"spec: {sources: {helm: [{chart: chart, values: [prod.yaml]}]}}", "4:49 spec.sources.helm[0].values[0] names prod.yaml, which is not there"},
		{"spec: {sources: {helm: [{chart: chrat, values: [prod.yaml]}]}}", "4:33 spec.sources.helm[0].chart names chrat, which is not there (did you mean chart?)"},
		{"spec: {sources: {terraform: [deploy]}}", "4:30 spec.sources.terraform[0].dir is deploy, which holds no file of Terraform"},
		{"spec: {sources: {terraform: [{dir: infra, varFiles: [prd.tfvars]}]}}", "4:54 spec.sources.terraform[0].varFiles[0] names prd.tfvars, which is not there (did you mean infra/prod.tfvars?)"},
		{"spec: {kubeVersion: new}", "4:21 spec.kubeVersion: \"new\" is no version"},
		{"spec: {thirdParties: [{name: a, reviewed: yesterday}]}", "4:43 spec.thirdParties[0].reviewed is \"yesterday\", which is no date; write it as 2026-05-20"},
		{"spec: {thirdParties: [{name: a, agreement: docs/a.md}]}", "4:44 spec.thirdParties[0].agreement names docs/a.md, which is not there"},
		{"spec: {attestations: [{expectation: launch/stakeholders, who: a, date: 2026-05-20, expires: 2026-01-01, link: deploy}]}", "4:93 spec.attestations[0] expires on 2026-01-01, before its own date 2026-05-20"},
		{"spec: {attestations: [{expectation: launch/stakeholder, who: a, date: 2026-05-20, expires: 2026-09-01, link: deploy}]}", "4:37 spec.attestations[0].expectation is \"launch/stakeholder\", which is no expectation (did you mean launch/stakeholders?); `seaworthy explain` lists them"},
		{"spec: {attestations: [{expectation: launch/stakeholders, claim: a, who: a, date: 2026-05-20, expires: 2026-09-01, link: deploy}]}", "4:65 spec.attestations[0].claim is \"a\", but launch/stakeholders has one claim only; leave `claim` out"},
		{"spec: {none: [{what: store, reason: a, who: a, date: 2026-05-20}]}", "4:22 spec.none[0].what is \"store\", which is no expectation (did you mean stores?); write an id as `seaworthy explain` lists them, or dependencies, endpoints, stores or third-parties"},
		{"spec: {none: [{what: stores, who: a, date: 2026-05-20}]}", "4:15 spec.none[0].reason is missing, for instance `reason: keeps nothing; every request is answered from the catalog`; until then the entry does not count"},
		{"spec: {rollout: {thresholds: [{name: a, query: a, op: gt, value: 1}]}}", "4:55 spec.rollout.thresholds[0].op is \"gt\"; write >, >=, < or <="},
		{"spec: {rollout: {steps: [{weight: 5, pause: a while}]}}", "4:45 spec.rollout.steps[0].pause is \"a while\", which is no length of time; write one as 30s, 10m, 24h or 30d"},
	} {
		r := read(t, "-- seaworthy.yaml --\n"+head+tt.spec+"\n-- deploy/web.yaml --\n-- chart/Chart.yaml --\nname: a\n-- chart/values.yaml --\n-- infra/main.tf --\n-- infra/prod.tfvars --\n")
		var got []string
		for _, p := range r.Problems {
			got = append(got, fmt.Sprintf("%d:%d %s", p.Line, p.Column, p.Message))
		}
		if len(got) != 1 || !strings.HasPrefix(got[0], tt.want) {
			t.Errorf("%s\n got %q\nwant %q", tt.spec, got, tt.want)
		}
	}
}

// TestRead: what is written is what is read, short forms included.
func TestRead(t *testing.T) {
	r := read(t, `-- services/shop/seaworthy.yaml --
`+head+`spec:
  tier: 2
  owner: team-shop
  sources: {paths: [., /shared], helm: [chart, {chart: /charts/web, values: [prod.yaml], set: {a.b: "1"}}], exclude: ["**/old"]}
  endpoints: [shop.acme.dev, {url: "https://API.acme.dev:8443/v1", public: false}]
  stores: [{name: db, kind: postgresql}]
  none: [{what: third-parties, reason: calls nobody, who: " ada ", date: 2026-05-20}]
  slos: [{name: a, objective: 99}]
  tracing: {path: [shop]}
-- services/shop/chart/Chart.yaml --
name: shop
-- charts/web/Chart.yaml --
name: web
-- charts/web/prod.yaml --
-- shared/a.yaml --
`)
	if len(r.Problems) > 0 || len(r.Services) != 1 {
		t.Fatalf("%d services, problems %v", len(r.Services), r.Problems)
	}
	s := r.Services[0]
	if s.Name != "shop" || s.Tier != 2 || s.Owner != "team-shop" || s.Folder != "services/shop" || !s.Alone {
		t.Errorf("got %+v", s)
	}
	if got := fmt.Sprintln(s.Sources.Paths, s.Sources.Exclude, s.Sources.Helm[0].Dir, s.Sources.Helm[1].Dir, s.Sources.Helm[1].Values, s.Sources.Helm[1].Set); got != "[services/shop shared] [services/shop/**/old] services/shop/chart charts/web [prod.yaml] map[a.b:1]\n" {
		t.Errorf("sources are %s", got)
	}
	d := s.Declared
	if e := d.Endpoints[0]; e.Host != "shop.acme.dev" || e.Port != 0 || !e.Public {
		t.Errorf("first endpoint is %+v", e)
	}
	if e := d.Endpoints[1]; e.Host != "api.acme.dev" || e.Port != 8443 || e.Public || e.Line != 8 {
		t.Errorf("second endpoint is %+v", e)
	}
	if n := d.NoneOf(fact.NoneThirdParties); n == nil || n.By != "ada" || !n.Date.Equal(time.Date(2026, 5, 20, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("none is %+v", n)
	}
	if d.Owners[0].Team != "team-shop" || d.Owners[0].Source != "manifest" {
		t.Errorf("owner is %+v", d.Owners[0])
	}
	if got := strings.Join(s.Said(), "; "); got != "services/shop/seaworthy.yaml: read, but nothing judges it yet: tracing" {
		t.Errorf("said: %s", got)
	}
}

// TestBroken: what cannot be read leaves a service behind, with a hole, so that
// nothing rests on it; and its neighbours stay.
func TestBroken(t *testing.T) {
	for name, tt := range map[string]struct{ text, says string }{
		"empty":         {"# nothing\n", "is empty; `seaworthy init` writes one that is not"},
		"no YAML":       {"a: [\n", "is not valid YAML"},
		"a list":        {"- a\n", "is a list but must be a service"},
		"another kind":  {"apiVersion: v1\nkind: Service\nmetadata: {name: shop}\n", "apiVersion is \"v1\"; write seaworthy.dev/v1"},
		"vouches":       {head + "spec: {teir: 1, none: [{what: stores, reason: a, who: a, date: 2026-01-01}]}\n", "spec.teir is no field"},
		"a heap":        {head + "spec: {stores: [&a {name: a, kind: b}" + strings.Repeat(",*a", 250_000) + "]}\n", "more than"},
		"heaps of them": {head + "spec: {scenarios: [&a {name: a, runbook: 'https://a.dev', escalation: [&b {contact: a}" + strings.Repeat(",*b", 3000) + "]}" + strings.Repeat(",*a", 3000) + "]}\n", "more than"},
		"a circle":      {head + "spec: {sources: &a {helm: [*a]}}\n", ""},
	} {
		started := time.Now()
		r := read(t, "-- seaworthy.yaml --\n"+tt.text+"-- other/seaworthy.yaml --\n"+strings.Replace(head, "shop", "other", 1))
		if len(r.Services) != 2 || r.Services[1].Name != "other" || len(r.Services[1].Holes) > 0 {
			t.Fatalf("%s: %d services", name, len(r.Services))
		}
		s := r.Services[0]
		if len(s.Holes) == 0 || len(s.Declared.Nones) > 0 || !strings.Contains(r.Problems[0].Message, tt.says) {
			t.Errorf("%s: %d holes, problems %.200v", name, len(s.Holes), r.Problems)
		}
		if took := time.Since(started); took > 10*time.Second {
			t.Errorf("%s took %s", name, took)
		}
	}
}

// TestSeveral: documents of one file are services of their own, and names are
// unique.
func TestSeveral(t *testing.T) {
	r := read(t, "-- seaworthy.yaml --\n"+head+"---\n"+strings.Replace(head, "shop", "pay", 1)+"-- b/seaworthy.yaml --\n"+head)
	var names []string
	for _, s := range r.Services {
		names = append(names, fmt.Sprint(s.Name, " ", s.Alone))
	}
	if got := strings.Join(names, ", "); got != "shop false, pay false, shop (b/seaworthy.yaml:3) true" {
		t.Errorf("services are %s", got)
	}
	if len(r.Problems) != 1 || !strings.Contains(r.Problems[0].Message, "described in seaworthy.yaml:3 already") {
		t.Errorf("problems are %v", r.Problems)
	}
}

// TestLinksOutOfTheTree are not followed.
func TestLinksOutOfTheTree(t *testing.T) {
	dir, outside := t.TempDir(), t.TempDir()
	if err := os.Symlink(outside, filepath.Join(dir, "away")); err != nil {
		t.Skip(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "seaworthy.yaml"), []byte(head+"spec: {sources: {paths: [away]}}\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	r := Read(Tree{Root: dir}, []string{"seaworthy.yaml"}, registry.All())
	if len(r.Problems) != 1 || !strings.Contains(r.Problems[0].Message, "names away") {
		t.Errorf("problems are %v", r.Problems)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(head + "spec: {tier: 1, sources: {helm: [chart]}, none: [{what: stores}]}")
	f.Add("a: &a [*a]")
	dir, standard := f.TempDir(), registry.All()
	f.Fuzz(func(t *testing.T, text string) {
		if err := os.WriteFile(filepath.Join(dir, "seaworthy.yaml"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		for _, s := range Read(Tree{Root: dir}, []string{"seaworthy.yaml"}, standard).Services {
			if s.Name == "" {
				t.Error("a service has no name")
			}
		}
	})
}
