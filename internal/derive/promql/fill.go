package promql

import (
	"regexp"
	"strings"
)

// variable matches the three ways in which Grafana writes a variable: $name,
// ${name}, ${name:format}, [[name]].
var variable = regexp.MustCompile(`\$\{([A-Za-z_]\w*)(?:\.[\w.\[\]"-]+)?(?::[^}]*)?\}|\$([A-Za-z_]\w*)|\[\[([A-Za-z_]\w*)(?::[^\]]*)?\]\]`)

// Variables lists the names of the variables in the text, in order, each once.
func Variables(text string) (out []string) {
	seen := map[string]bool{}
	for _, m := range variable.FindAllStringSubmatch(text, -1) {
		if name := m[1] + m[2] + m[3]; !seen[name] {
			seen[name] = true
			out = append(out, name)
		}
	}
	return out
}

// Fill replaces the variables of a text by their values; those that are not given
// are filled in by what fits where they stand, so that it can be told whether
// the rest parses.
func Fill(text string, values map[string]string) string {
	var b strings.Builder
	last := 0
	for _, at := range variable.FindAllStringSubmatchIndex(text, -1) {
		name := ""
		for i := 2; i < len(at); i += 2 {
			if at[i] >= 0 {
				name = text[at[i]:at[i+1]]
			}
		}
		b.WriteString(text[last:at[0]])
		value, given := values[name]
		if !given {
			value = stand(name, text[:at[0]])
		}
		b.WriteString(value)
		last = at[1]
	}
	b.WriteString(text[last:])
	return b.String()
}

// stand returns what may stand for a variable that has no value: a duration
// within brackets and after offset, a name of letters anywhere else.
func stand(name, before string) string {
	switch name {
	case "__interval", "__rate_interval", "__range", "__auto", "interval", "rate_interval", "resolution":
		return "5m"
	case "__interval_ms", "__range_s", "__range_ms", "__from", "__to":
		return "300"
	}
	quoted := strings.Count(strings.NewReplacer(`\\`, "", `\"`, "").Replace(before), `"`)%2 == 1
	trimmed := strings.TrimRight(before, " \t\n")
	switch {
	case quoted:
		return "filled"
	case strings.HasSuffix(trimmed, "["), strings.HasSuffix(trimmed, ":") && strings.LastIndexByte(trimmed, '[') > strings.LastIndexByte(trimmed, ']'), strings.HasSuffix(trimmed, "offset"):
		return "5m"
	case trimmed != "" && strings.ContainsAny(trimmed[len(trimmed)-1:], "<>=*/+-%^"), strings.HasSuffix(trimmed, "bool"), endsArgument(trimmed):
		return "1"
	}
	return "filled"
}

// endsArgument reports whether the text ends where a function that counts asks
// for a number: topk($n, ...), histogram_quantile($q, ...).
func endsArgument(text string) bool {
	for _, name := range []string{"topk(", "bottomk(", "quantile(", "histogram_quantile(", "quantile_over_time(", "vector(", "limitk("} {
		if strings.HasSuffix(text, name) {
			return true
		}
	}
	return false
}
