package script

import (
	"bytes"
	"os"
	"regexp"
	"strings"
	"testing"

	"seaworthy.dev/seaworthy/internal/cli"
)

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
	took := regexp.MustCompile(` · [0-9.]+m?s\n`)
	rest := took.ReplaceAllString(out.String(), "\n")
	for _, part := range strings.Split(took.ReplaceAllString(shown, "\n"), "  ...\n") {
		at := strings.Index(rest, part)
		if at < 0 {
			t.Fatalf("this stands in the README and not in the output:\n%s\nThe output is:\n%s", part, out.String())
		}
		rest = rest[at+len(part):]
	}
}
