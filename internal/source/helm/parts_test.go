package helm

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"seaworthy.dev/seaworthy/internal/fact"
)

// TestVersions tells templates what a cluster of each version serves.
func TestVersions(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		minor      int
		has, lacks []string
	}{
		{20, []string{"policy/v1beta1", "networking.k8s.io/v1beta1/Ingress"}, []string{"policy/v1", "autoscaling/v2", "batch/v1/CronJob"}},
		{22, []string{"policy/v1beta1", "policy/v1", "batch/v1/CronJob"}, []string{"networking.k8s.io/v1beta1", "extensions/v1beta1"}},
		{37, []string{"policy/v1", "v1", "v1/Pod", "apps/v1/Deployment", "networking.k8s.io/v1/Ingress", "autoscaling/v2", "apiextensions.k8s.io/v1"},
			[]string{"policy/v1beta1", "extensions/v1beta1", "resource.k8s.io/v1alpha3", "apps/v1/DeploymentList", "monitoring.coreos.com/v2"}},
	} {
		caps, err := capabilities(Chart{KubeVersion: fact.Version{Major: 1, Minor: tt.minor}, APIVersions: []string{"monitoring.coreos.com/v1"}})
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range append(tt.has, "monitoring.coreos.com/v1") {
			if !caps.APIVersions.Has(v) {
				t.Errorf("1.%d does not serve %s", tt.minor, v)
			}
		}
		for _, v := range tt.lacks {
			if caps.APIVersions.Has(v) {
				t.Errorf("1.%d serves %s", tt.minor, v)
			}
		}
	}
	if caps, err := capabilities(Chart{}); err != nil || !caps.APIVersions.Has("apps/v1") || caps.KubeVersion.Major != "1" {
		t.Errorf("without a version: %v, %v", caps, err)
	}
}

// TestVariants finds values files and nothing else.
func TestVariants(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if got := Variants(dir); len(got) != 1 || got[0].Name != "" {
		t.Errorf("a chart without other values has the variants %v", got)
	}
	for name, text := range map[string]string{
		"values.yaml": "a: 1", "values.schema.json": "{}", "values-prod.yaml": "a: 2", "values.dev.yml": "a: 3", "values_qa.yaml": "", "prod-values.yaml": "", "stage.values.yaml": "",
		"myvalues.yaml": "", "values-prod.yaml.bak": "", "other.yaml": "a: 1", "ci/test-values.yaml": "a: 1",
		"values/eu.yaml": "a: 1", "values/list.yaml": "- 1", "values/object.yaml": "apiVersion: v1\nkind: Pod", "values/empty.yaml": "",
		"environments/prod/values.yaml": "a: 1", "env/broken.yaml": "a: [", "templates/values-x.yaml": "a: 1",
	} {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	for _, v := range Variants(dir) {
		got = append(got, v.Name)
	}
	want := []string{"values.yaml", "env/broken.yaml", "environments/prod/values.yaml", "prod-values.yaml", "stage.values.yaml",
		"values-prod.yaml", "values.dev.yml", "values/eu.yaml", "values_qa.yaml"}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// TestUnderstand takes the engine's errors apart, in all their forms.
func TestUnderstand(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		text string
		want fault
	}{
		{"execution error at (shop/templates/a.yaml:12:4): tag is required", fault{name: "shop/templates/a.yaml", line: 12, column: 5, message: "tag is required"}},
		{"parse error at (shop/templates/a.yaml:3): unexpected EOF", fault{name: "shop/templates/a.yaml", line: 3, message: "unexpected EOF", parse: true}},
		{"shop/templates/a.yaml:4:11\n  executing \"shop/templates/a.yaml\" at <include \"x\" .>:\n    error calling include:\nshop/templates/_h.tpl:2:3\n  executing \"x\" at <.Values.a.b>:\n    nil pointer evaluating interface {}.b",
			fault{name: "shop/templates/a.yaml", line: 4, column: 12, message: ".Values.a.b: nil pointer evaluating interface {}.b"}},
		{"rendering template failed: runtime error", fault{message: "rendering template failed: runtime error"}},
	} {
		if got := understand(errors.New(tt.text)); got != tt.want {
			t.Errorf("%s:\ngot  %+v\nwant %+v", tt.text, got, tt.want)
		}
	}
}

// TestLines attributes nothing where the two texts differ.
func TestLines(t *testing.T) {
	t.Parallel()
	at := func(line string) string { return string(markStart) + line + string(markEnd) }
	for _, tt := range []struct {
		text, marked string
		want         []int
	}{
		{"a\n  b\n\nc", at("1") + "a" + at("2") + "\n  " + at("3") + "b\n\n" + at("9") + "c", []int{1, 3, 0, 9}},
		{"a\nb", at("1") + "a\nc", nil},
		{"a\nb", at("1") + "a\n", nil},
		{"a\n", at("1") + "a\nb", nil},
		{"a", at("1") + "a" + at("x"), nil},
		{"a", "", nil},
		{"", "", []int{0}},
	} {
		if got := lines(tt.text, tt.marked); !slices.Equal(got, tt.want) {
			t.Errorf("%q: got %v, want %v", tt.marked, got, tt.want)
		}
	}
}
