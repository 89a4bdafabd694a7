package promql

import (
	"fmt"
	"testing"
	"time"
)

// TestOutcome: what is provable is told, and nothing else.
func TestOutcome(t *testing.T) {
	t.Parallel()
	names := map[Fires]string{Depends: "depends", Never: "never", Always: "always", Regardless: "regardless", Unconditional: "unconditional"}
	cases := []struct{ expr, hold, want string }{
		// Sound rules depend on data.
		{`up == 0`, "", "depends"},
		{`absent(up{job="x"})`, "", "depends"},
		{`absent(up{job="x"}) == 1`, "", "depends"},
		{`absent(up{job="x"}) == bool 1`, "", "depends"},
		{`absent(up{job="x"} == 1)`, "", "depends"},
		{`count(up == 1) < 3`, "", "depends"},
		{`(count(up == 1) or vector(0)) == 0`, "", "depends"},
		{`sum(rate(x_total{c="5"}[5m])) / sum(rate(x_total[5m])) > 0.05`, "1h", "depends"},
		{`100 * sum(rate(x_total{c="5"}[5m])) / sum(rate(x_total[5m])) > 5`, "", "depends"},
		{`a{job="x"} / on(pod) b{job="y"} > 1`, "", "depends"},
		{`a{job="x"} / ignoring(job) b{job="y"} > 1`, "", "depends"},
		{`a{job="x"} * on(pod) group_left(job) b{job="y"} > 1`, "", "depends"},
		{`sum by (job) (a{job="x"}) / sum by (job) (b{job="x",c="d"}) > 1`, "", "depends"},
		{`sum by (namespace) (a) / sum by (pod) (b) > 1`, "", "depends"},
		{`a{job="x"} or b{job="y"} > 1`, "", "depends"},
		{`label_replace(a{job="x"}, "job", "y", "", "") / b{job="y"} > 1`, "", "depends"},
		{`rate(gauge[5m]) < 0`, "", "depends"},
		{`x_total - x_total offset 1h < 0`, "", "depends"},
		{`a unless a offset 10m`, "10m", "depends"},
		{`hour() == 3`, "30m", "depends"},
		{`x{a=~"b|c",a!="c"} > 1`, "", "depends"},
		{`x{a="b",a=~".+"} > 1`, "", "depends"},
		{`time() - x_timestamp_seconds > 3600`, "", "depends"},
		{`sum(up) == 0`, "", "depends"},
		{`avg(up) < 0.5`, "", "depends"},
		{`avg_over_time(up[5m]) * 100 < 50`, "", "depends"},
		{`min_over_time((a / b)[5m:1m]) > 2`, "", "depends"},
		{`vector(1) unless up`, "", "depends"},
		{`(a > bool 1) * (b > bool 2) == 1`, "", "depends"},
		{`node_filesystem_avail_bytes / node_filesystem_size_bytes * 100 < 10`, "", "depends"},
		{`sum(rate(x_sum[5m])) / sum(rate(x_count[5m])) > 30`, "", "depends"},
		{`sum(rate(a_total[5m])) / sum(rate(b_total[5m])) > 5`, "", "depends"},
		{`histogram_quantile(0.99, sum by (le) (rate(x_bucket[5m]))) > 5`, "", "depends"},
		{`stddev_over_time(x[5m]) > 5`, "", "depends"},
		{`1 - avg(rate(node_cpu_seconds_total{mode="idle"}[5m])) > 0.9`, "", "depends"},
		{`count by (a) (x) unless count by (a) (y)`, "", "depends"},

		// Never.
		{`up > 1`, "", "never: `up` lies between 0 and 1, so `> 1` never holds"},
		{`count(up == 1) == 0`, "", "never: `count(up == 1)` is at least 1, so `== 0` never holds"},
		{`count by (job) (up) < 1`, "", "never: `count by (job) (up)` is at least 1, so `< 1` never holds"},
		{`absent(up) == 0`, "", "never: `absent(up)` is always 1, so `== 0` never holds"},
		{`absent(up) > 1`, "", "never: `absent(up)` is always 1, so `> 1` never holds"},
		{`absent(x or vector(0))`, "", "never: absent() looks for the lack of what always has a value"},
		{`sum(rate(x_total{c="5"}[5m])) / sum(rate(x_total[5m])) > 5`, "", "never: `sum(rate(x_total{c=\"5\"}[5m])) / sum(rate(x_total[5m]))` lies between 0 and 1, so `> 5` never holds"},
		{`sum by (job) (rate(x_bucket{le="0.3"}[5m])) / sum by (job) (rate(x_count[5m])) > 95`, "", "never: `sum by (job) (rate(x_bucket{le=\"0.3\"}[5m])) / sum by (job) (rate(x_count[5m]))` lies between 0 and 1, so `> 95` never holds"},
		{`avg_over_time(up[5m]) * 100 > 100`, "", "never: `avg_over_time(up[5m]) * 100` lies between 0 and 100, so `> 100` never holds"},
		{`node_filesystem_avail_bytes / node_filesystem_size_bytes > 10`, "", "never: `node_filesystem_avail_bytes / node_filesystem_size_bytes` lies between 0 and 1, so `> 10` never holds"},
		{`increase(x_total[5m]) < 0`, "", "never: `increase(x_total[5m])` is at least 0, so `< 0` never holds"},
		{`a{job="x"} / b{job="y"} > 1`, "", "never: no series on the left of `/` has a match on the right: the label job is \"x\" on the left and \"y\" on the right"},
		{`a{job="x"} and on(job) b{job="y"}`, "", "never: no series on the left of `and` has a match on the right: the label job is \"x\" on the left and \"y\" on the right"},
		{`a{job="x"} / sum(b) > 1`, "", "never: no series on the left of `/` has a match on the right: the label job is \"x\" on the left and not set on the right"},
		{`up{job="a",job="b"} == 0`, "", "never: no series has both job=\"a\" and job=\"b\""},
		{`up{job="a",job=~"b.*"} == 0`, "", "never: no series has both job=\"a\" and job=~\"b.*\""},
		{`{__name__="",job="a"} > 1`, "", "never: it asks for series without a name"},
		{`x > 1 and vector(1) == 2`, "", "never: `vector(1)` is always 1, so `== 2` never holds"},
		{`hour() == 24`, "", "never: `hour()` lies between 0 and 23, so `== 24` never holds"},
		{`hour() == 3`, "1h", "never: hour() is the same for 1h, and `for` asks for 1h"},
		{`a unless a offset 5m`, "10m", "never: after 5m it is found 5m earlier too and is taken out again, and `for` asks for 10m"},

		// Always.
		{`vector(1)`, "", "always constant"},
		{`absent(count(up) == 0)`, "", "always"},
		{`(sum(x_total) or vector(0)) * 0 >= 0`, "", "depends"}, // may be no number
		{`(count(up) or vector(0)) >= 0`, "", "always"},
		{`vector(time()) > 1 or vector(2)`, "", "always constant"},

		// Whatever the values are.
		{`up == bool 0`, "", "regardless: `== bool` yields 0 where it does not hold, and a rule fires on 0 as on 1"},
		{`max by (a) (x > bool 5)`, "", "regardless: `> bool` yields 0 where it does not hold, and a rule fires on 0 as on 1"},
		{`sum(rate(errors_total[5m]))`, "", "unconditional"},
	}
	for _, c := range cases {
		q, err := Parse(c.expr)
		if err != nil {
			t.Fatalf("%s: %v", c.expr, err)
		}
		hold, _ := time.ParseDuration(c.hold)
		out := q.Outcome(hold)
		got := names[out.Fires]
		if out.Fires == Never || out.Fires == Regardless {
			got += ": " + out.Why
		}
		if out.Constant && out.Fires == Always {
			got += " constant"
		}
		if got != c.want {
			t.Errorf("%s for %s\n got %s\nwant %s", c.expr, c.hold, got, c.want)
		}
	}
}

// TestBounds: a query made to be slow is given up on.
func TestBounds(t *testing.T) {
	t.Parallel()
	for _, unit := range []string{"(", "-", "a+", "a or ", "abs(", "a==bool ", "sum(a or "} {
		text := ""
		for len(text)+len(unit) < MaxLength/2 {
			text += unit
		}
		q, err := Parse(text + "a")
		if err != nil {
			continue
		}
		start := time.Now()
		_ = fmt.Sprint(q.Outcome(0), len(q.Metrics()))
		if d := time.Since(start); d > 3*time.Second {
			t.Errorf("%q repeated takes %s", unit, d)
		}
	}
}

func FuzzQuery(f *testing.F) {
	f.Add(`sum(rate(x_total{c="5"}[5m])) / sum(rate(x_total[5m])) > 5`)
	f.Add(`a unless on(b) a offset 5m and hour() == 3`)
	f.Fuzz(func(t *testing.T, text string) {
		q, err := Parse(Fill(text, nil))
		if err != nil {
			return
		}
		q.Outcome(time.Minute)
		q.Ratio()
		q.Metrics()
	})
}
