package report

import (
	"fmt"
	"strings"
	"testing"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// TestGitHubAnnotations shows every level, in order, with the answer last.
func TestGitHubAnnotations(t *testing.T) {
	r := small()
	r.Services[0].Verdicts[2].Severity = verdict.Blocker // could not be told
	got := render(t, GitHub, r, Options{})
	want := `::error file=deploy/web.yaml,line=31,col=7,title=scaling/disruption-budgets#blocks-eviction::web lets 0 of 2 instances be evicted
::warning file=/abs/web.yaml,line=4,title=secrets/scope#token::a token is mounted
::warning file=deploy/broken.yaml,line=9,col=2,title=could not be read::is not valid YAML
::warning file=deploy/huge.yaml,title=could not be read::has 40 MB
::notice title=could not tell::1 blocker could not be told: privacy/residency
seaworthy: checkout is NOT READY, score 0, 2 blockers open; 0 met, 0 short, 2 gaps, 1 unknown, 0 n/a
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestGitHubEscapes keeps user's names from breaking out of their command.
func TestGitHubEscapes(t *testing.T) {
	a := annotation{"error", "50%, a:b", "100% of\r\n::error::pods", fact.Location{File: "a,b:c.yaml"}}
	if got, want := fmt.Sprint(a), "::error file=a%2Cb%3Ac.yaml,title=50%25%2C a%3Ab::100%25 of%0D%0A::error::pods"; got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	r := small()
	r.Services[0].Name = "x\n::stop-commands::y ##[add-path]z"
	lines := strings.Split(strings.TrimSpace(render(t, GitHub, r, Options{})), "\n")
	if last := lines[len(lines)-1]; !strings.HasPrefix(last, "seaworthy: x ::stop") || strings.Contains(last, "##[") {
		t.Errorf("the name of a service makes a command: %s", last)
	}
}

// TestGitHubShowsBlockersFirst matters because GitHub shows ten of a level.
func TestGitHubShowsBlockersFirst(t *testing.T) {
	r := small()
	v := r.Services[0].Verdicts
	v[0], v[1] = v[1], v[0]
	if got := render(t, GitHub, r, Options{}); !strings.HasPrefix(got, "::error ") {
		t.Errorf("starts with %s", got)
	}
}
