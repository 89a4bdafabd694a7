package mutualtls

import (
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/edges"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// managed judges an edge to a store that a cloud runs: what its client asks for,
// what the store refuses, and how it tells its clients apart. Such stores know no
// certificates of clients; the cloud's own identity takes their place.
func managed(out *verdict.Findings, here *fact.Set, e edges.Edge) {
	d, m, w := e.Database, e.Database.Managed, e.Client
	wire := edges.WireOf(e.Address)
	switch {
	case wire == edges.PlainText && m.TLS.Is() && insists(e.Address):
		out.Fail(e.Ref(), "client-plain-text", "%s asks the store %s (%s) for plain text (%s), which it refuses", w.Name, d.Name, d.Engine, edges.How(e.Address))
	case wire == edges.PlainText && m.TLS.Is():
		out.Fail(e.Ref(), "client-unverified", "%s talks to %s (%s) encrypted only because nothing else is taken there, and does not verify it (%s)", w.Name, d.Name, d.Engine, edges.How(e.Address))
	case wire == edges.PlainText && m.TLS.IsNot():
		out.Fail(e.Ref(), "client-plain-text", "%s talks to the store %s in plain text (%s), which is let in", w.Name, d.Name, edges.How(e.Address))
	case wire == edges.PlainText:
		out.Fail(e.Ref(), "client-plain-text", "%s talks to the store %s in plain text (%s)", w.Name, d.Name, edges.How(e.Address))
	case m.TLS.IsNot():
		out.Fail(e.Ref(), "store-takes-plain-text", "%s talks to %s (%s), which lets clients in that do not encrypt", w.Name, d.Name, d.Engine)
	case wire == edges.Unverified:
		out.Fail(e.Ref(), "client-unverified", "%s talks to %s encrypted but does not verify its name (%s)", w.Name, d.Name, edges.How(e.Address))
	case m.Identity.IsNot():
		out.Fail(e.Ref(), "password-alone", "%s (%s), to which %s talks, tells its clients apart by %s", d.Name, d.Engine, w.Name, m.Otherwise)
	case !m.TLS.Known:
		out.Unclear(e.Ref(), "client-untold", "%s talks to %s (%s); whether that is encrypted is not known, for %s", w.Name, d.Name, d.Engine, m.TLS.Why)
	case wire != edges.Verified:
		out.Unclear(e.Ref(), "client-untold", "%s talks to %s (%s), which refuses plain text; whether it verifies the store and proves who it is, is not told here", w.Name, d.Name, d.Engine)
	case !m.Identity.Known:
		out.Unclear(e.Ref(), "client-untold", "%s verifies %s (%s); whether it proves who it is by more than a password is not known, for %s", w.Name, d.Name, d.Engine, reason(m.Identity.Why))
	case m.IdentityNeeds == "" && e.Address.ShowsCertificate:
		out.Pass(e.Ref(), "certificates", "%s verifies %s and shows its own certificate, without which %s lets nobody in", w.Name, d.Name, d.Name)
	case m.IdentityNeeds == "":
		out.Unclear(e.Ref(), "client-untold", "%s verifies %s (%s), which lets in only clients with a certificate; whether it shows one is not told here", w.Name, d.Name, d.Engine)
	case password(w) != "":
		out.Unclear(e.Ref(), "client-untold", "%s verifies %s and could prove who it is by %s, but is given a password too (%s)", w.Name, d.Name, m.IdentityBy, password(w))
	case !allowed(here, w, m.IdentityNeeds):
		out.Unclear(e.Ref(), "client-untold", "%s verifies %s, which knows %s; no policy here lets %s use it (%s)", w.Name, d.Name, m.IdentityBy, w.Name, m.IdentityNeeds)
	default:
		out.Pass(e.Ref(), "cloud-identity", "%s verifies %s and proves who it is by %s; %s refuses plain text", w.Name, d.Name, m.IdentityBy, d.Name)
	}
}

// insists reports whether the address rules encryption out, and does not just
// leave it to the server.
func insists(a fact.Address) bool {
	switch a.Mode {
	case "disable", "disabled", "false", "none", "off":
		return true
	}
	return a.Scheme == "redis" || a.Scheme == "http"
}

// reason is what is not known of a store of which nothing was read.
func reason(why string) string {
	if why == "" {
		return "how it tells its clients apart is not read"
	}
	return why
}

// password returns the variable by which a workload is given a password.
func password(w *fact.Workload) string {
	for _, c := range w.Main() {
		for _, e := range c.Env {
			name := strings.ToUpper(e.Name)
			if !e.Empty && (strings.Contains(name, "PASSWORD") || strings.Contains(name, "PASSWD") || strings.HasSuffix(name, "_PASS")) {
				return e.Name
			}
		}
	}
	return ""
}

// allowed reports whether the workload's account surely may do that.
func allowed(here *fact.Set, w *fact.Workload, action string) bool {
	for _, g := range here.GrantsOf(w.Account) {
		if w.Account != "" && g.Unknown == "" && g.Allows(action) {
			return true
		}
	}
	return false
}

// front judges how a load balancer takes connections and passes them on.
func front(out *verdict.Findings, s *fact.Service) {
	for _, l := range s.Listeners {
		switch {
		case l.Unknown != "":
			out.Unclear(l.Ref, "listener-untold", "how load balancer %s takes connections at port %d is not known, for %s", s.Name, l.Port, l.Unknown)
		case l.Protocol == "HTTP" && l.Forwards:
			out.Fail(l.Ref, "listener-plain-text", "load balancer %s takes plain text at port %d and passes it on", s.Name, l.Port)
		case l.Protocol != "HTTPS" && l.Protocol != "TLS":
		case l.Oldest == "":
			out.Unclear(l.Ref, "listener-untold", "which versions of TLS load balancer %s takes at port %d is not known: its policy is %s", s.Name, l.Port, l.Policy)
		case l.Oldest < "1.2" && l.ByDefault:
			out.Fail(l.Ref, "listener-old", "load balancer %s takes TLS %s at port %d: no policy is written, and the default is %s", s.Name, l.Oldest, l.Port, l.Policy)
		case l.Oldest < "1.2":
			out.Fail(l.Ref, "listener-old", "load balancer %s takes TLS %s at port %d (%s)", s.Name, l.Oldest, l.Port, l.Policy)
		case l.Clients == "verify":
			out.Pass(l.Ref, "listener-demands", "load balancer %s lets only clients with a valid certificate in at port %d", s.Name, l.Port)
		}
	}
	for _, o := range s.Onward {
		switch {
		case o.Unknown != "":
			out.Unclear(o.Ref, "onward-untold", "whether load balancer %s reaches %s encrypted is not known, for %s", s.Name, o.Name, o.Unknown)
		case o.Protocol == "HTTP":
			out.Fail(o.Ref, "onward-plain-text", "load balancer %s reaches the target group %s in plain text", s.Name, o.Name)
		case o.Protocol == "HTTPS" || o.Protocol == "TLS":
			out.Note(o.Ref, "onward-encrypted", "load balancer %s reaches the target group %s encrypted; it looks at no certificate there", s.Name, o.Name)
		case o.Protocol != "":
			out.Unclear(o.Ref, "onward-untold", "load balancer %s passes %s on to %s as it is; whether the ends encrypt is not told here", s.Name, o.Protocol, o.Name)
		}
	}
}
