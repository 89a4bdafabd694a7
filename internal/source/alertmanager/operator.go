package alertmanager

import (
	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
)

// Object is an object of a cluster that holds a part of a tree.
type Object struct {
	Ref             fact.Ref
	Namespace, Name string
	Labels          map[string]string
	Owner           string
	// Spec is its specification, and At says where one of its nodes stands.
	Spec *decode.Node
	At   func(*decode.Node) fact.Location
}

// Part reads an AlertmanagerConfig of the Prometheus operator's.
func Part(o Object) (fact.Set, []fact.Problem) { return part(o, "alertmanager-config", camel) }

// VMPart reads a VMAlertmanagerConfig, which spells everything as Alertmanager
// does.
func VMPart(o Object) (fact.Set, []fact.Problem) { return part(o, "vm-alertmanager-config", plain) }

// part reads what an operator joins to a tree. One that the operator refuses is
// left out of the tree, so its routes are as good as missing, and the hole says so.
func part(o Object, engine string, f form) (fact.Set, []fact.Problem) {
	t := tree{form: f, place: o.At}
	r := &fact.Routing{Ref: o.Ref, Namespace: o.Namespace, Name: o.Name, Labels: o.Labels, Owner: o.Owner, Engine: engine}
	if t.bounded(o.Spec) {
		t.fill(o.Spec, r)
	} else {
		t.refuse(o.Spec, "has more than %d routes, or routes more than %d deep; it is not read", maxRoutes, maxDepth)
	}
	if t.wrong == nil {
		return fact.Set{Routings: []*fact.Routing{r}}, nil
	}
	hole := fact.Hole{Kinds: []fact.Kind{fact.Routings}, Location: t.wrong.Location, Why: "the routes of " + o.Ref.Title(o.Name) + " could not be read"}
	return fact.Set{Coverage: fact.Coverage{Holes: []fact.Hole{hole}}}, []fact.Problem{{Location: t.wrong.Location, Message: o.Ref.Title(o.Name) + ": " + t.wrong.Message}}
}
