package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"seaworthy.dev/seaworthy/internal/assess"
	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/registry"
	"seaworthy.dev/seaworthy/internal/report"
	"seaworthy.dev/seaworthy/internal/source/policy"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// newestKube is the newest Kubernetes version whose API life cycles are known:
// that of the k8s.io/api module that the program is built with.
var newestKube = fact.Version{Major: 1, Minor: 37}

type checkFlags struct {
	outputs     []string
	tier        int
	only, skip  []string
	failOn      string
	kubeVersion string
	registries  []string
	services    []string
	apiVersions []string
	policy      string
	baseline    string
	asOf        string
	scans       []string
	results     []string
	verbose     bool
	problems    bool
	bundles     bool
	ascii       bool
	history     bool
	noCache     bool
	// given tells whether the user wrote a flag.
	given func(flag string) bool
}

func checkCommand(s Streams) *cobra.Command {
	var f checkFlags
	c := &cobra.Command{
		Use:   "check [PATH...]",
		Short: "Judge what stands in a repository by the standard",
		Long: `Reads what stands below each PATH (default: here) and judges it by the standard:
Kubernetes manifests, charts and overlays, Terraform and CloudFormation, compose files,
Dockerfiles, units, Procfiles, pipelines, catalogs. The services are those that a
seaworthy.yaml describes; without one, each PATH is one service. Nothing is changed,
nothing is fetched.

Exit codes: 0 fine, 1 broke, 2 usage, 3 a gap at or above --fail-on, 4 something at or
above --fail-on could not be told. With --baseline, 3 and 4 are for what is new.`,
		Example: `  seaworthy check
  seaworthy check deploy/ -o text -o sarif=seaworthy.sarif
  seaworthy check . --only scaling,health/readiness --fail-on major
  seaworthy check . --history --only security/no-plaintext-secrets
  seaworthy check . --registries ghcr.io/acme,registry.example.com`,
		RunE: func(c *cobra.Command, paths []string) error {
			f.given = c.Flags().Changed
			return check(c.Context(), s, f, paths)
		},
	}
	fl := c.Flags()
	fl.StringArrayVarP(&f.outputs, "output", "o", []string{"text"}, "report as FORMAT or FORMAT=FILE: "+strings.Join(report.Names(), ", ")+"; may be repeated")
	fl.StringSliceVar(&f.only, "only", nil, "judge only these ids, sections or globs")
	fl.StringSliceVar(&f.skip, "skip", nil, "leave out these ids, sections or globs")
	fl.StringVar(&f.failOn, "fail-on", "blocker", "exit with 3 or 4 from this severity on: blocker, major, minor, never")
	fl.StringVar(&f.baseline, "baseline", "", "earlier report (-o json=FILE) to compare with: fail only on what is new, and say what is gone")
	f.judging(c)
	fl.BoolVarP(&f.verbose, "verbose", "v", false, "open every section and list every finding")
	fl.BoolVar(&f.problems, "problems", false, "list what could not be read")
	fl.BoolVar(&f.bundles, "bundles", false, "list what is judged together")
	fl.BoolVar(&f.ascii, "ascii", false, "use no signs beyond ASCII")
	_ = c.RegisterFlagCompletionFunc("fail-on", cobra.FixedCompletions([]string{"blocker", "major", "minor", "never"}, cobra.ShellCompDirectiveNoFileComp))
	_ = c.RegisterFlagCompletionFunc("output", cobra.FixedCompletions(report.Names(), cobra.ShellCompDirectiveNoFileComp))
	return c
}

// judging adds the flags that change what judging finds, which every command that
// judges has.
func (f *checkFlags) judging(c *cobra.Command) {
	fl := c.Flags()
	fl.IntVar(&f.tier, "tier", 0, "tier of the services, 1 (most critical) to 3; their manifests say it otherwise, and else it is 3")
	fl.StringSliceVar(&f.services, "service", nil, "judge only these services")
	fl.StringVar(&f.kubeVersion, "kube-version", newestKube.String(), "Kubernetes version that the manifests must work with")
	fl.StringSliceVar(&f.registries, "registries", nil, "approved image registries or repository prefixes, instead of the manifests'")
	fl.StringSliceVar(&f.apiVersions, "api-versions", nil, "API versions beyond Kubernetes' own that the cluster serves, for charts that ask")
	fl.StringSliceVar(&f.scans, "scans", nil, "SARIF logs of scanners that count for every service, beside those in the tree")
	fl.StringSliceVar(&f.results, "results", nil, "files and folders with what tests, load tests and tools left behind, beside those in the tree")
	fl.BoolVar(&f.history, "history", false, "search the git history for secrets too")
	fl.BoolVar(&f.noCache, "no-cache", false, "neither use nor keep what earlier runs found out")
	policyFlag(c, &f.policy)
	fl.StringVar(&f.asOf, "as-of", "", "judge what holds on this day, as 2027-03-01, instead of today")
}

