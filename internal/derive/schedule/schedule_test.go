package schedule

import (
	"testing"
	"time"
)

func TestFires(t *testing.T) {
	after := time.Date(2026, 7, 4, 3, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		text    string
		seconds bool
		want    string // empty for an error
	}{
		{"0 2 * * *", false, "2026-07-05T02:00:00Z"},
		{"@daily", false, "2026-07-05T00:00:00Z"},
		{"@every 6h", false, "2026-07-04T09:00:00Z"},
		{"@daily-random", false, "2026-07-05T00:00:00Z"},
		{"0 15 2 * * *", true, "2026-07-05T02:15:00Z"},
		{"0 15 2 * * *", false, ""},
		{"0 2 * * *", true, ""},
		{"0 0 31 2 *", false, ""},
		{"TZ=", false, ""},
		{"TZ=0", false, ""},
		{"nightly", false, ""},
		{"", false, ""},
	} {
		next, err := Fires(c.text, c.seconds, after)
		if c.want == "" {
			if err == nil {
				t.Errorf("%q fires at %s, want an error", c.text, next)
			}
			continue
		}
		if got := next.Format(time.RFC3339); err != nil || got != c.want {
			t.Errorf("%q fires at %s (%v), want %s", c.text, got, err, c.want)
		}
	}
}
