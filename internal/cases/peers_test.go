package cases

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"seaworthy.dev/seaworthy/internal/assess"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/registry"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// judged judges an inline archive by the whole standard.
func judged(t *testing.T, archive string) *assess.Service {
	t.Helper()
	folder := t.TempDir()
	for _, f := range txtar.Parse([]byte(archive)).Files {
		name := filepath.Join(folder, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, f.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	services, err := assess.Path(t.Context(), folder, assess.Options{
		Tier: 3, Expectations: registry.All(), AsOf: asOf, Settings: expect.Settings{KubeVersion: fact.Version{Major: 1, Minor: 37}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return services[0]
}

// says reports whether a rule has a finding with that outcome about a subject
// whose name ends so.
func says(s *assess.Service, rule string, outcome verdict.Outcome, subject string) bool {
	id, name, _ := strings.Cut(rule, "#")
	for i := range s.Verdicts {
		if s.Verdicts[i].Expectation != id {
			continue
		}
		for _, f := range s.Verdicts[i].Findings {
			if f.Rule == name && f.Outcome == outcome && strings.HasSuffix(f.Ref.Subject, subject) {
				return true
			}
		}
	}
	return false
}

func state(s *assess.Service, id string) verdict.State {
	for i := range s.Verdicts {
		if s.Verdicts[i].Expectation == id {
			return s.Verdicts[i].State
		}
	}
	return verdict.Unknown
}

// deployment is a workload with three instances.
const deployment = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  replicas: 3
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web, tier: front}}
    spec:
      containers:
        - name: web
          image: registry.example.com/web:1.2.3
          ports: [{name: http, containerPort: 8080}, {name: admin, containerPort: 9090}]
`

// TestOthersMistakes holds a case for each mistake that checkers of this field
// are known for.
func TestOthersMistakes(t *testing.T) {
	for _, tt := range []struct {
		mistake string
		archive string
		right   func(t *testing.T, s *assess.Service)
	}{
		{"one bad file aborts the run, and nobody says which", "-- bad.yaml --\nkind: [\napiVersion: v1\n-- web.yaml --" + deployment,
			func(t *testing.T, s *assess.Service) {
				if len(s.Problems) != 1 || !strings.HasSuffix(s.Problems[0].File, "bad.yaml") || s.Problems[0].Line == 0 {
					t.Errorf("problems: %v", s.Problems)
				}
				if !says(s, "health/readiness#no-probe", verdict.Fail, "shop/web") {
					t.Error("the good file was not judged")
				}
			}},
		{"a custom resource whose spec is null or a string crashes it", `
-- a.yaml --
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: "null"}
spec: null
---
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: text}
spec: none
---
apiVersion: example.com/v1
kind: Thing
metadata: {name: thing}
spec: none
---
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata: {name: scaled}
spec: null
-- web.yaml --` + deployment,
			func(t *testing.T, s *assess.Service) {
				if !says(s, "health/readiness#no-probe", verdict.Fail, "shop/web") {
					t.Error("the good file was not judged")
				}
			}},
		{"an invalid object is skipped silently, and its Service called dangling", `
-- web.yaml --
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
        - name: web
          ports: [{containerPort: "80"}]
-- service.yaml --
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: web}
  ports: [{port: 80}]
-- budget.yaml --
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: web}
spec:
  maxUnavailable: 1
  selector: {matchLabels: {app: web}}
`,
			func(t *testing.T, s *assess.Service) {
				if len(s.Problems) == 0 {
					t.Error("the invalid object was not reported")
				}
				for i := range s.Verdicts {
					for _, f := range s.Verdicts[i].Findings {
						if f.Outcome == verdict.Fail && (strings.Contains(f.Message, "selects no") || strings.Contains(f.Message, "nothing")) {
							t.Errorf("%s: %s", s.Verdicts[i].Expectation, f.Message)
						}
					}
				}
				if got := state(s, "health/readiness"); got != verdict.Unknown {
					t.Errorf("health/readiness is %s, want unknown", got)
				}
			}},
		{"a budget is matched by any one shared label", "-- web.yaml --" + deployment + `---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: other, namespace: shop}
