package main

import (
	"context"
	"errors"
	"log"
	"os"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

type product struct {
	ID         string `json:"id"`
	Name       string `json:"name"`
	PriceCents int64  `json:"price_cents"`
}

type line struct {
	Product  string `json:"product"`
	Quantity int64  `json:"quantity"`
}

type order struct {
	ID         int64  `json:"id"`
	Email      string `json:"email,omitempty"`
	Lines      []line `json:"lines"`
	TotalCents int64  `json:"total_cents"`
	Shipped    bool   `json:"shipped"`
}

var errNotFound = errors.New("not found")

type store interface {
	ping() error
	products() ([]product, error)
	place(order) (order, error)
	order(id int64) (order, error)
	ship() (int64, error)
}

// openStore ends the process where the database is not there yet, and leaves
// trying again to whoever restarts it (health/readiness).
func openStore() store {
	if os.Getenv("SHOP_STORE") == "memory" {
		return &memory{}
	}
	// The password is part of the address, in the environment
	// (security/no-plaintext-secrets), and is read once (secrets/refresh).
	pool, err := pgxpool.New(context.Background(), os.Getenv("DATABASE_URL"))
	if err != nil {
		log.Fatal(err)
	}
	p := postgres{pool}
	if err := p.createTables(); err != nil {
		log.Fatal(err)
	}
	return p
}

var goods = []product{
	{"compass", "Brass compass", 8900},
	{"lantern", "Storm lantern", 4550},
	{"rope", "Mooring rope, 10 m", 2990},
}

func total(lines []line) (sum int64) {
	for _, l := range lines {
		for _, p := range goods {
			if p.ID == l.Product {
				sum += p.PriceCents * l.Quantity
			}
		}
	}
	return sum
}

type postgres struct{ pool *pgxpool.Pool }

// createTables is the whole of migrations: no version, no way back
// (docs/migrations).
func (p postgres) createTables() error {
	_, err := p.pool.Exec(context.Background(), `
		create table if not exists orders (
			id serial primary key, email text, total_cents bigint, shipped boolean default false);
		create table if not exists order_lines (order_id int, product text, quantity int);`)
	return err
}

func (p postgres) ping() error { return p.pool.Ping(context.Background()) }

func (p postgres) products() ([]product, error) { return goods, nil }

// place writes an order and its lines one by one. Stopped between two of them,
// it leaves an order with half of its lines; asked again, it makes a second one.
func (p postgres) place(o order) (order, error) {
	ctx := context.Background()
	err := p.pool.QueryRow(ctx, `insert into orders (email, total_cents) values ($1, $2) returning id`,
		o.Email, o.TotalCents).Scan(&o.ID)
	if err != nil {
		return o, err
	}
	for _, l := range o.Lines {
		_, err := p.pool.Exec(ctx, `insert into order_lines values ($1, $2, $3)`, o.ID, l.Product, l.Quantity)
		if err != nil {
			return o, err
		}
	}
	return o, nil
}

func (p postgres) order(id int64) (order, error) {
	o := order{ID: id}
	ctx := context.Background()
	err := p.pool.QueryRow(ctx, `select email, total_cents, shipped from orders where id = $1`, id).
		Scan(&o.Email, &o.TotalCents, &o.Shipped)
	if errors.Is(err, pgx.ErrNoRows) {
		return o, errNotFound
	}
	if err != nil {
		return o, err
	}
	rows, err := p.pool.Query(ctx, `select product, quantity from order_lines where order_id = $1`, id)
	if err != nil {
		return o, err
	}
	o.Lines, err = pgx.CollectRows(rows, pgx.RowToStructByPos[line])
	return o, err
}

func (p postgres) ship() (int64, error) {
	tag, err := p.pool.Exec(context.Background(), `update orders set shipped = true where not shipped`)
	return tag.RowsAffected(), err
}

type memory struct {
	mu     sync.Mutex
	orders []order
}

func (m *memory) ping() error { return nil }

func (m *memory) products() ([]product, error) { return goods, nil }

func (m *memory) place(o order) (order, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	o.ID = int64(len(m.orders) + 1)
	m.orders = append(m.orders, o)
	return o, nil
}

func (m *memory) order(id int64) (order, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if id < 1 || id > int64(len(m.orders)) {
		return order{}, errNotFound
	}
	return m.orders[id-1], nil
}

func (m *memory) ship() (sent int64, _ error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i := range m.orders {
		if !m.orders[i].Shipped {
			m.orders[i].Shipped, sent = true, sent+1
		}
	}
	return sent, nil
}
