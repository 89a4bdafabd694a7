package generate

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/registry"
	"seaworthy.dev/seaworthy/internal/source/manifest"
)

func compiled(t *testing.T, f form) *jsonschema.Schema {
	t.Helper()
	says, err := comments(root, f.pkg)
	if err != nil {
		t.Fatal(err)
	}
	text, err := schema(f, says)
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource(f.id(), value); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile(f.id())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// valid tells whether the schema takes every document of a text.
func valid(t *testing.T, s *jsonschema.Schema, text string) error {
	t.Helper()
	for _, doc := range decode.Split("seaworthy.yaml", []byte(text)) {
		node, problem := doc.Parse()
		if problem != nil {
			t.Fatal(problem.Message)
		}
		var value any
		decode.Into(node, &value, false)
		data, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		plain, err := jsonschema.UnmarshalJSON(strings.NewReader(string(data)))
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(plain); err != nil {
			return err
		}
	}
	return nil
}

// problems returns what the reader says of a manifest.
func problems(t *testing.T, text string) (out []string) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "seaworthy.yaml"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, p := range manifest.Read(manifest.Tree{Root: dir}, []string{"seaworthy.yaml"}, registry.All()).Problems {
		out = append(out, p.Message)
	}
	return out
}

// TestSchemaTakesWhatTheReaderTakes: the examples, the manifest of the page and a
// manifest with a bit of everything.
func TestSchemaTakesWhatTheReaderTakes(t *testing.T) {
	s := compiled(t, forms()[0])
	page, err := os.ReadFile(filepath.Join(root, manifestPage))
	if err != nil {
		t.Fatal(err)
	}
	block := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindStringSubmatch(string(page))
	ready, err := os.ReadFile(filepath.Join(root, "examples", "ready", "seaworthy.yaml"))
	if err != nil || block == nil {
		t.Fatalf("no example: %v", err)
	}
	for name, text := range map[string]string{"page": block[1], "ready": string(ready), "everything": everything} {
		if err := valid(t, s, text); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if list := problems(t, everything); len(list) > 0 {
		t.Errorf("the reader refuses what the schema takes:\n%s", strings.Join(list, "\n"))
	}
}

// TestSchemaRefusesWhatTheReaderRefuses, as far as a schema can tell.
func TestSchemaRefusesWhatTheReaderRefuses(t *testing.T) {
	s := compiled(t, forms()[0])
	for name, text := range map[string]string{
		"unknown key":     head + "spec: {teir: 1}",
		"no name":         "apiVersion: seaworthy.dev/v1\nkind: Service\nmetadata: {}\nspec: {}",
		"another version": "apiVersion: seaworthy.dev/v2\nkind: Service\nmetadata: {name: a}",
		"another kind":    "apiVersion: seaworthy.dev/v1\nkind: Services\nmetadata: {name: a}",
		"a name":          "apiVersion: seaworthy.dev/v1\nkind: Service\nmetadata: {name: a b}",
		"tier 4":          head + "spec: {tier: 4}",
		"tier as text":    head + "spec: {tier: one}",
		"owner a list":    head + "spec: {owner: [a]}",
		"no url":          head + "spec: {endpoints: [{name: a}]}",
		"no date":         head + "spec: {attestations: [{expectation: launch/stakeholders, who: ada, date: soon, expires: 2026-11-16, link: 'https://a.dev'}]}",
		"no person":       head + "spec: {none: [{what: stores, reason: none, date: 2026-01-31}]}",
		"a word":          head + "spec: {rollout: {thresholds: [{name: a, query: a, op: gt, value: 1}]}}",
		"a length":        head + "spec: {rollout: {steps: [{weight: 5, pause: a while}]}}",
	} {
		if err := valid(t, s, text); err == nil {
			t.Errorf("%s: the schema takes it", name)
		}
		if len(problems(t, text)) == 0 {
			t.Errorf("%s: the reader takes it", name)
		}
	}
}

// TestEveryFieldIsDescribed: a comment on each type and field of a form.
func TestEveryFieldIsDescribed(t *testing.T) {
	for i, f := range forms() {
		says, err := comments(root, f.pkg)
		if err != nil {
			t.Fatal(err)
		}
		text, err := schema(f, says)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), `"description": ""`) {
			t.Errorf("%s: something has no comment", f.name)
		}
		if i == 0 && len(says) < 150 {
			t.Errorf("only %d types and fields", len(says))
		}
	}
}

// TestSchemasTakeThePages: the registers, approvals and overlays that the pages
// show.
func TestSchemasTakeThePages(t *testing.T) {
	for name, want := range map[string]int{"RiskRegister docs/risks.md": 1, "Approvals docs/risks.md": 1, "Overlay docs/overlays.md": 1} {
		kind, page, _ := strings.Cut(name, " ")
		text, err := os.ReadFile(filepath.Join(root, page))
		if err != nil {
			t.Fatal(err)
		}
		for _, block := range regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllStringSubmatch(string(text), -1) {
			if !strings.Contains(block[1], "kind: "+kind+"\n") {
				continue
			}
			want--
			for _, f := range forms() {
				if err, own := valid(t, compiled(t, f), block[1]), strings.Contains(strings.ToLower(f.title), schemaWord[kind]); (err == nil) != own {
					t.Errorf("%s of %s and %s: %v", kind, page, f.name, err)
				}
			}
		}
		if want != 0 {
			t.Errorf("%s shows too many or too few of %s: %d", page, kind, want)
		}
	}
}

