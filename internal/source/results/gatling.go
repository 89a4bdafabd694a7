package results

import (
	"bytes"
	"path"
	"regexp"
	"strconv"
	"strings"
	"time"

	"seaworthy.dev/seaworthy/internal/fact"
)

func looksGatling(h head) (looks, sure bool) {
	return bytes.Contains(h.text, []byte(`"numberOfRequests"`)) && bytes.Contains(h.text, []byte(`"percentiles1"`)), true
}

// gatlingStats are the figures of one kind of request.
type gatlingStats struct {
	Name     string      `json:"name"`
	Requests gatlingTrio `json:"numberOfRequests"`
	Max      gatlingTrio `json:"maxResponseTime"`
	P1       gatlingTrio `json:"percentiles1"`
	P2       gatlingTrio `json:"percentiles2"`
	P3       gatlingTrio `json:"percentiles3"`
	P4       gatlingTrio `json:"percentiles4"`
	Rate     gatlingTrio `json:"meanNumberOfRequestsPerSecond"`
}

// gatlingTrio is a figure of all requests, of the good and of the bad ones; old
// versions write them as texts.
type gatlingTrio struct {
	Total gatlingFigure `json:"total"`
	Bad   gatlingFigure `json:"ko"`
}

type gatlingFigure float64

// UnmarshalJSON reads a number, or a text that holds one; "-" is none.
func (f *gatlingFigure) UnmarshalJSON(data []byte) error {
	n, _ := strconv.ParseFloat(strings.Trim(string(data), `"`), 64)
	*f = gatlingFigure(n)
	return nil
}

func (g gatlingStats) latencies() []fact.LatencyAt {
	return percentiles(map[float64]time.Duration{
		50: millis(float64(g.P1.Total)), 75: millis(float64(g.P2.Total)), 95: millis(float64(g.P3.Total)), 99: millis(float64(g.P4.Total)), 100: millis(float64(g.Max.Total)),
	})
}

type gatlingGroup struct {
	Stats    *gatlingStats           `json:"stats"`
	Contents map[string]gatlingGroup `json:"contents"`
}

// readGatling reads global_stats.json and stats.json of a report, with the
// percentiles that it has unless its settings say otherwise. The folder's name ends
// with when it ran.
func readGatling(s *source) (Reading, error) {
	var in struct {
		gatlingGroup
		gatlingStats
	}
	if err := s.json(&in); err != nil {
		return Reading{}, err
	}
	all := in.gatlingStats
	if in.Stats != nil {
		all = *in.Stats
	}
	if all.Requests.Total == 0 {
		return Reading{}, errNone
	}
	l := s.load("Gatling")
	l.Ran = gatlingFolder(s.shown)
	l.Requests, l.Failed, l.Rate, l.Latencies = int64(all.Requests.Total), int64(all.Requests.Bad), float64(all.Rate.Total), all.latencies()
	if l.Rate > 0 {
		l.Length = time.Duration(float64(l.Requests) / l.Rate * float64(time.Second)).Round(time.Second)
	}
	gatlingParts(l, in.Contents, 0)
	sortParts(l)
	return Reading{Load: l}, nil
}

func gatlingParts(l *fact.LoadRun, groups map[string]gatlingGroup, depth int) {
	for _, g := range groups {
		if len(g.Contents) > 0 && depth < 16 {
			gatlingParts(l, g.Contents, depth+1)
		} else if g.Stats != nil && len(l.Parts) < maxParts {
			l.Parts = append(l.Parts, fact.LoadPart{
				Name: g.Stats.Name, Requests: int64(g.Stats.Requests.Total), Failed: int64(g.Stats.Requests.Bad), Rate: float64(g.Stats.Rate.Total), Latencies: g.Stats.latencies(),
			})
		}
	}
}

var gatlingStamp = regexp.MustCompile(`-(\d{14})\d{0,3}$`)

// gatlingFolder reads the time in the name of the folder of a report.
func gatlingFolder(file string) time.Time {
	for dir := path.Dir(file); dir != "." && dir != "/"; dir = path.Dir(dir) {
		if m := gatlingStamp.FindStringSubmatch(path.Base(dir)); m != nil {
			at, _ := time.Parse("20060102150405", m[1])
			return at
		}
	}
	return time.Time{}
}

func looksGatlingLog(h head) (looks, sure bool) {
	fields := strings.Split(h.line, "\t")
	return len(fields) > 3 && (fields[0] == "RUN" || fields[2] == "RUN") && !bytes.ContainsRune(h.text, 0), true
}

// readGatlingLog adds up simulation.log, as versions to 3.9 write it; newer ones
// write it in a form of their own, and their statistics beside it. The columns moved
// from version to version: a request's state stands behind its two times.
func readGatlingLog(s *source) (Reading, error) {
	t := newTally()
	err := s.lines(func(_ int, line []byte) error {
		if !bytes.HasPrefix(line, []byte("REQUEST\t")) && !bytes.Contains(line[:min(len(line), 200)], []byte("\tREQUEST\t")) {
			return nil
		}
		fields := strings.Split(string(line), "\t")
		for i := 4; i < len(fields); i++ {
			if fields[i] != "OK" && fields[i] != "KO" {
				continue
			}
			sent, err := strconv.ParseInt(fields[i-2], 10, 64)
			end, err2 := strconv.ParseInt(fields[i-1], 10, 64)
			name := fields[i-3]
			if _, number := strconv.ParseInt(name, 10, 64); number == nil && i >= 7 { // version 2: four times
				sent, _ = strconv.ParseInt(fields[i-4], 10, 64)
				name = fields[i-5]
			}
			if err == nil && err2 == nil && end >= sent {
				t.add(name, epoch(float64(sent)), millis(float64(end-sent)), fields[i] == "OK")
			}
			break
		}
		return nil
	})
	if err != nil {
		return Reading{}, err
	}
	l := s.load("Gatling")
	if err := t.fill(l); err != nil {
		return Reading{}, err
	}
	return Reading{Load: l}, nil
}
