package main

import (
	"context"
	"crypto/rand"
	"errors"
	"os"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
)

// TestStores holds each store to what the interface promises.
func TestStores(t *testing.T) {
	for name, open := range map[string]func(*testing.T) store{
		"memory":   func(*testing.T) store { return newMemory() },
		"postgres": func(t *testing.T) store { return migrated(t, realDatabase(t)) },
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t)
			t.Cleanup(s.close)
			t.Run("is ready", func(t *testing.T) {
				if err := s.check(t.Context()); err != nil {
					t.Error(err)
				}
			})
			t.Run("sells the goods of migration 0001", func(t *testing.T) {
				goods, err := s.products(t.Context())
				if err != nil || !reflect.DeepEqual(goods, newMemory().goods) {
					t.Errorf("goods are %v, %v", goods, err)
				}
			})
			t.Run("reads back what it placed", func(t *testing.T) { readsBack(t, s) })
			t.Run("places a draft once, however many ask at once", func(t *testing.T) { placesOnce(t, s) })
			t.Run("refuses", func(t *testing.T) { refuses(t, s) })
		})
	}
}

func want(principal, key string) draft {
	return draft{principal: principal, key: key, lines: []line{{Product: "rope", Quantity: 3}, {Product: "compass", Quantity: 1}}}
}

func readsBack(t *testing.T, s store) {
	o, replayed, err := s.place(t.Context(), want("ada", "reads-back"))
	if err != nil || replayed {
		t.Fatalf("place: replayed %v, %v", replayed, err)
	}
	if o.TotalCents != 3*2990+8900 || o.Lines[0].Product != "rope" || o.PlacedAt.IsZero() {
		t.Errorf("order is %+v", o)
	}
	got, err := s.order(t.Context(), "ada", o.ID)
	if err != nil || !got.PlacedAt.Equal(o.PlacedAt) || !reflect.DeepEqual(got.Lines, o.Lines) {
		t.Errorf("read back %+v, %v; want %+v", got, err, o)
	}
}

func placesOnce(t *testing.T, s store) {
	const many = 16
	ids, fresh := make([]string, many), make([]bool, many)
	var all sync.WaitGroup
	for i := range many {
		all.Go(func() {
			o, replayed, err := s.place(t.Context(), want("ada", "once"))
			if err != nil {
				t.Error(err)
			}
			ids[i], fresh[i] = o.ID, !replayed
		})
	}
	all.Wait()
	firsts := 0
	for i := range many {
		if ids[i] != ids[0] {
			t.Errorf("orders %s and %s for one draft", ids[i], ids[0])
		}
		if fresh[i] {
			firsts++
		}
	}
	if firsts != 1 {
		t.Errorf("%d of %d callers were told that theirs is the first", firsts, many)
	}
}

func refuses(t *testing.T, s store) {
	o, _, err := s.place(t.Context(), want("ada", "taken"))
	if err != nil {
		t.Fatal(err)
	}
	other := draft{principal: "ada", key: "taken", lines: []line{{Product: "rope", Quantity: 4}}}
	if _, _, err := s.place(t.Context(), other); !errors.Is(err, errKeyReused) {
		t.Errorf("a key used for a different order: %v", err)
	}
	unknown := draft{principal: "ada", key: "unknown", lines: []line{{Product: "kraken", Quantity: 1}}}
	if _, _, err := s.place(t.Context(), unknown); !errors.Is(err, errUnknownProduct) {
		t.Errorf("an unknown product: %v", err)
	}
	if _, err := s.order(t.Context(), "bob", o.ID); !errors.Is(err, errNotFound) {
		t.Errorf("an order of someone else: %v", err)
	}
	if _, err := s.order(t.Context(), "ada", "none"); !errors.Is(err, errNotFound) {
		t.Errorf("an order that is not: %v", err)
	}
}

// realDatabase returns a dialer into an empty schema of a real PostgreSQL.
func realDatabase(t *testing.T) *dialer {
	t.Helper()
	address := os.Getenv("SHOP_TEST_DATABASE_URL")
	if address == "" {
		t.Skip("SHOP_TEST_DATABASE_URL names no PostgreSQL to test against")
	}
	schema := "shop_test_" + strings.ToLower(rand.Text()[:10])
	admin, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := admin.Exec(t.Context(), "create schema "+schema); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		admin.Exec(context.Background(), "drop schema "+schema+" cascade")
		admin.Close(context.Background())
	})
	separator := "?"
	if strings.Contains(address, "?") {
		separator = "&"
	}
	return &dialer{address: address + separator + "search_path=" + schema}
}

// migrated returns a store on an up-to-date schema.
func migrated(t *testing.T, d *dialer) *postgres {
	t.Helper()
	list, err := migrations(migrationFiles)
	if err != nil {
		t.Fatal(err)
	}
	if err := (migrator{dial: d, list: list, log: quiet}).up(t.Context()); err != nil {
		t.Fatal(err)
	}
	// The pool outlives t.Context, which ends before cleanups run.
	p, err := openPostgres(context.Background(), d, 4, int64(len(list)))
	if err != nil {
		t.Fatal(err)
	}
	return p
}
