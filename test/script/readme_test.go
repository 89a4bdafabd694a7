package script

import (
	"bytes"
	"flag"
	"os"
	"regexp"
	"strings"
	"testing"

	"seaworthy.dev/seaworthy/internal/cli"
)

var update = flag.Bool("update", false, "rewrite the output in the README")

// excerpt shows the first three findings and the end of the report.
func excerpt(out string) string {
	lines := strings.SplitAfter(out, "\n")
	var head []string
	findings := 0
	for i, l := range lines {
		if strings.HasPrefix(l, "  ✕ ") {
			findings++
		}
		if findings == 4 {
			head = lines[:i]
			break
		}
	}
	for i, l := range lines {
		if strings.Contains(l, "blockers could not be told") {
			return strings.Join(head, "") + "  ...\n" + strings.Join(lines[i:], "")
		}
	}
	return out
}

// TestReadme: the output in the README is what the program prints for the
// unready example, but for the time that it took. Lines of three dots stand for
// what is left out.
func TestReadme(t *testing.T) {
	t.Chdir("../..")
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, after, found := strings.Cut(string(readme), "`make run` prints:\n\n```\n")
	shown, _, closed := strings.Cut(after, "```\n")
	if !found || !closed {
		t.Fatal("the README shows no output of `make run`")
	}
	var out, errs bytes.Buffer
	code := cli.Run(t.Context(), []string{"check", "examples/unready", "--fail-on", "never"}, cli.Streams{
		Out: &out, Err: &errs, Env: func(string) string { return "" },
	})
	if code != cli.OK {
		t.Fatalf("exit code %d: %s", code, errs.String())
	}
	if *update {
		text := strings.Replace(string(readme), shown, excerpt(out.String()), 1)
		if err := os.WriteFile("README.md", []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	took := regexp.MustCompile(` · [0-9.]+ m?s\n`)
	rest := took.ReplaceAllString(out.String(), "\n")
	for _, part := range strings.Split(took.ReplaceAllString(shown, "\n"), "  ...\n") {
		at := strings.Index(rest, part)
		if at < 0 {
			t.Fatalf("this stands in the README and not in the output:\n%s\nThe output is:\n%s", part, out.String())
		}
		rest = rest[at+len(part):]
	}
}
