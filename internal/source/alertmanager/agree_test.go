package alertmanager

import (
	"context"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/prometheus/alertmanager/alert"
	"github.com/prometheus/alertmanager/config"
	"github.com/prometheus/alertmanager/dispatch"
	"github.com/prometheus/alertmanager/eventrecorder"
	"github.com/prometheus/alertmanager/inhibit"
	"github.com/prometheus/alertmanager/provider"
	"github.com/prometheus/alertmanager/timeinterval"
	"github.com/prometheus/common/model"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/derive/routes"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/test/real/trees"
)

// TestAgree holds that the simulation says of generated trees what Alertmanager's
// own packages do: which routes in which order, muted or not, inhibited or not.
func TestAgree(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 29, 0, 45, 0, 0, time.UTC) // a quarter of an hour before Madrid's clocks change
	for number := range uint64(1000) {
		c := trees.Make(7, number, now, func(r string) string { return "http://127.0.0.1:9/" + r })
		text := c.Config.Text()
		tree := read(t, text)
		for _, at := range []time.Time{now, now.Add(30 * time.Minute), now.Add(50 * time.Hour)} {
			theirs := library(t, text, c.Alerts, at)
			var firing []routes.Labels
			for _, labels := range c.Alerts {
				firing = append(firing, routes.Given(labels))
			}
			for i, labels := range c.Alerts {
				outcomes, all := tree.Route(routes.Given(labels), routes.Moment{Time: at}, firing...)
				if len(outcomes) != 1 || !all {
					t.Fatalf("case %d: %d outcomes for labels that are known", number, len(outcomes))
				}
				if got := ours(outcomes[0]); got != theirs[i] {
					t.Fatalf("case %d, alert %v at %s:\n  ours %s\ntheirs %s\n%s", number, labels, at, got, theirs[i], text)
				}
			}
		}
	}
}

func read(t *testing.T, text []byte) *routes.Tree {
	t.Helper()
	facts, problems := Read(Config{Name: "alertmanager.yml", Doc: decode.Document{File: "alertmanager.yml", Line: 1, Data: text}})
	if len(problems) > 0 {
		t.Fatalf("%v\n%s", problems, text)
	}
	return routes.Trees(&facts)[0]
}

func ours(o routes.Outcome) string {
	text := ""
	for _, d := range o.Deliveries {
		text += fmt.Sprintf("%s %v %v; ", d.Name, d.Muted != "", len(d.Inactive) > 0)
	}
	return text + fmt.Sprint(o.Inhibited != nil)
}

// library asks Alertmanager's packages.
func library(t *testing.T, text []byte, alerts []map[string]string, at time.Time) (out []string) {
	t.Helper()
	cfg, err := config.Load(string(text))
	if err != nil {
		t.Fatal(err)
	}
	top := dispatch.NewRoute(cfg.Route, nil)
	times := map[string][]timeinterval.TimeInterval{}
	for _, i := range cfg.TimeIntervals {
		times[i.Name] = i.TimeIntervals
	}
	clock := timeinterval.NewIntervener(times)
	var firing []*alert.Alert
	for _, labels := range alerts {
		firing = append(firing, &alert.Alert{Alert: model.Alert{Labels: set(labels), StartsAt: time.Now(), EndsAt: time.Now().Add(time.Hour)}})
	}
	keeper := inhibit.NewInhibitor(fires(firing), cfg.InhibitRules, slog.New(slog.DiscardHandler), eventrecorder.NopRecorder())
	go keeper.Run()
	defer keeper.Stop()
	keeper.WaitForLoading()
	for _, labels := range alerts {
		text := ""
		for _, r := range top.Match(set(labels)) {
			muted, _, err := clock.Mutes(r.RouteOpts.MuteTimeIntervals, at)
			if err != nil {
				t.Fatal(err)
			}
			active, _, err := clock.Mutes(r.RouteOpts.ActiveTimeIntervals, at)
			if err != nil {
				t.Fatal(err)
			}
			text += fmt.Sprintf("%s %v %v; ", r.RouteOpts.Receiver, muted, len(r.RouteOpts.ActiveTimeIntervals) > 0 && !active)
		}
		out = append(out, text+fmt.Sprint(keeper.Mutes(context.Background(), set(labels))))
	}
	return out
}

func set(labels map[string]string) model.LabelSet {
	out := model.LabelSet{}
	for name, value := range labels {
		out[model.LabelName(name)] = model.LabelValue(value)
	}
	return out
}

// fires is a store in which alerts fire and nothing changes.
type fires []*alert.Alert

func (f fires) Subscribe(string) provider.AlertIterator     { return nil }
func (f fires) GetPending() provider.AlertIterator          { return nil }
func (f fires) Get(model.Fingerprint) (*alert.Alert, error) { return nil, provider.ErrNotFound }
func (f fires) Put(context.Context, ...*alert.Alert) error  { return nil }
func (f fires) SlurpAndSubscribe(string) ([]*alert.Alert, provider.AlertIterator) {
	return f, provider.NewAlertIterator(make(chan *provider.Alert), make(chan struct{}), nil)
}

// FuzzRead: whatever a configuration says, it is a tree or a problem with a hole,
// and a tree can be walked.
func FuzzRead(f *testing.F) {
	for number := range uint64(8) {
		c := trees.Make(3, number, time.Date(2026, 7, 4, 3, 0, 0, 0, time.UTC), func(r string) string { return "http://127.0.0.1:9/" + r })
		f.Add(c.Config.Text())
	}
	for _, text := range []string{
		"route: {receiver: a}\nreceivers: [{name: a, slack_configs: [{api_url: ${URL}, channel: x}]}]\n",
		"route:\n  receiver: a\n  routes: [&r {matchers: ['a=~\"(\"'], routes: [*r]}]\nreceivers:\n  - name: a\n",
		"route:\nreceivers:\ntime_intervals:\n  - name: x\n    time_intervals: [{times: [{start_time: 09:00, end_time: '24:00'}], location: Mars/Base}]\n",
		"route: *x\nreceivers: !!binary x\n", "route:\n  continue: true\nreceivers: {{ .Values.x }}\n",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		facts, problems := Read(Config{Name: "x.yml", Doc: decode.Document{File: "x.yml", Line: 1, Data: data}})
		if (len(problems) == 0) != (len(facts.Routings) == 1) || len(problems) != len(facts.Coverage.Holes) {
			t.Fatalf("%d problems, %d trees, %d holes", len(problems), len(facts.Routings), len(facts.Coverage.Holes))
		}
		for _, tree := range routes.Trees(&facts) {
			tree.Route(routes.Labels{Known: map[string]string{"alertname": "A"}, Rest: true}, routes.Night(time.Date(2026, 7, 4, 3, 0, 0, 0, time.UTC)))
		}
		part, _ := Part(Object{Namespace: "n", Name: "p", Spec: parsed(data), At: func(*decode.Node) fact.Location { return fact.Location{} }})
		routes.Trees(&part)
	})
}

func parsed(data []byte) *decode.Node {
	root, _ := decode.Document{File: "x", Line: 1, Data: data}.Parse()
	return root
}
