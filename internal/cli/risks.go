package cli

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/diff"
	"github.com/spf13/cobra"

	"seaworthy.dev/seaworthy/internal/assess"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/risk"
	"seaworthy.dev/seaworthy/internal/verdict"
)

func risksCommand(s Streams) *cobra.Command {
	c := &cobra.Command{
		Use: "risks", Short: "Keep the risk register: list it, fill it from what judging finds, approve its entries",
		Long: `The register is risks.yaml, at the repository's root or in a service's folder. Each
entry has an owner, a severity, a decision (open, mitigate, accept, closed) and a due
date. An accepted entry waives a gap once somebody outside the service's team has
approved it ("risks approve") in approvals.yaml of the folder that --policy names.`,
		Args: cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usage("risks has no command %q; `seaworthy risks --help` lists them", args[0])
			}
			return c.Help()
		},
	}
	c.AddCommand(risksListCommand(s), risksSyncCommand(s), risksApproveCommand(s))
	return c
}

func risksSyncCommand(s Streams) *cobra.Command {
	f := checkFlags{failOn: "never"}
	var dry bool
	c := &cobra.Command{
		Use: "sync [PATH]", Short: "Write open gaps into the register, and close what is closed",
		Long: `Judges PATH (default: here), writes an entry for every blocker and major gap that is in
none, and closes the entries of which nothing is left. What could not be told or was
not judged stays as it is, nothing is deleted, and everything else in the file is left
alone, comments included. A second run changes nothing.`,
		Example: "  seaworthy risks sync --dry-run\n  seaworthy risks sync services/checkout",
		Args:    onePath("risks sync"),
		RunE: func(c *cobra.Command, args []string) error {
			f.given = c.Flags().Changed
			return risksSync(c.Context(), s, f, append(args, ".")[0], dry)
		},
	}
	f.judging(c)
	c.Flags().BoolVar(&dry, "dry-run", false, "print what would change, and change nothing")
	return c
}

func onePath(command string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) > 1 {
			return usage("%s takes one path; got %d", command, len(args))
		}
		return nil
	}
}

// whole returns how to judge by the whole standard, the organisation's part
// included.
func (f checkFlags) whole() (assess.Options, error) {
	all, _, err := standard(f.policy)
	if err != nil {
		return assess.Options{}, err
	}
	o, _, err := f.options(time.Now(), all)
	return o, err
}

// judged returns the services below a path with their verdicts, the register's
// own row left out.
func (f checkFlags) judged(ctx context.Context, path string) ([]*assess.Service, assess.Options, error) {
	o, err := f.whole()
	if err != nil {
		return nil, o, err
	}
	o.Expectations = slices.DeleteFunc(o.Expectations, func(e *expect.Expectation) bool { return e.Last })
	services, err := assess.Path(ctx, path, o)
	return services, o, misused(err)
}

func risksSync(ctx context.Context, s Streams, f checkFlags, root string, dry bool) error {
	if info, err := os.Stat(root); err == nil && !info.IsDir() {
		return usage("%s is a file; name the folder that the register is about", root)
	}
	spendMemory(s)
	services, o, err := f.judged(ctx, root)
	if err != nil {
		return err
	}
	changes := map[string]*risk.Change{}
	of := func(file string) *risk.Change {
		if changes[file] == nil {
			changes[file] = &risk.Change{}
		}
		return changes[file]
	}
	for _, service := range services {
		if at := slices.IndexFunc(service.Declared.Registers, func(r *fact.Register) bool { return r.Unread != "" }); at >= 0 {
			r := service.Declared.Registers[at]
			return fmt.Errorf("%s; mend that first (`seaworthy check --problems` says where)", r.Unread)
		}
		c := risk.Compare(service.Risks, service.Verdicts, service.Owned(), len(services) > 1)
		into := of(registerOf(service, root))
		into.Add = append(into.Add, c.Add...)
		for _, r := range c.Close {
			into = of(r.File)
			into.Close = append(into.Close, r)
		}
	}
	out := bufio.NewWriter(s.Out)
	defer out.Flush()
	quiet := true
	for _, file := range slices.Sorted(keys(changes)) {
		changed, err := syncFile(out, file, *changes[file], o.AsOf, dry)
		if err != nil {
			return err
		}
		quiet = quiet && !changed
	}
	if quiet {
		fmt.Fprintln(out, "The register holds every open gap, and none of its open entries is closed.")
	}
	return nil
}

func keys(m map[string]*risk.Change) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// registerOf returns the file in which new entries of a service go: the register
// nearest to the root, or a new one there.
func registerOf(s *assess.Service, root string) string {
	if list := s.Declared.Registers; len(list) > 0 {
		nearest := slices.MinFunc(list, func(a, b *fact.Register) int {
			return cmp.Or(cmp.Compare(strings.Count(a.File, "/"), strings.Count(b.File, "/")), strings.Compare(a.File, b.File))
		})
		return nearest.File
	}
	return path.Join(filepath.ToSlash(root), "risks.yaml")
}

// syncFile brings one register up to date and says what changed in it.
func syncFile(out *bufio.Writer, file string, c risk.Change, asOf time.Time, dry bool) (changed bool, err error) {
	if len(c.Add)+len(c.Close) == 0 {
		return false, nil
	}
	data, err := os.ReadFile(file)
	isNew := errors.Is(err, fs.ErrNotExist)
	if err != nil && !isNew {
		return false, fmt.Errorf("read the register: %w", err)
	}
	text, ids, err := risk.Apply(file, data, c, asOf.UTC())
	if err != nil {
		return false, err
	}
	if dry {
		_, err := out.Write(diff.Diff(file, data, file+" (after)", text))
		return true, err
	}
	if err := replace(file, text, isNew); err != nil {
		return false, fmt.Errorf("write the register: %w", err)
	}
	fmt.Fprintf(out, "%s\n", file)
	if len(ids) > 0 {
		fmt.Fprintf(out, "  %s added (%s): give them a due date%s\n", verdict.Count(len(ids), "open gap"), span(ids), ownerHint(c))
	}
	if len(c.Close) > 0 {
		var closed []string
		for _, r := range c.Close {
			closed = append(closed, r.ID)
		}
		fmt.Fprintf(out, "  closed, for nothing of it is found any more: %s\n", strings.Join(closed, ", "))
	}
	return true, nil
}

func ownerHint(c risk.Change) string {
	if slices.ContainsFunc(c.Add, func(e risk.Entry) bool { return e.Owner == "" }) {
		return " and an owner"
	}
	return ""
}

func span(ids []string) string {
	if len(ids) < 4 {
		return strings.Join(ids, ", ")
	}
	return ids[0] + " to " + ids[len(ids)-1]
}

// replace writes a file as a whole or not at all. A new one takes nobody's place.
func replace(file string, data []byte, isNew bool) error {
	if isNew {
		f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
		if err != nil {
			return err
		}
		_, err = f.Write(data)
		return errors.Join(err, f.Close())
	}
	info, err := os.Stat(file)
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(file), ".risks-*.yaml")
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Chmod(info.Mode().Perm()), f.Close()); err == nil {
		err = os.Rename(f.Name(), file)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}
