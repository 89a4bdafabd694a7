package cases

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"seaworthy.dev/seaworthy/internal/verdict"
)

// rowsOfTwins are the rows on which what is not known is tried.
var rowsOfTwins = []string{
	"deploy/progressive-rollout", "deploy/automated-rollback",
	"scaling/load-signals", "scaling/failure-domains",
	"health/readiness", "health/liveness", "health/graceful-shutdown",
	"security/least-privilege", "security/network-segmentation", "security/hardening", "security/image-sources", "security/no-plaintext-secrets",
	"identity/auto-renewal", "identity/workload-identity",
	"secrets/central-store", "secrets/refresh",
	"resources/ownership", "backup/schedule",
}

func verdictOf(list []verdict.Verdict, id string) verdict.Verdict {
	for i := range list {
		if list[i].Expectation == id {
			return list[i]
		}
	}
	return verdict.Verdict{}
}

// assigned matches a line that gives an attribute a value.
var assigned = regexp.MustCompile(`^(\s*\w+\s*=\s)\s*(?:[^{\[(]*|\[[^{(]*\])$`)

// TestUnknownDecidesNothing puts a variable without a value into the place of
// each value of a configuration, one at a time: what is not known may keep a row
// from being met, and makes neither a gap of a sound one nor the reverse.
func TestUnknownDecidesNothing(t *testing.T) {
	for name, never := range map[string][2]verdict.State{
		"careful":  {verdict.Met, verdict.Gap},
		"careless": {verdict.Gap, verdict.Met},
	} {
		archive, err := txtar.ParseFile(filepath.Join("testdata", "twins", name+".txtar"))
		if err != nil {
			t.Fatal(err)
		}
		var lines []string
		for _, f := range archive.Files {
			if f.Name == "ecs/main.tf" {
				lines = strings.Split(string(f.Data), "\n")
			}
		}
		before := judged(t, "-- main.tf --\n"+strings.Join(lines, "\n"))
		tried := 0
		for i, line := range lines {
			m := assigned.FindStringSubmatch(line)
			if m == nil || strings.Contains(line, "ignore_changes") { // Terraform itself wants it written out
				continue
			}
			tried++
			changed := slices.Clone(lines)
			changed[i] = m[1] + "var.unknown"
			s := judged(t, "-- main.tf --\n"+strings.Join(changed, "\n")+"\nvariable \"unknown\" {\n  type = any\n}\n")
			for _, id := range rowsOfTwins {
				was, is := verdictOf(before.Verdicts, id), verdictOf(s.Verdicts, id)
				if was.State == never[0] && is.State == never[1] {
					t.Errorf("%s, line %d, %s: %s turns from %s to %s: %s", name, i+1, strings.TrimSpace(line), id, was.State, is.State, is.Reason)
				}
			}
		}
		t.Logf("%s: %d values were replaced", name, tried)
	}
}

// TestUnknownDecidesNothingInCases does the same to every case of AWS, each for
// its own row. One value in 5 is replaced, or one in as many as
// SEAWORTHY_UNKNOWNS says.
func TestUnknownDecidesNothingInCases(t *testing.T) {
	step := 5
	if n, err := strconv.Atoi(os.Getenv("SEAWORTHY_UNKNOWNS")); err == nil && n > 0 {
		step = n
	}
	files, err := filepath.Glob(filepath.Join("..", "..", "standard", "*", "*", "testdata", "aws-*.txtar"))
	if err != nil || len(files) == 0 {
		t.Fatal("there are no cases", err)
	}
	seen := 0
	for _, file := range files {
		c, err := Load(file)
		if err != nil {
			t.Fatal(err)
		}
		dir := filepath.Dir(filepath.Dir(file))
		e := find(t, filepath.Base(filepath.Dir(dir))+"/"+filepath.Base(dir))
		was, _, _ := strings.Cut(c.Want(), ":")
		for at := range c.archive.Files {
			f := &c.archive.Files[at]
			if f.Name != "main.tf" {
				continue
			}
			lines := strings.Split(string(f.Data), "\n")
			for i, line := range lines {
				m := assigned.FindStringSubmatch(line)
				if seen++; m == nil || seen%step != 0 || strings.Contains(line, "ignore_changes") {
					continue
				}
				changed := slices.Clone(lines)
				changed[i] = m[1] + "var.not_known"
				f.Data = []byte(strings.Join(changed, "\n") + "\nvariable \"not_known\" {\n  type = any\n}\n")
				v, _, err := c.Run(t.Context(), t.TempDir(), e)
				if err != nil {
					t.Fatal(err)
				}
				if is := v.State.String(); was == "met" && is == "gap" || was == "gap" && is == "met" {
					t.Errorf("%s, line %d, %s: turns from %s to %s: %s", file, i+1, strings.TrimSpace(line), was, is, v.Reason)
				}
			}
		}
	}
}
