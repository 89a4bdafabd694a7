package kube

import (
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
)

// FuzzRead demands that the reader ends without a panic on any bytes, and that
// each object that it recognises is named.
func FuzzRead(f *testing.F) {
	for _, s := range []string{
		"apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: shop}\nspec:\n  replicas: 3\n  selector: {matchLabels: {app: web}}\n  template:\n    metadata: {labels: {app: web}}\n    spec:\n      initContainers: [{name: i, image: a, restartPolicy: Always}]\n      containers:\n      - {name: web, image: \"example.com/web:1@sha256:00\", ports: [{containerPort: 80, name: http}], readinessProbe: {httpGet: {port: http}}, resources: {limits: {cpu: 1}}, env: [{name: PASSWORD, value: x}]}\n",
		"apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: web}\nspec: {maxUnavailable: 25%, minAvailable: x, selector: {matchExpressions: [{key: a, operator: In, values: [b]}]}}\n",
		"apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Service, metadata: {name: a}, spec: {ports: [{port: 80, targetPort: http}]}}\n- null\n- []\n- {kind: Pod, metadata: {}, spec: {}}\n",
		"apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: a}\nspec: {minReplicas: 2, maxReplicas: 1, scaleTargetRef: {kind: Deployment, name: a}, metrics: [{type: Resource, resource: {name: cpu, target: {averageUtilization: 80}}}, {type: Pods}]}\n",
		"apiVersion: keda.sh/v1alpha1\nkind: ScaledObject\nmetadata: {name: a}\nspec: {scaleTargetRef: {name: a}, triggers: [{type: cron, metadata: {a: 1}}]}\n",
		"apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: a}\nspec: {strategy: {canary: {steps: [{setWeight: 10}, {pause: {}}, {analysis: {templates: [{templateName: x}]}}]}}, workloadRef: {kind: Deployment, name: a}}\n",
		"apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata: {a: '!!', b: aGk=}\nstringData: {c: x}\n",
		"apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p}\nspec: {podSelector: {}, ingress: [{from: [{ipBlock: {cidr: x}}]}], egress: [{}]}\n",
		"apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: r}\nrules: [{apiGroups: ['*'], resources: ['*'], verbs: ['*']}]\n",
		"apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata: {name: r}\nspec: {groups: [{name: g, rules: [{alert: a, expr: up == 0, for: 5m, labels: {severity: page}}]}]}\n",
		"apiVersion: cert-manager.io/v1\nkind: Certificate\nmetadata: {name: c}\nspec: {duration: 90d, renewBefore: x, secretName: s, issuerRef: {name: i}}\n",
		"apiVersion: v1\nkind: &a {b: *a}\nmetadata: &m {<<: [*m, *m]}\n",
		"apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n",
	} {
		f.Add([]byte(s))
	}
	files, _ := filepath.Glob("../../../standard/*/*/testdata/*.txtar")
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for _, part := range archive.Files {
			if strings.HasSuffix(part.Name, ".yaml") {
				f.Add(part.Data)
			}
		}
	}
	reader := New(fact.Version{Major: 1, Minor: 37}, true)
	f.Fuzz(func(t *testing.T, data []byte) {
		var out Fragment
		for _, doc := range decode.Split("f", data) {
			reader.Read(doc, &out)
		}
		for _, o := range out.Facts.Objects {
			if o.Subject == "" || o.File != "f" {
				t.Fatalf("an object without a name: %+v", o)
			}
		}
		for _, p := range out.Problems {
			if p.Message == "" || p.File != "f" {
				t.Fatalf("a problem without words: %+v", p)
			}
		}
	})
}
