package main

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// What the shop sells and what it has sold. Prices are whole cents: money is
// never a float. Of a person an order knows only the principal: an opaque id
// that means something to the login service alone.

type product struct {
	ID         string `json:"id"`
	Name       string `json:"name"`
	PriceCents int64  `json:"price_cents"`
}

type line struct {
	Product    string `json:"product"`
	Quantity   int64  `json:"quantity"`
	PriceCents int64  `json:"price_cents"` // as it was when the order was placed
}

type order struct {
	ID         string    `json:"id"`
	Lines      []line    `json:"lines"`
	TotalCents int64     `json:"total_cents"`
	PlacedAt   time.Time `json:"placed_at"`
}

// draft is an order that a principal asks for. The key makes it safe to ask
// again: the same principal, key and lines yield the same order.
type draft struct {
	principal, key string
	lines          []line
}

var (
	errNotFound       = errors.New("no such order")
	errUnknownProduct = errors.New("no such product")
	errKeyReused      = errors.New("this Idempotency-Key was used for a different order")
	// errUnavailable marks a failure of the store that may be gone next time.
	errUnavailable = errors.New("store unavailable")
)

const (
	maxLines    = 100
	maxQuantity = 1000
	maxKey      = 200
)

// invalid returns what is wrong with the draft, nil when it may be placed.
func (d draft) invalid() error {
	switch {
	case d.key == "":
		return errors.New("header Idempotency-Key is missing: send a value of your own, the same one when you retry")
	case len(d.key) > maxKey:
		return fmt.Errorf("header Idempotency-Key is longer than %d bytes", maxKey)
	case len(d.lines) == 0 || len(d.lines) > maxLines:
		return fmt.Errorf("an order has 1 to %d lines, not %d", maxLines, len(d.lines))
	}
	seen := map[string]bool{}
	for i, l := range d.lines {
		switch {
		case l.Product == "":
			return fmt.Errorf("line %d names no product", i+1)
		case seen[l.Product]:
			return fmt.Errorf("product %q stands on two lines", l.Product)
		case l.Quantity < 1 || l.Quantity > maxQuantity:
			return fmt.Errorf("quantity of %q is %d: say 1 to %d", l.Product, l.Quantity, maxQuantity)
		}
		seen[l.Product] = true
	}
	return nil
}

// fingerprint returns the same bytes for drafts that ask for the same things,
// so that a key used twice for different orders is noticed.
func (d draft) fingerprint() []byte {
	asked := make([][2]any, len(d.lines))
	for i, l := range d.lines {
		asked[i] = [2]any{l.Product, l.Quantity}
	}
	text, err := json.Marshal(asked)
	if err != nil {
		panic(err) // strings and integers always marshal
	}
	sum := sha256.Sum256(text)
	return sum[:]
}

// price fills in the prices and returns the total.
func price(lines []line, cents map[string]int64) ([]line, int64, error) {
	priced, total := make([]line, len(lines)), int64(0)
	for i, l := range lines {
		each, known := cents[l.Product]
		if !known {
			return nil, 0, fmt.Errorf("%w: %q", errUnknownProduct, l.Product)
		}
		l.PriceCents = each
		priced[i], total = l, total+each*l.Quantity
	}
	return priced, total, nil
}
