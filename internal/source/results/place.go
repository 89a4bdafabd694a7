package results

import (
	"path"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
)

// maxAbsent bounds how many absent files are named.
const maxAbsent = 20

// Places finds the files that coverage names among those of a tree: tools write them
// with the path of a machine, of a module, or of a source folder before them.
type Places struct {
	byName map[string][]string
	own    map[string]bool
}

// NewPlaces takes the files of a tree, by their paths.
func NewPlaces(files []string) *Places {
	p := &Places{byName: map[string][]string{}, own: map[string]bool{}}
	for _, f := range files {
		p.byName[path.Base(f)] = append(p.byName[path.Base(f)], f)
		p.own[f] = true
	}
	return p
}

// Settle fills in where the files of a report stand, and lists those that are not
// here.
func (p *Places) Settle(c *fact.CodeCoverage) {
	before := map[string]bool{} // what stands before paths that were found
	var open []*fact.CoveredFile
	for _, f := range c.Files {
		written := clean(f.Written)
		found, prefix := p.find(written)
		switch {
		case found == "":
			open = append(open, f)
		default:
			f.Path = found
			before[prefix] = true
		}
	}
	for _, f := range open {
		written := clean(f.Written)
		dir, name := path.Split(written)
		if p.own[name] && dir != "" && before[strings.TrimSuffix(dir, "/")] {
			f.Path = name // a file at the root, below what stands before the others
			continue
		}
		c.Absents++
		if len(c.Absent) < maxAbsent {
			c.Absent = append(c.Absent, f.Written)
		}
	}
}

func clean(name string) string {
	return strings.TrimPrefix(path.Clean(slashed(name)), "./")
}

// find returns the one file of the tree whose path ends like a written one, or the
// other way round; prefix is what the written one has before it.
func (p *Places) find(written string) (found, prefix string) {
	if p.own[written] {
		return written, ""
	}
	best, twice := 0, false
	for _, f := range p.byName[path.Base(written)] {
		switch {
		case strings.HasSuffix(written, "/"+f) && strings.Contains(f, "/"):
			if len(f) > best {
				best, found, prefix, twice = len(f), f, strings.TrimSuffix(written, "/"+f), false
			}
		case strings.HasSuffix(f, "/"+written) && strings.Contains(written, "/"):
			twice = best == len(written)
			if len(written) >= best {
				best, found, prefix = len(written), f, ""
			}
		}
	}
	if twice {
		return "", "" // several of that name
	}
	return found, prefix
}
