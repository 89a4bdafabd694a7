package leaks

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"

	"seaworthy.dev/seaworthy/internal/fact"
)

// The files in which a tree states exceptions of its own, as gitleaks reads them.
const (
	configFile  = ".gitleaks.toml"
	ignoreFile  = ".gitleaksignore"
	inlineAllow = "gitleaks:allow"
)

// exceptions are what the judged tree itself leaves out, and the rules that it
// adds. They are honoured and counted: nobody exempts himself unseen.
type exceptions struct {
	rules    []definition
	lists    []*allowlist
	byRule   map[string][]*allowlist
	disabled map[string]bool
	// only is true where the built-in rules are not wanted at all.
	only    bool
	ignored map[string]bool
	// text is the configuration as written: what is found depends on it.
	text     []byte
	problems []fact.Problem
}

// readExceptions reads the files at the top of a tree. What is wrong with them
// is reported, and counts for nothing.
func readExceptions(top, shown string) *exceptions {
	x := &exceptions{byRule: map[string][]*allowlist{}, disabled: map[string]bool{}, ignored: map[string]bool{}}
	x.configure(top, shown)
	x.ignores(top, shown)
	return x
}

func (x *exceptions) configure(top, shown string) {
	text, err := readSmall(filepath.Join(top, configFile))
	at := fact.Location{File: join(shown, configFile)}
	if errors.Is(err, os.ErrNotExist) {
		return
	}
	complain := func(line int, format string, args ...any) {
		at.Line = line
		x.problems = append(x.problems, fact.Problem{Location: at, Message: fmt.Sprintf(format, args...) + "; none of its rules and exceptions count"})
	}
	if err != nil {
		complain(0, "cannot be read: %v", err)
		return
	}
	var c configuration
	if _, err := toml.Decode(string(text), &c); err != nil {
		var wrong toml.ParseError
		if errors.As(err, &wrong) {
			complain(wrong.Position.Line, "is not TOML as gitleaks wants it: %s", wrong.Message)
		} else {
			complain(0, "is not a configuration of gitleaks: %v", err)
		}
		return
	}
	if err := x.take(&c); err != nil {
		complain(lineOf(text, err.text), "%v", err)
		*x = exceptions{byRule: map[string][]*allowlist{}, disabled: map[string]bool{}, ignored: map[string]bool{}, problems: x.problems}
		return
	}
	x.text = text
	if c.Extend.Path != "" {
		at.Line = lineOf(text, c.Extend.Path)
		x.problems = append(x.problems, fact.Problem{Location: at, Message: "extends " + c.Extend.Path + ", which is not read; write its exceptions here"})
	}
}

// wrong is what is wrong with a configuration, and a text that stands there.
type wrong struct{ says, text string }

// Error says what is wrong.
func (w *wrong) Error() string { return w.says }

func (x *exceptions) take(c *configuration) *wrong {
	x.only = !c.Extend.UseDefault && len(c.Rules) > 0
	for _, id := range c.Extend.DisabledRules {
		x.disabled[id] = true
	}
	lists := c.Allowlists
	if c.AllowList != nil {
		lists = append(lists, *c.AllowList)
	}
	for i := range lists {
		a, err := checked(&lists[i])
		if err != nil {
			return err
		}
		if len(a.rules) == 0 {
			x.lists = append(x.lists, a)
		}
		for _, id := range a.rules {
			x.byRule[id] = append(x.byRule[id], a)
		}
	}
	for i := range c.Rules {
		r := &c.Rules[i]
		if r.ID == "" {
			return &wrong{"has a rule without an id", r.Regex}
		}
		d := r.definition()
		d.own = true
		if err := newRule(d).compile(); err != nil {
			return &wrong{fmt.Sprintf("rule %s: %v", r.ID, err), r.Regex}
		}
		for _, a := range append(r.Allowlists, optional(r.AllowList)...) {
			list, err := checked(&a)
			if err != nil {
				return err
			}
			x.byRule[r.ID] = append(x.byRule[r.ID], list)
		}
		d.allowlists = nil // they are counted like the other exceptions
		if d.pattern != "" || d.path != "" {
			x.rules = append(x.rules, d)
		}
	}
	return nil
}

func optional(a *writtenAllowlist) []writtenAllowlist {
	if a == nil {
		return nil
	}
	return []writtenAllowlist{*a}
}

func checked(w *writtenAllowlist) (*allowlist, *wrong) {
	for _, pattern := range slices.Concat(w.Regexes, w.Paths) {
		if _, err := regexp.Compile(pattern); err != nil {
			return nil, &wrong{fmt.Sprintf("an allowlist: %v", err), pattern}
		}
	}
	return newAllowlist(w.allowances()), nil
}

func (x *exceptions) ignores(top, shown string) {
	text, err := readSmall(filepath.Join(top, ignoreFile))
	if err != nil {
		if !errors.Is(err, os.ErrNotExist) {
			x.problems = append(x.problems, fact.Problem{Location: fact.Location{File: join(shown, ignoreFile)}, Message: fmt.Sprintf("cannot be read: %v", err)})
		}
		return
	}
	lines := bufio.NewScanner(bytes.NewReader(text))
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if parts := strings.Count(line, ":"); parts != 2 && parts != 3 {
			x.problems = append(x.problems, fact.Problem{Location: fact.Location{File: join(shown, ignoreFile), Line: n}, Message: "is no fingerprint; write file:rule:line or commit:file:rule:line"})
			continue
		}
		x.ignored[strings.ReplaceAll(line, `\`, "/")] = true
	}
}

// hides names the exception that leaves a match out; empty for none.
func (x *exceptions) hides(h *hit, l *fact.Leaked) string {
	place := fmt.Sprintf("%s:%s:%d", l.Path, l.Rule, l.Line)
	allows := func(a *allowlist) bool {
		return a.skips(l.Path, l.Commit) || a.allows(h, l.Path, l.Commit)
	}
	switch {
	case strings.Contains(h.line, inlineAllow):
		return "an inline comment"
	case x.ignored[place], l.Commit != "" && x.ignored[l.Commit+":"+place]:
		return ignoreFile
	case !h.rule.own && (x.only || x.disabled[h.rule.id]), slices.ContainsFunc(x.lists, allows), slices.ContainsFunc(x.byRule[h.rule.id], allows):
		return configFile
	}
	return ""
}

// ruleset returns the built-in rules and those of the tree.
func (x *exceptions) ruleset() *ruleset {
	return newRuleset(append(slices.Clip(builtin), x.rules...), builtinAllowances)
}

// maxConfig bounds a file of exceptions.
const maxConfig = 4 << 20

func readSmall(name string) ([]byte, error) {
	info, err := os.Lstat(name)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, errors.New("it is no plain file")
	case info.Size() > maxConfig:
		return nil, fmt.Errorf("it has more than %d MiB", maxConfig>>20)
	}
	return os.ReadFile(name)
}

// lineOf finds the line in which a text stands; zero where it does not.
func lineOf(text []byte, part string) int {
	if part == "" {
		return 0
	}
	for _, quote := range []string{"'", `"`, ""} { // as a value, else anywhere
		if at := bytes.Index(text, []byte(quote+part+quote)); at >= 0 {
			return 1 + bytes.Count(text[:at], []byte("\n"))
		}
	}
	return 0
}

func join(shown, rel string) string {
	if shown == "" {
		return rel
	}
	return shown + "/" + rel
}
