package cli

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"seaworthy.dev/seaworthy/internal/assess"
	"seaworthy.dev/seaworthy/internal/derive/affected"
	"seaworthy.dev/seaworthy/internal/source/git"
	"seaworthy.dev/seaworthy/internal/source/graph"
	"seaworthy.dev/seaworthy/internal/verdict"
)

type affectedFlags struct {
	base, changed, output string
	ignore                []string
	verbose               bool
}

func affectedCommand(s Streams) *cobra.Command {
	var f affectedFlags
	c := &cobra.Command{
		Use:   "affected [PATH...]",
		Short: "Print the services that a change touches",
		Long: `Compares the working tree with the commit where it parted from --base and prints the
services below each PATH (default: the whole repository) that the difference touches:
those that own a changed file, and those with something that depends on one: Go
packages, local charts, overlays, Terraform modules, what Dockerfiles copy, npm
workspaces. The services are those that a seaworthy.yaml describes; without one, each
PATH is one service. A changed file that belongs to no service and on which nothing is
known to depend touches all.

Exit codes: 0 fine, also when nothing is touched; 1 broke; 2 usage, or git does not
know the base.`,
		Example: `  seaworthy affected
  seaworthy affected --base origin/release-2 --ignore '*.md' --ignore docs/
  seaworthy check $(seaworthy affected -o paths)
  echo "matrix=$(seaworthy affected -o json)" >> "$GITHUB_OUTPUT"
  git diff --name-only HEAD~3 | seaworthy affected --changed -`,
		RunE: func(c *cobra.Command, paths []string) error { return runAffected(c.Context(), s, f, paths) },
	}
	fl := c.Flags()
	fl.StringVar(&f.base, "base", "", "branch, tag or commit to compare with (default: the branch that origin shows first)")
	fl.StringVar(&f.changed, "changed", "", "take the changed files from this file instead of git, a line each, by path from the repository's root; - reads standard input")
	fl.StringSliceVar(&f.ignore, "ignore", nil, "leave out changed files that match these globs; ** stands for any folders")
	fl.StringVarP(&f.output, "output", "o", "text", "print text, json (a matrix for pipelines, in one line) or paths (a line for each service)")
	fl.BoolVarP(&f.verbose, "verbose", "v", false, "list every reason")
	_ = c.RegisterFlagCompletionFunc("output", cobra.FixedCompletions([]string{"text", "json", "paths"}, cobra.ShellCompDirectiveNoFileComp))
	return c
}

func runAffected(ctx context.Context, s Streams, f affectedFlags, paths []string) error {
	if !slices.Contains([]string{"text", "json", "paths"}, f.output) {
		return usage("there is no output %q; use text, json or paths", f.output)
	}
	if f.base != "" && f.changed != "" {
		return usage("--base and --changed each say what has changed; use one of them")
	}
	change, err := f.compare(ctx, s)
	var mendable *git.Error
	if errors.As(err, &mendable) {
		return exit{Usage, err}
	}
	if err != nil {
		return err
	}
	if len(paths) == 0 {
		paths = []string{change.Root}
	}
	services, err := servicesBelow(change.Root, paths)
	if err != nil {
		return err
	}
	files := slices.DeleteFunc(change.Files, func(file string) bool {
		return slices.ContainsFunc(f.ignore, func(pattern string) bool { return affected.Match(pattern, file) })
	})
	var edges []affected.Edge
	if len(files) > 0 {
		g, err := graph.Read(change.Root)
		if err != nil {
			return err
		}
		for _, p := range g.Problems {
			fmt.Fprintf(s.Err, "seaworthy: %s: %s\n", p.File, p.Message)
		}
		edges = g.Edges
	}
	if change.Note != "" {
		fmt.Fprintf(s.Err, "seaworthy: %s\n", change.Note)
	}
	touched, _ := affected.Touch(services, files, edges)
	out := bufio.NewWriter(s.Out)
	switch f.output {
	case "json":
		err = matrix(out, touched)
	case "paths":
		var list []string
		for _, t := range touched {
			list = append(list, t.Path)
		}
		slices.Sort(list)
		for _, p := range slices.Compact(list) {
			fmt.Fprintln(out, p)
		}
	default:
		f.text(out, touched, len(services), change, len(files))
	}
	if err != nil {
		return err
	}
	return out.Flush()
}

