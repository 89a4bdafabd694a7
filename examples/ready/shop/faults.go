package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// faults makes a bad build out of a good one, so that a rollback drill has
// something to roll back. It is read once from the environment (SHOP_FAULT)
// and has no switch on the network: whoever may set it may deploy anyway.
//
//	SHOP_FAULT=errors=0.2,latency=800ms
//	SHOP_FAULT=unready      never ready
//	SHOP_FAULT=warmup=20s   ready only after that long
//	SHOP_FAULT=hang         a background loop stops, as in a deadlock
type faults struct {
	errors  float64       // share of requests answered with 500
	latency time.Duration // added to each request
	warmup  time.Duration
	unready bool
	hang    bool
}

// parseFaults returns the faults of a comma-separated list; none for "".
func parseFaults(list string) (f faults, err error) {
	if list == "" {
		return f, nil
	}
	for item := range strings.SplitSeq(list, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(item), "=")
		switch name {
		case "errors":
			f.errors, err = strconv.ParseFloat(value, 64)
			if err == nil && !(f.errors >= 0 && f.errors <= 1) {
				err = fmt.Errorf("errors=%s is no share from 0 to 1", value)
			}
		case "latency":
			f.latency, err = time.ParseDuration(value)
		case "warmup":
			f.warmup, err = time.ParseDuration(value)
		case "unready":
			f.unready = true
		case "hang":
			f.hang = true
		default:
			err = fmt.Errorf("unknown fault %q", name)
		}
		if err != nil {
			return faults{}, fmt.Errorf("SHOP_FAULT: %w", err)
		}
	}
	return f, nil
}

// spoil adds the faults that show in requests. Without any it is next itself.
func (f faults) spoil(next http.Handler) http.Handler {
	if f.latency == 0 && f.errors == 0 {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-time.After(f.latency):
		case <-r.Context().Done():
		}
		if rand.Float64() < f.errors {
			refuse(w, http.StatusInternalServerError, "fault injected by SHOP_FAULT")
			return
		}
		next.ServeHTTP(w, r)
	})
}

// hinder adds the faults that show in readiness.
func (f faults) hinder(check func(context.Context) error, started time.Time) func(context.Context) error {
	return func(ctx context.Context) error {
		switch {
		case f.unready:
			return errors.New("fault injected by SHOP_FAULT")
		case time.Since(started) < f.warmup:
			return errors.New("warming up by SHOP_FAULT")
		}
		return check(ctx)
	}
}
