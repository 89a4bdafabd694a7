package kube

import (
	"regexp"
	"strings"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
)

// reconcilerKinds lists what applies a repository to a cluster, and where the
// repository is described.
func reconcilerKinds() map[string]kind {
	table := map[string]kind{
		"argoproj.io/Application":                   {yields(fact.Reconcilers), Reader.argoApplication},
		"argoproj.io/ApplicationSet":                {yields(fact.Reconcilers), Reader.argoApplication},
		"kustomize.toolkit.fluxcd.io/Kustomization": {yields(fact.Reconcilers), Reader.fluxKustomization},
		"helm.toolkit.fluxcd.io/HelmRelease":        {yields(fact.Reconcilers), Reader.fluxHelmRelease},
	}
	for _, name := range []string{"GitRepository", "OCIRepository", "HelmRepository", "Bucket", "HelmChart"} {
		table["source.toolkit.fluxcd.io/"+name] = kind{yields(fact.Reconcilers), Reader.fluxSource}
	}
	return table
}

type argoSource struct {
	RepoURL        string `json:"repoURL"`
	TargetRevision string `json:"targetRevision"`
	Path           string `json:"path"`
	Chart          string `json:"chart"`
	Ref            string `json:"ref"`
}

type argoApplicationSpec struct {
	Source      *argoSource  `json:"source"`
	Sources     []argoSource `json:"sources"`
	Destination struct {
		Server    string `json:"server"`
		Name      string `json:"name"`
		Namespace string `json:"namespace"`
	} `json:"destination"`
	SyncPolicy struct {
		Automated *struct {
			Enabled  *bool `json:"enabled"`
			SelfHeal bool  `json:"selfHeal"`
		} `json:"automated"`
	} `json:"syncPolicy"`
	IgnoreDifferences []struct {
		Kind                  string   `json:"kind"`
		JSONPointers          []string `json:"jsonPointers"`
		JQPathExpressions     []string `json:"jqPathExpressions"`
		ManagedFieldsManagers []string `json:"managedFieldsManagers"`
	} `json:"ignoreDifferences"`
}

// argoApplication reads an Application, or the template of an ApplicationSet;
// each of several sources becomes a reconciler.
func (r Reader) argoApplication(o *object, into *Fragment) {
	spec := decode.Child(o.node, "spec")
	if o.header.Kind == "ApplicationSet" {
		spec = decode.Dig(spec, "template", "spec")
	}
	var in argoApplicationSpec
	if spec == nil || !o.fit(into, spec, &in, false) {
		return
	}
	automated := in.SyncPolicy.Automated
	on := automated != nil && (automated.Enabled == nil || *automated.Enabled)
	base := fact.Reconciler{
		Ref: o.ref(), Namespace: o.meta.Namespace, Name: o.meta.Name, Kind: o.header.Kind, Engine: "argo-cd",
		Automated: on, Corrects: "no", At: o.key(spec, "syncPolicy"),
		Destination: argoDestination(in.Destination.Server+in.Destination.Name, in.Destination.Namespace),
	}
	if on && automated.SelfHeal {
		base.Corrects = "yes"
	}
	if on {
		base.At = o.key(decode.Child(spec, "syncPolicy"), "automated")
	}
	for i, d := range in.IgnoreDifferences {
		at := o.at(decode.Dig(spec, "ignoreDifferences", i))
		for _, field := range append(d.JSONPointers, d.JQPathExpressions...) {
			base.Ignores = append(base.Ignores, fact.Ignored{Kind: d.Kind, Field: field, At: at})
		}
		for _, manager := range d.ManagedFieldsManagers {
			base.Ignores = append(base.Ignores, fact.Ignored{Kind: d.Kind, Field: "what " + manager + " writes", At: at})
		}
	}
	add := func(s argoSource, node *decode.Node, part string) {
		if s.Ref != "" && s.Path == "" && s.Chart == "" {
			return // it lends files to the other sources and applies nothing
		}
		one := base
		one.Ref = one.Ref.Within(part)
		one.Repository, one.Revision, one.Path, one.Chart = s.RepoURL, s.TargetRevision, s.Path, s.Chart
		one.RevisionAt = o.key(node, "targetRevision")
		one.Pinned = pinned(s.TargetRevision, s.Chart != "")
		one.Templated = o.header.Kind == "ApplicationSet" && strings.Contains(s.TargetRevision+s.Path+s.RepoURL, "{{")
		one.Overrides = decode.Child(node, "helm") != nil || decode.Child(node, "kustomize") != nil ||
			decode.Child(node, "plugin") != nil || decode.Child(node, "directory") != nil
		into.Facts.Reconcilers = append(into.Facts.Reconcilers, &one)
		r.argoRelease(&one, o, node, into)
	}
	if in.Source != nil && len(in.Sources) == 0 {
		add(*in.Source, decode.Child(spec, "source"), "")
	}
	for i, s := range in.Sources {
		add(s, decode.Dig(spec, "sources", i), "source "+s.RepoURL)
	}
}

