// Package routing compares what is said of routes with what a running Alertmanager
// does.
package routing

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/derive/routes"
	"seaworthy.dev/seaworthy/internal/source/alertmanager"
	"seaworthy.dev/seaworthy/test/real/trees"
)

// configurations is how many are compared; all stand side by side below the top of
// one tree, each behind a label that only its alerts have.
const configurations = 200

const seed = 20260704

// patience bounds every wait: for things that take a second or two.
const patience = 90 * time.Second

// TestAlertmanager sends alerts to a running Alertmanager and demands that exactly
// the receivers hear of each that the simulation says.
func TestAlertmanager(t *testing.T) {
	program := os.Getenv("SEAWORTHY_ALERTMANAGER")
	if program == "" {
		t.Skip("there is no Alertmanager to compare with; test/real/with-alertmanager runs this with one")
	}
	sink := newSink()
	defer sink.Close()
	start := time.Now()
	cases := make([]trees.Case, configurations)
	for i := range cases {
		cases[i] = trees.Make(seed, uint64(i), start, func(r string) string { return fmt.Sprintf("%s/%d/%s", sink.URL, i, r) })
	}
	before := expected(t, cases, start)
	server := run(t, program, whole(cases, sink.URL))
	server.post(t, alerts(cases))
	// What is meant to arrive is waited for. What is not would have been sent by
	// then: the sentinels, sent later and held back as long, come after it.
	for word := range 2 {
		server.post(t, []map[string]string{{"alertname": "Sentinel", "tree": "sentinel", "word": fmt.Sprint(word)}})
		sink.await(t, fmt.Sprintf("sentinel of %d", word), func(heard map[string]bool) bool { return heard[key("sentinel", "word"+fmt.Sprint(word), "r")] })
		if word == 0 {
			sink.await(t, "deliveries", func(heard map[string]bool) bool {
				for _, k := range before {
					if !heard[k] {
						return false
					}
				}
				return true
			})
		}
	}
	after := expected(t, cases, time.Now())
	heard := slices.DeleteFunc(slices.Sorted(maps.Keys(sink.all())), func(k string) bool { return strings.HasPrefix(k, "sentinel") })
	if !slices.Equal(before, after) {
		t.Fatalf("an interval ended while the test ran, though none ends within half an hour of its start")
	}
	different := 0
	for _, k := range heard {
		if !slices.Contains(before, k) {
			different++
			t.Errorf("was told, and should not have been: %s", k)
		}
	}
	for _, k := range before {
		if !slices.Contains(heard, k) {
			different++
			t.Errorf("should have been told, and was not: %s", k)
		}
	}
	count := 0
	for _, c := range cases {
		count += len(c.Alerts)
	}
	t.Logf("%d configurations with %d alerts: %d deliveries as foretold, %d not, in %s", len(cases), count, len(before)-different, different, time.Since(start).Round(time.Millisecond))
}

func key(tree, alert, receiver string) string { return tree + "/" + alert + "/" + receiver }

// expected lists what the simulation says is delivered while all alerts of a case
// fire.
func expected(t *testing.T, cases []trees.Case, at time.Time) (out []string) {
	t.Helper()
	quiet, muted := 0, 0
	for i, c := range cases {
		text := c.Config.Text()
		facts, problems := alertmanager.Read(alertmanager.Config{Name: "alertmanager.yml", Doc: decode.Document{File: "alertmanager.yml", Line: 1, Data: text}})
		if len(problems) > 0 {
			t.Fatalf("%v\n%s", problems, text)
		}
		tree := routes.Trees(&facts)[0]
		var firing []routes.Labels
		for _, labels := range c.Alerts {
			firing = append(firing, routes.Given(labels))
		}
		for j, labels := range c.Alerts {
			outcomes, all := tree.Route(routes.Given(labels), routes.Moment{Time: at}, firing...)
			if len(outcomes) != 1 || !all {
				t.Fatalf("%d outcomes for labels that are known", len(outcomes))
			}
			if outcomes[0].Inhibited != nil {
				quiet++
				continue
			}
			for _, d := range outcomes[0].Deliveries {
				if !d.Told() {
					muted++
				} else if len(d.Receiver.Channels) > 0 {
					out = append(out, key(fmt.Sprint(i), fmt.Sprint(j), d.Name))
				}
			}
		}
	}
	slices.Sort(out)
	if out = slices.Compact(out); quiet < 20 || muted < 20 || len(out) < 200 {
		t.Fatalf("the cases say too little: %d alerts are inhibited, %d deliveries are muted, %d are told", quiet, muted, len(out))
	}
	return out
}

// whole puts all configurations below the top of one.
func whole(cases []trees.Case, url string) []byte {
	all := trees.Config{Route: &trees.Route{Receiver: "top", Wait: "1s", Interval: "1h"}, Receivers: []trees.Receiver{{Name: "top"}, {Name: "sentinel", Webhooks: []trees.Webhook{{URL: url + "/sentinel/r"}}}}}
	all.Route.Routes = []*trees.Route{{Receiver: "sentinel", Matchers: []string{`tree="sentinel"`}, GroupBy: []string{"..."}}}
	for i, c := range cases {
		only := fmt.Sprintf(`tree="%d"`, i)
		own := func(name string) string { return fmt.Sprintf("%d-%s", i, name) }
		top := renamed(c.Config.Route, own)
		top.Matchers = append(top.Matchers, only)
		all.Route.Routes = append(all.Route.Routes, top)
		for _, r := range c.Config.Receivers {
			all.Receivers = append(all.Receivers, trees.Receiver{Name: own(r.Name), Webhooks: r.Webhooks})
		}
		for _, in := range c.Config.Inhibition {
			all.Inhibition = append(all.Inhibition, trees.Inhibition{Source: append(slices.Clone(in.Source), only), Target: append(slices.Clone(in.Target), only), Equal: in.Equal})
		}
		for _, in := range c.Config.Intervals {
			all.Intervals = append(all.Intervals, trees.Interval{Name: own(in.Name), Times: in.Times})
		}
	}
	return all.Text()
}

