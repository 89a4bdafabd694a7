package assess

import (
	"maps"
	"path"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/derive/bundles"
	"seaworthy.dev/seaworthy/internal/derive/owner"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/alertmanager"
	"seaworthy.dev/seaworthy/internal/source/kube"
	"seaworthy.dev/seaworthy/internal/source/logs"
)

// guests are the readers of what Kubernetes objects hold of other technologies.
func guests() kube.Guests {
	objects := map[string]func(kube.Guest) (fact.Set, []fact.Problem){
		"telemetry.istio.io/Telemetry": func(g kube.Guest) (fact.Set, []fact.Problem) {
			return logs.Telemetry(g.Ref, g.Namespace, g.Name, g.Node, g.At), nil
		},
		"monitoring.coreos.com/AlertmanagerConfig":          func(g kube.Guest) (fact.Set, []fact.Problem) { return alertmanager.Part(routingPart(g)) },
		"operator.victoriametrics.com/VMAlertmanagerConfig": func(g kube.Guest) (fact.Set, []fact.Problem) { return alertmanager.VMPart(routingPart(g)) },
	}
	maps.Copy(objects, objectiveGuests())
	for _, name := range dashboardObjects {
		objects[name] = dashboardObject
	}
	return kube.Guests{Objects: objects, Files: []kube.FileReader{
		{Named: namesRouting, Read: routingIn, Yields: []fact.Kind{fact.Routings}},
		{Named: logs.Named, Read: shipperIn, Yields: []fact.Kind{fact.Shippers}},
		{Named: namesDashboard, Read: dashboardIn, Yields: []fact.Kind{fact.Dashboards}, Open: true},
	}}
}

func routingPart(g kube.Guest) alertmanager.Object {
	return alertmanager.Object{
		Ref: g.Ref, Namespace: g.Namespace, Name: g.Name, Labels: g.Labels, Owner: ownerIn(g.Labels, g.Annotations),
		Spec: decode.Child(g.Node, "spec"), At: g.At,
	}
}

// namesRouting reports whether a file within an object may be Alertmanager's: by
// its name, for a secret's text is not looked at without a reason.
func namesRouting(key string) bool {
	name := strings.TrimSuffix(strings.ToLower(key), ".gz")
	return (strings.HasSuffix(name, ".yaml") || strings.HasSuffix(name, ".yml")) && strings.Contains(name, "alertmanager") ||
		name == "config.yml" || name == "config.yaml" // the images' own name, and old charts'
}

func routingIn(f kube.File) (fact.Set, []fact.Problem) {
	if !alertmanager.Sniff(f.Doc.Data) {
		return fact.Set{}, nil
	}
	return alertmanager.Read(alertmanager.Config{
		Ref: f.Ref, Namespace: f.Namespace, Name: f.Name, Labels: f.Labels, Owner: ownerIn(f.Labels, f.Annotations), Key: f.Key, Doc: f.Doc,
	})
}

// ownerIn returns the owner that labels and annotations name.
func ownerIn(maps ...map[string]string) string {
	for _, o := range owner.In(maps...) {
		if !o.Placeholder {
			return o.Value
		}
	}
	return ""
}

// routingFile reads a file that is Alertmanager's own configuration. It is looked
// at where manifests are, for nothing but its content tells.
func routingFile(rel, shown string, doc decode.Document) (*fact.Set, []fact.Problem) {
	facts, problems := alertmanager.Read(alertmanager.Config{Ref: fact.Ref{Subject: "alertmanager " + rel, Location: fact.Location{File: shown}}, Name: shown, Doc: doc})
	set := &fact.Set{Bundle: rel, Source: "alertmanager", Rung: fact.Configured, ProductionLike: !bundles.Aside(rel) && !bundles.OtherEnvironment(strings.Split(path.Dir(rel), "/")...) && !bundles.OtherEnvironment(stemOf(rel))}
	set.Add(&facts)
	return set, problems
}

func stemOf(rel string) string { return strings.TrimSuffix(path.Base(rel), path.Ext(rel)) }

// routings keeps the files of Alertmanager's own that were found among the
// manifests: they belong to every service, for there is one Alertmanager for all.
// Within a chart they are what its templates take up.
func (f *found) routings(sets []*fact.Set, problems []fact.Problem) {
	out := reading{problems: problems}
	for _, s := range sets {
		if slices.ContainsFunc(f.tree.Charts, func(dir string) bool { return dir == "." || strings.HasPrefix(s.Bundle, dir+"/") }) {
			continue
		}
		if len(s.Routings)+len(s.Shippers)+len(s.LogStores)+len(s.AccessLogs) > 0 {
			out.files++
		}
		out.sets = append(out.sets, s)
	}
	judgeAll(out.sets)
	f.routing = out
}
