package assess

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"seaworthy.dev/seaworthy/internal/derive/bundles"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/git"
	"seaworthy.dev/seaworthy/internal/source/manifest"
	"seaworthy.dev/seaworthy/internal/source/repo"
	"seaworthy.dev/seaworthy/internal/source/results"
)

const resultsSource = "results"

// maxResults bounds how many files of results are looked at.
const maxResults = 5000

// resultFile is a file that holds results, and whose they are.
type resultFile struct {
	shown, disk string
	// rel is its path below the root; empty for one outside.
	rel     string
	groups  []int
	reading results.Reading
	// written is when the file was, tracked by whom it is kept.
	written time.Time
}

// results reads what tools left behind: what the user names counts for every
// service, what a manifest names for its own, and what stands in the tree for whom
// it stands beside.
func (f *found) results(ctx context.Context, o Options) error {
	var files []*resultFile
	byDisk := map[string]*resultFile{}
	read := func(shown, disk, rel string, named bool, groups ...int) {
		if known := byDisk[disk]; known != nil {
			for _, g := range groups {
				if !slices.Contains(known.groups, g) {
					known.groups = append(known.groups, g)
				}
			}
			return
		}
		if len(byDisk) >= maxResults || len(groups) == 0 {
			return
		}
		one := &resultFile{shown: shown, disk: disk, rel: rel, groups: groups}
		byDisk[disk] = one
		if f.read(one, named) {
			files = append(files, one)
		}
	}
	all := make([]int, len(f.groups)-1)
	for i := range all {
		all[i] = i
	}
	for _, name := range o.Results {
		list, err := below(name)
		if err != nil {
			return fmt.Errorf("read what --results names: %w", err)
		}
		for _, file := range list {
			disk, err := filepath.Abs(file)
			if err == nil {
				read(filepath.ToSlash(filepath.Clean(file)), disk, "", len(list) == 1, all...)
			}
		}
	}
	root, err := filepath.Abs(f.tree.Root)
	if err != nil {
		return nil
	}
	for i := range all {
		for _, pattern := range f.land[i].Sources.Results {
			for _, rel := range f.named(pattern) {
				read(f.tree.Show(rel), filepath.Join(root, filepath.FromSlash(rel)), rel, rel == pattern, i)
			}
		}
	}
	for _, rel := range f.tree.Results {
		if bundles.Aside(path.Dir(rel)) {
			continue
		}
		var mine []int
		for i := range all {
			if f.concerns(i, fact.Location{File: f.tree.Show(rel)}) {
				mine = append(mine, i)
			}
		}
		read(f.tree.Show(rel), filepath.Join(root, filepath.FromSlash(rel)), rel, false, mine...)
	}
	if len(files) == 0 {
		return nil
	}
	slices.SortFunc(files, func(a, b *resultFile) int { return strings.Compare(a.shown, b.shown) })
	f.settleResults(ctx, files, o)
	return nil
}

// below lists the files that a path names: itself, or those of the folder.
func below(name string) (out []string, err error) {
	info, err := os.Stat(name)
	if err != nil || !info.IsDir() {
		return []string{name}, err
	}
	err = filepath.WalkDir(name, func(file string, d fs.DirEntry, err error) error {
		switch {
		case err != nil || len(out) >= maxResults:
			return filepath.SkipAll
		case d.IsDir() && repo.Skipped(d.Name()):
			return filepath.SkipDir
		case d.Type().IsRegular() && repo.MayHoldResults(file):
			out = append(out, file)
		}
		return nil
	})
	return out, err
}

// named lists the files that a manifest names, whether git ignores them or not: a
// file, those of a folder, or those that fit a glob.
func (f *found) named(pattern string) (out []string) {
	if pattern == ".." || strings.HasPrefix(pattern, "../") {
		return nil
	}
	start := pattern
	for strings.ContainsAny(start, "*?[") {
		start = path.Dir(start)
	}
	root, err := os.OpenRoot(f.tree.Root)
	if err != nil {
		return nil
	}
	defer root.Close()
	walked := 0
	_ = fs.WalkDir(root.FS(), start, func(rel string, d fs.DirEntry, err error) error {
		walked++
		switch {
		case err != nil || walked > 20*maxResults || len(out) >= maxResults:
			return filepath.SkipAll
		case d.IsDir() && repo.Skipped(d.Name()):
			return filepath.SkipDir
		case d.Type().IsRegular() && (rel == pattern || repo.MayHoldResults(rel) && (start == pattern || globs(pattern, rel))):
			out = append(out, rel)
		}
		return nil
	})
	return out
}

