package decode

import (
	"encoding/json"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/intstr"
	sigs "sigs.k8s.io/yaml"
)

// sample has a field of each shape that the API types have.
type sample struct {
	Inline   `json:",inline"`
	Name     string             `json:"name"`
	Replicas *int32             `json:"replicas"`
	Small    int8               `json:"small"`
	Count    uint16             `json:"count"`
	Share    float64            `json:"share"`
	Ready    *bool              `json:"ready"`
	Labels   map[string]string  `json:"labels"`
	Args     []string           `json:"args"`
	Data     []byte             `json:"data"`
	CPU      resource.Quantity  `json:"cpu"`
	Expr     intstr.IntOrString `json:"expr"`
	Any      any                `json:"any"`
	Next     *sample            `json:"next"`
	Hidden   string             `json:"-"`
}

// Inline stands for TypeMeta.
type Inline struct {
	Kind string `json:"kind"`
}

func into(t *testing.T, text string, strict bool) (sample, []Mismatch) {
	t.Helper()
	node, problem := Document{File: "f", Line: 1, Data: []byte(text)}.Parse()
	if problem != nil {
		t.Fatalf("%s: %s", text, problem.Message)
	}
	var s sample
	return s, Into(node, &s, strict)
}

// TestIntoReadsWhatKubernetesReads compares whole objects with what
// Kubernetes' own reader makes of them.
func TestIntoReadsWhatKubernetesReads(t *testing.T) {
	for name, tt := range map[string]struct {
		text      string
		got, want any
	}{
		"deployment": {`apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  creationTimestamp: 2024-01-02T03:04:05Z
  labels: &labels {app: web, "on": "yes", tier: front}
  annotations:
    note: "1"
    multi: |
      one
      two
  finalizers: [a, b]
spec:
  replicas: 0x3
  paused: on
  minReadySeconds: 1e1
  selector: {matchLabels: *labels, matchExpressions: [{key: a, operator: In, values: [x, "1"]}]}
  strategy: {rollingUpdate: {maxUnavailable: 25%, maxSurge: 1}}
  template:
    metadata: {labels: {<<: *labels, tier: back}}
    spec:
      terminationGracePeriodSeconds: 30
      securityContext: {fsGroup: 0644, seccompProfile: {type: RuntimeDefault}}
      nodeSelector: {zone: "1"}
      tolerations: [{operator: Exists, tolerationSeconds: null}]
      containers:
        - name: web
          image: example.com/web:1
          ports: [{containerPort: 8_080}]
          env:
            - {name: A, value: "1"}
            - {name: B, valueFrom: {secretKeyRef: {name: s, key: k, optional: true}}}
          resources:
            limits: {cpu: 0.5, memory: 1Gi, ephemeral-storage: 1e9}
            requests: {cpu: 250m, memory: "128Mi"}
          readinessProbe: {httpGet: {port: http, path: /}, periodSeconds: 5}
          livenessProbe: {tcpSocket: {port: 80}}
          securityContext: {runAsNonRoot: yes, capabilities: {drop: [ALL], add: []}}
          volumeMounts: ~
      volumes:
        - name: v
          configMap: {name: c, defaultMode: 0755}
        - {name: e, emptyDir: {}}
`, &appsv1.Deployment{}, &appsv1.Deployment{}},
		"secret":  {"apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata:\n  a: aGVsbG8=\n  b: |\n    aGVs\n    bG8=\nstringData: {c: ''}\nimmutable: true\n", &corev1.Secret{}, &corev1.Secret{}},
		"service": {"spec:\n  ports: [{port: 80, targetPort: http}, {port: 443, targetPort: 8443}]\n  sessionAffinityConfig: {clientIP: {timeoutSeconds: 10}}\n", &corev1.Service{}, &corev1.Service{}},
		"json":    {`{"metadata": {"name": "😀 \ud83d\ude00 \u00e9 \/", "labels": {"<<": "x"}}, "spec": {"replicas": 3, "template": {"spec": {"containers": [{"name": "a", "resources": {"limits": {"cpu": 1.5}}}]}}}}`, &appsv1.Deployment{}, &appsv1.Deployment{}},
		"empty":   {"{}", &appsv1.Deployment{}, &appsv1.Deployment{}},
		"nulls":   {"metadata: null\nspec: {replicas: ~, template: }\n", &appsv1.Deployment{}, &appsv1.Deployment{}},
		"merges":  {"x: &x {a: '1', b: '2'}\ny: &y {b: '3', c: '4'}\nmetadata: {labels: {<<: [*x, *y], a: '0'}}\n", &corev1.Pod{}, &corev1.Pod{}},
	} {
		if err := unmarshalAsKubernetes(name, tt.text, tt.want); err != nil {
			t.Fatalf("%s: the oracle refuses it: %v", name, err)
		}
		node, problem := Document{File: "f", Line: 1, Data: []byte(tt.text)}.Parse()
		if problem != nil {
			t.Fatalf("%s: %s", name, problem.Message)
		}
		for _, m := range Into(node, tt.got, false) {
			t.Errorf("%s: %d: %s", name, m.Node.Line, m.Message)
		}
		if !equality.Semantic.DeepEqual(tt.got, tt.want) {
			got, _ := sigs.Marshal(tt.got)
			want, _ := sigs.Marshal(tt.want)
			t.Errorf("%s: got\n%s\nKubernetes reads\n%s", name, got, want)
		}
	}
}

