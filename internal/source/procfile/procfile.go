// Package procfile reads Procfiles: names of processes and the lines that start
// them. What runs them, where and how often, they do not say.
package procfile

import (
	"fmt"
	"regexp"
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/address"
	"seaworthy.dev/seaworthy/internal/derive/process"
	"seaworthy.dev/seaworthy/internal/fact"
)

// MaxFile bounds what is read: Procfiles have a few lines.
const MaxFile = 256 << 10

// line is a process type and its command:
// https://devcenter.heroku.com/articles/procfile#procfile-format.
var line = regexp.MustCompile(`^([A-Za-z0-9_-]+):\s*(.+)$`)

// Read turns the lines of a Procfile into workloads.
func Read(file string, data []byte) (facts fact.Set, problems []fact.Problem) {
	lost := func(n int, format string, args ...any) {
		at := fact.Location{File: file, Line: n}
		says := fmt.Sprintf(format, args...)
		problems = append(problems, fact.Problem{Location: at, Message: says})
		facts.Coverage.Holes = append(facts.Coverage.Holes, fact.Hole{Kinds: []fact.Kind{fact.Workloads}, Location: at, Why: "Procfile: " + says})
	}
	if len(data) > MaxFile {
		lost(0, "has %d KB; Procfiles above %d KB are not read", len(data)>>10, MaxFile>>10)
		return facts, problems
	}
	seen := map[string]bool{}
	for i, text := range strings.Split(string(data), "\n") {
		text = strings.TrimSpace(text)
		if text == "" || strings.HasPrefix(text, "#") {
			continue
		}
		m := line.FindStringSubmatch(text)
		switch {
		case m == nil:
			lost(i+1, "is no process; write `name: command`")
			continue
		case seen[m[1]]:
			lost(i+1, "names %s a second time", m[1])
			continue
		}
		seen[m[1]] = true
		at := fact.Location{File: file, Line: i + 1}
		w := &fact.Workload{
			Ref: fact.Ref{Subject: "procfile/process " + m[1], Location: at}, Platform: fact.Procfile, Kind: "Procfile", Name: m[1],
			Replicas: 1, ReplicasAt: at, PodAt: at, GraceAt: at, Grace: -1, Strategy: fact.Strategy{At: at},
		}
		if m[1] == "release" { // runs once before each release
			w.Form = fact.OneOff
		}
		words := strings.Fields(m[2])
		w.Containers = []fact.Container{{
			Ref: w.Ref, Name: m[1], Command: process.Command(words, nil, at),
			Requests: fact.Resources{MilliCPU: -1, Memory: -1}, Limits: fact.Resources{MilliCPU: -1, Memory: -1},
			Dials: address.In(m[2], at), Env: append(process.Arguments(words, func(int) fact.Location { return at }),
				fact.Env{Name: "Procfile", Origin: fact.Outside, From: "whatever runs this Procfile", At: at}),
		}}
		facts.Workloads = append(facts.Workloads, w)
	}
	return facts, problems
}
