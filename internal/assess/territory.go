package assess

import (
	"path"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/manifest"
)

// technique is the part of a manifest's sources that lists files of one kind.
type technique int

// The techniques. A file of any other kind belongs to whom its folder does.
const (
	ofAnything technique = iota
	ofManifests
	ofCharts
	ofOverlays
	ofModules
	ofImages
	ofCompose
	ofUnits
)

// techniqueOf maps the sources of facts to the part of the manifest that lists
// their files.
func techniqueOf(source string) technique {
	switch source {
	case "kube":
		return ofManifests
	case "helm":
		return ofCharts
	case "kustomize":
		return ofOverlays
	case "terraform":
		return ofModules
	case "dockerfile", "docker":
		return ofImages
	case "compose":
		return ofCompose
	case "systemd", "procfile":
		return ofUnits
	}
	return ofAnything
}

// territory tells which services a path belongs to. With no manifest there is
// one service, to which everything does.
type territory []*manifest.Service

// of returns the numbers of the services to which a path belongs: those that
// name it most closely. What several name alike belongs to each of them.
func (t territory) of(file string, how technique) []int {
	best, out := -1, []int(nil)
	for i, s := range t {
		depth := claim(s, file, how)
		switch {
		case depth < 0 || depth < best:
		case depth > best:
			best, out = depth, []int{i}
		default:
			out = append(out, i)
		}
	}
	return out
}

// version returns the one Kubernetes version that the manifests name; the zero one
// where they name none, or several.
func (t territory) version() (v fact.Version) {
	for _, s := range t {
		switch {
		case s.KubeVersion == fact.Version{}:
		case v == fact.Version{}:
			v = s.KubeVersion
		case v != s.KubeVersion:
			return fact.Version{}
		}
	}
	return v
}

// claim returns how closely a service names a path; -1 where it does not.
func claim(s *manifest.Service, file string, how technique) int {
	for _, pattern := range s.Sources.Exclude {
		if excluded(pattern, file) {
			return -1
		}
	}
	if list := listed(s, how); list != nil {
		return closest(list, file)
	}
	if s.Sources.Paths != nil {
		return closest(s.Sources.Paths, file)
	}
	if s.Alone {
		return closest([]string{s.Folder}, file)
	}
	return -1
}

// listed returns the paths that the manifest lists for files of a kind; nil
// where it leaves them to the service's own paths.
func listed(s *manifest.Service, how technique) (out []string) {
	switch how {
	case ofManifests:
		return s.Sources.Manifests
	case ofOverlays:
		return s.Sources.Kustomize
	case ofImages:
		return s.Sources.Dockerfiles
	case ofCompose:
		return s.Sources.Compose
	case ofUnits:
		return s.Sources.Systemd
	case ofCharts:
		for _, c := range s.Sources.Helm {
			out = append(out, c.Dir)
		}
		if s.Sources.Helm != nil && out == nil {
			out = []string{}
		}
	case ofModules:
		for _, m := range s.Sources.Terraform {
			out = append(out, m.Dir)
		}
		if s.Sources.Terraform != nil && out == nil {
			out = []string{}
		}
	}
	return out
}

// closest returns the length of the longest listed path that holds the file; -1
// where none does.
func closest(list []string, file string) int {
	best := -1
	for _, p := range list {
		switch {
		case p == ".":
			best = max(best, 0)
		case file == p || strings.HasPrefix(file, p+"/"):
			best = max(best, len(p))
		case strings.ContainsAny(p, "*?[") && globs(p, file):
			best = max(best, len(p))
		}
	}
	return best
}

// excluded reports whether a path is one that the manifest leaves out, or stands
// below it.
func excluded(pattern, file string) bool {
	return file == pattern || strings.HasPrefix(file, pattern+"/") || strings.ContainsAny(pattern, "*?[") && globs(pattern, file)
}

// globs matches a pattern with a path or with one of the folders that hold it;
// two stars stand for any number of folders.
func globs(pattern, file string) bool {
	want, have := strings.Split(pattern, "/"), strings.Split(file, "/")
	for n := 1; n <= len(have); n++ {
		if steps(want, have[:n]) {
			return true
		}
	}
	return false
}

func steps(want, have []string) bool {
	if len(want) == 0 || len(have) == 0 {
		return len(want) == len(have) || len(want) == 1 && want[0] == "**"
	}
	if want[0] == "**" {
		return steps(want[1:], have) || steps(want, have[1:])
	}
	ok, err := path.Match(want[0], have[0])
	return err == nil && ok && steps(want[1:], have[1:])
}

// installs returns how the service's manifest installs a chart; nothing where it
// leaves that open.
func installs(s *manifest.Service, dir string) (list []manifest.Chart) {
	for _, c := range s.Sources.Helm {
		if c.Dir == dir && (len(c.Values) > 0 || len(c.Set) > 0 || c.Release != "" || c.Namespace != "") {
			list = append(list, c)
		}
	}
	return list
}

// wide reports whether a technology's facts are the whole repository's: what
// pipelines do and who owns what holds for every service.
func wide(source string) bool { return techniqueOf(source) == ofAnything }
