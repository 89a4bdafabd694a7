package main

import (
	"context"
	"errors"
	"sync"
	"time"
)

const (
	checkEvery   = 2 * time.Second
	checkTimeout = time.Second
	// checkStale is how old an answer may be before it is no answer any more.
	checkStale = 10 * time.Second
)

// readiness answers whether traffic should come here. The store is asked in the
// background and the answer is kept: many probes must not become many queries,
// and a probe must get its answer even while the store lets everyone wait.
type readiness struct {
	now func() time.Time

	mu       sync.Mutex
	draining bool
	asked    time.Time
	reason   error
}

var (
	errDraining = errors.New("draining: this instance is on its way out")
	errUnasked  = errors.New("starting: the store has not been asked yet")
	errStale    = errors.New("the store has not been asked for too long")
)

func newReadiness(now func() time.Time) *readiness {
	return &readiness{now: now, reason: errUnasked}
}

// notReady returns why no traffic should come, nil when it should.
func (r *readiness) notReady() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case r.draining:
		return errDraining
	case r.reason != nil:
		return r.reason
	case r.now().Sub(r.asked) > checkStale:
		return errStale
	}
	return nil
}

// drain makes the instance not ready for good.
func (r *readiness) drain() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.draining = true
}

func (r *readiness) isDraining() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.draining
}

// watch asks check again and again until ctx ends, and reports changes.
func (r *readiness) watch(ctx context.Context, check func(context.Context) error, beat func(), changed func(error)) {
	tick := time.NewTicker(checkEvery)
	defer tick.Stop()
	for {
		beat()
		r.ask(ctx, check, changed)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func (r *readiness) ask(ctx context.Context, check func(context.Context) error, changed func(error)) {
	ctx, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	err := check(ctx)

	r.mu.Lock()
	turned := (err == nil) != (r.reason == nil)
	r.reason, r.asked = err, r.now()
	r.mu.Unlock()
	if turned {
		changed(err)
	}
}