// compare asks git, or takes the files as they are named.
func (f affectedFlags) compare(ctx context.Context, s Streams) (*git.Change, error) {
	if f.changed == "" {
		return git.Compare(ctx, ".", f.base)
	}
	in := s.In
	if f.changed != "-" {
		file, err := os.Open(f.changed)
		if err != nil {
			return nil, usage("--changed: %v", err)
		}
		defer file.Close()
		in = file
	}
	root, err := git.Root(ctx, ".")
	if err != nil { // without git, this folder is the root
		if root, err = filepath.Abs("."); err != nil {
			return nil, err
		}
	}
	c := &git.Change{Root: root}
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		if line := strings.TrimSpace(lines.Text()); line != "" {
			c.Files = append(c.Files, path.Clean(filepath.ToSlash(line)))
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read the changed files: %w", err)
	}
	slices.Sort(c.Files)
	c.Files = slices.Compact(c.Files)
	return c, nil
}

// servicesBelow returns the services of the repository that stand below the
// paths; without manifests, the paths themselves.
func servicesBelow(root string, paths []string) ([]affected.Service, error) {
	real, err := filepath.EvalSymlinks(root)
	if err != nil {
		return nil, err
	}
	here, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	if here, err = filepath.EvalSymlinks(here); err != nil {
		return nil, err
	}
	shown := func(rel string) string { // as the user would name it here
		if out, err := filepath.Rel(here, filepath.Join(real, filepath.FromSlash(rel))); err == nil {
			return filepath.ToSlash(out)
		}
		return rel
	}
	var below []string
	for _, p := range paths {
		abs, err := filepath.Abs(p)
		if err == nil {
			abs, err = filepath.EvalSymlinks(abs)
		}
		if err != nil {
			return nil, usage("%s is not there", p)
		}
		rel, err := filepath.Rel(real, abs)
		if err != nil || rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
			return nil, usage("%s is not in the repository %s", p, root)
		}
		below = append(below, filepath.ToSlash(rel))
	}
	land, err := assess.Survey(root)
	if err != nil {
		return nil, err
	}
	var out []affected.Service
	names := land.Names()
	for i, name := range names {
		if slices.ContainsFunc(below, func(b string) bool { return within(land.Folder(i), b) }) {
			out = append(out, affected.Service{Name: name, Path: shown(land.Folder(i)), Owns: func(rel string) bool { return land.Owns(i, rel) }})
		}
	}
	switch {
	case len(names) > 0 && len(out) == 0:
		return nil, usage("no service stands below %s; there is %s", strings.Join(paths, ", "), strings.Join(names, ", "))
	case len(names) > 0:
		return out, nil
	}
	for _, b := range below {
		out = append(out, affected.Service{
			Name: filepath.Base(filepath.Join(real, filepath.FromSlash(b))), Path: shown(b), Owns: func(rel string) bool { return within(rel, b) },
		})
	}
	return out, nil
}

// within reports whether a path is a folder or stands below it.
func within(rel, folder string) bool {
	return folder == "." || rel == folder || strings.HasPrefix(rel, folder+"/")
}

// matrix writes what a pipeline runs a job for each entry of.
func matrix(w io.Writer, touched []affected.Touched) error {
	type entry struct {
		Service string `json:"service"`
		Path    string `json:"path"`
		Why     string `json:"why"`
	}
	out := struct {
		Include []entry `json:"include"`
	}{Include: []entry{}}
	for _, t := range touched {
		out.Include = append(out.Include, entry{t.Name, t.Path, reason(t.Reasons[0])})
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc.Encode(out)
}

// reason says why a service is touched.
func reason(r affected.Reason) string {
	switch {
	case r.Nobodys:
		return r.File + ": belongs to no service, and nothing is known to depend on it"
	case r.By == "":
		return r.File
	case len(r.Through) == 0:
		return fmt.Sprintf("%s: %s %s", r.File, r.How, r.By)
	}
	return fmt.Sprintf("%s: %s %s, on which %s depends", r.File, r.How, r.Through[0], r.By)
}

// maxReasons bounds the reasons of one service; -v lists all.
const maxReasons = 5

func (f affectedFlags) text(w io.Writer, touched []affected.Touched, all int, c *git.Change, files int) {
	since := ""
	if c.Base != "" {
		since = fmt.Sprintf(" since %s (%.7s)", c.Base, c.Commit)
	}
	if len(touched) == 0 {
		fmt.Fprintf(w, "none of %s touched: %s changed%s\n", verdict.Count(all, "service"), verdict.Count(files, "file"), since)
		return
	}
	fmt.Fprintf(w, "%d of %s touched: %s changed%s\n", len(touched), verdict.Count(all, "service"), verdict.Count(files, "file"), since)
	for _, t := range touched {
		fmt.Fprintf(w, "\n%s   %s\n", t.Name, t.Path)
		for i, r := range t.Reasons {
			if i == maxReasons && !f.verbose {
				fmt.Fprintf(w, "  and %d more (-v)\n", len(t.Reasons)-i)
				break
			}
			fmt.Fprintf(w, "  %s\n", reason(r))
		}
	}
}
