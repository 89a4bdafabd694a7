package kube

import (
	"hash/maphash"
	"strings"

	yaml "go.yaml.in/yaml/v3"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
)

// isAPIVersion reports whether Kubernetes accepts the text as an API version: v1,
// apps/v1, example.com/v1beta2.
func isAPIVersion(text string) bool {
	group, version, found := strings.Cut(text, "/")
	if !found {
		group, version = "", text
	} else if group == "" || strings.Trim(group, "-.") != group {
		return false
	}
	return len(version) > 1 && version[0] == 'v' && version[1] >= '0' && version[1] <= '9' &&
		strings.Trim(version, lowerAlphanumeric) == "" && strings.Trim(group, lowerAlphanumeric+"-.") == ""
}

const lowerAlphanumeric = "abcdefghijklmnopqrstuvwxyz0123456789"

// object is one Kubernetes object while it is read.
type object struct {
	reader Reader
	doc    *decode.Document
	node   *decode.Node
	header decode.Header
	meta   meta
	// broken is set when a part had the wrong type: Kubernetes would refuse
	// the object, so what it says cannot be relied on.
	broken bool
}

// meta is what is read of every object's metadata.
type meta struct {
	Name         string            `json:"name"`
	GenerateName string            `json:"generateName"`
	Namespace    string            `json:"namespace"`
	Labels       map[string]string `json:"labels"`
	Annotations  map[string]string `json:"annotations"`
}

func (o *object) group() string {
	group, _, found := strings.Cut(o.header.APIVersion, "/")
	if !found {
		return ""
	}
	return group
}

func (o *object) version() string {
	return o.header.APIVersion[strings.IndexByte(o.header.APIVersion, '/')+1:]
}

// yields returns the kinds of facts that may be lost if it cannot be read.
func (o *object) yields() []fact.Kind { return o.reader.yields(o.header.APIVersion, o.header.Kind) }

func (o *object) at(n *decode.Node) fact.Location { return o.doc.At(n) }

// key returns the place of a field: that of its key where it stands, of the
// object around it otherwise.
func (o *object) key(n *decode.Node, name string) fact.Location {
	if k := decode.KeyOf(n, name); k != nil {
		return o.at(k)
	}
	return o.at(n)
}

// subject is the object's whole name: "apps/v1/Deployment shop/web".
func (o *object) subject() string {
	name := o.meta.Name
	if name == "" && o.meta.GenerateName != "" {
		name = o.meta.GenerateName + "*"
	}
	if name == "" {
		name = o.header.Name
	}
	if o.meta.Namespace != "" {
		name = o.meta.Namespace + "/" + name
	}
	return o.header.APIVersion + "/" + o.header.Kind + " " + name
}

func (o *object) ref() fact.Ref {
	return fact.Ref{Subject: o.subject(), Location: o.at(o.node)}
}

// readMeta fills the metadata; false means that the object has no usable
// identity and was reported.
func (o *object) readMeta(into *Fragment) bool {
	node := decode.Child(o.node, "metadata")
	o.meta.Name = decode.Text(decode.Child(node, "name"))
	o.header.Name = o.meta.Name
	var whole struct {
		Metadata meta `json:"metadata"`
	}
	o.fit(into, o.node, &whole, false)
	o.meta = whole.Metadata
	if o.meta.Name == "" && o.meta.GenerateName == "" && !o.broken {
		into.problem(o.at(o.node), "%s has no metadata.name, so Kubernetes refuses it; give it a name", o.header.Kind)
		into.hole(o.yields(), o.at(o.node), "a "+o.header.Kind+" without a name could not be read")
		return false
	}
	return true
}

// fit decodes a node into a value and reports what does not fit. It returns
// false if a part had the wrong type.
func (o *object) fit(into *Fragment, n *decode.Node, value any, strict bool) bool {
	ok := true
	for _, m := range decode.Into(n, value, strict) {
		into.problem(o.at(m.Node), "%s: %s", o.name(), strings.TrimPrefix(m.Message, "."))
		switch m.Kind {
		case decode.WrongType:
			ok, o.broken = false, true
		case decode.DuplicateKey:
			into.hole(o.yields(), o.at(m.Node), o.name()+" has a key that stands twice")
		}
	}
	return ok
}

func (o *object) name() string {
	name := o.meta.Name
	if name == "" {
		name = o.header.Name
	}
	return strings.TrimSpace(o.header.Kind + " " + name)
}

