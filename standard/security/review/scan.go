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
// stays found however old the scan is. A scan that does not count matters only
// where no other one looks at the same.
func scanned(out *verdict.Findings, in expect.Input) {
	if len(in.Here.Scans) == 0 {
		return
	}
	covered := covers(in, func(s *fact.Scan) bool { _, rule := doubt(in, s); return rule == "" })
	for _, s := range in.Here.Scans {
		for _, r := range s.Critical {
			rule, how := "critical", ""
			if r.Suppressed != "" {
				rule, how = "suppressed", ", which the log suppresses ("+r.Suppressed+")"
			}
			if r.Says != "" {
				how += ": " + r.Says
			}
			out.Fail(r.Ref, rule, "%s found %s%s%s%s", s.Tool, r.Rule, score(r), where(r), how)
		}
		for _, r := range s.Low {
			out.Note(r.Ref, "low-mark", "%s marks %s with %g of 10: %s", s.Tool, r.Rule, r.Score, r.Says)
		}
		says, rule := doubt(in, s)
		needed := slices.ContainsFunc(s.Covers, func(subject string) bool { return subject != fact.Practices && !covered[subject] })
		switch {
		case len(s.Covers) == 0:
			out.Note(s.Ref, "unknown-tool", "what %s looks at in %s cannot be told, so that its log counts for nothing; name the file after it (code, deps, image, infra)", s.Tool, path.Base(s.File))
		case needed:
			out.Unclear(s.Ref, rule, "%s", says)
		case rule != "":
			out.Note(s.Ref, rule, "%s", says)
		case s.Score != nil && len(s.Critical) == 0:
			out.Note(s.Ref, "marked", "%s of %s marks the project with %g of 10", s.Tool, expect.Day(s.Ended), *s.Score)
		case len(s.Critical) == 0:
			out.Pass(s.Ref, "clean", "%s found nothing critical in %s on %s (%s)", s.Tool, strings.Join(s.Covers, ", "), expect.Day(s.Ended), verdict.Count(s.Results, "result"))
		}
	}
	if in.First(func(set *fact.Set) bool { return len(set.Scans) > 0 }) {
		uncovered(out, in)
	}
}

// covers returns what the scans look at that are counted.
func covers(in expect.Input, counts func(*fact.Scan) bool) map[string]bool {
	out := map[string]bool{}
	for _, set := range in.All {
		for _, s := range set.Scans {
			if counts(s) {
				for _, subject := range s.Covers {
					out[subject] = true
				}
			}
		}
	}
	return out
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

// uncovered says at which part of what is deployed no scan looks.
func uncovered(out *verdict.Findings, in expect.Input) {
	asked := []string{"code", "dependencies"}
	images, infrastructure := false, false
	for _, set := range in.All {
		infrastructure = infrastructure || len(set.Objects)+len(set.Cloud) > 0
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
	covered := covers(in, func(*fact.Scan) bool { return true })
	asked = slices.DeleteFunc(asked, func(subject string) bool { return covered[subject] })
	if len(asked) > 0 {
		out.Unclear(in.Here.Scans[0].Ref, "uncovered", "no scan here looks at %s", strings.Join(asked, ", "))
	}
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
