package assess

import (
	"context"
	"path"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/bundles"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/procfile"
	"seaworthy.dev/seaworthy/internal/source/repo"
	"seaworthy.dev/seaworthy/internal/source/systemd"
)

// readUnits reads the units of systemd, folder by folder.
func readUnits(_ context.Context, tree *repo.Tree, _ Options) reading {
	var out reading
	folders := map[string][]systemd.File{}
	var order []string
	missed := map[string][]fact.Hole{}
	for _, name := range tree.Files[repo.Units] {
		dir := path.Dir(name)
		if strings.HasSuffix(dir, ".d") {
			dir = path.Dir(dir)
		}
		if !slices.Contains(order, dir) {
			order = append(order, dir)
		}
		data, err := tree.Content(name, systemd.MaxFile)
		if err != nil {
			at := fact.Location{File: tree.Show(name)}
			out.problems = append(out.problems, fact.Problem{Location: at, Message: "cannot be read: " + err.Error()})
			missed[dir] = append(missed[dir], fact.Hole{Kinds: []fact.Kind{fact.Workloads}, Location: at, Why: path.Base(name) + " cannot be read"})
			continue
		}
		folders[dir] = append(folders[dir], systemd.File{Name: name, Shown: tree.Show(name), Data: data})
	}
	for _, dir := range order {
		got := systemd.Read(folders[dir])
		got.Facts.Coverage.Holes = append(got.Facts.Coverage.Holes, missed[dir]...)
		out.problems = append(out.problems, got.Problems...)
		if len(got.Foreign) > 0 {
			out.assumptions = append(out.assumptions, "not judged, because the units that they change are not here: "+list(got.Foreign))
		}
		out.add(&got.Facts, dir, "systemd", aside(dir+"/x"))
	}
	judgeAll(out.sets)
	return out
}

// readProcfiles makes each Procfile a set of its own.
func readProcfiles(_ context.Context, tree *repo.Tree, _ Options) reading {
	var out reading
	for _, name := range tree.Files[repo.Procfiles] {
		data, err := tree.Content(name, procfile.MaxFile)
		facts := fact.Set{}
		if err != nil {
			out.lose(&facts, fact.Location{File: tree.Show(name)}, []fact.Kind{fact.Workloads}, "cannot be read: %v", err)
		} else {
			var problems []fact.Problem
			facts, problems = procfile.Read(tree.Show(name), data)
			out.problems = append(out.problems, problems...)
		}
		out.add(&facts, name, "procfile", aside(name) || bundles.OtherEnvironment(path.Base(name)))
	}
	judgeAll(out.sets)
	return out
}

// add keeps the facts of a bundle, where there are any or some are missing.
func (r *reading) add(facts *fact.Set, bundle, source string, aside bool) {
	if len(facts.Workloads) == 0 && len(facts.Coverage.Holes) == 0 {
		return
	}
	set := &fact.Set{Bundle: bundle, Source: source, Rung: fact.Configured, ProductionLike: !aside}
	set.Add(facts)
	if len(facts.Workloads) > 0 {
		r.files++
	}
	r.sets = append(r.sets, set)
}
