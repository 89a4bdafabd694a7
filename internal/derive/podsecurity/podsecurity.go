// Package podsecurity says in which ways a pod exceeds the Pod Security
// Standards, by the evaluator that Kubernetes' own admission uses.
package podsecurity

import (
	"strings"
	"unicode"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"

	"seaworthy.dev/seaworthy/internal/fact"
)

// Evaluator judges pods by one version of the standards.
type Evaluator []control

// control is one control of the standards in one version.
type control struct {
	id, rule string
	level    api.Level
	// overrides lists the weaker controls that it includes.
	overrides []policy.CheckID
	check     policy.CheckPodFn
}

// New returns an evaluator for a version of the standards, which share their
// numbers with Kubernetes. The zero version means the newest. The library's own
// evaluator does the same for all controls at once, and its results do not
// carry the controls' names.
func New(v fact.Version) Evaluator {
	asked := api.LatestVersion()
	if v != (fact.Version{}) {
		asked = api.MajorMinorVersion(v.Major, v.Minor)
	}
	var out Evaluator
	for _, c := range policy.DefaultChecks() {
		k := control{id: string(c.ID), rule: ruleName(c), level: c.Level}
		for _, version := range c.Versions { // the oldest first
			k.overrides = append(k.overrides, version.OverrideCheckIDs...)
			if !asked.Older(version.MinimumVersion) {
				k.check = version.CheckPod
			}
		}
		if k.check != nil {
			out = append(out, k)
		}
	}
	return out
}

// Breaches lists the controls that forbid the pod, each at the weakest level
// that does: a pod without baseline breaches may run under baseline, one
// without any under restricted. Places are left to the caller.
func (e Evaluator) Breaches(meta *metav1.ObjectMeta, spec *corev1.PodSpec) []fact.Breach {
	var out []fact.Breach
	failed := map[policy.CheckID]bool{}
	for _, level := range []api.Level{api.LevelBaseline, api.LevelRestricted} {
	controls:
		for _, c := range e {
			if c.level != level {
				continue
			}
			for _, weaker := range c.overrides {
				if failed[weaker] {
					continue controls // said already, by the weaker control
				}
			}
			if result := c.check(meta, spec); !result.Allowed {
				failed[policy.CheckID(c.id)] = true
				out = append(out, fact.Breach{
					Check: c.id, Level: string(level), Rule: c.rule, Reason: result.ForbiddenReason, Detail: result.ForbiddenDetail,
				})
			}
		}
	}
	return out
}

// ruleName returns the name under which a breach of the control is reported: the
// level and the control, "pss-restricted-run-as-non-root".
func ruleName(c policy.Check) string {
	id := strings.TrimSuffix(strings.TrimSuffix(string(c.ID), "_baseline"), "_restricted")
	var out strings.Builder
	for i, c := range id {
		if unicode.IsUpper(c) {
			if i > 0 {
				out.WriteByte('-')
			}
			c = unicode.ToLower(c)
		}
		out.WriteRune(c)
	}
	return "pss-" + string(c.Level) + "-" + out.String()
}
