package main

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"
)

// clock is a hand that tests turn.
type clock struct{ time.Time }

func (c *clock) now() time.Time          { return c.Time }
func (c *clock) advance(d time.Duration) { c.Time = c.Add(d) }

func TestReadinessFollowsTheStore(t *testing.T) {
	hand := &clock{time.Unix(0, 0)}
	r := newReadiness(hand.now)
	if err := r.notReady(); err != errUnasked {
		t.Errorf("before the first answer: %v", err)
	}
	var told []error
	answer := func(err error) {
		r.ask(t.Context(), func(context.Context) error { return err }, func(err error) { told = append(told, err) })
	}
	answer(nil)
	if err := r.notReady(); err != nil {
		t.Errorf("store fine: %v", err)
	}
	gone := errors.New("gone")
	answer(gone)
	answer(gone)
	if err := r.notReady(); err != gone {
		t.Errorf("store gone: %v", err)
	}
	answer(nil)
	if len(told) != 3 {
		t.Errorf("%d changes reported, want 3: yes, no, yes", len(told))
	}
	hand.advance(checkStale + time.Second)
	if err := r.notReady(); err != errStale {
		t.Errorf("old answer: %v", err)
	}
	answer(nil)
	r.drain()
	if err := r.notReady(); err != errDraining || !r.isDraining() {
		t.Errorf("draining: %v", err)
	}
}

func TestReadinessDoesNotWaitForever(t *testing.T) {
	r := newReadiness(time.Now)
	r.ask(t.Context(), func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }, func(error) {})
	if err := r.notReady(); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a store that does not answer: %v", err)
	}
}

func TestPulse(t *testing.T) {
	hand := &clock{time.Unix(0, 0)}
	p := newPulse(hand.now)
	turns, stops := p.loop("turns"), p.loop("stops")
	if err := p.stuck(); err != nil {
		t.Errorf("loops that have not begun: %v", err)
	}
	turns()
	stops()
	hand.advance(stuckAfter + time.Second)
	turns()
	if err := p.stuck(); err == nil || !strings.Contains(err.Error(), "loop stops") {
		t.Errorf("error %v, want one that names the loop", err)
	}
}

func TestFaultsInReadiness(t *testing.T) {
	fine := func(context.Context) error { return nil }
	for _, c := range []struct {
		fault string
		since time.Duration
		ready bool
	}{
		{"", 0, true}, {"unready", 0, false}, {"warmup=20s", time.Second, false}, {"warmup=20s", time.Minute, true},
	} {
		f, err := parseFaults(c.fault)
		if err != nil {
			t.Fatal(err)
		}
		if err := f.hinder(fine, time.Now().Add(-c.since))(t.Context()); (err == nil) != c.ready {
			t.Errorf("%q after %s: %v", c.fault, c.since, err)
		}
	}
}
