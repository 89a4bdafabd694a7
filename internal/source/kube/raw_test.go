package kube

import (
	"encoding/json"
	"strings"
	"testing"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
)

// TestRawHidesSecrets: expressions see what an object says, never a secret.
func TestRawHidesSecrets(t *testing.T) {
	text := `apiVersion: v1
kind: Secret
metadata: {name: a, annotations: {kubectl.kubernetes.io/last-applied-configuration: '{"stringData":{"x":"hunter2hunter2"}}'}}
stringData: {x: hunter2hunter2}
data: {y: aHVudGVyMmh1bnRlcjI=}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {a: b}}
  template:
    metadata: {labels: {a: b}}
    spec:
      containers:
      - name: web
        image: web:1
        args: ["--dsn=postgres://u:hunter2hunter2@db/x"]
        env: [{name: DB_PASSWORD, value: hunter2hunter2}, {name: MODE, value: fast}]
`
	reader := New(fact.Version{Major: 1, Minor: 37}, false).Raw()
	var f Fragment
	for _, doc := range decode.Split("a.yaml", []byte(text)) {
		reader.Read(doc, &f)
	}
	all, err := json.Marshal([]any{f.Facts.Objects[0].Raw, f.Facts.Objects[1].Raw})
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"hunter2", "aHVudGVy"} {
		if strings.Contains(string(all), secret) {
			t.Errorf("%s is there: %s", secret, all)
		}
	}
	for _, wanted := range []string{`"x":"(hidden)"`, `"fast"`, `"web:1"`} {
		if !strings.Contains(string(all), wanted) {
			t.Errorf("%s is not there: %s", wanted, all)
		}
	}
}
