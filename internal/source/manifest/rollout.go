package manifest

import (
	"math"
	"time"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
	form "seaworthy.dev/seaworthy/internal/manifest"
)

// rollout returns the rollout that the guard carries out: shares of traffic, each
// held for its pause while the thresholds are compared. A threshold judges a share
// only where the pause is as long as the figure must stay beyond its bound.
func (r *reader) rollout(n *decode.Node, in *form.Rollout) *fact.Rollout {
	if in == nil {
		return nil
	}
	at := r.doc.At(n)
	out := &fact.Rollout{
		Ref: fact.Ref{Subject: "rollout of " + r.service.Name, Location: at}, Name: r.service.Name, Engine: "guard",
		TargetName: in.Workload, Manner: "canary", MannerAt: at, FirstShare: -1, FirstAt: at, Background: -1, Routed: true,
	}
	soonest := time.Duration(math.MaxInt64)
	for i, t := range in.Thresholds {
		held, _ := length(t.For)
		soonest = min(soonest, held)
		out.Checks = append(out.Checks, fact.Measure{
			Name: t.Name, Signal: t.Signal, Provider: "prometheus", Query: t.Query, For: lasts(t.For, held), Threshold: t.Op + " " + decode.Text(decode.Dig(n, "thresholds", i, "value")), At: r.doc.At(decode.Dig(n, "thresholds", i)),
		})
	}
	for i, s := range in.Steps {
		at, share := r.doc.At(decode.Dig(n, "steps", i)), 0
		if s.Weight > 0 { // neither nothing nor no number
			share = int(math.Ceil(min(s.Weight, 100)))
		}
		if out.FirstShare < 0 && share > 0 {
			out.FirstShare, out.FirstAt = share, at
		}
		pause, _ := length(s.Pause)
		out.Steps = append(out.Steps, fact.Step{Share: share, At: at}, fact.Step{
			Share: -1, Pause: pause > 0, Seconds: int(pause / time.Second), Analysis: pause > 0 && soonest <= pause, At: at,
		})
	}
	if out.FirstShare < 0 {
		out.Steps = nil // no step gives the new build anything
	}
	return out
}

// lasts returns how long a figure must stay beyond its bound in seconds; -1 where
// nobody says.
func lasts(written string, d time.Duration) int {
	if written == "" {
		return -1
	}
	return int(d / time.Second)
}