// read reads one file; it reports whether that holds results. What cannot be read
// leaves a hole.
func (f *found) read(one *resultFile, named bool) bool {
	file, err := os.Open(one.disk)
	if err != nil {
		return false
	}
	defer file.Close()
	if info, err := file.Stat(); err == nil {
		one.written = info.ModTime().UTC()
	}
	reading, family, problem := results.Read(one.shown, file, named)
	if problem != nil {
		hole := fact.Hole{Kinds: family.Kinds(), Location: problem.Location, Why: path.Base(problem.File) + " " + problem.Message}
		for _, i := range one.groups {
			f.groups[i].problems = append(f.groups[i].problems, *problem)
		}
		keep(&fact.Set{Bundle: ".", Source: resultsSource, Rung: fact.Configured, ProductionLike: true, Coverage: fact.Coverage{Holes: []fact.Hole{hole}}}, f.members(one.groups))
		return false
	}
	one.reading = reading
	return !reading.Empty()
}

// settleResults tells of each service's results when and of which revision they are.
func (f *found) settleResults(ctx context.Context, files []*resultFile, o Options) {
	f.groups[0].files += len(files)
	var places *results.Places
	for _, one := range files {
		if one.reading.Coverage == nil {
			continue
		}
		if places == nil {
			everything, _ := f.tree.Everything()
			places = results.NewPlaces(everything)
		}
		places.Settle(one.reading.Coverage)
	}
	for i, g := range f.groups[:len(f.groups)-1] {
		set := &fact.Set{Bundle: ".", Source: resultsSource, Rung: fact.Configured, ProductionLike: true}
		var code *git.Code
		for _, one := range files {
			if !slices.Contains(one.groups, i) {
				continue
			}
			if code == nil {
				code = git.CodeOf(ctx, path.Clean(f.tree.Root), codePaths(f.land[i]))
			}
			when := &dating{ctx: ctx, code: code, file: one, asOf: o.AsOf}
			switch r := one.reading; {
			case r.Tests != nil:
				mine := *r.Tests
				mine.Path = cmp.Or(one.rel, one.shown)
				when.settle(&mine.Result)
				set.TestRuns = append(set.TestRuns, &mine)
			case r.Coverage != nil:
				mine := *r.Coverage
				when.settle(&mine.Result)
				set.Coverages = append(set.Coverages, &mine)
			case r.Load != nil:
				mine := *r.Load
				when.date(&mine.Result)
				set.LoadRuns = append(set.LoadRuns, &mine)
			case r.Scan != nil:
				mine := *r.Scan
				if mine.Ended.IsZero() {
					dated := fact.Result{}
					when.date(&dated)
					mine.Ended, mine.ByFile = dated.Ran, true
				}
				set.Scans = append(set.Scans, &mine)
			}
		}
		if len(set.TestRuns)+len(set.Coverages)+len(set.LoadRuns)+len(set.Scans) > 0 {
			g.sets = append(g.sets, set)
		}
	}
}

// codePaths lists the folders of a service's programs.
func codePaths(s *manifest.Service) []string {
	if len(s.Sources.Paths) > 0 {
		return s.Sources.Paths
	}
	return []string{cmp.Or(s.Folder, ".")}
}

// dating tells when results were made, and of what.
type dating struct {
	ctx  context.Context
	code *git.Code
	file *resultFile
	asOf time.Time
}

// date fills in the time that the results do not tell themselves: that of a file
// which git does not keep, or of the commit which brought it.
func (d *dating) date(r *fact.Result) (commit string) {
	var at time.Time
	if d.file.rel != "" {
		commit, at = d.code.Brought(d.ctx, d.file.rel)
	}
	switch {
	case !r.Ran.IsZero():
	case commit != "":
		r.Ran, r.Dated = at, "git"
	case d.code.Head != "" || d.file.rel == "":
		r.Ran, r.Dated = d.file.written, "file"
	}
	return commit
}

// settle tells whether results are of what stands here.
func (d *dating) settle(r *fact.Result) {
	commit := d.date(r)
	if r.Ran.After(d.asOf.Add(24 * time.Hour)) {
		r.Open = "they are dated " + r.Ran.Format(time.DateOnly) + ", which is yet to come"
		return
	}
	switch {
	case d.code.Unknown != "" && r.Revision == "":
		r.Open = d.code.Unknown
	case r.Revision != "":
		switch changed, known := d.code.Since(d.ctx, r.Revision); {
		case d.code.Unknown != "":
			r.Open = d.code.Unknown
		case !known:
			r.Other = fmt.Sprintf("they name the revision %.12s, which this clone does not hold", r.Revision)
		case len(changed) > 0:
			r.Other = fmt.Sprintf("they name the revision %.12s, and %s changed since", r.Revision, list(changed))
		}
	case r.Ran.IsZero():
		r.Open = "nothing says when they were made"
	case commit != "" && commit == d.code.Commit && r.Ran.After(d.code.Changed.Add(-24*time.Hour)):
		// the commit that brought them changed the programs last
	case r.Ran.Before(d.code.Changed):
		r.Other = fmt.Sprintf("they are of %s, and programs changed last on %s", stamp(r.Ran), stamp(d.code.Changed))
	}
}

func stamp(t time.Time) string { return t.Format("2006-01-02 15:04") }
