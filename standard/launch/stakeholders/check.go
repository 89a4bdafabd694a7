// Package stakeholders checks that those who are concerned were told of launch
// and handover.
package stakeholders

import (
	"seaworthy.dev/seaworthy/internal/derive/attested"
	"seaworthy.dev/seaworthy/internal/derive/page"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// Check passes when somebody attests notices that count, and those of them that can
// be read here say what is launched and whom they told.
func Check(in expect.Input) (out verdict.Findings) {
	if in.Here.Rung != fact.Declared {
		return out
	}
	attested.Judge(&out, in, "launch/stakeholders", "", "the notices", attested.Rules{Attested: "notified", Flawed: "flawed-notices"})
	library := page.LibraryOf(in.All)
	for _, a := range attested.For(in, "launch/stakeholders", "") {
		d := library.Page(a.File)
		if a.File == "" || d == nil || attested.Flaw(in, a, in.MaxAge(fact.Declared)) != "" || !page.English(d) {
			continue
		}
		switch n, ok := page.NoticeOf(d); {
		case page.Unwritten(d.Sections):
			out.Fail(a.Ref, "unwritten", "%s, to which the attestation links, is still to be written", d.Path)
		case !ok:
			out.Fail(a.Ref, "no-notice", "%s, to which the attestation links, tells of no launch and no handover", d.Path)
		case !n.To:
			out.Fail(d.Ref, "no-recipients", "%s does not say whom it told", d.Path)
		}
	}
	return out
}
