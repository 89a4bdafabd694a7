package helm

import (
	"regexp"
	"slices"
	"sort"
	"strings"

	"helm.sh/helm/v4/pkg/chart/common"

	"seaworthy.dev/seaworthy/internal/decode"
)

// Withheld is an object that the chart yields only where the cluster serves
// APIs that are not Kubernetes' own.
type Withheld struct {
	APIVersion, Kind, Name string
	// File is the template's shown path.
	File string
	// APIs are the versions that the template asks for, sorted.
	APIs []string
}

// asksAPI matches an API version of a group that is not Kubernetes' own, where
// a template asks for it.
var asksAPI = regexp.MustCompile(`["` + "`" + `]([a-z0-9-]+(?:\.[a-z0-9-]+)+/v[0-9][a-z0-9]*(?:/[A-Za-z]+)?)["` + "`" + `]`)

// asked returns the API versions that a template asks for and the cluster is
// not known to serve.
func asked(source string, caps *common.Capabilities) []string {
	var out []string
	for _, line := range strings.Split(source, "\n") {
		if !strings.Contains(line, "APIVersions") {
			continue
		}
		for _, m := range asksAPI.FindAllStringSubmatch(line, -1) {
			if !slices.Contains(caps.APIVersions, m[1]) {
				out = append(out, m[1])
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// withheld renders the chart for a cluster that serves all that its templates
// ask for, and returns the objects that it yields only there. It comes last,
// since templates that fail there are dropped for good.
func (r *renderer) withheld(have []rendered) []Withheld {
	asks := map[string][]string{} // by the template's shown path
	var all []string
	for _, p := range r.parts {
		if apis := asked(p.source, r.caps); len(apis) > 0 {
			asks[p.shown] = apis
			all = append(all, apis...)
		}
	}
	if len(all) == 0 {
		return nil
	}
	slices.Sort(all)
	all = slices.Compact(all)
	caps := *r.caps
	caps.APIVersions = slices.Concat(caps.APIVersions, all)
	there := *r
	there.caps = &caps
	there.load = &load{home: r.load.home, missing: true} // what fails there is no problem here
	texts, ok := there.original()
	if !ok {
		return nil
	}
	type object struct{ kind, name string }
	known := map[object]bool{}
	for _, h := range have {
		for _, d := range decode.SplitRendered(h.File, h.Text) {
			head := headOf(d)
			known[object{head.Kind, head.Name}] = true
		}
	}
	var out []Withheld
	for name, text := range texts {
		p := r.parts[name]
		if p == nil {
			continue
		}
		for _, d := range decode.SplitRendered(p.shown, []byte(text)) {
			h := headOf(d)
			if h.Kind == "" || known[object{h.Kind, h.Name}] {
				continue
			}
			apis := asks[p.shown]
			if apis == nil { // a helper asks
				apis = ofGroup(all, h.APIVersion)
			}
			out = append(out, Withheld{APIVersion: h.APIVersion, Kind: h.Kind, Name: h.Name, File: p.shown, APIs: apis})
		}
	}
	sort.Slice(out, func(i, j int) bool {
		a, b := out[i], out[j]
		return a.File+" "+a.Kind+" "+a.Name < b.File+" "+b.Kind+" "+b.Name
	})
	return out
}

// headOf is a document's header, also where its metadata stands on one line.
func headOf(d decode.Document) decode.Header {
	h := d.Head()
	if h.Name != "" {
		return h
	}
	if root, problem := d.Parse(); problem == nil {
		h.Name = decode.Text(decode.Dig(root, "metadata", "name"))
	}
	return h
}

// ofGroup returns the API versions of an object's group, or all if none is.
func ofGroup(apis []string, apiVersion string) []string {
	group, _, _ := strings.Cut(apiVersion, "/")
	var out []string
	for _, a := range apis {
		if strings.HasPrefix(a, group+"/") {
			out = append(out, a)
		}
	}
	if out == nil {
		return apis
	}
	return out
}
