package pipeline

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestDump shows what is read of the repositories in DUMP (a list of folders).
func TestDump(t *testing.T) {
	for _, root := range strings.Fields(os.Getenv("DUMP")) {
		in := Input{Root: root}
		glob := func(p string) (out []string) {
			list, _ := filepath.Glob(filepath.Join(root, p))
			for _, f := range list {
				rel, _ := filepath.Rel(root, f)
				out = append(out, rel)
			}
			return out
		}
		in.Workflows = glob(".github/workflows/*.y*ml")
		in.GitLab = glob(".gitlab-ci.yml")
		in.CircleCI = glob(".circleci/config.yml")
		in.Azure = glob("azure-pipelines*.yml")
		in.Jenkins = glob("Jenkinsfile")
		start := time.Now()
		got := Read(in)
		fmt.Printf("== %s %v files %d\n", root, time.Since(start).Round(time.Millisecond), got.Files)
		for _, p := range got.Problems {
			fmt.Printf("  problem %s:%d %s\n", p.File, p.Line, p.Message)
		}
		if got.Set == nil || os.Getenv("DUMP_BRIEF") != "" {
			continue
		}
		for _, p := range got.Set.Pipelines {
			fmt.Printf(" %s %q %+v paths=%v\n", p.File, p.Name, flags(p.When), p.Paths)
			for _, j := range p.Jobs {
				fmt.Printf("   job %s %+v soft=%s env=%s scoped=%s creds=%v\n", j.Name, flags(j.When), j.Soft, j.Environment, j.Scoped, j.Credentials)
				for _, s := range j.Steps {
					for _, d := range s.Deeds {
						fmt.Printf("      %-20s %-30s over=%s soft=%q via=%s %v %v :%d\n", d.Kind, d.Tool, d.Over, d.Soft+s.Soft, d.Via, d.Targets, d.Objects, d.At.Line)
					}
					for _, o := range s.Opaque {
						fmt.Printf("      ? %s: %s\n", o.What, o.Why)
					}
				}
			}
		}
	}
}

func flags(o any) string {
	s := fmt.Sprintf("%+v", o)
	var out []string
	for _, f := range strings.Fields(strings.Trim(s, "{}")) {
		if strings.HasSuffix(f, ":true") {
			out = append(out, strings.TrimSuffix(f, ":true"))
		}
	}
	return strings.Join(out, ",")
}
