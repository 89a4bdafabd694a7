package script

import (
	"fmt"
	"strings"
	"testing"
)

// TestCommands: which commands a script runs, and which of their failures are
// lost. Lines of want are the words, then "!" and the reason where it is lost.
func TestCommands(t *testing.T) {
	t.Parallel()
	strict := Shell{ErrExit: true, PipeFail: true}
	cases := []struct {
		name, script string
		how          Shell
		want         string
	}{
		{"words", "FOO=1 kubectl  apply -f 'a b' \"c $X\" \\\n  -n shop # no\n", strict, "kubectl|apply|-f|a b|c $X|-n|shop"},
		{"expressions", "helm upgrade ${{ env.NAME }} chart/", strict, "helm|upgrade|__FILLED_IN__|chart/"},
		{"or true", "lint || true\nlint || exit 1\nlint || { echo no; exit 2; }\nlint || echo no", strict,
			"lint ! `|| true`\ntrue\nlint\nexit|1\nlint\necho|no\nexit|2\nlint ! `|| echo no`\necho|no"},
		{"pipe", "a | b", Shell{ErrExit: true}, "a ! a pipe loses its exit code (no `pipefail`)\nb"},
		{"pipe with pipefail", "a | b", strict, "a\nb"},
		{"set in the script", "set -o pipefail\na | b\nset +e\na\nb", Shell{ErrExit: true}, "set|-o|pipefail\na\nb\nset|+e\na ! the script goes on after it fails (no `set -e`)\nb"},
		{"no errexit", "a\nb", Shell{}, "a ! the script goes on after it fails (no `set -e`)\nb"},
		{"status asked", "a\nif [ $? -ne 0 ]; then exit 1; fi\nb", Shell{}, "a\n[|$?|-ne|0|] ! the script goes on after it fails (no `set -e`)\nexit|1 ! the script goes on after it fails (no `set -e`)\nb"},
		{"and", "a && b\nc && d", strict, "a ! what fails in front of `&&` does not stop the script\nb\nc\nd"},
		{"if", "if ! a; then exit 1; fi\nif b; then echo x; fi", strict, "a ! `!` turns its result round\nexit|1\nb ! it is the condition of an `if`\necho|x"},
		{"function", "check() { kubeconform deploy; }\ncheck || true\ncheck", strict, "kubeconform|deploy ! `|| true`\ntrue\nkubeconform|deploy"},
		{"unused function", "check() { kubeconform deploy; }", strict, ""},
		{"test of output", `test -z "$(gofmt -l .)"`, strict, "gofmt|-l|.\ntest|-z|$(...)"},
		{"output put in", `x=$(terraform plan)`, strict, "terraform|plan"},
		{"declared", `export x=$(terraform plan)`, strict, "terraform|plan ! `export` hides its exit code"},
		{"shebang", "#!/bin/sh -eu\na\nb", Shell{}, "a\nb"},
		{"heredoc", "cat <<EOF > x\nkubectl apply\nEOF\nb", strict, "cat\nb"},
		{"loop", "for f in *.yaml; do kubeconform \"$f\"; done\nuntil ready; do sleep 1; done", strict, "kubeconform|$f\nready ! it is the condition of a loop\nsleep|1"},
		{"broken at the end", "a\nif b; then", strict, "a (broken)"},
		{"background", "a & b", strict, "a ! it runs in the background (`&`)\nb"},
		{"eval", "eval 'a; b'", strict, "a\nb"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			list, err := Commands(c.script, c.how)
			var lines []string
			for _, command := range list {
				line := strings.Join(command.Words, "|")
				if command.Soft != "" {
					line += " ! " + command.Soft
				}
				lines = append(lines, line)
			}
			got := strings.Join(lines, "\n")
			if err != nil {
				got += " (broken)"
			}
			if got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

// TestHostile: deep nesting and endless calls end.
func TestHostile(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		strings.Repeat("(", maxScript), strings.Repeat("if ", maxScript/3), strings.Repeat("$(", maxScript/2), strings.Repeat("{ ", maxScript/2),
		"f() { f; f; f; }\nf", strings.Repeat("`", 1000), strings.Repeat("a | ", 20000) + "b", strings.Repeat("x", maxScript+1),
		strings.Repeat("! ", maxScript/2), strings.Repeat("time ", maxScript/5),
		func() string {
			var b strings.Builder
			for i := range 14 {
				fmt.Fprintf(&b, "f%d() { f%d; f%d; f%d; }\n", i, i+1, i+1, i+1)
			}
			return b.String() + "f14() { a; }\nf0"
		}(),
	} {
		list, _ := Commands(text, Shell{ErrExit: true})
		if len(list) > maxCommands {
			t.Errorf("%d commands of %.20q", len(list), text)
		}
	}
}

func FuzzCommands(f *testing.F) {
	f.Add("a | b || true\nif ! c; then exit 1; fi")
	f.Add("${{ x }} $(a `b`) <<EOF\nEOF")
	f.Fuzz(func(_ *testing.T, text string) {
		_, _ = Commands(text, Shell{})
	})
}
