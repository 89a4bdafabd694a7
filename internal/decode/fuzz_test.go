package decode

import (
	"bytes"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	"k8s.io/apimachinery/pkg/api/resource"
)

var seeds = []string{
	"a: 1\n---\nb: |\n  ---\n...\n# c\n--- {d: [1, 'x', \"y\\u00e9\"]}\n",
	"\xef\xbb\xbfa: &a {<<: [*a, *a], b: *a}\r\n",
	"{\"a\": \"\\ud83d\\ude00\", \"b\": [1e9, -0.5, null, true, {}]}",
	"apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, labels: {a: yes, a: \"1\"}}\nspec:\n  replicas: 0x3\n  template:\n    spec:\n      containers:\n      - {name: a, resources: {limits: {cpu: 1e3, memory: 1Gi}}, ports: [{containerPort: 8_0}]}\n",
	"spec: {template: {spec: {containers: [{resources: {limits: {cpu: 1e99, memory: '1e-9999999', a: 1E6Ei, b: .5e+1}}}]}}}\n",
	"metadata:\n  creationTimestamp: 2024-01-02T03:04:05Z\nspec: {strategy: {rollingUpdate: {maxSurge: 25%}}, replicas: 99999999999999999999}\n",
	"? [a, b]\n: !!binary aGk=\nc: !!int '3'\nd: !foo x\n%TAG\n",
	"a: {{ .Values.x }}\nb: *nowhere\n",
}

// FuzzSplit demands that splitting loses no text but separators and comments,
// and that every place that is named lies within the file.
func FuzzSplit(f *testing.F) {
	for _, s := range seeds {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		lines := 1 + bytes.Count(data, []byte("\n"))
		last := 0
		for _, doc := range Split("f", data) {
			if doc.Line <= last || doc.Line > lines {
				t.Fatalf("a document on line %d follows one on line %d, of %d", doc.Line, last, lines)
			}
			last = doc.Line
			if !bytes.Contains(data, doc.Data) {
				t.Fatalf("%q is not in the file", doc.Data)
			}
			h := doc.Head()
			if h.KindLine > lines || h.APILine > lines {
				t.Fatalf("the header stands on lines %d and %d of %d", h.KindLine, h.APILine, lines)
			}
			_, problem := doc.Parse()
			if problem != nil && (problem.Line < doc.Line || problem.Line > lines) {
				t.Fatalf("the problem %q stands on line %d; the document is on lines %d to %d", problem.Message, problem.Line, doc.Line, lines)
			}
		}
	})
}

// FuzzInto demands that any document can be read into an API type: it may be
// refused, but it must end, and every quantity must be one that can be used.
func FuzzInto(f *testing.F) {
	for _, s := range seeds {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, doc := range Split("f", data) {
			root, problem := doc.Parse()
			if problem != nil || root == nil {
				continue
			}
			var into appsv1.Deployment
			for _, m := range Into(root, &into, true) {
				if m.Message == "" {
					t.Fatal("a mismatch says nothing")
				}
			}
			for _, c := range into.Spec.Template.Spec.Containers {
				for _, q := range c.Resources.Limits {
					q.Cmp(resource.MustParse("1Gi"))
					_ = q.MilliValue()
				}
			}
			Child(root, "metadata")
			Keys(root)
			Text(Dig(root, "metadata", "name"))
		}
	})
}
