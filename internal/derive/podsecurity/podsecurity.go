// Package podsecurity says in which ways a pod exceeds the Pod Security
// Standards, by the evaluator that Kubernetes' own admission uses.
package podsecurity

import (
	"fmt"
	"strings"
	"unicode"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"

	"seaworthy.dev/seaworthy/internal/fact"
)

// Evaluator judges pods by one version of the standards.
type Evaluator struct {
	version api.Version
	checks  []check
}

type check struct {
	id, rule  string
	level     api.Level
	overrides []policy.CheckID
	evaluator policy.Evaluator
}

// New returns an evaluator for a version of the standards, which share their
// numbers with Kubernetes. The zero version means the newest.
func New(v fact.Version) (*Evaluator, error) {
	e := &Evaluator{version: api.LatestVersion()}
	if v != (fact.Version{}) {
		e.version = api.MajorMinorVersion(v.Major, v.Minor)
	}
	for _, c := range policy.DefaultChecks() {
		// One evaluator for each control, because its results do not carry
		// the control's name.
		one, err := policy.NewEvaluator([]policy.Check{c}, nil)
		if err != nil {
			return nil, fmt.Errorf("prepare pod security control %s: %w", c.ID, err)
		}
		k := check{id: string(c.ID), rule: ruleName(c), level: c.Level, evaluator: one}
		for _, version := range c.Versions {
			k.overrides = append(k.overrides, version.OverrideCheckIDs...)
		}
		e.checks = append(e.checks, k)
	}
	return e, nil
}

// Breaches lists the controls that forbid the pod, each at the weakest level
// that does: a pod without baseline breaches may run under baseline, one
// without any under restricted. Places are left to the caller.
func (e *Evaluator) Breaches(meta *metav1.ObjectMeta, spec *corev1.PodSpec) []fact.Breach {
	var out []fact.Breach
	failed := map[policy.CheckID]bool{}
	for _, level := range []api.Level{api.LevelBaseline, api.LevelRestricted} {
	checks:
		for _, c := range e.checks {
			if c.level != level {
				continue
			}
			for _, weaker := range c.overrides {
				if failed[weaker] {
					continue checks // said already, by the weaker control
				}
			}
			for _, result := range c.evaluator.EvaluatePod(api.LevelVersion{Level: level, Version: e.version}, meta, spec) {
				if result.Allowed {
					continue
				}
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
