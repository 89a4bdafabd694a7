package failuredomains

import (
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// databases judges what operators run. How their instances are kept apart is
// read of CloudNativePG alone, which prefers different hosts unless told
// otherwise; other operators have settings of their own.
func databases(out *verdict.Findings, here *fact.Set) {
	for _, d := range here.Databases {
		switch {
		case d.Managed != nil:
			managed(out, d)
		case d.Instances == 0:
			out.Unclear(d.Ref, "operators-placement", "how many instances of %s %s runs and where is for its operator to say", d.Engine, d.Name)
		case d.Instances == 1:
			out.Fail(d.Ref, "single-instance", "%s keeps one instance of %s, so the loss of its node or zone stops it", d.Name, d.Engine)
		case d.ZoneSpread:
			out.Pass(d.Ref, "spread", "%d instances of %s are kept apart by zone", d.Instances, d.Name)
		case strings.HasPrefix(d.Subject, "postgresql.cnpg.io/"):
			out.Fail(d.Ref, "no-zone-spread", "%s keeps its %d instances of %s on different hosts at best, so all may stand in one zone", d.Name, d.Instances, d.Engine)
		default:
			out.Unclear(d.Ref, "operators-placement", "how the %d instances of %s %s are kept apart is for its operator to say", d.Instances, d.Engine, d.Name)
		}
	}
}