var schemaWord = map[string]string{"RiskRegister": "risk register", "Approvals": "approvals", "Overlay": "overlay"}

// TestSchemasRefuse what the readers of registers, approvals and overlays refuse.
func TestSchemasRefuse(t *testing.T) {
	const risks, overlay = "apiVersion: seaworthy.dev/v1\nkind: RiskRegister\n", "apiVersion: seaworthy.dev/v1\nkind: Overlay\nmetadata: {name: a}\n"
	for i, texts := range map[int][]string{
		1: {risks + "risks: [{ownr: a, id: R-1}]", risks + "risks: [{title: a}]", risks + "risks: [{id: twelve}]", risks + "risks: [{id: R-1, due: soon}]", risks + "risks: [{id: R-1, decision: accepted}]"},
		2: {"apiVersion: seaworthy.dev/v1\nkind: Approvals\napprovals: [{risk: R-1, service: a, approver: jane, date: 2026-06-01}]"},
		3: {
			overlay + "spec: {expectations: {a/b: {asks: {tier4: proven}}}}", overlay + "spec: {expectations: {a/b: {asks: {tier1: seen}}}}", overlay + "spec: {expectations: {a/b: {off: {reason: a}}}}",
			overlay + "spec: {expectations: {a/b: {maxAge: {proven: soon}}}}", overlay + "spec: {own: [{id: a/b}]}", "apiVersion: seaworthy.dev/v1\nkind: Overlay\nspec: {}",
		},
	} {
		s := compiled(t, forms()[i])
		for _, text := range texts {
			if valid(t, s, text) == nil {
				t.Errorf("%s takes %s", forms()[i].name, text)
			}
		}
	}
}

const head = "apiVersion: seaworthy.dev/v1\nkind: Service\nmetadata: {name: a}\n"

const everything = `apiVersion: seaworthy.dev/v1
kind: Service
metadata: {name: checkout, description: takes orders, labels: {area: shop}}
spec:
  tier: 1
  owner: team-payments
  contact: "#team-payments"
  onCall: payments-rotation
  sources:
    exclude: ["**/testdata"]
    cluster: {context: prod, namespaces: [shop], selector: app=checkout}
    prometheus: {url: "https://prometheus.example.com", tokenFrom: PROMETHEUS_TOKEN}
  endpoints:
    - shop.example.com
    - {name: api, url: "https://api.example.com", public: false, health: /ready, share: 20}
  stores: [{name: db, kind: postgresql, backup: nightly, region: eu-central-1, categories: [none]}]
  thirdParties: [{name: Stripe, hosts: [api.stripe.com], purpose: payments, categories: [user.financial], agreement: "https://stripe.com/dpa", reviewed: 2026-03-01, reviewer: ada}]
  dependencies: [payments, {name: mail, hosts: [mail.example.com], without: mails are sent later}]
  regions: [eu-central-1]
  placement: {regions: [eu-central-1], reason: customers are there, who: ada, date: 2026-01-31}
  registries: [ghcr.io/acme]
  kubeVersion: "1.34"
  attestations: [{expectation: alerting/gamedays, claim: record, who: ada, second: grace, date: 2026-03-01, expires: 2026-08-28, link: "https://wiki.example.com/gameday", scope: all, note: went well}]
  none: [{what: third-parties, reason: calls nobody, who: ada, date: 2026-03-01}]
  slos: [{name: availability, objective: 99.9, window: 30d, indicator: {good: a, total: b}}]
  sla: {objective: 99.5, window: 30d, measurement: minutes, consequence: credit}
  rollout:
    steps: [{weight: 5, pause: 10m}, {weight: 50}]
    thresholds: [{name: errors, signal: errors, query: a, op: ">", value: 0.05, for: 10m, min_samples: 100, on_no_data: hold, on_provider_error: hold}]
  drills: {targets: [{name: staging, disposable: true}], windows: [{days: [mon], hours: "09:00-16:00"}], abort: [{name: errors, query: a, op: ">", value: 0.1}]}
  scenarios: [{name: payments are down, dependency: payments, escalation: [{contact: payments-oncall, delay: 5m}], runbook: "https://wiki.example.com/payments"}]
  performance: {peak: 400, criteria: [{endpoint: api, percentile: 99, limit: 300ms, rate: 400}], criticalPaths: ["internal/**"]}
  burnIn: {from: 2026-05-01, length: 7d, share: 80}
  cost: {monthly: 1200, currency: EUR, owner: team-payments, surge: 20}
  privacy: {categories: [user.contact.email], deadline: 30d}
  secrets: [{path: shared/sentry, scope: global, reason: one project for all}]
  tls: {reload: watch}
  tracing: {path: [web, checkout]}
`
