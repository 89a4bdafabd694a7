package owner

import "testing"

// TestSame: one team is written differently by every tool.
func TestSame(t *testing.T) {
	for _, pair := range [][2]string{
		{"@acme/team-payments", "group:default/team-payments"}, {"Team Payments", "team_payments"}, {"payments", "team-payments"},
		{"group:payments", "@acme/payments-team"}, {"@acme/platform/payments", "payments"}, {"component.team.payments", "component-team-payments"},
	} {
		if !Same(pair[0], pair[1]) {
			t.Errorf("%q and %q are taken for two teams", pair[0], pair[1])
		}
	}
	for _, pair := range [][2]string{
		{"team-payments", "team-pay"}, {"", ""}, {"@acme", "@acme/web"}, {"a@acme.com", "@acme/a"}, {"team", "web-team"},
	} {
		if Same(pair[0], pair[1]) {
			t.Errorf("%q and %q are taken for one team", pair[0], pair[1])
		}
	}
}
