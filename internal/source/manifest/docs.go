package manifest

import (
	"net/url"
	"path/filepath"
	"strings"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
	form "seaworthy.dev/seaworthy/internal/manifest"
)

// docs returns the pages that the manifest names; nil where it names none.
func (r *reader) docs(spec *decode.Node, in *form.Spec) *fact.Docs {
	if in.Docs == nil && (in.Privacy == nil || in.Privacy.Purge == "" && in.Privacy.Deadline == "") {
		return nil
	}
	out := &fact.Docs{}
	if p := in.Privacy; p != nil {
		out.Purge = r.page(decode.Dig(spec, "privacy", "purge"), "privacy.purge", p.Purge)
		out.Deadline, _ = length(p.Deadline)
	}
	d := in.Docs
	if d == nil {
		return out
	}
	at := decode.Child(spec, "docs")
	out.Architecture = r.page(decode.Child(at, "architecture"), "docs.architecture", d.Architecture)
	out.Severities = r.page(decode.Child(at, "severities"), "docs.severities", d.Severities)
	out.Migrations = r.page(decode.Child(at, "migrations"), "docs.migrations", d.Migrations)
	for i, target := range d.Runbooks {
		if l := r.page(decode.Dig(at, "runbooks", i), "docs.runbooks "+target, target); l != nil {
			out.Runbooks = append(out.Runbooks, l)
		}
	}
	for _, list := range []struct {
		key     string
		targets []string
		into    *[]*fact.DocLink
	}{{"dashboards", d.Dashboards, &out.Dashboards}, {"sharedDashboards", d.SharedDashboards, &out.Shared}} {
		for i, target := range list.targets {
			if l := r.page(decode.Dig(at, list.key, i), "docs."+list.key+" "+target, target); l != nil {
				*list.into = append(*list.into, l)
			}
		}
	}
	if s := site(d.Repository, "."); s != nil {
		s.Ref, s.Git = r.ref(decode.Child(at, "repository"), "docs.repository"), true
		s.Path = strings.TrimSuffix(s.Path, ".git")
		out.Sites = append(out.Sites, s)
	}
	for i, one := range d.Sites {
		folder := "."
		if one.Path != "" {
			folder = r.below(one.Path)
		}
		if s := site(one.URL, folder); s != nil {
			s.Ref = r.ref(decode.Dig(at, "sites", i), "docs.sites "+one.URL)
			out.Sites = append(out.Sites, s)
		}
	}
	return out
}

// site takes an address apart; nil where it is none.
func site(address, folder string) *fact.Site {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return nil
	}
	return &fact.Site{Host: strings.ToLower(strings.TrimPrefix(u.Hostname(), "www.")), Path: strings.TrimSuffix(u.Path, "/"), Folder: folder}
}

// page returns the page that a key of the manifest names; nil where it names none.
func (r *reader) page(n *decode.Node, part, target string) *fact.DocLink {
	if target == "" {
		return nil
	}
	out := &fact.DocLink{Ref: r.ref(n, part), Target: target, Resolves: r.link(target) == ""}
	if isURL(target) {
		out.URL = true
		return out
	}
	plain, _, _ := strings.Cut(target, "#")
	rel := r.below(plain)
	out.Beyond = rel == ".." || strings.HasPrefix(rel, "../")
	if out.Resolves && !out.Beyond {
		out.File = rel
		if info, err := r.disk.Stat(filepath.FromSlash(rel)); err == nil {
			out.Folder = info.IsDir()
		}
	}
	return out
}

// located returns the path below the judged folder to which a link leads; empty for
// an address, and where nothing is there.
func (r *reader) located(target string) string {
	if target == "" || isURL(target) || r.link(target) != "" {
		return ""
	}
	target, _, _ = strings.Cut(target, "#")
	return r.below(target)
}
