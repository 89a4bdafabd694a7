package results

import (
	"encoding/csv"
	"strconv"
	"strings"
	"time"

	"seaworthy.dev/seaworthy/internal/fact"
)

func looksLocust(h head) (looks, sure bool) {
	plain := strings.ReplaceAll(h.line, `"`, "")
	return strings.HasPrefix(plain, "Type,Name,Request Count,Failure Count") || strings.HasPrefix(plain, "Type,Name,# requests,# failures") ||
		strings.HasPrefix(plain, "Method,Name,# requests,# failures"), true
}

// readLocust reads the statistics that `locust --csv` writes; the line of all
// requests is called Aggregated, formerly Total. Users of locust wait for
// their answers.
func readLocust(s *source) (Reading, error) {
	r := csv.NewReader(s.in)
	r.FieldsPerRecord = -1
	rows, err := r.ReadAll()
	if err != nil {
		return Reading{}, err
	}
	column := map[string]int{}
	for i, name := range rows[0] {
		column[strings.TrimSpace(name)] = i
	}
	l := s.load("Locust")
	l.Closed = true
	for _, row := range rows[1:] {
		number := func(names ...string) float64 {
			for _, name := range names {
				if i, found := column[name]; found && i < len(row) {
					f, _ := strconv.ParseFloat(row[i], 64)
					return f
				}
			}
			return 0
		}
		if len(row) < 3 {
			continue
		}
		at := map[float64]time.Duration{}
		for name := range column {
			if p, ok := percentileKey(name); ok && strings.HasSuffix(name, "%") {
				at[p] = millis(number(name))
			}
		}
		if at[50] == 0 {
			at[50], at[100] = millis(number("Median Response Time", "Median response time")), millis(number("Max Response Time", "Max response time"))
		}
		part := fact.LoadPart{
			Name: strings.TrimSpace(row[0] + " " + row[1]), Requests: int64(number("Request Count", "# requests")), Failed: int64(number("Failure Count", "# failures")),
			Rate: number("Requests/s"), Latencies: percentiles(at),
		}
		if row[0] == "" && (row[1] == "Aggregated" || row[1] == "Total") || row[0] == "None" && row[1] == "Total" {
			l.Requests, l.Failed, l.Rate, l.Latencies = part.Requests, part.Failed, part.Rate, part.Latencies
		} else if len(l.Parts) < maxParts {
			l.Parts = append(l.Parts, part)
		}
	}
	if l.Requests == 0 {
		return Reading{}, errNone
	}
	if l.Rate > 0 {
		l.Length = time.Duration(float64(l.Requests) / l.Rate * float64(time.Second)).Round(time.Second)
	}
	sortParts(l)
	return Reading{Load: l}, nil
}
