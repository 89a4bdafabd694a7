package networksegmentation

import (
	"slices"
	"strconv"
	"strings"

	keep "seaworthy.dev/seaworthy/internal/derive/stores"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// onHost judges what docker compose, Swarm or systemd runs.
func onHost(out *verdict.Findings, here *fact.Set, w *fact.Workload) {
	switch {
	case w.Platform == fact.Systemd && w.Walled:
		out.Pass(w.Ref, "walled", "systemd lets %s talk only to the addresses that its unit names (IPAddressDeny=any)", w.Name)
	case !w.Platform.Tells():
		out.Unclear(w.Ref, "firewall-untold", "what may reach %s and what it may reach is for the firewall of its host, which is not told here", w.Name)
	case w.HostNetwork:
		out.Fail(w.Ref, "shares-host-network", "%s is on the network of its host, where nothing keeps it apart", w.Name)
	case w.Form.Serves():
		container(out, here, w)
	}
}

// container judges the networks of a service and the ports that it publishes.
func container(out *verdict.Findings, here *fact.Set, w *fact.Workload) {
	kept, _ := keep.Of(w)
	published := false
	for _, c := range w.Main() {
		for _, p := range c.Ports {
			address, open := p.Published()
			if !open || loopback(address) {
				continue
			}
			published = true
			where := address
			if where == "" || where == "0.0.0.0" || where == "::" {
				where = "every address"
			}
			ref := w.Ref.At(p.At).Within("port " + strconv.Itoa(p.Number))
			if kept.Kind != "" {
				out.Fail(ref, "store-published", "the data store %s (%s) is open at %s of its host", w.Name, kept.Kind, where)
			} else {
				out.Unclear(ref, "published", "%s is open at %s of its host; whether that is meant, and who can reach it there, is not told", w.Name, where)
			}
		}
	}
	intruders := uninvited(here, w)
	if kept.Kind != "" && len(intruders) > 0 {
		out.Fail(w.Ref.Within("networks"), "store-beside-edge", "%s, open to the outside, shares a network with the data store %s and does not need it", strings.Join(intruders, ", "), w.Name)
	}
	joined := here.Joined(w)
	inside := len(joined) > 0 && !slices.ContainsFunc(joined, func(n *fact.Network) bool { return !n.Internal })
	switch {
	case slices.ContainsFunc(joined, func(n *fact.Network) bool { return n.External }):
		out.Unclear(w.Ref.Within("egress"), "network-elsewhere", "%s joins a network that is made elsewhere; who else is on it is not told", w.Name)
	case !inside && kept.Kind != "":
		out.Fail(w.Ref.Within("egress"), "store-egress-open", "the data store %s can reach every address outside: none of its networks is internal", w.Name)
	case !inside:
		out.Unclear(w.Ref.Within("egress"), "host-egress", "%s can reach every address outside unless the firewall of its host says otherwise, which is not told", w.Name)
	case !published && (kept.Kind == "" || len(intruders) == 0):
		out.Pass(w.Ref, "internal", "%s is reached only on its own networks, which lead nowhere outside", w.Name)
	}
}

// uninvited lists the services that publish a port and share a network with a
// store without naming it.
func uninvited(here *fact.Set, store *fact.Workload) []string {
	var out []string
	for _, w := range here.Workloads {
		if w == store || !publishes(w) || needs(w, store) || !slices.ContainsFunc(w.Networks, func(n string) bool { return slices.Contains(store.Networks, n) }) {
			continue
		}
		if kept, _ := keep.Of(w); kept.Kind == "" {
			out = append(out, w.Name)
		}
	}
	// Where nobody names the store, those who need it are not known.
	if !slices.ContainsFunc(here.Workloads, func(w *fact.Workload) bool { return w != store && needs(w, store) }) {
		return nil
	}
	return out
}

func publishes(w *fact.Workload) bool {
	return slices.ContainsFunc(w.Containers, func(c fact.Container) bool {
		return slices.ContainsFunc(c.Ports, func(p fact.Port) bool { return p.Open && !loopback(p.HostIP) })
	})
}

// needs reports whether a workload waits for another one or dials it.
func needs(w, other *fact.Workload) bool {
	return slices.ContainsFunc(w.Awaits, func(a fact.Await) bool { return a.For == other.Name }) ||
		slices.ContainsFunc(w.Containers, func(c fact.Container) bool {
			return slices.ContainsFunc(c.Dials, func(a fact.Address) bool { return a.Host == other.Name })
		})
}

func loopback(address string) bool {
	return strings.HasPrefix(address, "127.") || address == "::1" || address == "localhost"
}
