// Package hardening checks that a pod keeps to the Pod Security Standard
// restricted and to a read-only root file system.
package hardening

import (
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/podsecurity"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// Check passes a workload that breaks no control of the Pod Security Standard
// restricted and whose containers cannot write to their own root.
func Check(in expect.Input) (out verdict.Findings) {
	for _, w := range in.Here.Workloads {
		if w.Platform.OnHosts() {
			onHost(&out, w)
			continue
		}
		if w.Platform.Cloud() {
			cloud(&out, w)
			continue
		}
		clean := true
		for _, b := range w.Breaches {
			clean = false
			out.Fail(w.Ref.At(b.At).Within(b.Check), b.Rule, "%s %s", w.Name, podsecurity.Words(b))
		}
		clean = readOnly(&out, w) && clean
		if clean {
			out.Pass(w.Ref, "hardened", "%s meets the restricted standard with a read-only root", w.Name)
		}
	}
	builds(&out, in)
	for _, n := range in.Here.Namespaces {
		enforcement(&out, n)
	}
	return out
}

// enforcement notes what the namespace's label has admission refuse. It decides
// nothing: other admission may refuse as much, and a label in a file binds no
// cluster yet.
func enforcement(out *verdict.Findings, n *fact.Namespace) {
	switch n.Enforces {
	case "":
		out.Note(n.Ref, "namespace-level", "namespace %s carries no pod-security.kubernetes.io/enforce label", n.Name)
	case "privileged":
		out.Note(n.Ref, "namespace-level", "namespace %s enforces privileged, which refuses nothing", n.Name)
	default:
		out.Note(n.Ref, "namespace-level", "namespace %s enforces %s", n.Name, n.Enforces)
	}
}

// readOnly fails every container that can write to its root file system.
// Windows has no such switch.
func readOnly(out *verdict.Findings, w *fact.Workload) bool {
	if w.Windows {
		return true
	}
	var writable []string
	var first *fact.Container
	for _, c := range w.All() {
		if !c.ReadOnlyRoot {
			if first == nil {
				first = c
			}
			writable = append(writable, c.Name)
		}
	}
	if first == nil {
		return true
	}
	out.Fail(w.Ref.At(first.Location).At(first.ReadOnlyRootAt), "writable-root", "%s can write to its own root file system (%s)", w.Name, strings.Join(writable, ", "))
	return false
}