func check(ctx context.Context, s Streams, f checkFlags, paths []string) error {
	started := time.Now()
	outputs, err := parseOutputs(f.outputs)
	if err != nil {
		return err
	}
	baseline, err := readBaseline(f.baseline)
	if err != nil {
		return err
	}
	r, failOn, err := judge(ctx, s, f, paths)
	if err != nil {
		return err
	}
	if baseline != nil {
		if err := baseline.Compare(r); err != nil {
			return usage("--baseline: %v", err)
		}
	}
	r.Took = time.Since(started)
	for _, out := range outputs {
		if err := write(s, out, r, f); err != nil {
			return err
		}
	}
	return outcome(r, failOn)
}

// judge puts the standard to all that stands below the paths, and shows on a
// terminal what it is at.
func judge(ctx context.Context, s Streams, f checkFlags, paths []string) (*report.Report, *verdict.Severity, error) {
	started := time.Now()
	spendMemory(s)
	if len(paths) == 0 {
		paths = []string{"."}
	}
	all, sections, err := standard(f.policy)
	if err != nil {
		return nil, nil, err
	}
	o, failOn, err := f.options(started, all)
	if err != nil {
		return nil, nil, err
	}
	r := &report.Report{Standard: registry.Version, Tool: Version, Sections: sections, Total: len(all), Expectations: map[string]*expect.Expectation{}}
	for _, e := range o.Expectations {
		r.Expectations[e.ID] = e
	}
	watch := &progress{width: s.pageWidth(), started: started, now: time.Now}
	if s.Watched && s.Env("TERM") != "dumb" {
		watch.out = s.Err
	}
	o.Progress = watch.step
	timer := time.AfterFunc(patience, watch.show)
	defer timer.Stop()
	defer watch.clear()
	var none *assess.NoService
	for _, p := range paths {
		services, err := assess.Path(ctx, p, o)
		if errors.As(err, &none) {
			continue // it may be below another path
		}
		if err != nil {
			return nil, nil, misused(err)
		}
		r.Services = append(r.Services, services...)
	}
	return r, failOn, allFound(f.services, r.Services, none)
}

// allFound returns an error for a service that was asked for and is below none of
// the paths.
func allFound(asked []string, found []*assess.Service, none *assess.NoService) error {
	for _, name := range asked {
		if slices.ContainsFunc(found, func(s *assess.Service) bool { return s.Name == name }) {
			continue
		}
		if none != nil && none.Asked == name {
			return exit{Usage, none}
		}
		return usage("there is no service %s; --service takes the names that the report shows", name)
	}
	return nil
}

// misused marks those errors of judging that the command line is to blame for.
func misused(err error) error {
	var none *assess.NoService
	if errors.As(err, &none) || errors.Is(err, assess.ErrPolicy) {
		return exit{Usage, err}
	}
	return err
}

// spendMemory trades memory for time: nearly all that a run allocates is garbage
// at once, so the first collection may wait until there are 32 MiB (eight times
// Go's least heap), and later ones until the heap is four times what is kept. A
// first collection at such a size finds what is kept, where an early one would
// find mostly what is in work. Above a GiB in all it works harder again. Whoever
// sets Go's own variables knows better.
func spendMemory(s Streams) {
	if s.Env("GOGC") == "" && s.Env("GOMEMLIMIT") == "" {
		debug.SetGCPercent(800)
		// What nobody holds is cleaned up by the first collection.
		runtime.AddCleanup(new([64]byte), func(percent int) { debug.SetGCPercent(percent) }, 300)
		debug.SetMemoryLimit(1 << 30)
	}
}

