package results

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestLoad reads the same run as several tools tell it.
func TestLoad(t *testing.T) {
	var jtl, gatling strings.Builder
	jtl.WriteString("timeStamp,elapsed,label,responseCode,responseMessage,success\n")
	gatling.WriteString("RUN\tShop\tshop\t1781949600000\t\t3.9.5\n")
	for i := range 1000 {
		at := 1781949600000 + int64(i)*10
		fmt.Fprintf(&jtl, "%d,%d,buy,200,OK,%t\n", at, 100, i%100 != 0)
		fmt.Fprintf(&gatling, "REQUEST\t\tbuy\t%d\t%d\t%s\t\n", at, at+100, map[bool]string{true: "OK", false: "KO"}[i%100 != 0])
	}
	fmt.Fprintf(&jtl, "1781949600000,9999,group,200,\"Number of samples in transaction : 3, number of failing samples : 0\",true\n")
	for name, text := range map[string]string{
		"k6 exported":    `{"metrics":{"http_reqs":{"count":1000,"rate":99.1},"http_req_duration":{"p(99)":100,"max":100},"http_req_failed":{"value":0.01,"passes":10,"fails":990}},"root_group":{}}`,
		"k6 handed over": `{"root_group":{},"state":{"testRunDurationMs":10090},"metrics":{"http_reqs":{"type":"counter","values":{"count":1000,"rate":99.1}},"http_req_duration":{"values":{"p(99)":100,"max":100}},"http_req_failed":{"values":{"rate":0.01,"passes":10,"fails":990},"thresholds":{"rate<0.001":{"ok":false}}}}}`,
		"vegeta":         `{"latencies":{"total":1,"99th":100000000,"max":100000000},"bytes_in":{},"earliest":"2026-06-20T10:00:00Z","end":"2026-06-20T10:00:10Z","duration":10090000000,"requests":1000,"rate":99.1,"throughput":98,"success":0.99}`,
		"JMeter":         jtl.String(),
		"JMeter XML":     `<?xml version="1.0"?><testResults version="1.2">` + strings.Repeat(`<httpSample t="100" ts="1781949600000" s="true" lb="buy"><httpSample t="1" ts="1781949600000" s="false" lb="redirect"/></httpSample>`, 990) + strings.Repeat(`<sample t="9" ts="1781949600000" s="true" lb="g" rm="Number of samples in transaction : 1"><httpSample t="100" ts="1781949609990" s="false" lb="buy"/></sample>`, 10) + `</testResults>`,
		"JMeter totals":  `{"Total":{"transaction":"Total","sampleCount":1000,"errorCount":10,"errorPct":1.0,"maxResTime":100,"pct3ResTime":100,"throughput":99.1}}`,
		"Gatling":        gatling.String(),
		"Gatling totals": `{"name":"Global Information","numberOfRequests":{"total":"1000","ok":"990","ko":"10"},"maxResponseTime":{"total":"100"},"percentiles1":{"total":"100"},"percentiles4":{"total":"100"},"meanNumberOfRequestsPerSecond":{"total":"99.1"}}`,
		"Locust":         "\"Type\",\"Name\",\"Request Count\",\"Failure Count\",\"Requests/s\",\"99%\",\"100%\"\n\"\",\"Aggregated\",1000,10,99.1,100,100\n",
		"ghz":            `{"date":"2026-06-20T10:00:00Z","count":1000,"total":10090000000,"rps":99.1,"slowest":100000000,"statusCodeDistribution":{"OK":990,"Unavailable":10},"latencyDistribution":[{"percentage":99,"latency":100000000}]}`,
		"oha":            `{"summary":{"successRate":1,"total":10.09,"slowest":0.1,"requestsPerSec":99.1},"responseTimeHistogram":{},"latencyPercentiles":{"p99":0.1,"p99.99":null},"statusCodeDistribution":{"200":990,"503":10},"errorDistribution":{}}`,
	} {
		t.Run(name, func(t *testing.T) {
			out, _, problem := Read("run.json", strings.NewReader(text), true)
			if problem != nil || out.Load == nil {
				t.Fatalf("%+v %+v", out, problem)
			}
			l := out.Load
			if l.Requests != 1000 || l.Failed != 10 || l.Rate < 98 || l.Rate > 101 {
				t.Errorf("%d requests, %d failed, %.1f a second", l.Requests, l.Failed, l.Rate)
			}
			if n := len(l.Latencies); n == 0 || l.Latencies[n-1].Within != 100*time.Millisecond {
				t.Errorf("latencies %v", l.Latencies)
			}
		})
	}
}