func (f *Fragment) addObject(o *object, digest uint64) {
	if o.node == nil { // recognised by its header alone
		o.meta.Name, o.meta.Namespace = o.header.Name, o.header.Namespace
	}
	at := fact.Location{File: o.doc.File, Line: o.header.APILine, Column: 1}
	if o.doc.Lines != nil || o.doc.Placed {
		at = fact.Location{File: o.doc.File}
	}
	if o.node != nil {
		at = o.key(o.node, "apiVersion")
	}
	object := &fact.Object{
		Ref:        fact.Ref{Subject: o.subject(), Location: at},
		APIVersion: o.header.APIVersion, Kind: o.header.Kind,
		Namespace: o.meta.Namespace, Name: o.meta.Name,
		Labels: o.meta.Labels, Annotations: shortValues(o.meta.Annotations),
		Hook:   o.meta.Annotations["helm.sh/hook"],
		Digest: digest,
	}
	if o.reader.raw && o.node != nil {
		object.Raw = rawObject(o)
	}
	f.Facts.Objects = append(f.Facts.Objects, object)
	if g := o.group(); strings.Contains(g, ".") && !strings.HasSuffix(g, ".k8s.io") {
		f.Facts.Custom = append(f.Facts.Custom, object)
	}
}

// lastApplied is the annotation in which kubectl keeps a copy of the whole
// object, the values of a Secret included.
const lastApplied = "kubectl.kubernetes.io/last-applied-configuration"

// shortValues leaves out long annotation values and kubectl's copy of the
// object: no check reads them, and they may hold secrets.
func shortValues(in map[string]string) map[string]string {
	for key, value := range in {
		if key != lastApplied && len(value) <= 256 {
			continue
		}
		out := make(map[string]string, len(in))
		for k, v := range in {
			if k != lastApplied && len(v) <= 256 {
				out[k] = v
			}
		}
		return out
	}
	return in
}

// isClientSide reports whether the header names a file of a client or a tool
// that uses the form of an object without being one.
func isClientSide(h decode.Header) bool {
	switch group, _, _ := strings.Cut(h.APIVersion, "/"); group {
	case "kustomize.config.k8s.io", "config.kubernetes.io", "skaffold", "kind.x-k8s.io", "kubeadm.k8s.io",
		"kubelet.config.k8s.io", "kubeproxy.config.k8s.io", "kubescheduler.config.k8s.io", "apiserver.config.k8s.io",
		"audit.k8s.io", "client.authentication.k8s.io", "backstage.io", "seaworthy.dev", "k3d.io", "ctlptl.dev",
		"score.dev", "openslo", "eksctl.io", "fn.kpt.dev", "kpt.dev", "helm.toolkit.x-k8s.io", "testkube.io":
		return true
	}
	return h.APIVersion == "v1" && h.Kind == "Config" // a kubeconfig
}

// withType returns a copy of a list's item with the kind that the list implies.
func withType(item *decode.Node, apiVersion, kind string) *decode.Node {
	typed := *item
	scalar := func(value string) *decode.Node {
		return &decode.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: value, Line: item.Line, Column: item.Column}
	}
	typed.Content = append([]*decode.Node{scalar("apiVersion"), scalar(apiVersion), scalar("kind"), scalar(kind)}, item.Content...)
	return &typed
}

// hashSeed is fixed for the life of the process: digests are compared, never
// shown or stored.
var hashSeed = maphash.MakeSeed()

// contentDigest tells objects apart by what they say, whatever the order of
// their keys, their comments and their style.
func contentDigest(n *decode.Node) uint64 {
	budget := 200_000
	var digest func(n *decode.Node) uint64
	digest = func(n *decode.Node) uint64 {
		n = decode.Follow(n)
		if budget--; n == nil || budget < 0 {
			return 0
		}
		sum := uint64(n.Kind)
		switch n.Kind {
		case yaml.MappingNode:
			for i := 0; i+1 < len(n.Content); i += 2 {
				sum += maphash.String(hashSeed, n.Content[i].Value) ^ digest(n.Content[i+1])*31
			}
		case yaml.SequenceNode:
			for _, c := range n.Content {
				sum = sum*1099511628211 + digest(c)
			}
		default:
			sum = maphash.String(hashSeed, n.Value)
		}
		return sum
	}
	return digest(n)
}