func argoDestination(cluster, namespace string) string {
	if cluster == "https://kubernetes.default.svc" || cluster == "in-cluster" {
		cluster = ""
	}
	return cluster + "/" + namespace
}

type fluxReference struct {
	Kind      string `json:"kind"`
	Name      string `json:"name"`
	Namespace string `json:"namespace"`
}

// follow notes which object holds the repository; its namespace is the
// reconciler's own unless written.
func (ref fluxReference) follow(out *fact.Reconciler) {
	out.SourceKind, out.SourceName, out.SourceNamespace = ref.Kind, ref.Name, ref.Namespace
	if out.SourceNamespace == "" {
		out.SourceNamespace = out.Namespace
	}
}

// fluxKustomization reads Flux's Kustomization, which applies its path anew at
// every interval and so puts back what was changed by hand.
func (r Reader) fluxKustomization(o *object, into *Fragment) {
	var in struct {
		Spec struct {
			Interval        string        `json:"interval"`
			Path            string        `json:"path"`
			Suspend         bool          `json:"suspend"`
			SourceRef       fluxReference `json:"sourceRef"`
			TargetNamespace string        `json:"targetNamespace"`
			KubeConfig      struct {
				SecretRef struct {
					Name string `json:"name"`
				} `json:"secretRef"`
			} `json:"kubeConfig"`
		} `json:"spec"`
	}
	if !o.fit(into, o.node, &in, false) {
		return
	}
	spec := decode.Child(o.node, "spec")
	out := &fact.Reconciler{
		Ref: o.ref(), Namespace: o.meta.Namespace, Name: o.meta.Name, Kind: o.header.Kind, Engine: "flux",
		Path: in.Spec.Path, RevisionAt: o.key(spec, "sourceRef"), Automated: true, Corrects: "yes", Suspended: in.Spec.Suspend,
		Interval: seconds(in.Spec.Interval), IntervalAt: o.key(spec, "interval"), At: o.key(spec, "suspend"),
		Destination: in.Spec.KubeConfig.SecretRef.Name + "/" + in.Spec.TargetNamespace,
	}
	for _, field := range []string{"postBuild", "patches", "images", "namePrefix", "nameSuffix", "components"} {
		out.Overrides = out.Overrides || decode.Child(spec, field) != nil
	}
	in.Spec.SourceRef.follow(out)
	into.Facts.Reconcilers = append(into.Facts.Reconcilers, out)
}

