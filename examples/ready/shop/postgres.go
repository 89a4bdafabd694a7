package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// acquireTimeout bounds the wait for a connection. Waiting longer than this
// means that the pool is the bottleneck, and a quick 503 keeps the queue short.
const acquireTimeout = time.Second

// postgres is the store that production uses.
type postgres struct {
	pool *pgxpool.Pool
	// watch is a pool of one, for check alone: with a share of the big pool,
	// a busy instance would look like one that lost its database and leave the
	// load balancer, and its load would push the next one out.
	watch  *pgxpool.Pool
	schema int64 // the oldest schema version that this build can work with
}

// openPostgres returns at once, whether or not the database is there.
func openPostgres(ctx context.Context, d *dialer, size int, schema int64) (*postgres, error) {
	pool, err := d.pool(ctx, size)
	if err != nil {
		return nil, fmt.Errorf("open connection pool: %w", err)
	}
	watch, err := d.pool(ctx, 1)
	if err != nil {
		pool.Close()
		return nil, fmt.Errorf("open pool for the readiness check: %w", err)
	}
	return &postgres{pool: pool, watch: watch, schema: schema}, nil
}

// with runs do on a connection, and marks failures that may be gone next time.
func (p *postgres) with(ctx context.Context, do func(*pgxpool.Conn) error) error {
	wait, cancel := context.WithTimeout(ctx, acquireTimeout)
	conn, err := p.pool.Acquire(wait)
	cancel()
	if err != nil {
		return fmt.Errorf("%w: no connection: %w", errUnavailable, err)
	}
	defer conn.Release()
	if err := do(conn); passing(err) {
		return fmt.Errorf("%w: %w", errUnavailable, err)
	} else if err != nil {
		return err
	}
	return nil
}

// passing tells whether the same request may well succeed a little later.
func passing(err error) bool {
	if err == nil {
		return false
	}
	var failed *pgconn.PgError
	if errors.As(err, &failed) {
		switch failed.Code[:2] {
		// connection exception, transaction rollback, insufficient resources,
		// operator intervention (which includes a statement that timed out)
		case "08", "40", "53", "57":
			return true
		}
		// read_only_sql_transaction, lock_not_available: amid a failover or a migration
		return failed.Code == "25006" || failed.Code == "55P03"
	}
	var network net.Error
	return errors.Is(err, context.DeadlineExceeded) || errors.As(err, &network) ||
		errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) || pgconn.SafeToRetry(err)
}

func (p *postgres) products(ctx context.Context) (goods []product, err error) {
	err = p.with(ctx, func(c *pgxpool.Conn) error {
		rows, err := c.Query(ctx, `select id, name, price_cents from products order by id`)
		if err != nil {
			return err
		}
		goods, err = pgx.CollectRows(rows, pgx.RowToStructByPos[product])
		return err
	})
	return goods, err
}

func (p *postgres) place(ctx context.Context, d draft) (o order, replayed bool, err error) {
	err = p.with(ctx, func(c *pgxpool.Conn) error {
		return pgx.BeginFunc(ctx, c, func(tx pgx.Tx) (err error) {
			o, replayed, err = placeIn(ctx, tx, d)
			return err
		})
	})
	if err != nil {
		return order{}, false, err
	}
	return o, replayed, nil
}

// placeIn lets the unique key decide who is first: of two equal requests at the
// same time the second waits in the insert, then finds the order of the first.
func placeIn(ctx context.Context, tx pgx.Tx, d draft) (order, bool, error) {
	lines, total, err := priceIn(ctx, tx, d.lines)
	if err != nil {
		return order{}, false, err
	}
	o := order{ID: rand.Text(), Lines: lines, TotalCents: total}
	err = tx.QueryRow(ctx, `
		insert into orders (id, principal, idempotency_key, fingerprint, total_cents)
		values ($1, $2, $3, $4, $5)
		on conflict (principal, idempotency_key) do nothing
		returning placed_at`,
		o.ID, d.principal, d.key, d.fingerprint(), total).Scan(&o.PlacedAt)
	if errors.Is(err, pgx.ErrNoRows) {
		o, err := replay(ctx, tx, d)
		return o, true, err
	}
	if err != nil {
		return order{}, false, fmt.Errorf("insert order: %w", err)
	}
	var goods []string
	var quantities, cents []int64
	for _, l := range lines {
		goods, quantities, cents = append(goods, l.Product), append(quantities, l.Quantity), append(cents, l.PriceCents)
	}
	_, err = tx.Exec(ctx, `
		insert into order_lines (order_id, product_id, quantity, price_cents, position)
		select $1, * from unnest($2::text[], $3::bigint[], $4::bigint[]) with ordinality`,
		o.ID, goods, quantities, cents)
	if err != nil {
		return order{}, false, fmt.Errorf("insert lines: %w", err)
	}
	return o, false, nil
}

