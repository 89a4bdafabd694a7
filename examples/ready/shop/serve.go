package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"
)

// serve runs the shop until ctx ends, then drains it.
func serve(ctx context.Context, log *slog.Logger, s settings) error {
	a := &app{
		settings: s,
		log:      log,
		metrics:  newMetrics(),
		traces:   newExporter(s.traceEndpoint, s.serviceName),
		ready:    newReadiness(time.Now),
		pulse:    newPulse(time.Now),
	}
	return a.run(ctx)
}

// app is the running process: what it is made of, in the order in which it is
// started, and stopped the other way round.
type app struct {
	settings
	log     *slog.Logger
	metrics *metrics
	traces  *exporter
	ready   *readiness
	pulse   *pulse
	store   store

	// listening is called with the two addresses once connections are
	// accepted; nil for nobody. Tests choose port 0 and need to know.
	listening func(shop, ops net.Addr)
}

func (a *app) run(ctx context.Context) error {
	// Background work outlives the signal: it goes on while requests drain.
	background, stopLoops := context.WithCancel(context.WithoutCancel(ctx))
	var loops sync.WaitGroup
	defer func() {
		stopLoops()
		loops.Wait()
		if a.store != nil {
			a.store.close()
		}
	}()

	identity, err := a.identity()
	if err != nil {
		return err
	}
	if a.store, err = a.openStore(background, &loops); err != nil {
		return err
	}

	main, ops := a.servers()
	listener, err := net.Listen("tcp", a.addr)
	if err != nil {
		return fmt.Errorf("listen for the shop: %w", err)
	}
	defer listener.Close()
	opsListener, err := net.Listen("tcp", a.opsAddr)
	if err != nil {
		return fmt.Errorf("listen for probes and metrics: %w", err)
	}
	defer opsListener.Close()

	a.startLoops(background, &loops, identity)
	failed := make(chan error, 2)
	go func() { failed <- a.accept(main, listener, identity) }()
	go func() { failed <- ops.Serve(opsListener) }()
	a.log.Info("serving", "addr", listener.Addr().String(), "ops", opsListener.Addr().String(), "store", a.settings.store)
	if a.listening != nil {
		a.listening(listener.Addr(), opsListener.Addr())
	}

	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
		return a.drain(main, ops)
	}
}

func (a *app) accept(server *http.Server, l net.Listener, identity *serverTLS) error {
	if identity == nil {
		return server.Serve(l)
	}
	server.TLSConfig = identity.config()
	return server.ServeTLS(l, "", "")
}

// identity returns what the listener proves itself with; nil for plain text,
// where the mesh does it.
func (a *app) identity() (*serverTLS, error) {
	if a.tlsCert == "" {
		return nil, nil
	}
	t, err := newServerTLS(a.tlsCert, a.tlsKey, a.tlsClientCA)
	if err != nil {
		return nil, err
	}
	a.metrics.gauge("shop_certificate_not_after_seconds", "When the served certificate expires, Unix time.",
		func() float64 { return float64(t.expires.Load()) })
	return t, nil
}

// openStore returns at once even where the database is away: then the instance
// is alive, and not ready until it has come.
func (a *app) openStore(ctx context.Context, loops *sync.WaitGroup) (store, error) {
	if a.settings.store == "memory" {
		return newMemory(), nil
	}
	list, err := migrations(migrationFiles)
	if err != nil {
		return nil, err
	}
	d := &dialer{address: a.databaseURL, passwordFile: a.passwordFile, tracer: queryTracer{a.traces}}
	p, err := openPostgres(ctx, d, a.poolSize, list[len(list)-1].version)
	if err != nil {
		return nil, err
	}
	a.metrics.watchPool(p.pool)
	loops.Go(func() { d.follow(ctx, a.log, a.pulse.loop("credentials"), p.forget) })
	if a.migrate {
		loops.Go(func() { migrator{dial: d, list: list, log: a.log}.upWhenPossible(ctx) })
	}
	return p, nil
}

func (a *app) startLoops(ctx context.Context, loops *sync.WaitGroup, identity *serverTLS) {
	check := a.faults.hinder(a.store.check, time.Now())
	loops.Go(func() { a.ready.watch(ctx, check, a.pulse.loop("readiness"), a.noteReadiness) })
	loops.Go(func() { a.traces.run(ctx, a.log) })
	if identity != nil {
		loops.Go(func() { identity.follow(ctx, a.log, a.pulse.loop("certificate")) })
	}
	if a.faults.hang {
		a.pulse.loop("hung by SHOP_FAULT")()
	}
}

func (a *app) noteReadiness(err error) {
	if err != nil {
		a.log.Warn("not ready", "reason", err.Error())
		return
	}
	a.log.Info("ready")
}

// servers returns the shop's server and the one for probes and metrics.
func (a *app) servers() (main, ops *http.Server) {
	a.metrics.gauge("shop_ready", "1 while traffic should come here.", func() float64 {
		if a.ready.notReady() == nil {
			return 1
		}
		return 0
	})
	a.metrics.counter("shop_spans_dropped_total", "Spans that did not reach the collector.", a.traces.lost)

	s := &shop{store: a.store, metrics: a.metrics, principalHeader: a.principal}
	handler := limited(a.faults.spoil(s.routes()), a.maxInFlight, a.metrics)
	handler = observed(handler, a.log, a.metrics, a.traces, a.principal)
	handler = farewell(bounded(handler, a.requestTimeout), a.ready.isDraining)

	// The shop's own port answers probes as well, for whoever runs it without
	// a second port in reach: a load balancer, or a drill on a laptop. Reasons
	// name hosts and users, so they are told on the other port only.
	front := http.NewServeMux()
	probes(front, discreet(a.pulse.stuck), discreet(a.ready.notReady))
	front.Handle("/", handler)
	return a.server(front), a.server(opsRoutes(a.metrics, a.pulse.stuck, a.ready.notReady))
}

// server returns an HTTP server on which no client can hold a connection for
// nothing.
func (a *app) server(h http.Handler) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		// Above the request's own deadline, so that its answer still gets out.
		WriteTimeout: a.requestTimeout + 5*time.Second,
		// Above what gateways keep idle connections for (60 s): the side that
		// sends requests should be the one that closes.
		IdleTimeout:    90 * time.Second,
		MaxHeaderBytes: 16 << 10,
		ErrorLog:       slog.NewLogLogger(a.log.Handler(), slog.LevelWarn),
	}
}

// drain takes the instance out of service without losing a request: first it
// says that it is not ready and goes on serving, since news of that takes time
// to reach everyone who sends; then it stops accepting and waits for what is in
// flight; the probes' port closes last. An error means that work was cut off.
func (a *app) drain(main, ops *http.Server) error {
	a.ready.drain()
	a.log.Info("draining", "delay", a.drainDelay.String(), "timeout", a.drainTimeout.String())
	time.Sleep(a.drainDelay)

	ctx, cancel := context.WithTimeout(context.Background(), a.drainTimeout)
	defer cancel()
	err := main.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		main.Close()
		err = fmt.Errorf("requests were still in flight after %s", a.drainTimeout)
	}
	ops.Close()
	a.log.Info("drained", "complete", err == nil)
	return err
}
