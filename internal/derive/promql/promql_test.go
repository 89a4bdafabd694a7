package promql

import (
	"errors"
	"reflect"
	"strings"
	"testing"
)

// TestParse: a mistake is named with its place in the query.
func TestParse(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"up == 0":                        "",
		"sum(rate(x[5m])) by (job":       "1:25: unclosed left parenthesis",
		"up\n  and on(job x":             "2:14: unexpected identifier \"x\" in grouping opts, expected \",\" or \")\"",
		"{}":                             "1:1: vector selector must contain at least one non-empty matcher",
		"":                               "1:1: no expression found in input",
		strings.Repeat("(", MaxLength+1): "the query has 32769 bytes; up to 32768 are read",
	} {
		_, err := Parse(text)
		got := ""
		if err != nil {
			got = err.Error()
			if m := new(Mistake); !errors.As(err, &m) {
				t.Errorf("%q: the error is %T", text, err)
			}
		}
		if got != want {
			t.Errorf("%.40q\n got %s\nwant %s", text, got, want)
		}
	}
	if q, err := Parse(`sort_by_label(up, "job")`); err != nil || !q.Experimental {
		t.Errorf("an experimental function parses and is marked; got %v, %v", q, err)
	}
}

// TestMetrics: names count however they are written.
func TestMetrics(t *testing.T) {
	t.Parallel()
	q, err := Parse(`rate(a_total{x="1"}[5m]) / on(x) {__name__="b"} + {__name__=~"c_(d|e)"} - {__name__=~"f.*",g="h"}`)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := q.Metrics(), []string{"a_total", "b", "c_d", "c_e"}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	first := q.Selectors()[0]
	if value, ok := first.Value("x"); !ok || value != "1" || first.Range.Minutes() != 5 {
		t.Errorf("first selector: %+v", first)
	}
}

// TestFill: what is filled in for a variable lets the rest parse.
func TestFill(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`rate(x{job="$job"}[$__rate_interval])`:                 `rate(x{job="filled"}[5m])`,
		`rate(x{job=~"${job:regex}"}[[[window]]])`:              `rate(x{job=~"filled"}[5m])`,
		`topk($n, x) > $limit`:                                  `topk(1, x) > 1`,
		`sum by ($by) (max_over_time(x[${range}:$step]))`:       `sum by (filled) (max_over_time(x[5m:5m]))`,
		`x offset $ago`:                                         `x offset 5m`,
		`x{a="$given"}`:                                         `x{a="value"}`,
		`$metric{a="b"}`:                                        `filled{a="b"}`,
		`histogram_quantile($quantile, sum by (le) (y_bucket))`: `histogram_quantile(1, sum by (le) (y_bucket))`,
	} {
		got := Fill(text, map[string][]string{"given": {"value"}})
		if got != want {
			t.Errorf("%s\n got %s\nwant %s", text, got, want)
		}
		if _, err := Parse(got); err != nil {
			t.Errorf("%s does not parse: %v", got, err)
		}
	}
}

