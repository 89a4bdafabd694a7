package main

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// dialer knows how to reach the database: an address that is fixed at start,
// and credentials (password, client certificate, authority) that live in files
// and change while the process runs.
type dialer struct {
	address, passwordFile string
	tracer                pgx.QueryTracer
	// proven holds the newest credentials that the database has accepted.
	proven atomic.Pointer[pgx.ConnConfig]
}

// read returns a configuration with the credentials as the files hold them now.
func (d *dialer) read() (*pgx.ConnConfig, error) {
	c, err := pgx.ParseConfig(d.address) // loads the certificates that the address names
	if err != nil {
		return nil, fmt.Errorf("read database settings: %w", err)
	}
	if d.passwordFile != "" {
		password, err := os.ReadFile(d.passwordFile)
		if err != nil {
			return nil, fmt.Errorf("read database password: %w", err)
		}
		c.Password = string(bytes.TrimSpace(password))
	}
	c.ConnectTimeout = 3 * time.Second
	c.Tracer = d.tracer
	c.RuntimeParams["application_name"] = "shop"
	// The database gives up before the client does (SHOP_REQUEST_TIMEOUT), so
	// that no statement goes on for nobody.
	c.RuntimeParams["statement_timeout"] = "4s"
	c.RuntimeParams["lock_timeout"] = "2s"
	c.RuntimeParams["idle_in_transaction_session_timeout"] = "10s"
	return c, nil
}

// pool returns a pool of that size. Each new connection takes the credentials
// of its day. The pool is kept full: a burst finds its connections open, and a
// rotation that has reached the database but not yet the file costs no request.
func (d *dialer) pool(ctx context.Context, size int) (*pgxpool.Pool, error) {
	c, err := pgxpool.ParseConfig(d.address)
	if err != nil {
		return nil, err
	}
	c.MaxConns, c.MinConns = int32(size), int32(size)
	c.MaxConnLifetime = 30 * time.Minute
	c.MaxConnLifetimeJitter = 5 * time.Minute // not all instances in one second
	c.HealthCheckPeriod = 5 * time.Second
	c.BeforeConnect = func(_ context.Context, conn *pgx.ConnConfig) error {
		current := d.proven.Load()
		if current == nil {
			fresh, err := d.read()
			if err != nil {
				return err
			}
			current = fresh
		}
		*conn = *current.Copy()
		return nil
	}
	return pgxpool.NewWithConfig(ctx, c)
}

// files lists what rotation may replace.
func (d *dialer) files() (files []string) {
	if d.passwordFile != "" {
		files = append(files, d.passwordFile)
	}
	u, err := url.Parse(d.address)
	if err != nil {
		return files
	}
	for _, parameter := range []string{"sslcert", "sslkey", "sslrootcert"} {
		if name := u.Query().Get(parameter); name != "" && name != "system" {
			files = append(files, name)
		}
	}
	return files
}

// follow adopts changed credentials once the database accepts them, and then
// calls adopted. Trying first matters: the file and the database change at
// different moments, and until both have, the old connections are the good ones.
func (d *dialer) follow(ctx context.Context, log *slog.Logger, beat, adopted func()) {
	var complaint string
	watchFiles(ctx, d.files(), beat, func() bool {
		fresh, err := d.read()
		if err == nil {
			err = d.try(ctx, fresh)
		}
		if err != nil {
			if err.Error() != complaint { // once per reason, not once per look
				complaint = err.Error()
				log.Warn("database credentials are not accepted yet", "error", complaint)
			}
			return false
		}
		complaint = ""
		if d.proven.Swap(fresh) != nil {
			log.Info("database credentials changed")
			adopted()
		}
		return true
	})
}

func (d *dialer) try(ctx context.Context, c *pgx.ConnConfig) error {
	ctx, cancel := context.WithTimeout(ctx, c.ConnectTimeout)
	defer cancel()
	conn, err := pgx.ConnectConfig(ctx, c)
	if err != nil {
		return err
	}
	return conn.Close(ctx)
}
