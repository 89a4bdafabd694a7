package main

import (
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"
)

// stuckAfter is how long a background loop may be silent. Loops turn every two
// seconds and wait for nothing longer than a database timeout of a few seconds.
const stuckAfter = 30 * time.Second

// pulse tells whether the process's own loops still turn. It is what liveness
// looks at: a restart frees a deadlock, while it would not bring back a
// database, so nothing outside of the process counts here.
type pulse struct {
	mu    sync.Mutex
	beats map[string]time.Time
	now   func() time.Time
}

func newPulse(now func() time.Time) *pulse {
	return &pulse{beats: map[string]time.Time{}, now: now}
}

// loop returns the function by which the named loop says that it turns. From
// the first call on it must be called again within stuckAfter.
func (p *pulse) loop(name string) func() {
	return func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.beats[name] = p.now()
	}
}

// stuck returns an error that names the first loop that fell silent.
func (p *pulse) stuck() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, name := range slices.Sorted(maps.Keys(p.beats)) {
		if silent := p.now().Sub(p.beats[name]); silent > stuckAfter {
			return fmt.Errorf("loop %s is silent for %s", name, silent.Round(time.Second))
		}
	}
	return nil
}