func unmarshalAsKubernetes(name, text string, into any) error {
	if name == "json" { // as kubectl does with what starts with a brace
		return json.Unmarshal([]byte(text), into)
	}
	return sigs.Unmarshal([]byte(text), into)
}

// TestIntoReports holds what each mistake is called and where it is found.
func TestIntoReports(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"name: true", "1:7 name is a boolean but must be a string; put it in quotes"},
		{"name: yes", "1:7 name is the boolean true: YAML 1.1 reads `yes` so; put it in quotes"},
		{"name: 012", "1:7 name is a number but must be a string; put it in quotes"},
		{"name: [a]", "1:7 name is a list but must be a string"},
		{"name: {a: b}", "1:7 name is a mapping but must be a string"},
		{"labels:\n  app: 1", "2:8 labels.app is a number but must be a string; put it in quotes"},
		{"labels: [a]", "1:9 labels is a list but must be a mapping"},
		{"labels: {[a]: b}", "1:10 a key of labels is a list but must be a string"},
		{"args:\n- a\n- 1", "3:3 args[1] is a number but must be a string; put it in quotes"},
		{"args: a", "1:7 args is a string but must be a list"},
		{"replicas: three", "1:11 replicas is a string but must be a number"},
		{"replicas: \"3\"", "1:11 replicas is a string but must be a number"},
		{"replicas: 1.5", "1:11 replicas is 1.5 but must be a whole number"},
		{"replicas: 3000000000", "1:11 replicas is 3000000000, which is out of range"},
		{"replicas: 99999999999999999999", "1:11 replicas is 99999999999999999999, which is out of range"},
		{"small: 300", "1:8 small is 300, which is out of range"},
		{"count: -1", "1:8 count is -1, which is out of range"},
		{"count: 70000", "1:8 count is 70000, which is out of range"},
		{"share: .nan", "1:8 share is .nan, which is out of range"},
		{"ready: \"true\"", "1:8 ready is a string but must be a boolean"},
		{"cpu: lots", `1:6 cpu is "lots", which is no valid Quantity`},
		{"cpu: [1]", "1:6 cpu is a list, which is no valid Quantity"},
		{"cpu: 1e999999999", `1:6 cpu is "1e999999999", which is no valid Quantity`},
		{"cpu: '1E-0999999999'", `1:6 cpu is "1E-0999999999", which is no valid Quantity`},
		{"cpu: 1" + strings.Repeat("0", 200_000), `1:6 cpu is "1` + strings.Repeat("0", 39) + `...", which is no valid Quantity`},
		{"data: '*'", "1:7 data is not base64"},
		{"next: {next: {name: 1}}", "1:21 next.next.name is a number but must be a string; put it in quotes"},
		{"<<: 1\nname: a", "1:5 what is merged into the document is a number but must be a mapping"},
		{"[a]", "1:1 the document is a list but must be a mapping"},
		{"a", "1:1 the document is a string but must be a mapping"},
		// Fields that the type lacks.
		{"replica: 1", "1:1 replica is no field of sample; did you mean replicas?"},
		{"next:\n  Name: a", "2:3 next.Name is no field of sample; did you mean name?"},
		{"kindd: a", "1:1 kindd is no field of sample; did you mean kind?"},
		{"whatever: 1", "1:1 whatever is no field of sample"},
		{"Hidden: 1", "1:1 Hidden is no field of sample"},
		{`"-": 1`, "1:1 - is no field of sample"},
		// Keys that stand twice.
		{"name: a\nname: b", "2:1 name stands twice; Kubernetes takes the last one or refuses both"},
		{"labels: {a: x, b: x, a: z}", "1:22 labels.a stands twice; Kubernetes takes the last one or refuses both"},
		{"any: {b: {c: 1, c: 2}}", "1:17 any.b.c stands twice; Kubernetes takes the last one or refuses both"},
		{`{"name": "a", "name": "b"}`, "1:15 name stands twice; Kubernetes takes the last one or refuses both"},
		// And what is fine.
		{"name: ~\nreplicas: null\nlabels: {a: }\nargs: [~]\ncpu: null\nnext:", ""},
		{"replicas: 3.0\nsmall: 0x7f\ncount: 0755\nshare: 1\nready: off\nany: {a: [1, yes, x]}", ""},
		{"next: &n {name: a}\nany: [*n, *n]", ""},
		{"cpu: 1e003\nexpr: 80", ""},
		// Text that starts like a number is none, however long it is.
		{"expr: 2^max(" + strings.Repeat("shards + ", 20) + "1)", ""},
		{"expr: 1 - sum(rate(errors_total[5m])) == 0", ""},
	} {
		_, mismatches := into(t, tt.text, true)
		var got []string
		for _, m := range mismatches {
			got = append(got, fmt.Sprintf("%d:%d %s", m.Node.Line, m.Node.Column, m.Message))
		}
		if s := strings.Join(got, "\n"); s != tt.want {
			t.Errorf("%s\n got  %s\n want %s", tt.text, s, tt.want)
		}
	}
	if _, mismatches := into(t, "whatever: 1\nnext: {whatever: 1}", false); len(mismatches) > 0 {
		t.Errorf("unknown fields are reported though not asked for: %v", mismatches)
	}
	many := "labels:\n"
	for i := range 40 {
		many += fmt.Sprintf("  k%d: a\n", i%39)
	}
	if _, mismatches := into(t, many, true); len(mismatches) != 1 || mismatches[0].Kind != DuplicateKey || mismatches[0].Node.Line != 41 {
		t.Errorf("a key that stands twice among many: %v", mismatches)
	}
}

