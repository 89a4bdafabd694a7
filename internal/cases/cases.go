// Package cases runs the cases of the standard: the txtar files below
// standard/*/*/testdata. Each holds the files of a small repository and what is
// expected to be found in it, and its first line says why it exists.
package cases

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/tools/txtar"

	"seaworthy.dev/seaworthy/internal/assess"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/registry"
	"seaworthy.dev/seaworthy/internal/source/policy"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// wanted is the section of a case that holds the findings.
const wanted = "want.findings"

// settings is the section of a case that holds settings, one "name: value" a
// line: kube-version, registries (comma-separated), tier, service (the one of
// several whose findings are wanted), history (true searches it), shallow (the
// number of the first revision in the clone).
const settings = "settings"

// policyFolder is what the names of files start with that stand in the folder
// for --policy, outside the judged one.
const policyFolder = "POLICY/"

// asOf is the time as of which cases are judged.
var asOf = time.Date(2026, 7, 4, 3, 0, 0, 0, time.UTC)

// Case is one case of one expectation.
type Case struct {
	File    string
	archive *txtar.Archive
}

// Load reads a case.
func Load(file string) (*Case, error) {
	archive, err := txtar.ParseFile(file)
	if err != nil {
		return nil, fmt.Errorf("read case: %w", err)
	}
	if strings.TrimSpace(string(archive.Comment)) == "" {
		return nil, fmt.Errorf("%s: the first line must say why the case exists", file)
	}
	return &Case{File: file, archive: archive}, nil
}

// Want returns the findings that the case expects.
func (c *Case) Want() string {
	for _, f := range c.archive.Files {
		if f.Name == wanted {
			return string(f.Data)
		}
	}
	return ""
}

// Update writes the findings into the case's file.
func (c *Case) Update(got string) error {
	for i := range c.archive.Files {
		if c.archive.Files[i].Name == wanted {
			c.archive.Files[i].Data = []byte(got)
			return os.WriteFile(c.File, txtar.Format(c.archive), 0o644)
		}
	}
	c.archive.Files = append(c.archive.Files, txtar.File{Name: wanted, Data: []byte(got)})
	return os.WriteFile(c.File, txtar.Format(c.archive), 0o644)
}

// Run judges the case's files, written below an empty folder, and returns the
// verdict and what was found as text. The service is called "service".
func (c *Case) Run(ctx context.Context, folder string, e *expect.Expectation) (verdict.Verdict, string, error) {
	o := assess.Options{Raw: true, Expectations: []*expect.Expectation{e}, AsOf: asOf, Settings: expect.Settings{KubeVersion: fact.Version{Major: 1, Minor: 37}}}
	if e.Last {
		o.Standard = registry.All()
	}
	shallow := 0
	folder, policies := filepath.Join(folder, "service"), filepath.Join(folder, "policy")
	for _, f := range c.archive.Files {
		switch f.Name {
		case wanted:
		case settings:
			if err := set(&o, &shallow, string(f.Data)); err != nil {
				return verdict.Verdict{}, "", fmt.Errorf("%s: %w", c.File, err)
			}
		default:
			if committed.MatchString(f.Name) {
				continue
			}
			path := filepath.Join(folder, filepath.FromSlash(f.Name))
			if name, found := strings.CutPrefix(f.Name, policyFolder); found {
				path = filepath.Join(policies, filepath.FromSlash(name))
			}
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				return verdict.Verdict{}, "", err
			}
			if err := os.WriteFile(path, f.Data, 0o644); err != nil {
				return verdict.Verdict{}, "", err
			}
		}
	}
	if err := commits(folder, c.archive.Files, shallow); err != nil {
		return verdict.Verdict{}, "", err
	}
	if _, err := os.Stat(policies); err == nil {
		if o.Policy, err = policy.Read(policies); err != nil {
			return verdict.Verdict{}, "", err
		}
	}
	services, err := assess.Path(ctx, folder, o)
	if err != nil {
		return verdict.Verdict{}, "", err
	}
	service := services[0]
	text := Render(service.Verdicts[0], service.Problems)
	text = strings.ReplaceAll(text, filepath.ToSlash(folder)+"/", "")
	return service.Verdicts[0], strings.ReplaceAll(text, filepath.ToSlash(folder)+":", ".:"), nil
}

func set(o *assess.Options, shallow *int, text string) error {
	for _, line := range strings.Split(strings.TrimSpace(text), "\n") {
		name, value, _ := strings.Cut(line, ":")
		value = strings.TrimSpace(value)
		switch name {
		case "kube-version":
			v, err := fact.ParseVersion(value)
			if err != nil {
				return err
			}
			o.Settings.KubeVersion, o.VersionGiven = v, true
		case "registries":
			o.Settings.Registries = strings.Split(value, ",")
		case "service":
			o.Services = []string{value}
		case "history":
			o.History = value == "true"
		case "shallow": // the clone begins with that revision
			if _, err := fmt.Sscan(value, shallow); err != nil {
				return fmt.Errorf("shallow: %w", err)
			}
		case "tier":
			if _, err := fmt.Sscan(value, &o.Tier); err != nil {
				return fmt.Errorf("tier: %w", err)
			}
		default:
			return fmt.Errorf("there is no setting %q", name)
		}
	}
	return nil
}

// Render writes a verdict as cases hold it: the state and reason, then a line
// for each finding, then the problems.
func Render(v verdict.Verdict, problems []fact.Problem) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n", v.State, v.Reason)
	names := map[verdict.Outcome]string{verdict.Unclear: "unclear"}
	for i := range v.Findings {
		f := v.Findings[i]
		outcome := f.Outcome.String()
		if n, found := names[f.Outcome]; found {
			outcome = n
		}
		variant := ""
		if f.Variant != "" {
			variant = " [" + f.Variant + "]"
		}
		fmt.Fprintf(&b, "%s %s %s%s %s\n", outcome, f.Rule, place(f.Ref.Location), variant, f.Message)
	}
	for _, p := range problems {
		fmt.Fprintf(&b, "problem %s %s\n", place(p.Location), p.Message)
	}
	return b.String()
}

func place(at fact.Location) string {
	if at.Line == 0 {
		return at.File + ":-"
	}
	return fmt.Sprintf("%s:%d", at.File, at.Line)
}

// Diff lists the lines that only one side has.
func Diff(want, got string) string {
	count := map[string]int{}
	for _, l := range strings.Split(want, "\n") {
		count[l]++
	}
	var b strings.Builder
	for _, l := range strings.Split(got, "\n") {
		if count[l] > 0 {
			count[l]--
			continue
		}
		fmt.Fprintf(&b, "+ %s\n", l)
	}
	for _, l := range strings.Split(want, "\n") {
		if count[l] > 0 {
			count[l]--
			fmt.Fprintf(&b, "- %s\n", l)
		}
	}
	if b.Len() == 0 {
		return "  the order of lines differs\n"
	}
	return b.String()
}
