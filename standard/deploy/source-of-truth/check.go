// Package sourceoftruth checks that one reconciler applies what the repository
// says, from a revision that is known.
package sourceoftruth

import (
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/delivery"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// Check passes workloads whose folder a reconciler applies, and reconcilers
// that apply a known revision by themselves and alone.
func Check(in expect.Input) (out verdict.Findings) {
	for _, r := range in.Here.Reconcilers {
		judge(&out, in, r)
	}
	var alone *fact.Workload
	for _, w := range in.Here.Workloads {
		if len(in.Here.Stacks) > 0 {
			break // applied together with all of the stack
		}
		if r := in.Here.Covering(in.All, w); r != nil {
			out.Pass(w.Ref, "applied", "%s applies %s, where %s stands", r.Title(), r.Place(), w.Name)
		} else if !delivered(&out, in, w) && alone == nil {
			alone = w
		}
	}
	loose(&out, in.Here)
	if alone != nil {
		uncovered(&out, in, alone)
	}
	infrastructure(&out, in)
	if h, found := in.Here.Uncovered(in.All); found {
		out.Unclear(fact.Ref{Location: h.Location}, "applied-by-whom", "%s, and no reconciler applies its folder", h.Why)
	}
	return out
}

// uncovered says once for a bundle, by its first such workload, that nothing
// shows what applies it: a pipeline may, or a reconciler that is described
// elsewhere.
func uncovered(out *verdict.Findings, in expect.Input, w *fact.Workload) {
	kube := !w.Platform.OnHosts() && !w.Platform.Cloud()
	if list := fact.ReconcilersIn(in.All); kube && len(list) > 0 {
		out.Unclear(w.Ref, "applied-by-whom", "no reconciler here applies the folder of %s; %s applies %s", w.Name, list[0].Title(), list[0].Place())
		return
	}
	if list := delivery.Of(in.All); len(list) > 0 {
		d := list[max(0, slices.IndexFunc(list, (*delivery.Delivery).Anywhere))]
		out.Unclear(w.Ref, "applied-by-whom", "nothing here shows what applies %s: %s deploys (%s), and that it applies this folder cannot be told", w.Name, d.Title(), d.Deed.Tool)
		return
	}
	switch pipelines := len(fact.PipelinesIn(in.All)) > 0; {
	case kube && pipelines:
		out.Unclear(w.Ref, "applied-by-whom", "nothing here shows what applies %s: no Argo CD or Flux object, and none of the pipelines here deploys", w.Name)
		return
	case pipelines:
		out.Unclear(w.Ref, "applied-by-whom", "nothing here shows what applies %s: none of the pipelines here deploys", w.Name)
		return
	case !kube:
		out.Unclear(w.Ref, "applied-by-whom", "nothing here shows what applies %s: a pipeline that does was not found", w.Name)
		return
	}
	out.Unclear(w.Ref, "applied-by-whom", "nothing here shows what applies %s: no Argo CD or Flux object, and a pipeline was not found", w.Name)
}

func judge(out *verdict.Findings, in expect.Input, r *fact.Reconciler) {
	revision, known, at := follows(in, r)
	other := twin(in, r)
	switch {
	case other != nil:
		out.Fail(r.Ref, "two-reconcilers", "%s and %s (%s) both apply %s of %s to the same place", r.Title(), other.Title(), other.File, r.Place(), where(in, r))
	case r.Suspended:
		out.Fail(r.Ref.At(r.At), "suspended", "%s is suspended, so the repository and the cluster part unnoticed", r.Title())
	case !r.Automated:
		out.Fail(r.Ref.At(r.At), "manual-sync", "%s applies %s only when a person asks for it", r.Title(), r.Place())
	case r.Templated && !known && !own(in, r):
		out.Unclear(r.Ref.At(at), "revision-elsewhere", "a generator fills in what %s applies; whether that is pinned cannot be told", r.Title())
	case r.SourceName != "" && revision == "" && !known:
		out.Unclear(r.Ref.At(at), "revision-elsewhere", "%s follows %s %s, which is not among these files", r.Title(), r.SourceKind, r.SourceName)
	case r.Chart != "" && !known:
		out.Fail(r.Ref.At(at), "unpinned", "%s takes chart %s at %s, so a new version is installed without a change here", r.Title(), r.Chart, named(revision, "whatever version is newest"))
	case !known && !own(in, r) && maybeOwn(in, r):
		out.Unclear(r.Ref.At(at), "which-repository", "%s follows %s of %s and applies %s; whether that is this repository cannot be told", r.Title(), named(revision, "HEAD"), where(in, r), r.Place())
	case !known && !own(in, r):
		out.Fail(r.Ref.At(at), "unpinned", "%s follows %s of %s, whose %s is not among these files, so what is applied changes without a change here", r.Title(), named(revision, "HEAD"), where(in, r), r.Place())
	default:
		out.Pass(r.Ref, "reconciled", "%s applies %s at %s by itself", r.Title(), r.Place(), named(revision, "HEAD"))
	}
}

// follows returns the revision that a reconciler applies and whether it names
// one state for good.
func follows(in expect.Input, r *fact.Reconciler) (revision string, pinned bool, at fact.Location) {
	if r.SourceName == "" {
		return r.Revision, r.Pinned, r.RevisionAt
	}
	if src := fact.SourceOf(in.All, r); src != nil {
		return src.Revision, src.Pinned, r.RevisionAt
	}
	return "", own(in, r), r.RevisionAt
}

// own reports whether the path is one of this repository: then its branch is
// where changes are reviewed, and needs no pin.
func own(in expect.Input, r *fact.Reconciler) bool {
	for _, set := range in.All {
		if set.Holds(r) {
			return true
		}
	}
	return false
}

// maybeOwn reports whether the path may be one of this repository although no
// manifest stands there: its root, or below a folder that has others.
func maybeOwn(in expect.Input, r *fact.Reconciler) bool {
	top, _, _ := strings.Cut(clean(r.Path), "/")
	if r.Rooted() {
		return true
	}
	top += "/"
	for _, set := range in.All {
		for _, o := range set.Objects {
			if strings.HasPrefix(o.File, top) || strings.Contains(o.File, "/"+top) {
				return true
			}
		}
	}
	return false
}

// twin returns an earlier reconciler that applies the same folder to the same
// place, neither changing what it finds there, or nil.
func twin(in expect.Input, r *fact.Reconciler) *fact.Reconciler {
	if r.Overrides || r.Templated || r.Chart != "" || r.Path == "" {
		return nil
	}
	for _, other := range fact.ReconcilersIn(in.All) {
		if other == r {
			return nil
		}
		if !other.Overrides && other.Chart == "" && other.Destination == r.Destination && clean(other.Path) == clean(r.Path) && where(in, other) == where(in, r) {
			return other
		}
	}
	return nil
}

func where(in expect.Input, r *fact.Reconciler) string {
	url := r.Repository
	if src := fact.SourceOf(in.All, r); src != nil {
		url = src.Repository
	} else if url == "" {
		url = r.SourceKind + " " + r.SourceName
	}
	return strings.TrimSuffix(strings.TrimSuffix(url, "/"), ".git")
}

func clean(path string) string { return strings.Trim(strings.TrimPrefix(path, "./"), "/") }

func named(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}
