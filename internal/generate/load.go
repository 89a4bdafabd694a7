// Package generate writes what is derived from the folders under standard/:
// the registry, the pages of the standard, and the table of coverage. A test
// fails when any of them is stale.
package generate

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/repo"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// Standard is what the folders under standard/ define.
type Standard struct {
	Sections     []expect.Section
	Expectations []Definition
}

// Definition is an expectation with what its folder says besides the text.
type Definition struct {
	expect.Expectation
	// Package is the folder's Go package; empty while there is no check.
	Package string
	// Fixed is true where the folder holds a fix.
	Fixed bool
	// Covered tells which answers the folder's cases hold, by technology.
	Covered map[repo.Technology]seen
}

type sectionFile struct {
	Title   string `json:"title"`
	Purpose string `json:"purpose"`
	Order   int    `json:"order"`
}

type expectationFile struct {
	Title      string            `json:"title"`
	Order      int               `json:"order"`
	Claim      string            `json:"claim"`
	Why        string            `json:"why"`
	Severity   string            `json:"severity"`
	Effort     effortFile        `json:"effort"`
	Rungs      map[string]string `json:"rungs"`
	Floor      string            `json:"floor"`
	Asks       map[string]string `json:"asks"`
	MaxAge     map[string]string `json:"maxAge"`
	Requires   map[string]claim  `json:"requires"`
	VoidedBy   []string          `json:"voidedBy"`
	Needs      []string          `json:"needs"`
	Last       bool              `json:"last"`
	NoneOf     []string          `json:"noneOf"`
	ProvedBy   []string          `json:"provedBy"`
	Close      string            `json:"close"`
	Settle     string            `json:"settle"`
	Thresholds []thresholdFile   `json:"thresholds"`
	References []referenceFile   `json:"references"`
	Rules      map[string]rule   `json:"rules"`
}

type thresholdFile struct {
	Name   string `json:"name"`
	Number int    `json:"number"`
	Unit   string `json:"unit"`
	Value  string `json:"value"`
	Reason string `json:"reason"`
	Source string `json:"source"`
}

type referenceFile struct {
	Title string `json:"title"`
	URL   string `json:"url"`
}

type claim struct {
	UpTo string `json:"upTo"`
	Says string `json:"says"`
}

type rule struct {
	Claim  string `json:"claim"`
	Says   string `json:"says"`
	Close  string `json:"close"`
	Leads  bool   `json:"leads"`
	Effort string `json:"effort"`
}

// effortFile says what closing a gap of the row takes, and what starting from
// nothing does.
type effortFile struct {
	Close string `json:"close"`
	Start string `json:"start"`
}

// Load reads every section and expectation below root/standard. All mistakes
// are returned together, each with its file.
func Load(root string) (Standard, error) {
	var std Standard
	var errs []error
	sections, err := filepath.Glob(filepath.Join(root, "standard", "*", "section.yaml"))
	if err != nil {
		return std, err
	}
	for _, file := range sections {
		var in sectionFile
		if err := read(file, &in); err != nil {
			errs = append(errs, err)
		}
		std.Sections = append(std.Sections, expect.Section{
			ID: filepath.Base(filepath.Dir(file)), Title: in.Title, Purpose: oneLine(in.Purpose), Order: in.Order,
		})
	}
	files, err := filepath.Glob(filepath.Join(root, "standard", "*", "*", "expectation.yaml"))
	if err != nil {
		return std, err
	}
	for _, file := range files {
		def, err := loadExpectation(file)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		std.Expectations = append(std.Expectations, def)
	}
	sort.Slice(std.Sections, func(i, j int) bool { return std.Sections[i].Order < std.Sections[j].Order })
	sort.Slice(std.Expectations, func(i, j int) bool { return std.Expectations[i].Order < std.Expectations[j].Order })
	return std, errors.Join(errs...)
}

func read(file string, into any) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("read the standard: %w", err)
	}
	docs := decode.Split(file, data)
	if len(docs) != 1 {
		return fmt.Errorf("%s holds %d documents but must hold one", file, len(docs))
	}
	node, problem := docs[0].Parse()
	if problem != nil {
		return fmt.Errorf("%s:%d: %s", file, problem.Line, problem.Message)
	}
	var errs []error
	for _, m := range decode.Into(node, into, true) {
		errs = append(errs, fmt.Errorf("%s:%d: %s", file, docs[0].At(m.Node).Line, m.Message))
	}
	return errors.Join(errs...)
}

