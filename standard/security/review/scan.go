package review

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// scanned passes recent scans that leave nothing critical open. What is found
// stays found however old the scan is.
func scanned(out *verdict.Findings, in expect.Input) {
	for _, s := range in.Here.Scans {
		for _, r := range s.Critical {
			rule, how := "critical", ""
			if r.Suppressed != "" {
				rule, how = "suppressed", ", which the log suppresses ("+r.Suppressed+")"
			}
			out.Fail(r.Ref, rule, "%s found %s%s%s%s", s.Tool, r.Rule, score(r), where(r), how)
		}
		if says, rule := doubt(in, s); rule != "" {
			out.Unclear(s.Ref, rule, "%s", says)
		} else if len(s.Critical) == 0 {
			out.Pass(s.Ref, "clean", "%s found nothing critical in %s on %s (%s)", s.Tool, subjects(s), expect.Day(s.Ended), verdict.Count(s.Results, "result"))
		}
		if len(s.Covers) == 0 {
			out.Note(s.Ref, "unknown-tool", "%s is no scanner that is known here, so its log counts for nothing that is asked; name the file after what it is about (code, deps, image, infra)", s.Tool)
		}
	}
	if len(in.Here.Scans) > 0 && in.First(func(set *fact.Set) bool { return len(set.Scans) > 0 }) {
		uncovered(out, in)
	}
}

// doubt returns why a scan cannot be taken for what is the case now.
func doubt(in expect.Input, s *fact.Scan) (says, rule string) {
	name := fmt.Sprintf("%s's scan in %s", s.Tool, path.Base(s.File))
	switch {
	case s.Failed:
		return name + " did not finish, as it says itself", "unfinished"
	case s.Ended.IsZero():
		return name + " does not say when it ran, and a file that git keeps has the time of its checkout", "undated"
	case s.Ended.AddDate(0, 0, in.Limit("scan-days")).Before(in.AsOf):
		return fmt.Sprintf("%s ran on %s; what is older than %d days says little of today", name, expect.Day(s.Ended), in.Limit("scan-days")), "old-scan"
	}
	return "", ""
}

// uncovered says which part of what is deployed no scan that counts looks at.
func uncovered(out *verdict.Findings, in expect.Input) {
	covered, asked := map[string]bool{}, []string{"code", "dependencies"}
	var first fact.Ref
	images, infrastructure := false, false
	for _, set := range in.All {
		for _, s := range set.Scans {
			if first.File == "" {
				first = s.Ref
			}
			if _, rule := doubt(in, s); rule == "" {
				for _, subject := range s.Covers {
					covered[subject] = true
				}
			}
		}
		infrastructure = infrastructure || len(set.Objects) > 0
		for _, w := range set.Workloads {
			images = images || slices.ContainsFunc(w.Containers, func(c fact.Container) bool { return c.Image.Raw != "" })
		}
	}
	if images {
		asked = append(asked, "images")
	}
	if infrastructure {
		asked = append(asked, "infrastructure")
	}
	asked = slices.DeleteFunc(asked, func(subject string) bool { return covered[subject] })
	if len(asked) > 0 {
		out.Unclear(first, "uncovered", "no scan that counts looks at %s", strings.Join(asked, ", "))
	}
}

func subjects(s *fact.Scan) string {
	if len(s.Covers) == 0 {
		return path.Base(s.File)
	}
	return strings.Join(s.Covers, ", ")
}

func score(r *fact.ScanResult) string {
	if r.Score == 0 {
		return " (critical)"
	}
	return fmt.Sprintf(" (%.1f)", r.Score)
}

func where(r *fact.ScanResult) string {
	if r.Part == "" {
		return ""
	}
	return " in " + r.Part
}
