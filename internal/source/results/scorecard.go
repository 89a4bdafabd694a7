package results

import (
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
)

func looksScorecard(h head) (looks, sure bool) {
	return h.has("scorecard") && (h.has("checks") || h.has("repo") || h.has("score")), true
}

// criticalChecks are the checks whose risk Scorecard itself calls critical.
// https://github.com/ossf/scorecard/blob/main/docs/checks.md
var criticalChecks = []string{"Dangerous-Workflow", "Webhooks"}

// highChecks are those whose risk it calls high.
var highChecks = []string{"Binary-Artifacts", "Branch-Protection", "Code-Review", "Dependency-Update-Tool", "Maintained", "Signed-Releases", "Token-Permissions", "Vulnerabilities"}

// lowScore is the score, of 10, below which a check is named.
const lowScore = 5

// readScorecard reads `scorecard --format json`. A score of -1 says that a check
// could not tell.
func readScorecard(s *source) (Reading, error) {
	var in struct {
		Date string `json:"date"`
		Repo struct {
			Name   string `json:"name"`
			Commit string `json:"commit"`
		} `json:"repo"`
		Score  float64 `json:"score"`
		Checks []struct {
			Name   string  `json:"name"`
			Score  float64 `json:"score"`
			Reason string  `json:"reason"`
		} `json:"checks"`
	}
	if err := s.json(&in); err != nil {
		return Reading{}, err
	}
	if len(in.Checks) == 0 {
		return Reading{}, errNone
	}
	scan := &fact.Scan{
		Ref:  fact.Ref{Subject: "scan Scorecard", Location: fact.Location{File: s.shown, Line: 1}},
		Tool: "OpenSSF Scorecard", Ended: moment(in.Date), Covers: []string{fact.Practices}, Results: len(in.Checks), Score: &in.Score, Revision: in.Repo.Commit,
	}
	for _, c := range in.Checks {
		at := fact.Ref{Subject: "scan Scorecard: " + c.Name, Location: scan.Location}
		switch {
		case c.Score < 0:
		case c.Score < lowScore && has(criticalChecks, c.Name):
			scan.Critical = append(scan.Critical, &fact.ScanResult{Ref: at, Rule: c.Name, Says: c.Reason})
		case c.Score < lowScore && has(highChecks, c.Name):
			scan.Low = append(scan.Low, &fact.ScanResult{Ref: at, Rule: c.Name, Score: c.Score, Says: c.Reason})
		}
	}
	return Reading{Scan: scan}, nil
}

func has(list []string, name string) bool {
	for _, one := range list {
		if strings.EqualFold(one, name) {
			return true
		}
	}
	return false
}
