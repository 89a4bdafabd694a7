package kube

import (
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/decode"
)

// lying is on what an operator's database lies, and where.
type lying struct {
	classes, topology []string
	left              int
}

// maxLying bounds how many values of one object are looked at.
const maxLying = 5000

// lies walks a database's specification: operators differ in where they put the
// claims of their volumes and the nodes that they choose, and write them alike.
func lies(spec *decode.Node) lying {
	l := lying{left: maxLying}
	l.walk(spec, "", 0)
	return l
}

func (l *lying) walk(n *decode.Node, key string, depth int) {
	n = decode.Follow(n)
	if l.left--; n == nil || l.left < 0 || depth > 20 {
		return
	}
	for _, item := range decode.Items(n) {
		l.walk(item, key, depth+1)
	}
	if !decode.IsMapping(n) {
		return
	}
	l.claim(n, key)
	l.requirement(n)
	for _, k := range decode.Keys(n) {
		switch {
		case k.Value == "nodeSelector":
			for _, label := range decode.Keys(decode.Child(n, k.Value)) {
				if topological(label.Value) {
					l.stand(decode.Text(decode.Dig(n, k.Value, label.Value)))
				}
			}
		case strings.HasPrefix(k.Value, "preferred"), k.Value == "podAntiAffinity", k.Value == "additionalPodAntiAffinity": // wishes, and where others are
		default:
			l.walk(decode.Child(n, k.Value), k.Value, depth+1)
		}
	}
}

// claim notes the class of a volume that a mapping asks for.
func (l *lying) claim(n *decode.Node, key string) {
	for _, name := range []string{"storageClassName", "storageClass"} {
		if c := decode.Text(decode.Child(n, name)); c != "" {
			l.class(c)
			return
		}
	}
	sized := !decode.IsNull(decode.Child(n, "size")) && slices.Contains([]string{"storage", "walStorage", "volume", "persistence"}, key)
	switch {
	case key == "storage" && decode.Text(decode.Child(n, "type")) == "persistent-claim", // Strimzi
		key == "volumes" && decode.Text(decode.Child(n, "type")) == "persistent-claim":
		l.class(decode.Text(decode.Child(n, "class")))
	case sized, !decode.IsNull(decode.Dig(n, "resources", "requests", "storage")):
		l.class("")
	}
}

func (l *lying) class(name string) {
	if !slices.Contains(l.classes, name) {
		l.classes = append(l.classes, name)
	}
}

// requirement notes a demand on nodes, or on the places of a class's volumes.
func (l *lying) requirement(n *decode.Node) {
	if operator := decode.Text(decode.Child(n, "operator")); topological(decode.Text(decode.Child(n, "key"))) && (operator == "In" || operator == "") {
		for _, v := range decode.Items(decode.Child(n, "values")) {
			l.stand(decode.Text(v))
		}
	}
}

func (l *lying) stand(place string) {
	if place != "" && !slices.Contains(l.topology, place) {
		l.topology = append(l.topology, place)
	}
}

// topological reports whether a label of nodes names a region or a zone.
func topological(label string) bool {
	switch label {
	case "topology.kubernetes.io/region", "topology.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/region", "failure-domain.beta.kubernetes.io/zone",
		"topology.gke.io/zone", "topology.ebs.csi.aws.com/zone", "topology.disk.csi.azure.com/zone":
		return true
	}
	return false
}
