package edges

import (
	"testing"

	"seaworthy.dev/seaworthy/internal/fact"
)

// TestResolve follows the rules of cluster DNS: a short name is looked up in
// the client's namespace, and a name of two labels is a service of another
// namespace or an instance of a headless one.
func TestResolve(t *testing.T) {
	here := &fact.Set{Services: []*fact.Service{
		{Namespace: "shop", Name: "orders"},
		{Namespace: "shop", Name: "queue", Headless: true},
		{Namespace: "ledger", Name: "api"},
		{Namespace: "", Name: "anywhere"},
	}}
	for _, c := range []struct{ namespace, host, want string }{
		{"shop", "orders", "orders"},
		{"ledger", "orders", ""},
		{"ledger", "orders.shop", "orders"},
		{"ledger", "Orders.shop.svc.cluster.local.", "orders"},
		{"shop", "queue-0.queue", "queue"},
		{"shop", "orders-0.orders", ""},
		{"ledger", "queue-0.queue.shop.svc", "queue"},
		{"", "anywhere", "anywhere"},
		{"", "anywhere.prod.svc", "anywhere"},
		{"shop", "anywhere", ""},
		{"shop", "orders.example.com", ""},
	} {
		got := ""
		if svc := Resolve(here, c.namespace, c.host); svc != nil {
			got = svc.Name
		}
		if got != c.want {
			t.Errorf("%q from namespace %q is %q, want %q", c.host, c.namespace, got, c.want)
		}
	}
}

func TestBypasses(t *testing.T) {
	w := &fact.Workload{PodAnnotations: map[string]string{
		"config.linkerd.io/skip-inbound-ports":          "4222, 6000-6010",
		"traffic.sidecar.istio.io/excludeOutboundPorts": "5432",
	}}
	for _, c := range []struct {
		inbound bool
		port    int
		want    bool
	}{
		{true, 4222, true}, {true, 6010, true}, {true, 6011, false}, {true, 0, false},
		{true, 5432, false}, {false, 5432, true}, {false, 4222, false},
	} {
		if got := Bypasses(w, c.inbound, c.port); got != c.want {
			t.Errorf("port %d (inbound %v): %v, want %v", c.port, c.inbound, got, c.want)
		}
	}
}