func renamed(r *trees.Route, own func(string) string) *trees.Route {
	out := *r
	if out.Receiver != "" {
		out.Receiver = own(out.Receiver)
	}
	out.Mute, out.Active, out.Routes = nil, nil, nil
	for _, name := range r.Mute {
		out.Mute = append(out.Mute, own(name))
	}
	for _, name := range r.Active {
		out.Active = append(out.Active, own(name))
	}
	for _, child := range r.Routes {
		out.Routes = append(out.Routes, renamed(child, own))
	}
	return &out
}

// alerts gives each alert the label of its tree, and its number.
func alerts(cases []trees.Case) (out []map[string]string) {
	for i, c := range cases {
		for j, labels := range c.Alerts {
			one := maps.Clone(labels)
			one["tree"], one["number"] = fmt.Sprint(i), fmt.Sprint(j)
			out = append(out, one)
		}
	}
	return out
}

// sink hears what is delivered.
type sink struct {
	*httptest.Server
	mutex sync.Mutex
	heard map[string]bool
	news  chan struct{}
}

func newSink() *sink {
	s := &sink{heard: map[string]bool{}, news: make(chan struct{}, 1)}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var told struct {
			Alerts []struct {
				Labels map[string]string `json:"labels"`
			} `json:"alerts"`
		}
		if err := json.NewDecoder(r.Body).Decode(&told); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		tree, receiver, _ := strings.Cut(strings.Trim(r.URL.Path, "/"), "/")
		s.mutex.Lock()
		for _, a := range told.Alerts {
			number := a.Labels["number"]
			if word := a.Labels["word"]; word != "" {
				number = "word" + word
			}
			if of := a.Labels["tree"]; of != tree {
				tree += " (of tree " + of + ")"
			}
			s.heard[key(tree, number, receiver)] = true
		}
		s.mutex.Unlock()
		select {
		case s.news <- struct{}{}:
		default:
		}
	}))
	return s
}

func (s *sink) all() map[string]bool {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return maps.Clone(s.heard)
}

// await waits until what was heard is enough; whoever compares says what is
// missing where it never is.
func (s *sink) await(t *testing.T, what string, enough func(map[string]bool) bool) {
	t.Helper()
	late := time.After(patience)
	for !enough(s.all()) {
		select {
		case <-s.news:
		case <-late:
			t.Logf("waited %s for %s", patience, what)
			return
		}
	}
}

// server is a running Alertmanager.
type server struct{ url string }

// run starts Alertmanager on a free port of loopback, alone, and stops it when the
// test ends.
func run(t *testing.T, program string, config []byte) *server {
	t.Helper()
	folder := t.TempDir()
	file := filepath.Join(folder, "alertmanager.yml")
	if err := os.WriteFile(file, config, 0o600); err != nil {
		t.Fatal(err)
	}
	address := free(t)
	command := exec.Command(program, "--config.file="+file, "--storage.path="+filepath.Join(folder, "data"), "--web.listen-address="+address, "--cluster.listen-address=", "--log.level=warn")
	var said bytes.Buffer
	command.Stdout, command.Stderr = &said, &said
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { _ = command.Wait(); close(ended) }()
	t.Cleanup(func() {
		_ = command.Process.Signal(syscall.SIGTERM)
		select {
		case <-ended:
		case <-time.After(10 * time.Second):
			_ = command.Process.Kill()
			<-ended
		}
		if t.Failed() {
			t.Logf("Alertmanager said: %s", said.Bytes()[max(0, said.Len()-4000):])
		}
	})
	s := &server{url: "http://" + address}
	for late := time.Now().Add(patience); ; {
		if answer, err := http.Get(s.url + "/-/ready"); err == nil {
			answer.Body.Close()
			if answer.StatusCode == http.StatusOK {
				return s
			}
		}
		select {
		case <-ended:
			t.Fatalf("Alertmanager ended at once: %s", said.Bytes())
		case <-time.After(50 * time.Millisecond):
		}
		if time.Now().After(late) {
			t.Fatal("Alertmanager is not ready")
		}
	}
}

func free(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func (s *server) post(t *testing.T, list []map[string]string) {
	t.Helper()
	type alert struct {
		Labels map[string]string `json:"labels"`
	}
	var body []alert
	for _, labels := range list {
		body = append(body, alert{labels})
	}
	data, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.Post(s.url+"/api/v2/alerts", "application/json", bytes.NewReader(data))
	if err == nil && answer.StatusCode != http.StatusOK {
		said, _ := io.ReadAll(answer.Body)
		err = errors.New(answer.Status + ": " + string(said))
	}
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
}