// TestHistogram: no percentile is too low, nor more than 1.6 % too high.
func TestHistogram(t *testing.T) {
	for us := int64(1); us < 1e9; us = us*5/4 + 1 {
		took := time.Duration(us) * time.Microsecond
		if end := top(classOf(took)); end < took || float64(end) > float64(took)*1.016+2000 {
			t.Fatalf("%s is taken for %s", took, end)
		}
	}
}

// TestHostile: what is wrong is said, and nothing is expanded.
func TestHostile(t *testing.T) {
	for text, says := range map[string]string{
		`<!DOCTYPE t [<!ENTITY a "b">]><testsuites>&a;</testsuites>`:    "entities",
		`<testsuites>&undefined;</testsuites>`:                          "invalid character entity",
		`<testsuite>` + strings.Repeat("<testsuite>", 100):              "deep",
		"mode: set\nexample.com/a.go:1.2 3 4\n":                         "no block",
		"TN:\nSF:a.js\nDA:x,1\n":                                        "DA:",
		"timeStamp,elapsed,label,success\nnever,1,a,true\n":             "no time stamp",
		`{"latencies":{},"bytes_in":{},"requests":`:                     "unexpected end",
		`{"root_group":{},"metrics":{}}`:                                "holds no results",
		`{"bomFormat":"CycloneDX","specVersion":"1.5","components":[]}`: "holds no results",
		`hello`: "in a format that is read",
	} {
		_, _, problem := Read("a.xml", strings.NewReader(text), true)
		if problem == nil || !strings.Contains(problem.Message, says) {
			t.Errorf("%q: %+v", text[:min(len(text), 40)], problem)
		}
	}
	if out, _, problem := Read("package.json", strings.NewReader(`{"metrics":{"a":1},"name":"x"}`), false); !out.Empty() || problem != nil {
		t.Errorf("a file of something else is taken for results: %+v %+v", out, problem)
	}
}

func FuzzRead(f *testing.F) {
	for _, text := range []string{
		"mode: set\na.go:1.2,3.4 5 6\n", "SF:a\nDA:1,2\nend_of_record\n", `<testsuite timestamp="2026-01-01T00:00:00"><testcase name="a"><failure/></testcase></testsuite>`,
		`<coverage line-rate="1"><class filename="a"><line number="1" hits="1"/></class></coverage>`, `<report><package name="a"><sourcefile name="b"><line nr="1" ci="1"/></sourcefile></package></report>`,
		`{"root_group":{},"metrics":{"http_reqs":{"count":1}}}`, `{"Action":"pass","Package":"a","Test":"b/c"}`, "timeStamp,elapsed,success\n1781949600000,1,true\n",
		"RUN\ta\tb\tc\nREQUEST\t\ta\t1\t2\tOK\t\n", `{"scorecard":{},"score":1,"checks":[{"name":"Webhooks","score":0}]}`, `{"bomFormat":"CycloneDX","vulnerabilities":[{"id":"a","ratings":[{"score":9.9}]}]}`,
		"Type,Name,Request Count,Failure Count,99%\n,Aggregated,1,1,1\n",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		out, _, problem := Read("a", strings.NewReader(text), true)
		if out.Empty() == (problem == nil) {
			t.Errorf("%+v %+v", out, problem)
		}
	})
}
