package migration

import (
	"path"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
)

// atlas reads a folder of numbered files beside atlas.sum.
func (r *reader) atlas(dir string, names []string) {
	s := r.set("Atlas", dir)
	s.ForwardOnly = "Atlas works a way back out from the database when it is asked, and keeps none beside a migration"
	r.forward(s, dir, names)
	sum := path.Join(dir, "atlas.sum")
	var listed []string
	for i, line := range strings.Split(r.peek(sum), "\n") {
		name, _, ok := strings.Cut(strings.TrimSpace(line), " h1:")
		if !ok || !strings.HasSuffix(name, ".sql") {
			continue
		}
		listed = append(listed, name)
		if !r.has(dir, name) {
			flaw(s, fact.Unlisted, nil, "file "+name, "atlas.sum lists %s, which is not there, so Atlas refuses to apply anything", name)
			s.Flaws[len(s.Flaws)-1].Location = fact.Location{File: r.show(sum), Line: i + 1}
		}
	}
	for _, m := range s.Migrations {
		if name := base(m.Files[0]); len(listed) > 0 && !slices.Contains(listed, name) && !strings.Contains(r.peek(m.Files[0]), "atlas:sum ignore") {
			flaw(s, fact.Unlisted, m, "file "+name, "%s is not in atlas.sum, so Atlas refuses to apply anything", name)
		}
	}
}