spec:
  maxUnavailable: 1
  selector: {matchLabels: {app: other, tier: front}}
`,
			func(t *testing.T, s *assess.Service) {
				if !says(s, "scaling/disruption-budgets#no-budget", verdict.Fail, "shop/web") {
					t.Error("a budget that shares one label of two was taken for the workload's")
				}
			}},
		{"evictions are said to be possible with minAvailable 1 of 1", "-- web.yaml --" + strings.Replace(deployment, "replicas: 3", "replicas: 1", 1) + `---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: web, namespace: shop}
spec:
  minAvailable: 1
  selector: {matchLabels: {app: web}}
`,
			func(t *testing.T, s *assess.Service) {
				if !says(s, "scaling/disruption-budgets#blocks-eviction", verdict.Fail, "shop/web") {
					t.Error("a budget that lets nothing be evicted was not found")
				}
			}},
		{"an Argo Rollout is not seen as a workload", "-- web.yaml --" + strings.NewReplacer("apps/v1", "argoproj.io/v1alpha1", "Deployment", "Rollout").Replace(deployment),
			func(t *testing.T, s *assess.Service) {
				if !says(s, "health/readiness#no-probe", verdict.Fail, "Rollout shop/web") {
					t.Error("the Rollout was not judged")
				}
			}},
		{"YAML is read as 1.2", "-- web.yaml --" + strings.Replace(deployment, "namespace: shop", "namespace: n", 1),
			func(t *testing.T, s *assess.Service) {
				if len(s.Problems) == 0 || !strings.Contains(s.Problems[0].Message, "boolean") {
					t.Errorf("a namespace n is the boolean false to Kubernetes, which refuses it; problems: %v", s.Problems)
				}
			}},
		{"a licence comment before the first separator is taken for an object", "-- web.yaml --\n# Copyright somebody\n# Some licence\n---" + deployment,
			func(t *testing.T, s *assess.Service) {
				if len(s.Problems) != 0 || s.Objects != 1 {
					t.Errorf("%d objects, problems %v", s.Objects, s.Problems)
				}
			}},
		{"typed lists are not read", `
-- list.yaml --
apiVersion: v1
kind: PodList
items:
- metadata: {name: one, namespace: shop}
  spec: {containers: [{name: app, image: "example.com/app:1", ports: [{containerPort: 80}]}]}
- metadata: {name: two, namespace: shop}
  spec: {containers: [{name: app, image: "example.com/app:1", ports: [{containerPort: 80}]}]}
`,
			func(t *testing.T, s *assess.Service) {
				for _, pod := range []string{"v1/Pod shop/one", "v1/Pod shop/two"} {
					if !says(s, "health/readiness#no-probe", verdict.Fail, pod) {
						t.Errorf("%s was not judged", pod)
					}
				}
			}},
		{"namespaces do not scope selectors", "-- web.yaml --" + deployment + `---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: web, namespace: other}
spec:
  maxUnavailable: 1
  selector: {matchLabels: {app: web}}
`,
			func(t *testing.T, s *assess.Service) {
				if !says(s, "scaling/disruption-budgets#no-budget", verdict.Fail, "shop/web") {
					t.Error("a budget of another namespace was taken for the workload's")
				}
			}},
		{"an empty selector is taken for none", "-- web.yaml --" + deployment + `---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: all, namespace: shop}
spec:
  maxUnavailable: 1
  selector: {}
`,
			func(t *testing.T, s *assess.Service) {
				if says(s, "scaling/disruption-budgets#no-budget", verdict.Fail, "shop/web") {
					t.Error("an empty selector selects every pod of its namespace")
				}
			}},
		{"a pod covered by a default-deny policy fails", "-- web.yaml --" + deployment + `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: default-deny, namespace: shop}
