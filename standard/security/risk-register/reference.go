package riskregister

import (
	"slices"

	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// annotation refers to an entry from an object.
const annotation = "seaworthy.dev/risk"

// references judges the places that refer to the register: a reference must lead
// a reader to an entry about that very place.
func references(out *verdict.Findings, in expect.Input) {
	for _, m := range in.Declared.RiskMentions {
		r := find(in, m.ID)
		switch {
		case r == nil || !r.Open():
			lost(out, in, m.Ref, m.ID, r)
		case elsewhere(in, r, m.File):
			out.Fail(m.Ref, "reference", "the comment refers to %s, which is about %s and nothing in this file", r.ID, about(r))
		}
	}
	for _, set := range in.All {
		for _, o := range set.Objects {
			id := o.Annotations[annotation]
			if id == "" {
				continue
			}
			r := find(in, id)
			switch {
			case r == nil || !r.Open():
				lost(out, in, o.Ref, id, r)
			case !r.CoversSubject(o.Ref):
				out.Fail(o.Ref, "reference", "%s refers to %s, which is about %s", o.Name, r.ID, about(r))
			}
		}
	}
}

func find(in expect.Input, id string) *fact.Risk {
	for _, r := range in.Declared.Risks {
		if r.ID == id {
			return r
		}
	}
	return nil
}

// lost reports a reference to an entry that is not there, or no more.
func lost(out *verdict.Findings, in expect.Input, at fact.Ref, id string, r *fact.Risk) {
	unread := slices.ContainsFunc(in.Declared.Registers, func(r *fact.Register) bool { return r.Unread != "" })
	switch {
	case r != nil:
		out.Fail(at, "reference", "refers to %s, which is closed", id)
	case unread:
		out.Unclear(at, "reference", "refers to %s, which may stand where the register cannot be read", id)
	default:
		out.Fail(at, "reference", "refers to %s, which is in no register", id)
	}
}

// elsewhere reports whether what the entry is about was found, and none of it in
// a file.
func elsewhere(in expect.Input, r *fact.Risk, file string) bool {
	found := false
	for i := range in.Verdicts {
		v := &in.Verdicts[i]
		for _, f := range v.Findings {
			if !r.Covers(v.Expectation, f.Rule, f.Ref) || f.Ref.File == "" {
				continue
			}
			if f.Ref.File == file {
				return false
			}
			found = true
		}
	}
	return found
}

func about(r *fact.Risk) string {
	if r.About != "" {
		return r.About
	}
	return r.Expectation
}
