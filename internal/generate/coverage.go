package generate

import (
	"bytes"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/txtar"

	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/kube"
	"seaworthy.dev/seaworthy/internal/source/repo"
)

// seen is what the cases of an expectation hold for one technology.
type seen struct{ met, gap, unknown bool }

// technologies are those that the table of coverage tells apart, in its order,
// with the names that readers know.
var technologies = []struct {
	of   repo.Technology
	name string
}{
	{repo.Manifests, "Kubernetes"}, {repo.Terraform, "Terraform"}, {repo.Dockerfiles, "Dockerfile"}, {repo.Compose, "Compose"},
	{repo.Units, "systemd"}, {repo.Procfiles, "Procfile"}, {repo.Workflows, "GitHub Actions"}, {repo.GitLab, "GitLab CI"},
	{repo.CircleCI, "CircleCI"}, {repo.AzurePipelines, "Azure Pipelines"}, {repo.Jenkins, "Jenkins"}, {repo.HostSettings, "git host"}, {repo.Services, "seaworthy.yaml"}, {repo.Registers, "risks.yaml"}, {repo.Scans, "SARIF"},
	{repo.Catalogs, "catalogs"}, {repo.CodeOwners, "CODEOWNERS"}, {repo.Other, "other files"},
}

// covered reads the cases of an expectation and tells for each technology which
// answers they hold: a finding belongs to the technology of the file at which
// it stands, what could not be read to those of all the case's files.
func covered(folder string) (map[repo.Technology]seen, error) {
	files, err := filepath.Glob(filepath.Join(folder, "testdata", "*.txtar"))
	if err != nil {
		return nil, err
	}
	out := map[repo.Technology]seen{}
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			return nil, fmt.Errorf("read case: %w", err)
		}
		var wanted string
		given := map[repo.Technology]bool{}
		runs := map[string]repo.Technology{} // pipelines by the names that findings give them
		for _, f := range archive.Files {
			switch f.Name {
			case "want.findings":
				wanted = string(f.Data)
			case "settings":
			default:
				of := technologyOf(f.Name)
				given[of] = true
				switch of {
				case repo.Workflows, repo.GitLab, repo.CircleCI, repo.AzurePipelines, repo.Jenkins:
					base := filepath.Base(f.Name)
					for _, name := range []string{f.Name, base, strings.TrimSuffix(base, filepath.Ext(base))} {
						runs[name] = of
					}
				}
			}
		}
		unclear := strings.HasPrefix(wanted, "unknown:")
		for line := range strings.Lines(wanted) {
			fields := strings.Fields(line)
			if len(fields) < 3 {
				continue
			}
			name, _, _ := strings.Cut(fields[2], ":")
			t := technologyOf(name)
			s := out[t]
			switch fields[0] {
			case "pass":
				s.met = true
				for name, of := range runs { // what a pipeline does may be said of what it applies
					if strings.Contains(line, " of "+name+" ") && of != t {
						by := out[of]
						by.met = true
						out[of] = by
					}
				}
			case "fail":
				s.gap = true
			case "unclear":
				s.unknown, unclear = true, false
			}
			out[t] = s
		}
		for t := range given {
			if s := out[t]; unclear {
				s.unknown = true
				out[t] = s
			}
		}
	}
	return out, nil
}

func technologyOf(name string) repo.Technology {
	if base := filepath.Base(name); strings.HasSuffix(base, ".json") && strings.Contains(base, "plan") {
		return repo.Terraform
	}
	return repo.Classify(name)
}

// cell renders what cases hold: "Terraform met, gap, unknown".
func (s seen) cell(name string) string {
	var words []string
	for _, w := range []struct {
		is   bool
		word string
	}{{s.met, "●"}, {s.gap, "✕"}, {s.unknown, "?"}} {
		if w.is {
			words = append(words, w.word)
		}
	}
	return name + " " + strings.Join(words, "")
}

// coverage tells which technologies feed which rung of which expectation, by
// the cases that hold their answers.
func coverage(std Standard) []byte {
	var b bytes.Buffer
	checked := 0
	for i := range std.Expectations {
		if std.Expectations[i].Package != "" {
			checked++
		}
	}
	fmt.Fprintf(&b, `%s# Coverage

Which technologies feed which rung. %d of %d expectations are checked on files.
The signs say which answers are held by a case of that technology: ● met, ✕ gap,
? could not tell. `+"`-`"+`: the expectation has no such rung.
`, note, checked, len(std.Expectations))
	std.sections(func(s expect.Section, list []*Definition) {
		fmt.Fprintf(&b, "\n## %s\n\n| expectation | declared | configured | observed | proven | fix |\n|---|---|---|---|---|---|\n", s.Title)
		for _, d := range list {
			cells := make([]string, 0, 4)
			for _, r := range fact.Rungs() {
				switch {
				case !d.Has(r):
					cells = append(cells, "-")
				case d.Package != "" && (r == fact.Configured || r == fact.Declared):
					cells = append(cells, technologyCell(d, r))
				default:
					cells = append(cells, "not yet")
				}
			}
			fixed := "not yet"
			if d.Fixed {
				fixed = "yes"
			}
			fmt.Fprintf(&b, "| [%s](standard/%s.md) | %s | %s |\n", d.ID, d.ID, strings.Join(cells, " | "), fixed)
		}
	})
	objectKinds(&b)
	return b.Bytes()
}

// technologyCell lists the technologies of a rung: what people say on the rung
// declared, everything else on the rung configured.
func technologyCell(d *Definition, r fact.Rung) string {
	var parts []string
	for _, t := range technologies {
		says := t.of == repo.Services
		s, found := d.Covered[t.of]
		if !found || s == (seen{}) || says != (r == fact.Declared) && d.Has(fact.Declared) {
			continue
		}
		parts = append(parts, s.cell(t.name))
	}
	if len(parts) == 0 {
		return "not yet"
	}
	return strings.Join(parts, " · ")
}

// objectKinds lists which kinds of Kubernetes objects yield which facts.
func objectKinds(b *bytes.Buffer) {
	fmt.Fprint(b, "\n## Kinds of Kubernetes objects\n\n| facts | read from |\n|---|---|\n")
	yielded := kube.Yields()
	for _, kind := range fact.Kinds() {
		if kinds := slices.Clone(yielded[kind]); len(kinds) > 0 {
			slices.Sort(kinds)
			fmt.Fprintf(b, "| %s | %s |\n", kind, strings.Join(slices.Compact(kinds), ", "))
		}
	}
}
