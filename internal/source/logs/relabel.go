package logs

import (
	"regexp"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
)

// relabel is one of Prometheus' relabelling rules, by which Promtail and Alloy
// choose what they read.
type relabel struct {
	sources                                       []string
	separator, regex, action, target, replacement string
	at                                            fact.Location
}

// kept turns relabelling into rules on where lines come from. Labels that a rule
// makes of another one alone are followed back.
func kept(list []relabel) (rules []fact.LogRule) {
	made := map[string]fact.LogField{}
	for _, r := range list {
		var of []fact.LogField
		for _, name := range r.sources {
			f, found := made[name]
			if !found {
				f = discoveredField(name)
			}
			of = append(of, f)
		}
		separator := r.separator
		if separator == "" {
			separator = ";"
		}
		regex := r.regex
		if regex == "" {
			regex = "(.*)"
		}
		what := strings.Join(r.sources, ",")
		switch r.action {
		case "keep", "drop":
			rules = append(rules, fact.LogRule{
				Keep: r.action == "keep", Of: of, Separator: separator, Match: []fact.Pattern{{Form: fact.FullRegexp, Text: regex}},
				Text: "relabelling has " + r.action + " for " + what + " =~ " + quoted(r.regex), At: r.at,
			})
		case "", "replace":
			whole := regex == "(.*)" || regex == ".*" || regex == "(.+)"
			if r.target == "" {
				continue
			}
			made[r.target] = fact.LogField{Of: "made", Key: r.target}
			if whole && len(of) == 1 && (r.replacement == "" || r.replacement == "$1" || r.replacement == "${1}") {
				made[r.target] = of[0]
			}
		case "labelmap", "labeldrop", "labelkeep", "hashmod", "lowercase", "uppercase":
		}
	}
	return rules
}

func quoted(text string) string {
	if text == "" {
		return `""`
	}
	return `"` + text + `"`
}

// discoveredField returns what Prometheus' discovery means by a label.
func discoveredField(name string) fact.LogField {
	const pod = "__meta_kubernetes_pod_"
	for _, known := range []struct{ prefix, of string }{
		{pod + "labelpresent_", "has-label"}, {pod + "label_", "label"}, {pod + "annotationpresent_", "has-annotation"}, {pod + "annotation_", "annotation"},
	} {
		if key, found := strings.CutPrefix(name, known.prefix); found {
			return fact.LogField{Of: known.of, Key: key}
		}
	}
	switch name {
	case "__meta_kubernetes_namespace":
		return fact.LogField{Of: "namespace"}
	case pod + "name":
		return fact.LogField{Of: "pod"}
	case pod + "container_name":
		return fact.LogField{Of: "container"}
	case pod + "phase":
		return fact.LogField{Of: "phase"}
	case pod + "container_init":
		return fact.LogField{Of: "constant", Key: "false"}
	case pod + "controller_name":
		return fact.LogField{Of: "controller"}
	case "__journal__systemd_unit":
		return fact.LogField{Of: "unit"}
	}
	return fact.LogField{Of: "made", Key: name}
}

// matcher is one condition of a selector of Loki's: {namespace="shop"}.
var matcher = regexp.MustCompile(`^\{\s*([a-zA-Z_]+)\s*(=~|=|!=|!~)\s*"([^"]*)"\s*,?\s*\}$`)

// dropping is the rule of a stage that drops what a selector matches; none where
// the selector asks for more than where lines come from.
func dropping(selector string, at fact.Location) []fact.LogRule {
	m := matcher.FindStringSubmatch(strings.TrimSpace(selector))
	if m == nil {
		return nil
	}
	f := fact.LogField{Of: "label", Key: m[1]}
	switch m[1] {
	case "namespace", "pod", "container":
		f = fact.LogField{Of: m[1]}
	case "job", "filename", "stream", "level", "instance", "node_name", "host", "cluster":
		return nil
	}
	r := fact.LogRule{Of: []fact.LogField{f}, Match: []fact.Pattern{{Text: m[3]}}, Text: "a stage drops " + selector, At: at}
	if strings.HasSuffix(m[2], "~") {
		r.Match[0].Form = fact.FullRegexp
	}
	if strings.HasPrefix(m[2], "!") {
		r.Keep = true
	}
	return []fact.LogRule{r}
}
