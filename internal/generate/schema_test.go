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

func compiled(t *testing.T) *jsonschema.Schema {
	t.Helper()
	says, err := comments(root)
	if err != nil {
		t.Fatal(err)
	}
	text, err := schema(says)
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource(schemaID, value); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile(schemaID)
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
	s := compiled(t)
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
	s := compiled(t)
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

// TestEveryFieldIsDescribed: a comment on each type and field of the manifest.
func TestEveryFieldIsDescribed(t *testing.T) {
	says, err := comments(root)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range says {
		if text == "" {
			t.Errorf("%s has no comment", name)
		}
	}
	if len(says) < 150 {
		t.Errorf("only %d types and fields", len(says))
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
