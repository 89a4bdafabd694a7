package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"seaworthy.dev/seaworthy/internal/assess"
	"seaworthy.dev/seaworthy/internal/derive/cost"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/registry"
	"seaworthy.dev/seaworthy/internal/report"
	"seaworthy.dev/seaworthy/internal/source/git"
)

type costFlags struct {
	checkFlags
	book, base string
}

func costCommand(s Streams) *cobra.Command {
	f := costFlags{checkFlags: checkFlags{failOn: "never"}}
	c := &cobra.Command{
		Use:   "cost [PATH...]",
		Short: "Estimate what the services cost a month",
		Long: `Estimates what stands below each PATH (default: here) costs a month: what workloads ask
for, times their number (an autoscaler makes a range), volumes, and resources of
Terraform by their size, at the prices of a dated book. What cannot be told is listed
and counts in no sum: a missing request is unknown, never zero. Nothing is fetched, and
nothing here was billed.

Exit codes: 0 fine, 1 broke, 2 usage.`,
		Example: `  seaworthy cost
  seaworthy cost services/checkout --base origin/main
  seaworthy cost --book prices.yaml -o focus=estimate.csv -o text`,
		RunE: func(c *cobra.Command, paths []string) error {
			f.given = c.Flags().Changed
			return runCost(c.Context(), s, f, paths)
		},
	}
	fl := c.Flags()
	fl.StringArrayVarP(&f.outputs, "output", "o", []string{"text"}, "estimate as FORMAT or FORMAT=FILE: focus (CSV of FOCUS 1.2), json, text; may be repeated")
	fl.StringVar(&f.book, "book", "", "book of prices to use instead of the built-in one, as docs/cost.md describes it")
	fl.StringVar(&f.base, "base", "", "branch, tag or commit to compare with")
	fl.StringSliceVar(&f.services, "service", nil, "estimate only these services")
	fl.StringVar(&f.kubeVersion, "kube-version", newestKube.String(), "Kubernetes version that charts are rendered for")
	fl.StringSliceVar(&f.apiVersions, "api-versions", nil, "API versions beyond Kubernetes' own that the cluster serves, for charts that ask")
	fl.BoolVarP(&f.verbose, "verbose", "v", false, "list everything that has no figure")
	fl.BoolVar(&f.ascii, "ascii", false, "use no signs beyond ASCII")
	_ = c.RegisterFlagCompletionFunc("output", cobra.FixedCompletions([]string{"focus", "json", "text"}, cobra.ShellCompDirectiveNoFileComp))
	return c
}

func runCost(ctx context.Context, s Streams, f costFlags, paths []string) error {
	spendMemory(s)
	if len(paths) == 0 {
		paths = []string{"."}
	}
	for _, out := range f.outputs {
		if name, _, _ := strings.Cut(out, "="); !slices.Contains([]string{"focus", "json", "text"}, name) {
			return usage("there is no estimate in the form %q; use focus, json or text", name)
		}
	}
	book, err := readBook(s, f.book)
	if err != nil {
		return err
	}
	now := time.Now()
	o, _, err := f.options(now, registry.All())
	if err != nil {
		return err
	}
	o.Expectations, o.Services = nil, f.services
	c := &report.Costs{Book: book, Budgets: map[string]report.Budget{}, Base: f.base}
	var then []cost.Line
	for _, p := range paths {
		services, err := assess.Path(ctx, p, o)
		if err != nil {
			return misused(err)
		}
		for _, service := range services {
			c.Estimates = append(c.Estimates, cost.Of(service.Name, ownerOf(service), service.Sets, book))
			c.Holes = append(c.Holes, unpriced(service)...)
			if d := service.Declared; d != nil && d.Cost != nil && d.Cost.Monthly > 0 {
				c.Budgets[service.Name] = report.Budget{Monthly: d.Cost.Monthly, Currency: d.Cost.Currency, Owner: d.Cost.Owner}
			}
		}
		if f.base != "" {
			before, commit, err := estimateAt(ctx, p, f.base, o, book)
			if err != nil {
				return err
			}
			c.Commit, then = commit, append(then, before...)
		}
	}
	slices.Sort(c.Holes)
	c.Holes = slices.Compact(c.Holes)
	if f.base != "" {
		var after []cost.Line
		for _, e := range c.Estimates {
			after = append(after, e.Lines...)
		}
		c.Changes = cost.Compare(then, after)
	}
	return f.print(s, c, now)
}

