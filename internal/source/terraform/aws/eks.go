package aws

import (
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
)

// clusters reads clusters of EKS. What runs in them stands in manifests; their
// nodes are told by the tags of machines and by what manifests tolerate.
func (r *reader) clusters() {
	for _, res := range r.of(kinds(fact.Policies, fact.LogStores), "aws_eks_cluster") {
		public := r.api(res)
		r.into.Clusters = append(r.into.Clusters, &fact.Cluster{Ref: res.Ref(), Name: name(res), Engine: "EKS", Public: &public})
		r.controlLogs(res)
	}
}

// api tells whether everyone reaches the API of a cluster, as everyone does
// unless it is narrowed.
// https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html
func (r *reader) api(res *model.Resource) fact.Truth {
	config := res.Body.Get("vpc_config")
	on, ranges := config.Get("endpoint_public_access"), config.Get("public_access_cidrs")
	for _, v := range []model.Value{config, on} {
		if !v.Known() {
			return placeOf(fact.Truth{Why: why(v), At: v.At}, res)
		}
	}
	if public, _ := on.Bool(true); !public {
		return placeOf(fact.No(on.At), res)
	}
	list, known := ranges.Strings()
	switch {
	case slices.Contains(list, "0.0.0.0/0"), slices.Contains(list, "::/0"):
		return fact.Yes(ranges.At)
	case !known:
		return placeOf(fact.Truth{Why: why(ranges), At: ranges.At}, res)
	case len(list) == 0:
		return placeOf(fact.Yes(config.At), res)
	}
	return fact.No(ranges.At)
}

// controlLogs reads where a cluster keeps the logs of its control plane: in a group
// that EKS makes and that keeps them for ever, unless it was made before.
// https://docs.aws.amazon.com/eks/latest/userguide/control-plane-logs.html
func (r *reader) controlLogs(res *model.Resource) {
	types := res.Body.Get("enabled_cluster_log_types")
	if types.Known() && len(types.Each()) == 0 {
		return
	}
	group := "/aws/eks/" + name(res) + "/cluster"
	for _, g := range r.c.Of("aws_cloudwatch_log_group") {
		v := g.Body.Get("name")
		if text(v) == group || !v.Known() && (len(v.AllRefs()) == 0 || v.RefersTo(res.Base)) || strings.HasPrefix(v.Text, "/aws/eks/") {
			return
		}
	}
	l := &fact.LogStore{
		Ref: res.Ref().Within("logs"), Name: group, Engine: "cloudwatch", At: place(types, res), Days: -1,
		Why: "EKS makes it, to keep lines for ever, unless it is made before with a retention",
	}
	l.Region, l.RegionWhy = r.region(res)
	r.into.LogStores = append(r.into.LogStores, l)
}