spec:
  podSelector: {}
  policyTypes: [Ingress, Egress]
`,
			func(t *testing.T, s *assess.Service) {
				if !says(s, "security/network-segmentation#segmented", verdict.Pass, "shop/web") {
					t.Error("a policy that selects every pod of the namespace restricts it in both directions")
				}
			}},
		{"probes on different named ports are called identical", "-- web.yaml --" + deployment + `          readinessProbe: {httpGet: {path: /health, port: http}}
          livenessProbe: {httpGet: {path: /health, port: admin}}
`,
			func(t *testing.T, s *assess.Service) {
				if says(s, "health/liveness#same-as-readiness", verdict.Fail, "shop/web") || !says(s, "health/liveness#probe", verdict.Pass, "shop/web") {
					t.Error("http and admin are different ports")
				}
			}},
		{"probes on one port by name and by number are called different", "-- web.yaml --" + deployment + `          readinessProbe: {httpGet: {path: /health, port: http}}
          livenessProbe: {httpGet: {path: /health, port: 8080}}
`,
			func(t *testing.T, s *assess.Service) {
				if !says(s, "health/liveness#same-as-readiness", verdict.Fail, "shop/web") {
					t.Error("http is port 8080")
				}
			}},
		{"a ServiceAccount is matched by its name alone", "-- web.yaml --" + strings.Replace(deployment, "    spec:\n", "    spec:\n      serviceAccountName: web\n", 1) + `---
apiVersion: v1
kind: ServiceAccount
metadata: {name: web, namespace: other}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: admin}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects: [{kind: ServiceAccount, name: web, namespace: other}]
`,
			func(t *testing.T, s *assess.Service) {
				for i := range s.Verdicts {
					for _, f := range s.Verdicts[i].Findings {
						if s.Verdicts[i].Expectation == "security/least-privilege" && f.Outcome == verdict.Fail && strings.Contains(f.Message, "makes web cluster-admin") {
							t.Errorf("the account of another namespace was taken for the workload's: %s", f.Message)
						}
					}
				}
			}},
		{"octal numbers, on and yes are read as 1.2", `
-- web.yaml --
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 03
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      automountServiceAccountToken: off
      hostNetwork: yes
      containers: [{name: web, image: "registry.example.com/web:1.2.3"}]
`,
			func(t *testing.T, s *assess.Service) {
				if len(s.Problems) != 0 {
					t.Errorf("problems: %v", s.Problems)
				}
				if !says(s, "security/hardening#pss-baseline-host-namespaces", verdict.Fail, "web") {
					t.Error("yes is true")
				}
			}},
		{"it is green where nothing was looked at", "-- README.md --\nnothing here\n",
			func(t *testing.T, s *assess.Service) {
				for i := range s.Verdicts {
					if got := s.Verdicts[i].State; got != verdict.Unknown {
						t.Errorf("%s is %s, want unknown", s.Verdicts[i].Expectation, got)
					}
				}
				if verdict.Ready(s.Tier, s.Verdicts) || verdict.Score(s.Verdicts) != 0 {
					t.Error("an empty folder is ready")
				}
			}},
		{"opinions are sold as rules", "-- web.yaml --" + deployment,
			func(t *testing.T, s *assess.Service) {
				for i := range s.Verdicts {
					for _, f := range s.Verdicts[i].Findings {
						text := strings.ToLower(f.Message)
						if f.Outcome == verdict.Fail && (strings.Contains(text, "cpu limit") || strings.Contains(text, "pull policy") || strings.Contains(text, "imagepullpolicy")) {
							t.Errorf("%s: %s", s.Verdicts[i].Expectation, f.Message)
						}
					}
				}
			}},
	} {
		t.Run(tt.mistake, func(t *testing.T) {
			t.Parallel()
			tt.right(t, judged(t, tt.archive))
		})
	}
}