// estimateAt estimates what stood at a path in another revision.
func estimateAt(ctx context.Context, path, revision string, o assess.Options, book *cost.Book) (lines []cost.Line, commit string, err error) {
	folder, err := os.MkdirTemp("", "seaworthy-base-")
	if err != nil {
		return nil, "", err
	}
	defer os.RemoveAll(folder)
	// The folder has the name of the path, for a service without a manifest is
	// called after it.
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, "", err
	}
	into := filepath.Join(folder, filepath.Base(abs))
	if err := os.Mkdir(into, 0o700); err != nil {
		return nil, "", err
	}
	commit, err = git.Export(ctx, path, revision, into)
	var mendable *git.Error
	if errors.As(err, &mendable) {
		return nil, "", exit{Usage, fmt.Errorf("--base: %w", err)}
	}
	if err != nil {
		return nil, "", err
	}
	services, err := assess.Path(ctx, into, o)
	var none *assess.NoService
	if errors.As(err, &none) {
		return nil, commit, nil // it was not there yet
	}
	if err != nil {
		return nil, "", err
	}
	for _, service := range services {
		lines = append(lines, cost.Of(service.Name, ownerOf(service), service.Sets, book).Lines...)
	}
	return lines, commit, nil
}

// ownerOf returns a service's owner, empty where nobody says.
func ownerOf(s *assess.Service) string {
	if s.Owner == "unknown" {
		return ""
	}
	return s.Owner
}

// unpriced says what was not read that may cost something.
func unpriced(s *assess.Service) (out []string) {
	for _, set := range s.Sets {
		if !set.ProductionLike {
			continue
		}
		for _, h := range set.Coverage.Holes {
			if h.Touches(fact.Workloads) || h.Touches(fact.Storage) || h.Touches(fact.Autoscalers) {
				out = append(out, h.Why)
			}
		}
	}
	return out
}

func readBook(s Streams, name string) (*cost.Book, error) {
	if name == "" {
		return cost.Default(), nil
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, usage("--book: %v", err)
	}
	book, problems := cost.Read(name, data)
	for _, p := range problems {
		fmt.Fprintf(s.Err, "seaworthy: %s:%d: %s\n", p.File, p.Line, p.Message)
	}
	if len(problems) > 0 {
		return nil, usage("--book: %s is no book of prices; docs/cost.md shows one", name)
	}
	return book, nil
}

func (f costFlags) print(s Streams, c *report.Costs, now time.Time) error {
	for _, out := range f.outputs {
		name, file, toFile := strings.Cut(out, "=")
		to := s.Out
		o := report.Options{Width: s.pageWidth(), Color: s.color(), ASCII: f.ascii || s.ascii(), Verbose: f.verbose}
		var closing io.Closer
		if toFile {
			created, err := os.Create(file)
			if err != nil {
				return fmt.Errorf("write the estimate: %w", err)
			}
			to, closing = created, created
			o.Color, o.Width = false, 100
		}
		buffered := bufio.NewWriter(to)
		var err error
		switch name {
		case "focus":
			var left int
			left, err = cost.WriteFOCUS(buffered, c.Estimates, now)
			if left > 0 {
				fmt.Fprintf(s.Err, "seaworthy: %d things have no figure, or are not added, and are in no row; `-o text` lists them\n", left)
			}
		case "json":
			err = c.JSON(buffered)
		default:
			err = c.Text(buffered, o)
		}
		err = errors.Join(err, buffered.Flush())
		if closing != nil {
			err = errors.Join(err, closing.Close())
		}
		if err != nil {
			return fmt.Errorf("write the estimate: %w", err)
		}
	}
	return nil
}
