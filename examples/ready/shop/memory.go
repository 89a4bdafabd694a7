package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"slices"
	"sync"
	"time"
)

// memory is a store that forgets everything when the process ends.
type memory struct {
	mu      sync.Mutex
	goods   []product
	orders  map[string]remembered // by id
	byDraft map[[2]string]string  // principal and key to id
}

type remembered struct {
	order
	principal   string
	fingerprint []byte
}

// newMemory returns a store with the goods that migration 0001 brings.
func newMemory() *memory {
	return &memory{
		goods: []product{
			{ID: "compass", Name: "Brass compass", PriceCents: 8900},
			{ID: "lantern", Name: "Storm lantern", PriceCents: 4550},
			{ID: "rope", Name: "Mooring rope, 10 m", PriceCents: 2990},
		},
		orders:  map[string]remembered{},
		byDraft: map[[2]string]string{},
	}
}

func (m *memory) products(context.Context) ([]product, error) {
	return slices.Clone(m.goods), nil
}

func (m *memory) place(_ context.Context, d draft) (order, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if id, known := m.byDraft[[2]string{d.principal, d.key}]; known {
		had := m.orders[id]
		if !bytes.Equal(had.fingerprint, d.fingerprint()) {
			return order{}, false, errKeyReused
		}
		return had.order, true, nil
	}
	cents := map[string]int64{}
	for _, p := range m.goods {
		cents[p.ID] = p.PriceCents
	}
	lines, total, err := price(d.lines, cents)
	if err != nil {
		return order{}, false, err
	}
	o := order{ID: rand.Text(), Lines: lines, TotalCents: total, PlacedAt: time.Now().UTC()}
	m.orders[o.ID] = remembered{o, d.principal, d.fingerprint()}
	m.byDraft[[2]string{d.principal, d.key}] = o.ID
	return o, false, nil
}

func (m *memory) order(_ context.Context, principal, id string) (order, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	o, found := m.orders[id]
	if !found || o.principal != principal {
		return order{}, errNotFound
	}
	return o.order, nil
}

func (m *memory) check(context.Context) error { return nil }

func (m *memory) close() {}
