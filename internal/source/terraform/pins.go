package terraform

import (
	"net/url"
	"regexp"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
)

var (
	number  = regexp.MustCompile(`^=?\s*v?\d+(?:\.\d+){1,3}(?:[-+][\w.]+)?$`)
	commit  = regexp.MustCompile(`^[0-9a-f]{7,64}$`)
	release = regexp.MustCompile(`^(?:[\w./-]*[/@_-])?v?\d+(?:\.\d+){1,3}(?:[-+.][\w.]+)?$`)
)

// exact reports whether a constraint allows one version only.
func exact(version string) bool { return number.MatchString(strings.TrimSpace(version)) }

// pin returns the version of a module's source, and whether it names one state
// for good: an exact version of a registry, a commit, a tag of a release.
func pin(m *model.ModuleCall) (version string, pinned bool) {
	if m.Version != "" {
		return m.Version, exact(m.Version)
	}
	_, query, found := strings.Cut(m.Source, "?")
	if !found {
		return "", false
	}
	values, err := url.ParseQuery(query)
	if err != nil {
		return "", false
	}
	for _, name := range []string{"ref", "versionId", "checksum"} {
		if v := values.Get(name); v != "" {
			return v, name != "ref" || commit.MatchString(v) || release.MatchString(v)
		}
	}
	return "", false
}

// locking tells whether the place of the state keeps two that apply at once
// from each other.
func locking(c *model.Config) fact.Locking {
	body := c.BackendAt
	switch c.Backend {
	case "s3":
		file := body.Get("use_lockfile")
		table := body.Get("dynamodb_table")
		on, known := file.Bool(false)
		switch {
		case on && known, table.Kind == model.Scalar && table.Text != "":
			return fact.LocksState
		case !known, !table.Known():
			return fact.LocksUnclear
		case !body.Get("bucket").Present(), !body.Get("key").Present():
			return fact.LocksUnclear // the rest stands in a file of its own, given to `terraform init`
		}
		return fact.LocksNothing
	case "http":
		if body.Get("lock_address").Present() {
			return fact.LocksState
		}
		return fact.LocksUnclear
	case "gcs", "azurerm", "consul", "kubernetes", "pg", "cos", "oss", "oci", "remote", "cloud":
		return fact.LocksState
	}
	return fact.LocksUnclear
}