// TestParseFilled: what variables may stand for is tried before a query is called
// broken; what is broken whatever they stand for is told from what may be.
func TestParseFilled(t *testing.T) {
	t.Parallel()
	given := map[string][]string{"agg": {"max by (pod)", "min"}, "op": {""}, "job": {"shop"}, "all": {"$__all"}}
	for text, want := range map[string]string{
		`$agg (rate(x{job="$job"}[5m]))`:                                 "max by (pod) (rate(x{job=\"shop\"}[5m]))",
		`${fn}(x[$__rate_interval])`:                                     "rate(x[5m])",
		`sum(x{$matchers, a='${b:raw}'})`:                                `sum(x{filled="x", a='filled'})`,
		`x $compare 5`:                                                   "x > 5",
		`sum by(${__field}) ($metric)`:                                   "sum by(filled) (filled)",
		"rate(x{a=`$b`}[${n}m]) + rate(x[5$unit])":                       "rate(x{a=`filled`}[5m]) + rate(x[5m])",
		`increase(x[${__range_s}s:$__interval])`:                         "increase(x[5s:5m])",
		`x * ${__interval_ms} / 1000`:                                    "x * 300 / 1000",
		`histogram_quantile(0.$q, sum by (le) (x_bucket{a=~"[[all]]"}))`: `histogram_quantile(0.1, sum by (le) (x_bucket{a=~"filled"}))`,
		`label_replace(x, "a", "$1", "b", "(.*)")`:                       `label_replace(x, "a", "$1", "b", "(.*)")`,
		`${prefix}_total{a="say \"$b\""}`:                                `filled_total{a="say \"filled\""}`,
		`sum(rate(x{job="$job"}[$__rate_interval])`:                      "broken",
		`sum(rate(x{job="$job"}[$window])) by by`:                        "broken",
		`sum(rate($metric[5m])`:                                          "open",
	} {
		q, mistake, open := ParseFilled(text, given)
		got := ""
		switch {
		case q != nil && mistake == nil && !open:
			got = q.Text
		case mistake == nil:
		case open:
			got = "open"
		default:
			got = "broken"
		}
		if got != want {
			t.Errorf("%s\n got %s\nwant %s", text, got, want)
		}
	}
}

// FuzzFill: filling in ends, leaves no variable that it knows, and keeps the rest.
func FuzzFill(f *testing.F) {
	for _, text := range []string{`rate(x{a="$b"}[$__interval])`, "[[a]][[[b]]]${c:d}", `"\"$a" $b`, "$$a${b", "x[$a$b]", `$op ${x.y[0]:csv}`} {
		f.Add(text, "value")
	}
	f.Fuzz(func(t *testing.T, text, value string) {
		if len(text) > 4096 {
			return
		}
		values := map[string][]string{"a": {value}}
		names := Variables(text)
		out := Fill(text, values)
		if len(names) == 0 && out != text {
			t.Fatalf("%q became %q", text, out)
		}
		q, mistake, open := ParseFilled(text, values)
		if (q == nil) == (mistake == nil) || open && q != nil {
			t.Fatalf("%q: %v, %v, %v", text, q, mistake, open)
		}
		if len(names) == 0 && open {
			t.Fatalf("%q has no variable and is open", text)
		}
	})
}

// TestRatio: a share of some events among all, however it is written.
func TestRatio(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`sum(rate(x_total{code=~"5.."}[5m])) / sum(rate(x_total[5m]))`:                                 "ratio within summed",
		`(sum(rate(x_total{a="b",code=~"5.."}[5m])) or vector(0)) / sum(rate(x_total{a="b"}[5m])) > 1`: "ratio within summed",
		`1 - sum(rate(x_bucket{le="0.3"}[1h])) / sum(rate(x_count[1h]))`:                               "ratio complement within summed",
		`100 * sum by (a) (rate(x_total{c="1"}[5m])) / sum by (a) (rate(x_total[5m]))`:                 "ratio within summed",
		`sum(rate(x_total{c="1"}[5m])) / sum(rate(x_total[10m]))`:                                      "ratio summed",
		`sum(rate(x_total{c="1"}[5m])) / sum(rate(x_total{d="1"}[5m]))`:                                "ratio summed",
		`sum(rate(x_total{c="1"}[5m])) / sum by (a) (rate(x_total[5m]))`:                               "ratio summed",
		`errors / requests`: "ratio",
		`x / 100`:           "",
		`sum(x)`:            "",
	} {
		q, err := Parse(text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		r, found := q.Ratio()
		var words []string
		for word, is := range map[string]bool{"1 ratio": found, "2 complement": r.Complement, "3 within": r.Within, "4 summed": r.Summed} {
			if is {
				words = append(words, word)
			}
		}
		got := ""
		for _, digit := range "1234" {
			for _, w := range words {
				if rune(w[0]) == digit {
					got += " " + w[2:]
				}
			}
		}
		if strings.TrimSpace(got) != want {
			t.Errorf("%s\n got%s\nwant %s", text, got, want)
		}
	}
}
