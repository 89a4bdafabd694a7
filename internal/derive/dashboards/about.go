package dashboards

import (
	_ "embed"
	"regexp"
	"slices"
	"strings"
	"sync"

	"seaworthy.dev/seaworthy/internal/derive/promql"
	"seaworthy.dev/seaworthy/internal/fact"
)

//go:embed layers.txt
var layersTable string

type layer struct{ name, beginning string }

// layers reads the table once, longest beginnings first: a cache of pure values.
var layers = sync.OnceValue(func() (out []layer) {
	for _, text := range strings.Split(layersTable, "\n") {
		if fields := strings.Fields(text); len(fields) >= 2 && fields[0] != "#" {
			out = append(out, layer{fields[0], fields[1]})
		}
	}
	slices.SortStableFunc(out, func(a, b layer) int { return len(b.beginning) - len(a.beginning) })
	return out
})

// Layer returns the layer that services share of which a metric tells: nodes,
// cluster, ingress or database; empty for any other.
func Layer(metric string) string {
	for _, l := range layers() {
		if strings.HasPrefix(metric, l.beginning) {
			return strings.TrimPrefix(l.name, "-")
		}
	}
	return ""
}

// Names are those by which a service is known: of itself, its workloads and what
// stands in front of them, and of the namespaces that are its own.
type Names struct {
	all, spaces map[string]bool
	// begins are the beginnings of metrics that are the service's own; phrases are
	// names as words of a text.
	begins, phrases map[string]bool
}

// NamesOf collects the names of a service.
func NamesOf(name string, sets []*fact.Set) (n Names) {
	n = Names{all: map[string]bool{}, spaces: map[string]bool{}, begins: map[string]bool{}, phrases: map[string]bool{}}
	add := func(text string) {
		text = strings.ToLower(text)
		if text == "" || n.all[text] || looking(text) {
			return
		}
		n.all[text] = true
		if !generic(text) {
			n.begins[strings.NewReplacer("-", "_", ".", "_").Replace(text)] = true
			n.phrases[words(text)] = true
		}
	}
	add(name)
	for _, s := range sets {
		for _, w := range s.Workloads {
			add(w.Name)
			if !common(w.Namespace) {
				n.spaces[strings.ToLower(w.Namespace)] = true
			}
			for _, key := range []string{"app.kubernetes.io/name", "app.kubernetes.io/instance", "app.kubernetes.io/part-of", "app"} {
				add(w.PodLabels[key])
			}
		}
		for _, v := range s.Services {
			add(v.Name)
		}
	}
	return n
}

// looking reports whether a workload of that name only tells of others: its job is
// on the series of everybody.
func looking(name string) bool {
	switch name {
	case "kube-state-metrics", "cadvisor", "metrics-server", "prometheus-adapter":
		return true
	}
	return strings.HasSuffix(name, "-exporter") || strings.HasSuffix(name, "_exporter")
}

// common reports whether a namespace is everybody's.
func common(namespace string) bool {
	switch namespace {
	case "", "default", "kube-system", "monitoring", "observability", "prometheus", "grafana", "logging", "ingress", "ingress-nginx", "istio-system", "cert-manager":
		return true
	}
	return false
}

// generic reports whether a name says too little to be looked for in a text.
func generic(name string) bool {
	switch name {
	case "web", "api", "app", "server", "service", "worker", "backend", "frontend", "db", "database", "cache", "proxy", "gateway", "main", "client", "test", "node", "nodes", "agent",
		"controller", "operator", "manager", "deploy", "prod", "production", "monitoring", "cluster", "kubernetes", "grafana", "dashboard", "dashboards", "postgres", "postgresql", "mysql",
		"redis", "kafka", "mongodb", "rabbitmq", "nginx", "envoy", "traefik", "chart", "helm", "base", "default", "http", "grpc", "process", "container", "kube", "go", "jvm", "up":
		return true
	}
	return len(name) < 3
}

// selecting are the labels by which a service is chosen, as scrapes and kube-state-metrics set them.
var selecting = []string{
	"job", "service", "service_name", "exported_service", "app", "application", "app_kubernetes_io_name", "app_kubernetes_io_instance", "kubernetes_name", "deployment", "workload", "statefulset", "daemonset",
	"rollout", "container", "container_name", "pod", "pod_name", "name", "release", "component", "destination_workload", "destination_service_name", "destination_app", "ingress", "exported_job", "namespace", "exported_namespace",
	"kubernetes_namespace", "destination_service_namespace", "horizontalpodautoscaler", "replicaset", "ServiceName", "FunctionName", "ClusterName", "service_namespace", "persistentvolumeclaim", "cluster",
}

