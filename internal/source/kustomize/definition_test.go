package kustomize

import (
	"strings"
	"testing"

	"seaworthy.dev/seaworthy/internal/child"
)

// definition is one with a schema that holds comments, blank lines and a text.
const definition = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: boats.sea.example}
spec:
  versions:
  - name: v1
    schema:
      openAPIV3Schema:
        description: |-
          What floats.

          openAPIV3Schema: not the key
# a comment where none is expected
        properties:
          spec: {type: object}
    served: true
  - name: v2
    schema: {openAPIV3Schema: {type: object}}
`

// TestWithoutSchemas shows that what stands around a schema stays as it is.
func TestWithoutSchemas(t *testing.T) {
	want := `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: boats.sea.example}
spec:
  versions:
  - name: v1
    schema:
      openAPIV3Schema: {}
    served: true
  - name: v2
    schema: {openAPIV3Schema: {type: object}}
`
	if got := string(withoutSchemas([]byte(definition))); got != want {
		t.Errorf("got\n%s", got)
	}
	if got := withoutSchemas([]byte("kind: CustomResourceDefinition\n")); got != nil {
		t.Errorf("a definition without a schema became %q", got)
	}
}

// TestSchemaIsThere shows that what needs a schema finds it: a patch into one,
// and a value that is made of the file.
func TestSchemaIsThere(t *testing.T) {
	t.Parallel()
	root := write(t, map[string]string{
		"patched/kustomization.yaml": "resources: [crd.yaml]\npatches:\n- target: {kind: CustomResourceDefinition}\n" +
			"  patch: |-\n    - op: remove\n      path: /spec/versions/0/schema/openAPIV3Schema/properties/spec\n",
		"patched/crd.yaml":         definition,
		"value/kustomization.yaml": "resources: [crd.yaml]\nconfigMapGenerator:\n- name: texts\n  files: [crd.yaml]\n",
		"value/crd.yaml":           definition,
	})
	p := plan(t, root, "shop")
	w := child.New(Job, Limits())
	defer w.Close()
	for _, r := range p.Roots {
		got, err := p.Render(t.Context(), w, r)
		if err != nil || len(got.Problems) != 0 || len(got.Holes) != 0 {
			t.Fatalf("%s: %+v, %v", r.Folder, got, err)
		}
		if r.Folder == "patched" && len(got.Documents) != 1 {
			t.Errorf("patched: got %d documents", len(got.Documents))
		}
		if r.Folder == "value" && !strings.Contains(string(got.Documents[1].Data), "What floats") {
			t.Errorf("the value lacks the schema:\n%s", got.Documents[1].Data)
		}
	}
}
