package assess

import (
	"bytes"
	"fmt"
	"path"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/derive/bundles"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/grafana"
	"seaworthy.dev/seaworthy/internal/source/kube"
	"seaworthy.dev/seaworthy/internal/source/repo"
)

// dashboardObjects are the custom resources that hold dashboards.
var dashboardObjects = []string{
	"grafana.integreatly.org/GrafanaDashboard", "integreatly.org/GrafanaDashboard", "dashboard.grafana.app/Dashboard", "dashboard.grafana.app/DashboardWithAccessInfo",
	"grizzly.grafana.com/Dashboard", "oss.grafana.crossplane.io/Dashboard", "deckhouse.io/GrafanaDashboardDefinition", "perses.dev/PersesDashboard",
}

func dashboardObject(g kube.Guest) (fact.Set, []fact.Problem) {
	return grafana.Resource(grafana.Object{Ref: g.Ref, Kind: g.Kind, Name: g.Name, Node: g.Node, At: g.At})
}

// namesDashboard reports whether a file within a ConfigMap may be a dashboard.
func namesDashboard(key string) bool {
	return strings.HasSuffix(strings.TrimSuffix(strings.ToLower(key), ".gz"), ".json")
}

func dashboardIn(f kube.File) (fact.Set, []fact.Problem) {
	label := func(name string) bool {
		return f.Labels[name] != "" && f.Labels[name] != "false" && f.Labels[name] != "0"
	}
	sure := label("grafana_dashboard") || label("console.openshift.io/dashboard")
	found := grafana.File(f.Doc, f.Ref.Within(f.Key), f.Key+" of ConfigMap "+f.Name, sure)
	return found.Facts, found.Problems
}

// boardFile is a file that is a dashboard.
type boardFile struct {
	path  string
	found grafana.Found
}

// sniffDashboard takes a JSON file of the tree that is a dashboard, of which the text
// is at hand.
func sniffDashboard(tree *repo.Tree, rel string, data []byte) boardFile {
	if !strings.EqualFold(path.Ext(rel), ".json") || len(data) == 0 {
		return boardFile{}
	}
	shown := tree.Show(rel)
	ref := fact.Ref{Subject: "grafana/Dashboard " + shown, Location: fact.Location{File: shown}}
	sure := strings.Contains("/"+strings.ToLower(path.Dir(rel))+"/", "dashboards/")
	return boardFile{rel, grafana.File(decode.Document{File: shown, Line: 1, Data: data}, ref, path.Base(rel), sure)}
}

// dashboards gives the files of dashboards to the services that they concern, a set
// for each folder. What an object that is judged holds as well is judged there.
func (f *found) dashboards() {
	type folder struct {
		set    *fact.Set
		groups []*group
	}
	known := map[string]*folder{}
	var order []*folder
	var copies []string
	for _, b := range f.boards {
		groups := f.concerned(b.path)
		if len(b.found.Facts.Dashboards) == 0 && f.inChart(b.path) {
			continue // a template: what the chart makes of it is judged
		}
		f.complain(b.found.Problems...)
		if held(b.found.Facts.Dashboards, groups) {
			copies = append(copies, b.path)
			continue
		}
		f.groups[0].files++
		dir := path.Dir(b.path)
		key := fmt.Sprint(dir, f.land.of(b.path, ofAnything))
		if known[key] == nil {
			known[key] = &folder{&fact.Set{Bundle: dir, Source: grafana.Source, Rung: fact.Configured, ProductionLike: !bundles.OtherEnvironment(strings.Split(dir, "/")...)}, groups}
			order = append(order, known[key])
		}
		facts := b.found.Facts
		known[key].set.Add(&facts)
	}
	for _, one := range order {
		keep(one.set, one.groups)
	}
	f.unwritten()
	if len(copies) > 0 {
		f.say("not judged, because objects here hold the same dashboards: " + list(copies))
	}
}

// maxProgram bounds what is read of a program to see whether it writes dashboards.
const maxProgram = 256 << 10

// unwritten leaves a hole for dashboards that Jsonnet would write, where none stands
// written: nothing runs it here.
func (f *found) unwritten() {
	told := map[*group]bool{}
	for _, name := range f.tree.Files[repo.Jsonnet] {
		if bundles.Aside(name) {
			continue
		}
		data, err := f.tree.Content(name, maxProgram)
		if err != nil || !bytes.Contains(bytes.ToLower(data), []byte("grafan")) && !bytes.Contains(data, []byte("grafonnet")) {
			continue
		}
		for _, g := range f.concerned(name) {
			if told[g] || slices.ContainsFunc(g.sets, func(s *fact.Set) bool { return len(s.Dashboards) > 0 }) {
				continue
			}
			told[g] = true
			at := fact.Location{File: f.tree.Show(name)}
			g.sets = append(g.sets, &fact.Set{Bundle: path.Dir(name), Source: grafana.Source, Rung: fact.Configured, ProductionLike: true, Coverage: fact.Coverage{Holes: []fact.Hole{
				{Kinds: []fact.Kind{fact.Dashboards}, Location: at, Why: path.Base(name) + " writes dashboards in Jsonnet, which is not run here"},
			}}})
		}
	}
}

// held reports whether objects of the groups hold the same dashboards.
func held(list []*fact.Dashboard, groups []*group) bool {
	for _, d := range list {
		same := func(o *fact.Dashboard) bool {
			return o.Title == d.Title && o.UID == d.UID && len(o.Panels) == len(d.Panels)
		}
		if !slices.ContainsFunc(groups, func(g *group) bool {
			return slices.ContainsFunc(g.sets, func(s *fact.Set) bool {
				return s.ProductionLike && s.Source != grafana.Source && slices.ContainsFunc(s.Dashboards, same)
			})
		}) {
			return false
		}
	}
	return len(list) > 0
}