// chosen reports whether a choice of series names the service.
func (n Names) chosen(r fact.Reading) bool {
	for _, label := range selecting {
		if (observer(r.Metric) || Layer(r.Metric) != "") && (strings.HasSuffix(label, "job") || label == "service" || strings.HasPrefix(label, "app") || label == "name") {
			continue // who tells, and not of whom
		}
		if v := r.Labels[label]; v != "" && n.is(label, v) {
			return true
		}
		if p := r.Patterns[label]; p != "" {
			choices := promql.Choices(p)
			if head := strings.TrimRight(literal(p), "-_."); head != "" {
				choices = append(choices, head)
			}
			if slices.ContainsFunc(choices, func(v string) bool { return n.is(label, v) }) {
				return true
			}
		}
	}
	return n.prefixes(r.Metric)
}

// is reports whether the value of a label is one of the names.
func (n Names) is(label, value string) bool {
	value = strings.ToLower(value)
	if strings.Contains(label, "namespace") {
		return n.spaces[value]
	}
	if _, last, found := strings.Cut(value, "/"); found { // job="shop/web", as PodMonitors set it
		value = last
	}
	if n.all[value] {
		return true
	}
	for i := range value { // a pod is called after what makes it
		if value[i] == '-' && strings.HasPrefix(label, "pod") && n.all[value[:i]] {
			return true
		}
	}
	return false
}

// literal returns what a pattern begins with that is no pattern.
func literal(pattern string) string {
	if i := strings.IndexAny(pattern, `\.+*?()|[]{}^$`); i >= 0 {
		return strings.TrimPrefix(pattern[:i], "^")
	}
	return pattern
}

// prefixes reports whether a metric is the service's own by the beginning of its
// name.
func (n Names) prefixes(metric string) bool {
	if metric == "" || Layer(metric) != "" {
		return false
	}
	metric = strings.ToLower(metric)
	for i := range metric {
		if metric[i] == '_' && n.begins[metric[:i]] {
			return true
		}
	}
	return false
}

var wordBreak = regexp.MustCompile(`[^a-z0-9]+`)

// words returns a text as words in small letters.
func words(text string) string {
	return strings.Trim(wordBreak.ReplaceAllString(strings.ToLower(text), " "), " ")
}

// maxPhrase bounds how many words a name has.
const maxPhrase = 8

// In reports whether a text names the service, by whole words.
func (n Names) In(text string) bool {
	list := strings.Fields(words(text))
	for i := range list {
		for j := i + 1; j <= min(len(list), i+maxPhrase); j++ {
			if n.phrases[strings.Join(list[i:j], " ")] {
				return true
			}
		}
	}
	return false
}

// pairs are conditions on labels within the query of a variable.
var pairs = regexp.MustCompile(`(\w+)\s*=~?\s*"([^"]*)"`)

// About is what a dashboard is about.
type About struct {
	// Service is true where it is about the service; Layers are those that services
	// share of which it tells, where that is what it is about.
	Service bool
	Layers  []string
}

// AboutOf tells what a dashboard is about: the service where a panel asks for its
// series or its title names it, else what services share where most panels ask for
// that. Both are empty for a dashboard of something else, or of whatever is chosen.
func (n Names) AboutOf(d *fact.Dashboard) (a About) {
	asked, shared, own := 0, 0, 0
	for _, p := range d.Panels {
		layered, named, any := "", false, false
		for _, q := range p.Queries {
			any = true
			for _, m := range q.Metrics {
				if l := Layer(m); l != "" {
					layered = l
				}
			}
			named = named || slices.ContainsFunc(q.Reads, n.chosen)
		}
		switch {
		case !any:
			continue
		case named && (layered == "" || layered == "ingress"): // its requests, seen by what stands in front
			own++
		case layered != "":
			shared++
			if !slices.Contains(a.Layers, layered) {
				a.Layers = append(a.Layers, layered)
			}
		}
		asked++
	}
	mostly := shared*2 > asked
	for _, v := range d.Variables {
		if mostly {
			break
		}
		if slices.ContainsFunc(v.Values, func(value string) bool { return n.is(v.Name, value) }) {
			own++
		}
		for _, m := range pairs.FindAllStringSubmatch(v.Query, -1) {
			if slices.Contains(selecting, m[1]) && n.is(m[1], m[2]) {
				own++
			}
		}
	}
	titled := n.In(d.Title) || n.In(d.UID) || slices.ContainsFunc(d.Tags, n.In)
	a.Service = own > shared || own > 0 && (titled || !mostly) || titled && asked > 0 && !mostly
	if !mostly || a.Service {
		a.Layers = nil
	}
	slices.Sort(a.Layers)
	return a
}
