package promql

import (
	"fmt"
	"testing"
)

// TestAbsentLabels: what says that there is no series carries only what a plain
// choice of series demands.
func TestAbsentLabels(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`absent(up{job="shop", instance=~"a.*"})`:                                "map[job:shop] closed [] ",
		`absent(up{job="shop"} == 1)`:                                            "map[] closed [] ",
		`absent_over_time(up{job="shop"}[5m])`:                                   "map[job:shop] closed [] ",
		`absent(up{job="shop", job="cart"})`:                                     "map[] closed [] ",
		`histogram_quantile(0.9, sum by (le, path) (rate(x_bucket{a="b"}[5m])))`: "map[le:] closed [path] ",
	} {
		q, err := Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		l := q.Labels()
		got := fmt.Sprint(l.Fixed, " ")
		if l.Closed {
			got += "closed "
		}
		if got += fmt.Sprint(l.Open, " "); got != want {
			t.Errorf("%s:\n got %q\nwant %q", text, got, want)
		}
	}
}