// fluxHelmRelease reads Flux's HelmRelease; unless driftDetection says
// otherwise it looks at nothing between two releases.
func (r Reader) fluxHelmRelease(o *object, into *Fragment) {
	var in struct {
		Spec struct {
			Interval string `json:"interval"`
			Suspend  bool   `json:"suspend"`
			Chart    *struct {
				Spec struct {
					Chart     string        `json:"chart"`
					Version   string        `json:"version"`
					SourceRef fluxReference `json:"sourceRef"`
				} `json:"spec"`
			} `json:"chart"`
			ChartRef        fluxReference `json:"chartRef"`
			TargetNamespace string        `json:"targetNamespace"`
			DriftDetection  struct {
				Mode   string `json:"mode"`
				Ignore []struct {
					Paths  []string `json:"paths"`
					Target struct {
						Kind string `json:"kind"`
					} `json:"target"`
				} `json:"ignore"`
			} `json:"driftDetection"`
		} `json:"spec"`
	}
	if !o.fit(into, o.node, &in, false) {
		return
	}
	spec := decode.Child(o.node, "spec")
	out := &fact.Reconciler{
		Ref: o.ref(), Namespace: o.meta.Namespace, Name: o.meta.Name, Kind: o.header.Kind, Engine: "flux",
		Automated: true, Suspended: in.Spec.Suspend, Overrides: true, Destination: "/" + in.Spec.TargetNamespace,
		Interval: seconds(in.Spec.Interval), IntervalAt: o.key(spec, "interval"), At: o.key(spec, "driftDetection"),
		RevisionAt: o.key(spec, "chartRef"),
		Corrects:   map[string]string{"enabled": "yes", "warn": "warn"}[in.Spec.DriftDetection.Mode],
	}
	if out.Corrects == "" {
		out.Corrects = "no"
	}
	if in.Spec.Suspend {
		out.At = o.key(spec, "suspend")
	}
	in.Spec.ChartRef.follow(out)
	if c := in.Spec.Chart; c != nil {
		node := decode.Dig(spec, "chart", "spec")
		out.RevisionAt = o.key(node, "version")
		c.Spec.SourceRef.follow(out)
		if kind := c.Spec.SourceRef.Kind; kind == "GitRepository" || kind == "Bucket" {
			out.Path = c.Spec.Chart // versions of such charts are those of the repository
		} else {
			out.Chart, out.Revision, out.Pinned = c.Spec.Chart, c.Spec.Version, pinned(c.Spec.Version, true)
			out.SourceName = "" // the chart's version decides, not the repository's
		}
	}
	for i, ig := range in.Spec.DriftDetection.Ignore {
		for _, p := range ig.Paths {
			out.Ignores = append(out.Ignores, fact.Ignored{Kind: ig.Target.Kind, Field: p, At: o.at(decode.Dig(spec, "driftDetection", "ignore", i))})
		}
	}
	into.Facts.Reconcilers = append(into.Facts.Reconcilers, out)
	r.fluxRelease(out, o, spec, into)
}

func (r Reader) fluxSource(o *object, into *Fragment) {
	var in struct {
		Spec struct {
			URL     string `json:"url"`
			Suspend bool   `json:"suspend"`
			Version string `json:"version"` // HelmChart
			Ref     struct {
				Branch string `json:"branch"`
				Tag    string `json:"tag"`
				SemVer string `json:"semver"`
				Commit string `json:"commit"`
				Digest string `json:"digest"`
				Name   string `json:"name"`
			} `json:"ref"`
		} `json:"spec"`
	}
	if !o.fit(into, o.node, &in, false) {
		return
	}
	spec, ref := decode.Child(o.node, "spec"), in.Spec.Ref
	out := &fact.RepoSource{
		Ref: o.ref(), Kind: o.header.Kind, Namespace: o.meta.Namespace, Name: o.meta.Name,
		Repository: in.Spec.URL, Suspended: in.Spec.Suspend, RevisionAt: o.key(spec, "ref"),
	}
	switch chart := o.header.Kind == "OCIRepository"; {
	case ref.Commit != "" || ref.Digest != "":
		out.Revision, out.Pinned = ref.Commit+ref.Digest, true
	case ref.SemVer != "":
		out.Revision, out.Pinned = ref.SemVer, pinned(ref.SemVer, true)
	case ref.Tag != "":
		out.Revision, out.Pinned = ref.Tag, !chart || pinned(ref.Tag, false)
	case ref.Name != "":
		out.Revision, out.Pinned = ref.Name, strings.HasPrefix(ref.Name, "refs/tags/")
	case ref.Branch != "":
		out.Revision = ref.Branch
	case o.header.Kind == "HelmChart":
		out.Revision, out.Pinned = in.Spec.Version, pinned(in.Spec.Version, true)
	case o.header.Kind == "GitRepository":
		out.Revision = "master" // Flux's default
	case chart:
		out.Revision = "latest"
	}
	into.Facts.Sources = append(into.Facts.Sources, out)
}

var (
	commit  = regexp.MustCompile(`^[0-9a-f]{40}([0-9a-f]{24})?$`)
	tag     = regexp.MustCompile(`^(refs/tags/.+|(.*[-/@])?v?[0-9]+\.[0-9]+(\.[0-9]+)?([-+.][0-9A-Za-z.+-]+)?)$`)
	version = regexp.MustCompile(`^v?[0-9]+\.[0-9]+\.[0-9]+([-+][0-9A-Za-z.+-]+)?$`)
)

// pinned reports whether a revision names one state for good: a commit, a
// version's tag or, for a chart, one exact version. Branches of releases are
// called like versions and are none.
func pinned(revision string, chart bool) bool {
	if chart {
		return version.MatchString(revision)
	}
	if strings.HasPrefix(revision, "release-") || strings.HasPrefix(revision, "release/") {
		return false
	}
	return commit.MatchString(revision) || tag.MatchString(revision)
}
