package mutualtls

import (
	"seaworthy.dev/seaworthy/internal/derive/edges"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// wire judges an edge by its address alone: no mesh is known to guard it.
func wire(out *verdict.Findings, e edges.Edge, mesh bool) {
	how := edges.How(e.Address)
	switch w := edges.WireOf(e.Address); {
	case e.Service != nil && e.Service.Sealed:
		out.Unclear(e.Ref(), "client-certificate", "%s talks to %s through proxies of the platform, which encrypt; whether they show the client's certificate is not told here", e.Client.Name, e.Address.Host)
	case w == edges.PlainText && e.Client.Platform.OnHosts():
		out.Fail(e.Ref(), "plain-text-here", "%s talks to %s in plain text (%s)", e.Client.Name, e.Address.Host, how)
	case w == edges.PlainText && e.Client.Platform.Cloud():
		out.Lacks(e.Ref(), []fact.Kind{fact.Services}, "plain-text-here", "%s talks to %s in plain text (%s)", e.Client.Name, e.Address.Host, how)
	case mesh:
		out.Unclear(e.Ref(), "server-unknown", "nothing here says whether the pods behind %s, to which %s talks, are in the mesh", e.Address.Host, e.Client.Name)
	case w == edges.PlainText:
		out.Lacks(e.Ref(), []fact.Kind{fact.Meshes, fact.Namespaces}, "plain-text", "%s talks to %s in plain text (%s), and nothing here puts both into a mesh", e.Client.Name, e.Address.Host, how)
	case w == edges.Unverified && e.Address.Unchecked != "":
		out.Lacks(e.Ref(), []fact.Kind{fact.Meshes, fact.Namespaces}, "unverified", "%s talks to %s encrypted but takes the certificate of anyone who answers (%s)", e.Client.Name, e.Address.Host, e.Address.Unchecked)
	case w == edges.Unverified:
		out.Lacks(e.Ref(), []fact.Kind{fact.Meshes, fact.Namespaces}, "unverified", "%s talks to %s encrypted but does not verify its name (%s)", e.Client.Name, e.Address.Host, how)
	case w == edges.Verified && e.Address.ShowsCertificate:
		out.Unclear(e.Ref(), "server-demands", "%s verifies %s and shows its own certificate; whether clients without one are refused is not told here", e.Client.Name, e.Address.Host)
	case w == edges.Verified:
		out.Unclear(e.Ref(), "client-certificate", "%s verifies %s (%s); whether it shows a certificate of its own is not told here", e.Client.Name, e.Address.Host, how)
	default:
		out.Unclear(e.Ref(), "untold", "%s talks to %s; whether that is encrypted is not told here", e.Client.Name, e.Address.Host)
	}
}
