// Package objective checks that objectives have a target, a window and an indicator
// that counts, and that they are stricter than what customers were promised.
package objective

import (
	"fmt"
	"math/big"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/objectives"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// Check passes each objective of which all parts are right. Without any, they may
// stand elsewhere.
func Check(in expect.Input) (out verdict.Findings) {
	once := in.Once()
	if !once && len(in.Here.Objectives) == 0 {
		return out
	}
	all := objectives.Of(in.All, in.Declared)
	if once {
		promised(&out, in, all)
	}
	for _, o := range all {
		if o.Declared && once || !o.Declared && slices.Contains(in.Here.Objectives, o.Objective) {
			judge(&out, in, o, all)
		}
	}
	return out
}

// judge holds one objective against all that it needs.
func judge(out *verdict.Findings, in expect.Input, o *objectives.Objective, all []*objectives.Objective) {
	sound := true
	fail := func(ref fact.Ref, rule, format string, args ...any) {
		sound = false
		out.Fail(ref, rule, "%s: %s", o.Name, fmt.Sprintf(format, args...))
	}
	unclear := func(ref fact.Ref, rule, format string, args ...any) {
		sound = false
		out.Unclear(ref, rule, "%s: %s", o.Name, fmt.Sprintf(format, args...))
	}
	switch {
	case o.Target.IsZero():
		unclear(o.Ref, "no-target", "its target could not be read")
		return
	case o.Target.Spent():
		fail(o.Ref, "everything", "100 %% leaves no budget: the first bad event breaks it, and no change is ever small enough")
	case o.Target.Share().Cmp(big.NewRat(1, 100)) <= 0:
		fail(o.Ref, "tiny", "%s of events would do; the number is in percent", o.Target)
	}
	if o.Window.IsZero() {
		if strings.TrimSpace(o.Objective.Window) == "" {
			fail(o.Ref, "no-window", "it names no window, so nobody can say whether it was met")
		} else {
			unclear(o.Ref, "window-unknown", "its window %q is not understood", o.Objective.Window)
		}
	}
	for _, other := range all {
		if o.Declared && !other.Declared && objectives.Same(o.Name, other.Name) && !other.Target.IsZero() && other.Target.Cmp(o.Target) != 0 {
			fail(o.Ref, "disagrees", "it is %s here and %s in %s", o.Target, other.Target, other.File)
			break
		}
	}
	measured(o, fail, unclear)
	if sound {
		how := "queries that parse and count good events among all"
		switch {
		case o.Indicator.Builtin != "":
			how = o.Indicator.Builtin
		case o.Indicator.Threshold != nil:
			how = "a query that parses and is held against a limit"
		}
		out.Pass(o.Ref, "measured", "%s: %s over %s, by %s%s", o.Name, o.Target, o.Window, how, strictly(in, o, all))
	}
}

type say func(ref fact.Ref, rule, format string, args ...any)

// measured judges the indicator.
func measured(o *objectives.Objective, fail, unclear say) {
	if o.Indicator == nil {
		if o.IndicatorRef != "" {
			unclear(o.Ref, "indicator-elsewhere", "its indicator %s stands elsewhere", o.IndicatorRef)
		} else {
			fail(o.Ref, "no-indicator", "nothing says what is counted")
		}
		return
	}
	for _, f := range objectives.Flaws(o.Indicator) {
		ref := o.Ref
		if f.At.Line > 0 {
			ref = ref.At(f.At)
		}
		if f.Kind == objectives.Opaque {
			unclear(ref, string(f.Kind), "%s", f.Says)
		} else {
			fail(ref, string(f.Kind), "%s", f.Says)
		}
	}
}