// options turns flags into what is judged and how.
func (f checkFlags) options(now time.Time, all []*expect.Expectation) (o assess.Options, failOn *verdict.Severity, err error) {
	if f.given("tier") && (f.tier < 1 || f.tier > 3) {
		return o, nil, usage("--tier is %d; tiers are 1, 2 and 3", f.tier)
	}
	kube, err := fact.ParseVersion(f.kubeVersion)
	if err != nil {
		return o, nil, usage("--kube-version: %v", err)
	}
	if f.failOn != "never" {
		severity, err := verdict.ParseSeverity(f.failOn)
		if err != nil {
			return o, nil, usage("--fail-on: %v, or never", err)
		}
		failOn = &severity
	}
	for _, pattern := range slices.Concat(f.only, f.skip) {
		if !slices.ContainsFunc(all, func(e *expect.Expectation) bool { return selects(pattern, e.ID) }) {
			return o, nil, usage("%q selects no expectation%s; name ids, sections or globs as `seaworthy explain` lists them", pattern, nearest(all, pattern))
		}
	}
	for _, e := range all {
		in := len(f.only) == 0 || slices.ContainsFunc(f.only, func(p string) bool { return selects(p, e.ID) })
		if in && !slices.ContainsFunc(f.skip, func(p string) bool { return selects(p, e.ID) }) {
			o.Expectations = append(o.Expectations, e)
		}
	}
	if len(o.Expectations) == 0 {
		return o, nil, usage("--only and --skip together leave nothing to judge")
	}
	o.Tier, o.AsOf, o.APIVersions, o.Standard = f.tier, now, f.apiVersions, all
	o.History = f.history
	if folder, err := os.UserCacheDir(); err == nil && !f.noCache {
		o.CacheFolder = filepath.Join(folder, "seaworthy")
	}
	if f.asOf != "" {
		day, err := time.Parse(time.DateOnly, f.asOf)
		if err != nil {
			return o, nil, usage("--as-of is %q, which is no day; write it as 2027-03-01", f.asOf)
		}
		o.AsOf = day.Add(12 * time.Hour) // noon: the same day in most of the world
	}
	o.Raw = len(all) > len(registry.All()) // expectations of the organisation's own look at objects as they are
	o.Scans, o.Results = f.scans, f.results
	o.Services, o.VersionGiven = f.services, f.given("kube-version")
	if f.policy != "" {
		if o.Policy, err = policy.Read(f.policy); err != nil {
			return o, nil, usage("--policy: %v", err)
		}
	}
	o.Settings = expect.Settings{KubeVersion: kube, Registries: f.registries}
	return o, failOn, nil
}

// selects reports whether a pattern names an id: the id itself, its section,
// or a glob over either.
func selects(pattern, id string) bool {
	section, _, _ := strings.Cut(id, "/")
	pattern = strings.TrimSuffix(pattern, "/")
	if pattern == id || pattern == section {
		return true
	}
	whole, _ := path.Match(pattern, id)
	part, _ := path.Match(pattern, section)
	return whole || part
}

// nearest returns "; did you mean ...?" for a name that is almost an id.
func nearest(all []*expect.Expectation, text string) string {
	best, distance := "", 4
	for _, e := range all {
		for _, name := range []string{e.ID, e.Section(), path.Base(e.ID)} {
			if d := decode.Distance(strings.ToLower(text), name); d < distance {
				best, distance = name, d
			}
		}
	}
	if best == "" {
		return ""
	}
	return " (did you mean " + best + "?)"
}

type output struct {
	format report.Format
	file   string // empty for standard output
}

func parseOutputs(texts []string) ([]output, error) {
	var out []output
	onScreen := 0
	for _, text := range texts {
		name, file, toFile := strings.Cut(text, "=")
		format, found := report.Formats()[name]
		if !found {
			return nil, usage("there is no report format %q; use one of %s", name, strings.Join(report.Names(), ", "))
		}
		if toFile && file == "" {
			return nil, usage("-o %s needs a file name after the equals sign", text)
		}
		if !toFile {
			onScreen++
		}
		out = append(out, output{format, file})
	}
	if onScreen > 1 {
		return nil, usage("only one report can go to the screen; write the others to files, as in -o sarif=seaworthy.sarif")
	}
	return out, nil
}

func write(s Streams, out output, r *report.Report, f checkFlags) (err error) {
	o := report.Options{LinkBase: linkBase(s), Width: s.pageWidth(), Color: s.color(), ASCII: f.ascii || s.ascii(), Verbose: f.verbose, Problems: f.problems, Bundles: f.bundles}
	to := s.Out
	if out.file != "" {
		o.Color, o.ASCII, o.Width = false, f.ascii, 100
		file, err := os.Create(out.file)
		if err != nil {
			return fmt.Errorf("write the report: %w", err)
		}
		defer func() {
			if closed := file.Close(); err == nil {
				err = closed
			}
		}()
		to = file
	}
	buffered := bufio.NewWriter(to)
	if err := out.format(buffered, r, o); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	if err := buffered.Flush(); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}

// outcome turns verdicts into the exit code: a gap beats an unknown. Compared
// with a baseline, only what is new counts.
func outcome(r *report.Report, failOn *verdict.Severity) error {
	if failOn == nil {
		return nil
	}
	code := OK
	worst := func(v *verdict.Verdict, state verdict.State) {
		switch {
		case v.Severity < *failOn:
		case state == verdict.Gap:
			code = Refuses
		case state == verdict.Unknown && code == OK:
			code = Unclear
		}
	}
	for _, s := range r.Services {
		if c := r.Changes[s]; c != nil {
			for _, n := range c.New {
				worst(n.Verdict, verdict.Gap)
			}
			for _, v := range c.Unknown {
				worst(v, verdict.Unknown)
			}
			continue
		}
		for i := range s.Verdicts {
			worst(&s.Verdicts[i], s.Verdicts[i].State)
		}
	}
	if code == OK {
		return nil
	}
	return exit{code: code}
}