func priceIn(ctx context.Context, tx pgx.Tx, lines []line) ([]line, int64, error) {
	wanted := make([]string, len(lines))
	for i, l := range lines {
		wanted[i] = l.Product
	}
	rows, err := tx.Query(ctx, `select id, price_cents from products where id = any($1)`, wanted)
	if err != nil {
		return nil, 0, fmt.Errorf("read prices: %w", err)
	}
	cents, id, each := map[string]int64{}, "", int64(0)
	if _, err = pgx.ForEachRow(rows, []any{&id, &each}, func() error { cents[id] = each; return nil }); err != nil {
		return nil, 0, fmt.Errorf("read prices: %w", err)
	}
	return price(lines, cents)
}

// replay returns the order that was placed before with the draft's key.
func replay(ctx context.Context, tx pgx.Tx, d draft) (order, error) {
	var id string
	var before []byte
	err := tx.QueryRow(ctx, `select id, fingerprint from orders where principal = $1 and idempotency_key = $2`,
		d.principal, d.key).Scan(&id, &before)
	if err != nil {
		return order{}, fmt.Errorf("find the earlier order: %w", err)
	}
	if !bytes.Equal(before, d.fingerprint()) {
		return order{}, errKeyReused
	}
	return readOrder(ctx, tx, d.principal, id)
}

func (p *postgres) order(ctx context.Context, principal, id string) (o order, err error) {
	err = p.with(ctx, func(c *pgxpool.Conn) error {
		o, err = readOrder(ctx, c, principal, id)
		return err
	})
	return o, err
}

// querier is a connection or a transaction.
type querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

func readOrder(ctx context.Context, q querier, principal, id string) (order, error) {
	o := order{ID: id}
	err := q.QueryRow(ctx, `select total_cents, placed_at from orders where id = $1 and principal = $2`,
		id, principal).Scan(&o.TotalCents, &o.PlacedAt)
	if errors.Is(err, pgx.ErrNoRows) {
		return order{}, errNotFound
	}
	if err != nil {
		return order{}, fmt.Errorf("read order: %w", err)
	}
	rows, err := q.Query(ctx, `
		select product_id, quantity, price_cents from order_lines where order_id = $1 order by position`, id)
	if err != nil {
		return order{}, fmt.Errorf("read lines: %w", err)
	}
	o.Lines, err = pgx.CollectRows(rows, pgx.RowToStructByPos[line])
	if err != nil {
		return order{}, fmt.Errorf("read lines: %w", err)
	}
	return o, nil
}

// check asks for what placing an order needs: an answer, a schema that is new
// enough, and a server that takes writes. A schema newer than this build is
// fine: migrations are written so that the build before them keeps working.
func (p *postgres) check(ctx context.Context) error {
	var version int64
	var standby bool
	err := p.watch.QueryRow(ctx, `select coalesce(max(version), 0), pg_is_in_recovery() from schema_migrations`).
		Scan(&version, &standby)
	switch {
	case err != nil:
		return fmt.Errorf("database: %w", err)
	case standby:
		return errors.New("database: connected to a standby")
	case version < p.schema:
		return fmt.Errorf("database: schema is at %d, this build needs %d", version, p.schema)
	}
	return nil
}

// forget drops connections that were opened with old credentials: idle ones
// now, busy ones when their request is done.
func (p *postgres) forget() {
	p.pool.Reset()
	p.watch.Reset()
}

func (p *postgres) close() {
	p.pool.Close()
	p.watch.Close()
}
