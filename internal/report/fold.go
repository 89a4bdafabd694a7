package report

import (
	"fmt"
	"strings"

	"seaworthy.dev/seaworthy/internal/verdict"
)

// alike groups verdicts that could not be told for one and the same reason,
// such as a chart that is not here. With every finding listed, each stands alone.
func (t *text) alike(list []*verdict.Verdict) [][]*verdict.Verdict {
	var out [][]*verdict.Verdict
	at := map[string]int{}
	for _, v := range list {
		key := position(v.At) + v.Reason + v.Settle
		i, found := at[key]
		if found && v.State == verdict.Unknown && v.At.File != "" && !t.o.Verbose {
			out[i] = append(out[i], v)
			continue
		}
		at[key] = len(out)
		out = append(out, []*verdict.Verdict{v})
	}
	return out
}

// also names verdicts to which the last one's reason applies as well.
func (t *text) also(list []*verdict.Verdict) {
	names := make([]string, len(list))
	for i, v := range list {
		names[i] = v.Expectation
	}
	if len(list) > 0 {
		for _, l := range wrap("the same holds for "+strings.Join(names, ", "), t.width-6) {
			t.line("      %s", l)
		}
	}
}

// silent folds the blockers on which nothing is read yet into one entry.
func (t *text) silent(list []*verdict.Verdict) {
	names := make([]string, len(list))
	for i, v := range list {
		names[i] = v.Expectation
	}
	head := fmt.Sprintf("%s could not be told, for nothing here is evidence on them yet:", verdict.Count(len(list), "blocker"))
	for i, l := range wrap(head, t.width-4) {
		mark := " "
		if i == 0 {
			mark = t.sign(verdict.Unknown)
		}
		t.line("  %s %s", mark, l)
	}
	for _, l := range wrap(strings.Join(names, ", "), t.width-6) {
		t.line("      %s", l)
	}
}
