package main

import (
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"time"
)

// settings is everything that can be chosen without a new build. Values that
// must not be chosen freely (server timeouts, statement timeouts) are constants
// beside the code that they protect.
type settings struct {
	addr    string // SHOP_ADDR: the shop itself
	opsAddr string // SHOP_OPS_ADDR: probes and metrics, never routed to clients

	store        string // SHOP_STORE: postgres or memory
	databaseURL  string // SHOP_DATABASE_URL, without a password
	passwordFile string // SHOP_DATABASE_PASSWORD_FILE
	poolSize     int    // SHOP_DATABASE_POOL: connections per instance
	migrate      bool   // SHOP_MIGRATE: bring the schema up while starting

	tlsCert     string // SHOP_TLS_CERT_FILE
	tlsKey      string // SHOP_TLS_KEY_FILE
	tlsClientCA string // SHOP_TLS_CLIENT_CA_FILE: clients must show a certificate
	principal   string // SHOP_PRINCIPAL_HEADER: where a trusted gateway says who asks

	requestTimeout time.Duration // SHOP_REQUEST_TIMEOUT
	maxInFlight    int           // SHOP_MAX_IN_FLIGHT: more are refused at once
	drainDelay     time.Duration // SHOP_DRAIN_DELAY: not ready, still serving
	drainTimeout   time.Duration // SHOP_DRAIN_TIMEOUT: for what is in flight

	serviceName   string // OTEL_SERVICE_NAME
	traceEndpoint string // OTEL_EXPORTER_OTLP_ENDPOINT; empty: no traces

	faults faults // SHOP_FAULT, see faults.go
}

// readSettings returns the settings, or one error that names everything that
// is wrong with them, so that a bad deployment is repaired in one go.
func readSettings(getenv func(string) string) (settings, error) {
	e := env{get: getenv}
	s := settings{
		addr:           e.text("SHOP_ADDR", ":8080"),
		opsAddr:        e.text("SHOP_OPS_ADDR", ":9090"),
		store:          e.text("SHOP_STORE", "postgres"),
		databaseURL:    e.text("SHOP_DATABASE_URL", ""),
		passwordFile:   e.text("SHOP_DATABASE_PASSWORD_FILE", ""),
		poolSize:       e.number("SHOP_DATABASE_POOL", 10, 1, 200),
		migrate:        e.flag("SHOP_MIGRATE"),
		tlsCert:        e.text("SHOP_TLS_CERT_FILE", ""),
		tlsKey:         e.text("SHOP_TLS_KEY_FILE", ""),
		tlsClientCA:    e.text("SHOP_TLS_CLIENT_CA_FILE", ""),
		principal:      e.text("SHOP_PRINCIPAL_HEADER", ""),
		requestTimeout: e.duration("SHOP_REQUEST_TIMEOUT", 5*time.Second),
		maxInFlight:    e.number("SHOP_MAX_IN_FLIGHT", 256, 1, 100_000),
		drainDelay:     e.duration("SHOP_DRAIN_DELAY", 5*time.Second),
		drainTimeout:   e.duration("SHOP_DRAIN_TIMEOUT", 20*time.Second),
		serviceName:    e.text("OTEL_SERVICE_NAME", "shop"),
		traceEndpoint:  e.text("OTEL_EXPORTER_OTLP_ENDPOINT", ""),
	}
	var err error
	s.faults, err = parseFaults(getenv("SHOP_FAULT"))
	e.note(err)
	e.note(s.contradictions())
	return s, errors.Join(e.errs...)
}

// contradictions returns what is wrong between settings that are fine alone.
func (s settings) contradictions() error {
	var errs []error
	switch s.store {
	case "memory":
	case "postgres":
		errs = append(errs, databaseURLError(s.databaseURL))
	default:
		errs = append(errs, fmt.Errorf("SHOP_STORE is %q: say postgres or memory", s.store))
	}
	if (s.tlsCert == "") != (s.tlsKey == "") {
		errs = append(errs, errors.New("SHOP_TLS_CERT_FILE and SHOP_TLS_KEY_FILE need each other"))
	}
	if s.tlsClientCA != "" && s.tlsCert == "" {
		errs = append(errs, errors.New("SHOP_TLS_CLIENT_CA_FILE needs SHOP_TLS_CERT_FILE"))
	}
	return errors.Join(errs...)
}

// databaseURLError refuses a password in the address: environments end up in
// crash reports, process lists and support tickets. The address is left out of
// the message for the same reason.
func databaseURLError(address string) error {
	if address == "" {
		return errors.New("SHOP_DATABASE_URL is empty: give the address, or SHOP_STORE=memory")
	}
	u, err := url.Parse(address)
	if err != nil || u.Scheme == "" {
		return errors.New("SHOP_DATABASE_URL is not a postgres:// address")
	}
	_, inUser := u.User.Password()
	if inUser || u.Query().Has("password") {
		return errors.New("SHOP_DATABASE_URL holds a password: put it into SHOP_DATABASE_PASSWORD_FILE")
	}
	return nil
}

// env reads typed values and collects what is wrong with them.
type env struct {
	get  func(string) string
	errs []error
}

func (e *env) note(err error) {
	if err != nil {
		e.errs = append(e.errs, err)
	}
}

func (e *env) text(name, fallback string) string {
	if v := e.get(name); v != "" {
		return v
	}
	return fallback
}

func (e *env) flag(name string) bool {
	v, err := strconv.ParseBool(e.text(name, "false"))
	if err != nil {
		e.note(fmt.Errorf("%s is %q: say true or false", name, e.get(name)))
	}
	return v
}

func (e *env) number(name string, fallback, low, high int) int {
	v, err := strconv.Atoi(e.text(name, strconv.Itoa(fallback)))
	if err != nil || v < low || v > high {
		e.note(fmt.Errorf("%s is %q: say a number from %d to %d", name, e.get(name), low, high))
	}
	return v
}

func (e *env) duration(name string, fallback time.Duration) time.Duration {
	v, err := time.ParseDuration(e.text(name, fallback.String()))
	if err != nil || v < 0 {
		e.note(fmt.Errorf("%s is %q: say a duration such as 5s", name, e.get(name)))
	}
	return v
}
