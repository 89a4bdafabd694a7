package mutualtls

import (
	"seaworthy.dev/seaworthy/internal/derive/edges"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// managed judges an edge to a store that a cloud runs: what the store refuses
// is known, what its client does is not.
func managed(out *verdict.Findings, e edges.Edge) {
	d := e.Database
	switch t := d.Managed.TLS; {
	case t.Is():
		out.Unclear(e.Ref(), "client-untold", "%s talks to %s (%s), which refuses plain text; whether it verifies the store and proves who it is, is not told here", e.Client.Name, d.Name, d.Engine)
	case t.IsNot():
		out.Fail(e.Ref(), "store-takes-plain-text", "%s talks to %s (%s), which lets clients in that do not encrypt", e.Client.Name, d.Name, d.Engine)
	default:
		out.Unclear(e.Ref(), "client-untold", "%s talks to %s (%s); whether that is encrypted is not known, for %s", e.Client.Name, d.Name, d.Engine, t.Why)
	}
}
