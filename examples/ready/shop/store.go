package main

import "context"

// store keeps products and orders. postgres.go is the real one; memory.go is
// for trials on a laptop and for tests. store_test.go says what both promise.
type store interface {
	products(ctx context.Context) ([]product, error)

	// place records the draft once per principal and key, and returns only
	// when it is durable: whoever hears yes may rely on it. replayed tells that
	// the order had been there before. It fails with errUnknownProduct,
	// errKeyReused or errUnavailable.
	place(ctx context.Context, d draft) (o order, replayed bool, err error)

	// order returns an order to the principal who placed it, or errNotFound.
	order(ctx context.Context, principal, id string) (order, error)

	// check returns why the store cannot serve at the moment, nil when it can.
	check(ctx context.Context) error

	close()
}
