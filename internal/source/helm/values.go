package helm

import (
	"strings"

	"helm.sh/helm/v4/pkg/chart/v2/loader"
	"helm.sh/helm/v4/pkg/strvals"
)

// values lays together what a variant gives the chart: its files, its values,
// and single values, later ones over earlier ones.
func (l *load) values(dir, shown string, v Variant) (map[string]any, bool) {
	all := map[string]any{}
	for _, name := range v.Files {
		more, ok := l.readValues(dir, shown, name)
		if !ok {
			return nil, false
		}
		all = loader.MergeMaps(all, more)
	}
	for _, text := range v.Values {
		if !l.mapping(v.Place.File, []byte(text)) {
			// The line is one of the text's, which stands somewhere below.
			l.Problems[len(l.Problems)-1].Location = v.Place
			l.Holes[len(l.Holes)-1].Location = v.Place
			return nil, false
		}
		more, err := loader.LoadValues(strings.NewReader(text))
		if err != nil {
			_, message := yamlFault(err)
			l.lost(v.Place.File, v.Place.Line, "gives values that cannot be used: "+message)
			return nil, false
		}
		all = loader.MergeMaps(all, more)
	}
	for _, s := range v.Sets {
		parse := strvals.ParseInto
		if s.Text {
			parse = strvals.ParseIntoString
		}
		if err := parse(s.Name+"="+escape(s.Value), all); err != nil {
			l.lost(v.Place.File, v.Place.Line, "gives the value "+s.Name+", which cannot be used") // the error may quote the value
			return nil, false
		}
	}
	return all, true
}

// escape keeps commas from starting another value, as Argo CD does; lists stand
// in braces.
func escape(value string) string {
	if strings.HasPrefix(value, "{") && strings.HasSuffix(value, "}") {
		return value
	}
	return strings.ReplaceAll(value, ",", `\,`)
}
