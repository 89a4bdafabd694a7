package repo

import (
	"path"
	"strings"
)

// MayHoldResults reports whether a file of that name may hold what a tool left
// behind, so that its beginning is worth a look.
func MayHoldResults(name string) bool {
	name = strings.ToLower(path.Base(name))
	switch name {
	case "package.json", "package-lock.json", "tsconfig.json", "composer.json", "pom.xml", "web.xml", "renovate.json":
		return false
	}
	switch path.Ext(name) {
	case ".xml", ".json", ".jsonl", ".ndjson", ".jtl", ".csv", ".out", ".cov", ".coverprofile", ".info", ".lcov":
		return true
	}
	return name == "simulation.log" || name == "coverage.txt" || name == "cover.txt"
}
