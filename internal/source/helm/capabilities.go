package helm

import (
	"fmt"
	"slices"
	"strings"

	"helm.sh/helm/v4/pkg/chart/common"
	"k8s.io/client-go/kubernetes/scheme"

	"seaworthy.dev/seaworthy/internal/fact"
)

// capabilities says what the cluster serves: the API versions and kinds of its
// version of Kubernetes, and what the chart's user adds to them. Without a
// version, Helm's own default counts.
func capabilities(c Chart) (*common.Capabilities, error) {
	caps := common.DefaultCapabilities.Copy()
	if c.KubeVersion != (fact.Version{}) {
		kube, err := common.ParseKubeVersion(fmt.Sprintf("v%d.%d.0", c.KubeVersion.Major, c.KubeVersion.Minor))
		if err != nil {
			return nil, err
		}
		caps.KubeVersion = *kube
	}
	version, err := fact.ParseVersion(caps.KubeVersion.Version)
	if err != nil {
		return nil, err
	}
	caps.APIVersions = nil
	for _, gv := range scheme.Scheme.PrioritizedVersionsAllGroups() {
		if !served(gv.String(), version) {
			continue
		}
		caps.APIVersions = append(caps.APIVersions, gv.String())
		for kind := range scheme.Scheme.KnownTypes(gv) {
			if name := gv.String() + "/" + kind; served(name, version) && !strings.HasSuffix(kind, "List") && !strings.HasSuffix(kind, "Options") {
				caps.APIVersions = append(caps.APIVersions, name)
			}
		}
	}
	caps.APIVersions = append(caps.APIVersions, c.APIVersions...)
	slices.Sort(caps.APIVersions)
	return caps, nil
}

// gone holds the minor version of Kubernetes 1 that stopped serving a beta
// version which older clusters served by default
// (https://kubernetes.io/docs/reference/using-api/deprecation-guide/).
var gone = map[string]int{
	"extensions/v1beta1":                   22,
	"apps/v1beta1":                         16,
	"apps/v1beta2":                         16,
	"admissionregistration.k8s.io/v1beta1": 22,
	"apiextensions.k8s.io/v1beta1":         22,
	"authentication.k8s.io/v1beta1":        22,
	"authorization.k8s.io/v1beta1":         22,
	"autoscaling/v2beta1":                  25,
	"autoscaling/v2beta2":                  26,
	"batch/v1beta1":                        25,
	"certificates.k8s.io/v1beta1":          22,
	"coordination.k8s.io/v1beta1":          22,
	"discovery.k8s.io/v1beta1":             25,
	"events.k8s.io/v1beta1":                25,
	"flowcontrol.apiserver.k8s.io/v1beta1": 26,
	"flowcontrol.apiserver.k8s.io/v1beta2": 29,
	"flowcontrol.apiserver.k8s.io/v1beta3": 32,
	"networking.k8s.io/v1beta1":            22,
	"node.k8s.io/v1beta1":                  25,
	"policy/v1beta1":                       25,
	"rbac.authorization.k8s.io/v1beta1":    22,
	"scheduling.k8s.io/v1beta1":            22,
	"storage.k8s.io/v1beta1":               27,
}

// come holds the minor version that first served what is not beta.
var come = map[string]int{
	"autoscaling/v2":                  23,
	"batch/v1/CronJob":                21,
	"discovery.k8s.io/v1":             21,
	"flowcontrol.apiserver.k8s.io/v1": 29,
	"policy/v1":                       21,
	"resource.k8s.io/v1":              34,
}

// served reports whether a cluster of that version serves an API version, or a
// kind of it, by default: alphas never, betas as long as the table says.
func served(apiVersion string, v fact.Version) bool {
	if start, known := come[apiVersion]; known && v.Before(fact.Version{Major: 1, Minor: start}) {
		return false
	}
	if at := strings.LastIndexByte(apiVersion, '/'); strings.Count(apiVersion, "/") == 2 {
		apiVersion = apiVersion[:at]
	}
	switch {
	case strings.Contains(apiVersion, "alpha"), strings.HasPrefix(apiVersion, "internal."), strings.HasSuffix(apiVersion, "__internal"):
		return false
	case strings.Contains(apiVersion, "beta"):
		end, known := gone[apiVersion]
		return known && v.Before(fact.Version{Major: 1, Minor: end})
	}
	return true
}
