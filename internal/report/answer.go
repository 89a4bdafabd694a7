package report

import (
	"fmt"

	"seaworthy.dev/seaworthy/internal/assess"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// The answers, as every format gives them.
const (
	ready    = "ready"
	notReady = "not ready"
	partly   = "partly judged"
	idle     = "nothing deployed"
)

// answer says whether a service is ready. A part of the standard cannot say that it
// is, and where nothing is deployed there is nothing that could be.
func (r *Report) answer(s *assess.Service) (string, verdict.State) {
	switch {
	case s.Idle && gaps(s) == 0:
		return idle, verdict.Unknown
	case !verdict.Ready(s.Tier, s.Verdicts):
		return notReady, verdict.Gap
	case len(s.Verdicts) < r.Total:
		return partly, verdict.Short
	}
	return ready, verdict.Met
}

// gaps counts the blockers that are gaps.
func gaps(s *assess.Service) int {
	n := 0
	for i := range s.Verdicts {
		if v := &s.Verdicts[i]; v.Severity == verdict.Blocker && v.State == verdict.Gap {
			n++
		}
	}
	return n
}

// idleSays tells people what an idle service means, and what to do.
const idleSays = "Nothing here is deployed, so there is little to judge: no manifest, chart, Terraform, compose file, unit or Dockerfile was found that counts, " +
	"and no pipeline deploys. Run it on the repository in which they stand, or let `seaworthy init` describe what runs."

// figures says beside the answer how far the service is.
func figures(s *assess.Service, answer string) string {
	if answer == idle {
		return fmt.Sprintf("%d of %s met", count(s, verdict.Met), verdict.Count(len(s.Verdicts), "expectation"))
	}
	return fmt.Sprintf("score %d   %s open", verdict.Score(s.Verdicts), verdict.Count(openBlockers(s.Verdicts), "blocker"))
}

func count(s *assess.Service, state verdict.State) int {
	n := 0
	for i := range s.Verdicts {
		if s.Verdicts[i].State == state {
			n++
		}
	}
	return n
}

func first(answer string, _ verdict.State) string { return answer }
