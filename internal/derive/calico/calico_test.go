package calico

import "testing"

func TestParse(t *testing.T) {
	for _, c := range []struct {
		expression, want string
		understood       bool
	}{
		{"", "everything", true},
		{"all()", "everything", true},
		{"app == 'web'", "app=web", true},
		{`app == "web" && tier != 'db && cache'`, "app=web,tier notin (db && cache)", true},
		{"app == 'web' && app == 'api'", "app in (api),app=web", true},
		{"has(app) && !has(debug)", "!debug,app", true},
		{"role in { 'a', \"b\" }", "role in (a,b)", true},
		{"projectcalico.org/name not in {'kube-system'}", "projectcalico.org/name notin (kube-system)", true},
		{"projectcalico.org/orchestrator == 'k8s'", "everything", true},
		{"projectcalico.org/namespace == 'shop'", "nothing", false},
		{"global()", "nothing", false},
		{"app == 'web' || app == 'api'", "nothing", false},
		{"!(app == 'web')", "nothing", false},
		{"app contains 'w'", "nothing", false},
		{"app ==", "nothing", false},
		{"app == 'web' &&", "nothing", false},
	} {
		got, understood := Parse(c.expression)
		if got.String() != c.want || understood != c.understood {
			t.Errorf("Parse(%q) = %s, %v; want %s, %v", c.expression, got, understood, c.want, c.understood)
		}
	}
}
