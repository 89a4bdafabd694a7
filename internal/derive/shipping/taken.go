package shipping

import (
	"path"
	"regexp"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
)

// Answer says whether lines are taken. Why ends "they are left out, for ..." or
// "this is not known, for ...".
type Answer struct{ fact.Truth }

func unsure(at fact.Location, why string) Answer { return Answer{fact.Truth{Why: why, At: at}} }

func left(at fact.Location, why string) Answer {
	return Answer{fact.Truth{Known: true, Why: why, At: at}}
}

// worse returns the answer that says more against it.
func worse(a, b Answer) Answer {
	if a.IsNot() || !a.Known && !b.IsNot() {
		return a
	}
	if b.Is() {
		return a
	}
	return b
}

// Taken says whether a stream takes what a container of a workload writes to its
// output. A nil container stands for the workload's only one.
func Taken(st *fact.LogStream, w *fact.Workload, c *fact.Container) Answer {
	out := Answer{fact.Yes(st.At)}
	o := origin{w: w, container: w.Name}
	if c != nil {
		o.container = c.Name
	}
	for i := range st.Rules {
		r := &st.Rules[i]
		switch matched, known := o.match(r); {
		case known && matched == r.Keep:
		case known:
			return left(r.At, r.Text)
		case out.Is():
			out = unsure(r.At, r.Text+" decides, and "+o.missing(r)+" is not known")
		}
	}
	if st.Unknown != "" && out.Is() {
		out = unsure(st.At, st.Unknown)
	}
	return out
}

// origin is what is known of where lines come from.
type origin struct {
	w         *fact.Workload
	container string
}

// elsewhere stands for a namespace that the deployer chooses.
const elsewhere = "a-namespace-of-the-deployer"

// match tells whether a rule's patterns match what the lines come from. A
// namespace that the manifest leaves open matches what matches any; and is not
// thought to be one of the platform's own.
func (o origin) match(r *fact.LogRule) (matched, known bool) {
	var parts []string
	open := false
	for _, f := range r.Of {
		value, ok, hasNamespace := o.value(f)
		if !ok {
			return false, false
		}
		open = open || hasNamespace && o.w.Namespace == ""
		parts = append(parts, value)
	}
	value := strings.Join(parts, r.Separator)
	known = true
	for _, p := range r.Match {
		yes, ok := matches(p, value)
		if yes {
			return true, true
		}
		known = known && ok
		if open && !ofPlatform(p.Text) {
			known = false
		}
	}
	return false, known
}

// ofPlatform reports whether a pattern is about a namespace in which nobody puts
// services.
func ofPlatform(pattern string) bool {
	for _, name := range []string{"kube-system", "kube-public", "kube-node-lease", "gke-", "istio-system", "amazon-cloudwatch"} {
		if strings.Contains(pattern, name) {
			return true
		}
	}
	return false
}

// missing names what is not known of a rule's fields.
func (o origin) missing(r *fact.LogRule) string {
	for _, f := range r.Of {
		if _, ok, namespaced := o.value(f); !ok {
			return "what it asks of (" + strings.TrimSpace(f.Of+" "+f.Key) + ")"
		} else if namespaced && o.w.Namespace == "" {
			return "the namespace of " + o.w.Name
		}
	}
	return "whether it matches"
}

// value returns a field of the lines' origin; whether it is known; and whether the
// namespace stands in it.
func (o origin) value(f fact.LogField) (value string, known, namespaced bool) {
	namespace := o.w.Namespace
	if namespace == "" {
		namespace = elsewhere
	}
	file := o.pod() + "_" + namespace + "_" + o.container + "-" + strings.Repeat("0a", 32) + ".log"
	switch f.Of {
	case "namespace":
		return namespace, true, true
	case "pod":
		return o.pod(), true, false
	case "container":
		return o.container, true, false
	case "path":
		return "/var/log/containers/" + file, true, true
	case "pod-path":
		return "/var/log/pods/" + namespace + "_" + o.pod() + "_0a0a0a0a-0a0a-0a0a-0a0a-0a0a0a0a0a0a/" + o.container + "/0.log", true, true
	case "tag":
		return f.Prefix + "var.log.containers." + file, true, true
	case "label":
		v, _ := lookup(o.w.PodLabels, f.Key)
		return v, true, false
	case "annotation":
		v, _ := lookup(o.w.PodAnnotations, f.Key)
		return v, true, false
	case "has-label":
		_, there := lookup(o.w.PodLabels, f.Key)
		return present(there), true, false
	case "has-annotation":
		_, there := lookup(o.w.PodAnnotations, strings.ReplaceAll(f.Key, "{container}", o.container))
		return present(there), true, false
	case "controller":
		return o.controller(), true, false
	case "phase":
		return "Running", true, false
	case "unit":
		return strings.TrimSuffix(o.w.Name, ".service") + ".service", o.w.Platform == fact.Systemd, false
	case "constant":
		return f.Key, true, false
	}
	return "", false, false
}

func present(there bool) string {
	if there {
		return "true"
	}
	return ""
}

// lookup finds a label by its key, or by the form that Prometheus' names take.
func lookup(labels map[string]string, key string) (string, bool) {
	if v, found := labels[key]; found {
		return v, true
	}
	for k, v := range labels {
		if plain.ReplaceAllString(k, "_") == key {
			return v, true
		}
	}
	return "", false
}

var plain = regexp.MustCompile(`[^a-zA-Z0-9_]`)

// pod returns a name that an instance may have.
func (o origin) pod() string {
	switch o.w.Form {
	case fact.Replicated:
		return o.w.Name + "-6d4cf56db6-x7k2p"
	case fact.Stateful:
		return o.w.Name + "-0"
	case fact.PerNode, fact.OneOff:
		return o.w.Name + "-x7k2p"
	case fact.Scheduled:
		return o.w.Name + "-28391040-x7k2p"
	}
	return o.w.Name
}

// controller returns the name of what makes the instances.
func (o origin) controller() string {
	switch o.w.Form {
	case fact.Replicated:
		return o.w.Name + "-6d4cf56db6"
	case fact.Scheduled:
		return o.w.Name + "-28391040"
	}
	return o.w.Name
}

// matches compares a value with a pattern; known is false for a pattern that
// cannot be read.
func matches(p fact.Pattern, value string) (yes, known bool) {
	switch p.Form {
	case fact.Glob:
		return Glob(p.Text, value), true
	case fact.Regexp, fact.FullRegexp:
		text := p.Text
		if p.Form == fact.FullRegexp {
			text = "^(?:" + text + ")$"
		}
		re, err := regexp.Compile(text)
		return err == nil && re.MatchString(value), err == nil
	}
	return p.Text == value, true
}

// Glob reports whether a value matches a pattern of a file's path: * stays within
// a folder, ** does not.
func Glob(pattern, value string) bool {
	if !strings.Contains(pattern, "**") {
		ok, err := path.Match(pattern, value)
		return err == nil && ok
	}
	parts := strings.Split(pattern, "**")
	var re strings.Builder
	re.WriteString("^")
	for i, part := range parts {
		if i > 0 {
			re.WriteString(".*")
			part = strings.TrimPrefix(part, "/")
		}
		for _, r := range part {
			switch r {
			case '*':
				re.WriteString("[^/]*")
			case '?':
				re.WriteString("[^/]")
			default:
				re.WriteString(regexp.QuoteMeta(string(r)))
			}
		}
	}
	re.WriteString("$")
	compiled, err := regexp.Compile(re.String())
	return err == nil && compiled.MatchString(value)
}
