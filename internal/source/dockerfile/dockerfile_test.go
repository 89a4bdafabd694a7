package dockerfile

import (
	"fmt"
	"strings"
	"testing"
)

func said(r Reading) string {
	var b strings.Builder
	for _, p := range r.Problems {
		fmt.Fprintf(&b, "%d %s\n", p.Line, p.Message)
	}
	return b.String()
}

// TestBadInput: what a builder would refuse is said with its line and the nearest
// instruction, leaves a hole, and ends nothing.
func TestBadInput(t *testing.T) {
	for name, tt := range map[string]struct{ text, says string }{
		"FORM":              {"FORM debian\nUSER 1\n", "1 FORM is no instruction of a Dockerfile; did you mean FROM?"},
		"unknown":           {"FROM debian\nCROSS_BUILD x\n", "2 CROSS_BUILD is no instruction of a Dockerfile"},
		"empty":             {"", "0 is no valid Dockerfile: file with no instructions"},
		"only arguments":    {"ARG A=1\n", "0 has no FROM"},
		"no FROM first":     {"RUN true\n", "1 starts with RUN, but a Dockerfile starts with FROM"},
		"bad interval":      {"FROM debian\nHEALTHCHECK --interval=x CMD true\n", "2 HEALTHCHECK is not valid"},
		"unterminated here": {"FROM debian\nRUN <<EOF\ntrue\n", "is no valid Dockerfile: unterminated heredoc"},
		"binary":            {"FROM \x00\n", "0 is binary and no Dockerfile"},
		"bad stage":         {"FROM debian AS 1x\n", "1 FROM is not valid: invalid name for build stage"},
	} {
		t.Run(name, func(t *testing.T) {
			got := Read("Dockerfile", []byte(tt.text))
			if !strings.Contains(said(got), tt.says) || len(got.Holes) == 0 {
				t.Errorf("got %q with %d holes, want %q", said(got), len(got.Holes), tt.says)
			}
		})
	}
}

// TestStages: defaults of arguments are put in, stages continue others, and the
// last one runs.
func TestStages(t *testing.T) {
	got := Read("Dockerfile", []byte(`# syntax=docker/dockerfile:1
ARG V=13.1
ARG OPEN
FROM debian:${V} AS base
ARG V
ENV APP_USER=app PORT=80${V:+80}
USER $APP_USER
EXPOSE $PORT/tcp
STOPSIGNAL SIGQUIT
HEALTHCHECK --interval=10s --retries=2 CMD ["/check"]
RUN <<EOF
curl https://example.com/x | sh
EOF
FROM ${OPEN:-alpine:3.22.1} AS other
FROM base
ENTRYPOINT ["/app"]
CMD ["--x"]
`))
	if len(got.Problems) > 0 {
		t.Fatal(said(got))
	}
	b := got.Build
	f := b.Final()
	if len(b.Stages) != 3 || b.Stages[0].Base.Raw != "debian:13.1" || b.Stages[1].Base.Raw != "alpine:3.22.1" || f.Continues != 0 || b.Root(f) != &b.Stages[0] || !b.Within(0) || b.Within(1) {
		t.Fatalf("stages: %+v", b.Stages)
	}
	c := f.Config
	if c.User != "app" || c.StopSignal != "SIGQUIT" || c.Health == nil || c.Health.Within() != 20 || c.Entry.Program != "/app" || !c.EntryHere || len(c.Ports) != 1 || c.Ports[0].Number != 8080 {
		t.Errorf("config: %+v", c)
	}
	if len(b.Fetches) != 1 || b.Fetches[0].From != "https://example.com" {
		t.Errorf("fetches: %+v", b.Fetches)
	}
}

// TestWindows: another escape character, so that paths may end with a backslash.
func TestWindows(t *testing.T) {
	got := Read("Dockerfile", []byte("# escape=`\nFROM mcr.microsoft.com/windows/servercore:ltsc2022\nCOPY app.exe C:\\\nUSER ContainerUser\nENTRYPOINT [\"C:\\\\app.exe\"]\n"))
	if len(got.Problems) > 0 || got.Build.Final().Config.User != "ContainerUser" {
		t.Errorf("%s %+v", said(got), got.Build)
	}
}

// FuzzRead: no input ends the reader.
func FuzzRead(f *testing.F) {
	f.Add("FROM debian\nARG A\nENV B=$A\nUSER ${B:-x}\n")
	f.Add("# escape=`\nFROM a\nRUN <<E\nE\n")
	f.Fuzz(func(t *testing.T, text string) {
		got := Read("Dockerfile", []byte(text))
		if got.Build == nil && len(got.Holes) == 0 {
			t.Error("nothing was read and nothing is missing")
		}
	})
}
