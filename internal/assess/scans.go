package assess

import (
	"fmt"
	"io"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"time"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/repo"
	"seaworthy.dev/seaworthy/internal/source/sarif"
)

// scans reads the logs of scanners: those that the user names count for every
// service, those that a manifest names for its own, and those of the tree for
// whom they stand beside.
func (f *found) scans(o Options) error {
	all := f.groups[:len(f.groups)-1]
	tracked := f.tree.Files[repo.Scans]
	for _, name := range o.Scans {
		file, err := os.Open(name)
		if err != nil {
			return fmt.Errorf("read what --scans names: %w", err)
		}
		own := slices.IndexFunc(tracked, func(rel string) bool { return sameFile(name, f.tree.Join(rel)) })
		if own >= 0 {
			tracked = slices.Delete(slices.Clone(tracked), own, own+1)
		}
		f.scan(filepath.ToSlash(filepath.Clean(name)), file, own < 0, all)
	}
	root, err := os.OpenRoot(f.tree.Root)
	if err != nil {
		return nil // said where the tree was walked
	}
	defer root.Close()
	named := map[string][]*group{}
	for i, g := range all {
		for _, file := range tracked {
			if len(f.land[i].Sources.Scans) == 0 && f.concerns(i, fact.Location{File: f.tree.Show(file)}) {
				named[file] = append(named[file], g)
			}
		}
		for _, file := range f.land[i].Sources.Scans {
			named[file] = append(named[file], g)
		}
	}
	for _, rel := range slices.Sorted(maps.Keys(named)) {
		file, err := root.Open(filepath.FromSlash(rel))
		if err != nil {
			f.unreadScan(fact.Problem{Location: fact.Location{File: f.tree.Show(rel)}, Message: "cannot be read: it is not there, or is a link out of the tree"}, named[rel])
			continue
		}
		f.scan(f.tree.Show(rel), file, !slices.Contains(f.tree.Files[repo.Scans], rel), named[rel])
	}
	return nil
}

func sameFile(a, b string) bool {
	one, err := os.Stat(a)
	other, err2 := os.Stat(b)
	return err == nil && err2 == nil && os.SameFile(one, other)
}

// scan reads one log. What git does not keep was written by the pipeline just
// now, so that the file's time tells when; what it keeps has the checkout's.
func (f *found) scan(shown string, file *os.File, fresh bool, groups []*group) {
	defer file.Close()
	var written time.Time
	info, err := file.Stat()
	if err == nil && fresh {
		written = info.ModTime().UTC()
	}
	var data []byte
	if err == nil {
		data, err = io.ReadAll(io.LimitReader(file, decode.MaxDocument+1))
	}
	if err != nil {
		f.unreadScan(fact.Problem{Location: fact.Location{File: shown}, Message: "cannot be read"}, groups)
		return
	}
	scans, problem := sarif.Read(decode.Document{File: shown, Line: 1, Data: data}, written)
	if problem != nil {
		f.unreadScan(*problem, groups)
		return
	}
	groups[0].files++
	keep(&fact.Set{Bundle: f.rel(shown), Source: "sarif", Rung: fact.Configured, ProductionLike: true, Scans: scans}, groups)
}

// unreadScan leaves a hole where a log may say anything.
func (f *found) unreadScan(p fact.Problem, groups []*group) {
	for _, g := range groups {
		g.problems = append(g.problems, p)
	}
	hole := fact.Hole{Kinds: []fact.Kind{fact.Scans}, Location: p.Location, Why: path.Base(p.File) + " " + p.Message}
	keep(&fact.Set{
		Bundle: f.rel(p.File), Source: "sarif", Rung: fact.Configured, ProductionLike: true, Coverage: fact.Coverage{Holes: []fact.Hole{hole}},
	}, groups)
}