func loadExpectation(file string) (Definition, error) {
	var in expectationFile
	if err := read(file, &in); err != nil {
		return Definition{}, err
	}
	folder := filepath.Dir(file)
	name := filepath.Base(folder)
	def := Definition{Expectation: expect.Expectation{
		ID: filepath.Base(filepath.Dir(folder)) + "/" + name, Order: in.Order, Title: in.Title, Claim: oneLine(in.Claim),
		Why: strings.TrimSpace(in.Why), Last: in.Last, NoneOf: in.NoneOf, VoidedBy: in.VoidedBy, ProvedBy: in.ProvedBy,
		Close: strings.TrimSpace(in.Close), Settle: oneLine(in.Settle), MaxAge: map[fact.Rung]time.Duration{},
	}}
	var errs []error
	fail := func(format string, args ...any) { errs = append(errs, fmt.Errorf(file+": "+format, args...)) }

	severity, err := verdict.ParseSeverity(in.Severity)
	if err != nil {
		fail("%w", err)
	}
	def.Severity = severity
	effort := func(at, name string) expect.Effort {
		e, err := expect.ParseEffort(name)
		if err != nil {
			fail("%s: %w", at, err)
		}
		return e
	}
	def.Closing, def.Starting = effort("effort.close", in.Effort.Close), effort("effort.start", in.Effort.Start)
	for _, r := range fact.Rungs() {
		if text, found := in.Rungs[r.String()]; found {
			def.Rungs = append(def.Rungs, expect.RungText{Rung: r, Text: oneLine(text)})
		}
	}
	if len(def.Rungs) != len(in.Rungs) || len(def.Rungs) == 0 {
		fail("rungs must be among declared, configured, observed and proven")
	}
	if in.Floor != "" {
		if def.Floor, _ = fact.ParseRung(in.Floor); def.Floor == fact.NoRung {
			fail("floor %q is no rung", in.Floor)
		}
	}
	for tier := 1; tier <= 3; tier++ {
		asked, ok := fact.ParseRung(in.Asks["tier"+strconv.Itoa(tier)])
		if !ok || !def.Has(asked) {
			fail("asks.tier%d must be one of the expectation's rungs", tier)
		}
		def.Asks[tier-1] = asked
	}
	for name, text := range in.MaxAge {
		r, _ := fact.ParseRung(name)
		age, err := parseAge(text)
		if !def.Has(r) || err != nil {
			fail("maxAge.%s is %q; write a rung of the expectation and an age such as 90d or 24h", name, text)
		}
		def.MaxAge[r] = age
	}
	for _, n := range sortedKeys(in.Requires) {
		c := in.Requires[n]
		upTo, _ := fact.ParseRung(c.UpTo)
		if !def.Has(upTo) {
			fail("requires.%s.upTo must be one of the expectation's rungs", n)
		}
		def.Requires = append(def.Requires, expect.Claim{Name: n, Text: oneLine(c.Says), UpTo: upTo})
	}
	for _, n := range in.Needs {
		def.Needs = append(def.Needs, fact.Kind(n))
		if !known(fact.Kind(n)) {
			fail("needs: %q is no kind of fact", n)
		}
	}
	for _, kind := range in.NoneOf {
		if !slices.Contains(fact.NoneKinds(), kind) {
			fail("noneOf: %q is nothing that a service can have none of", kind)
		}
	}
	for _, t := range in.Thresholds {
		def.Thresholds = append(def.Thresholds, expect.Threshold{Name: t.Name, Number: t.Number, Unit: t.Unit, Value: t.Value, Reason: oneLine(t.Reason), Source: t.Source})
	}
	for _, r := range in.References {
		def.References = append(def.References, expect.Reference{Title: r.Title, URL: r.URL})
	}
	for _, n := range sortedKeys(in.Rules) {
		if _, found := in.Requires[in.Rules[n].Claim]; found != (len(in.Requires) > 0) {
			fail("rules.%s.claim must name one of the claims that the expectation requires", n)
		}
		r := expect.Rule{Name: n, Says: oneLine(in.Rules[n].Says), Close: oneLine(in.Rules[n].Close), Claim: in.Rules[n].Claim, Leads: in.Rules[n].Leads}
		if in.Rules[n].Effort != "" {
			r.Effort = effort("rules."+n+".effort", in.Rules[n].Effort)
		}
		def.Rules = append(def.Rules, r)
	}
	if exists(filepath.Join(folder, "check.go")) {
		def.Package = strings.ReplaceAll(name, "-", "")
	}
	def.Fixed = exists(filepath.Join(folder, "fix.go"))
	if def.Covered, err = covered(folder); err != nil {
		errs = append(errs, err)
	}
	return def, errors.Join(errs...)
}

func known(kind fact.Kind) bool {
	for _, k := range fact.Kinds() {
		if k == kind {
			return true
		}
	}
	return false
}

// parseAge reads "90d" or anything that time.ParseDuration reads.
func parseAge(text string) (time.Duration, error) {
	if days, found := strings.CutSuffix(text, "d"); found {
		n, err := strconv.Atoi(days)
		return time.Duration(n) * 24 * time.Hour, err
	}
	return time.ParseDuration(text)
}

func exists(file string) bool {
	_, err := os.Stat(file)
	return err == nil
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
