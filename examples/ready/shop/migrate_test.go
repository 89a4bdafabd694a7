package main

import (
	"strings"
	"testing"
	"testing/fstest"
)

func TestEveryMigrationHasItsWayBack(t *testing.T) {
	list, err := migrations(migrationFiles)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range list {
		if strings.TrimSpace(m.up) == "" || strings.TrimSpace(m.down) == "" {
			t.Errorf("migration %d %s is empty in one direction", m.version, m.name)
		}
		if strings.Contains(strings.ToLower(m.down), "drop table") {
			t.Errorf("the way back from %d %s drops a table and what it holds", m.version, m.name)
		}
	}
}

func TestMigrationFilesRefused(t *testing.T) {
	file := &fstest.MapFile{Data: []byte("select 1")}
	for _, c := range []struct {
		name  string
		files fstest.MapFS
		want  string
	}{
		{"no way back", fstest.MapFS{"migrations/0001_a.up.sql": file}, "no way back"},
		{"a hole", fstest.MapFS{"migrations/0002_a.up.sql": file, "migrations/0002_a.down.sql": file}, "number 0001"},
		{"no number", fstest.MapFS{"migrations/first.up.sql": file, "migrations/first.down.sql": file}, "number 0001"},
		{"nothing", fstest.MapFS{}, "no migrations"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := migrations(c.files)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want one with %q", err, c.want)
			}
		})
	}
}

// An order survives the whole way down and up again.
func TestMigrationsThereAndBack(t *testing.T) {
	d := realDatabase(t)
	p := migrated(t, d)
	defer p.close()
	o, _, err := p.place(t.Context(), want("ada", "a"))
	if err != nil {
		t.Fatal(err)
	}
	list, _ := migrations(migrationFiles)
	m := migrator{dial: d, list: list, log: quiet}
	if err := m.down(t.Context(), len(list)); err != nil {
		t.Fatal(err)
	}
	if err := p.check(t.Context()); err == nil || !strings.Contains(err.Error(), "schema is at 0") {
		t.Errorf("readiness on an old schema: %v", err)
	}
	if err := m.up(t.Context()); err != nil {
		t.Fatal(err)
	}
	p.forget() // statements prepared on the old tables
	if got, err := p.order(t.Context(), "ada", o.ID); err != nil || got.TotalCents != o.TotalCents {
		t.Errorf("after down and up the order is %+v, %v", got, err)
	}
}

// A step that fails, or is killed, leaves neither its first half nor a note.
func TestMigrationIsAllOrNothing(t *testing.T) {
	d := realDatabase(t)
	m := migrator{dial: d, log: quiet, list: []migration{
		{1, "good", "create table good (n int)", "drop table good"},
		{2, "bad", "create table half (n int); select 1/0", "drop table half"},
	}}
	if err := m.up(t.Context()); err == nil || !strings.Contains(err.Error(), "migration 2 bad") {
		t.Fatalf("error %v, want one that names migration 2", err)
	}
	conn, err := m.connect(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	var version int64
	var half *string
	err = conn.QueryRow(t.Context(), `select (select max(version) from schema_migrations), to_regclass('half')::text`).Scan(&version, &half)
	if err != nil || version != 1 || half != nil {
		t.Errorf("version %d, half %v, %v; want 1 and no table half", version, half, err)
	}
}