// TestBombs are documents that stand for far more than they say. Each must
// end soon, in little memory, and be reported.
func TestBombs(t *testing.T) {
	laughs := "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
	merges := "a0: &a0 {x: '1'}\n"
	for i := 1; i < 30; i++ {
		laughs += fmt.Sprintf("a%d: &a%d [%s*a%d]\n", i, i, strings.Repeat(fmt.Sprintf("*a%d, ", i-1), 9), i-1)
		merges += fmt.Sprintf("a%d: &a%d {<<: [%s*a%d]}\n", i, i, strings.Repeat(fmt.Sprintf("*a%d, ", i-1), 9), i-1)
	}
	longKey := strings.Repeat("k", 1000)
	for name, text := range map[string]string{
		"laughs":         laughs + "any: *a29\n",
		"merges":         merges + "labels: *a29\n",
		"circle":         "any: &a [*a, *a]\n",
		"circle of maps": "any: &a {b: *a, c: *a}\n",
		"merged circle":  "labels: &a {<<: [*a, *a], x: y}\n",
		"deep":           "any: " + strings.Repeat("[", 5000) + strings.Repeat("]", 5000) + "\n",
		"deep structs":   strings.Repeat("{next: ", 5000) + strings.Repeat("}", 5000) + "\n",
		"wide":           "args: [" + strings.Repeat("x,", 600_000) + "]\n",
		"big elements":   "list: &l [" + strings.Repeat("{},", 100_000) + "]\nspec: {template: {spec: {containers: *l, initContainers: *l}}}\n",
		"quantity":       laughs + "cpu: *a29\n",
		"long names":     "any: {" + longKey + ": {" + longKey + ": [" + strings.Repeat("{a: 1},", 100_000) + "]}}\n",
	} {
		t.Run(name, func(t *testing.T) {
			node, problem := Document{File: "f", Line: 1, Data: []byte(text)}.Parse()
			if problem != nil {
				t.Fatal(problem.Message)
			}
			var target any = &sample{}
			if name == "big elements" {
				target = &appsv1.Deployment{}
			}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			started := time.Now()
			mismatches := Into(node, target, false)
			took := time.Since(started)
			runtime.ReadMemStats(&after)
			if len(mismatches) == 0 && name != "long names" {
				t.Error("is not reported")
			}
			for _, m := range mismatches {
				if len(m.Message) > 1000 {
					t.Errorf("a message has %d bytes", len(m.Message))
				}
			}
			if took > 3*time.Second {
				t.Errorf("took %s", took)
			}
			if size := (after.TotalAlloc - before.TotalAlloc) >> 20; size > 600 {
				t.Errorf("took %d MiB", size)
			}
			if Child(node, "no such key") != nil || Dig(node, "labels", "no such key") != nil {
				t.Error("found what is not there")
			}
		})
	}
}

// TestCostly tells numbers that would take for ever from text that only starts
// like one, such as an expression of Prometheus.
func TestCostly(t *testing.T) {
	for text, want := range map[string]bool{
		"1e999999999": true, "1E+99999": true, "-0.5e-123456": true, strings.Repeat("9", 101): true,
		"1": false, "12Gi": false, "5e3": false, "1e0003": false, "25%": false, "": false, "http": false,
		"1 - sum(rate(http_server_requests[5m]))": false, "1e": false, "3 + node_e12345": false,
	} {
		if got := costly(text); got != want {
			t.Errorf("costly(%q) = %v", text, got)
		}
	}
}
