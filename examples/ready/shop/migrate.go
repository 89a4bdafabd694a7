package main

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// migration is one step of the schema, and the way back from it.
type migration struct {
	version        int64
	name, up, down string
}

// migrations returns the steps in order. It fails where one lacks its way back
// or a number is missing: both would be found out at the worst moment.
func migrations(files fs.FS) ([]migration, error) {
	names, err := fs.Glob(files, "migrations/*.up.sql")
	if err != nil {
		return nil, err
	}
	var list []migration
	for i, name := range names { // Glob sorts
		stem := strings.TrimSuffix(name, ".up.sql")
		number, title, _ := strings.Cut(path.Base(stem), "_")
		version, err := strconv.ParseInt(number, 10, 64)
		if err != nil || version != int64(i+1) {
			return nil, fmt.Errorf("migration %s should have number %04d", name, i+1)
		}
		up, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		down, err := fs.ReadFile(files, stem+".down.sql")
		if err != nil {
			return nil, fmt.Errorf("migration %s has no way back: %w", name, err)
		}
		list = append(list, migration{version, title, string(up), string(down)})
	}
	if len(list) == 0 {
		return nil, errors.New("no migrations")
	}
	return list, nil
}

// migrator moves the schema up and down. Each step and the note of it are one
// transaction under one lock: several instances may start at once, and one that
// is killed half-way leaves nothing behind.
type migrator struct {
	dial *dialer
	list []migration
	log  *slog.Logger
}

// migrationLock is an arbitrary number that only migrations of the shop use.
const migrationLock = 7_304_118

func (m migrator) connect(ctx context.Context) (*pgx.Conn, error) {
	c, err := m.dial.read()
	if err != nil {
		return nil, err
	}
	c.RuntimeParams["application_name"] = "shop-migrate"
	c.RuntimeParams["statement_timeout"] = "0"
	// Whoever waits for a table lock makes everyone behind it wait. Give up
	// soon and come back.
	c.RuntimeParams["lock_timeout"] = "3s"
	return pgx.ConnectConfig(ctx, c)
}

// up applies what is missing.
func (m migrator) up(ctx context.Context) error {
	return m.walk(ctx, len(m.list), func(tx pgx.Tx, at int64) (string, error) {
		if at >= int64(len(m.list)) { // a newer build has been here: fine
			return "", nil
		}
		step := m.list[at]
		if _, err := tx.Exec(ctx, step.up); err != nil {
			return "", fmt.Errorf("migration %d %s: %w", step.version, step.name, err)
		}
		_, err := tx.Exec(ctx, `insert into schema_migrations (version, name) values ($1, $2)`, step.version, step.name)
		return fmt.Sprintf("up to %d %s", step.version, step.name), err
	})
}

// down takes back the newest steps, as many as asked for. It needs the build
// that brought them: an older one does not know the way.
func (m migrator) down(ctx context.Context, steps int) error {
	return m.walk(ctx, steps, func(tx pgx.Tx, at int64) (string, error) {
		if at == 0 {
			return "", nil
		}
		if at > int64(len(m.list)) {
			return "", fmt.Errorf("schema is at %d, this build knows the way back only from %d", at, len(m.list))
		}
		step := m.list[at-1]
		if _, err := tx.Exec(ctx, step.down); err != nil {
			return "", fmt.Errorf("way back from migration %d %s: %w", step.version, step.name, err)
		}
		_, err := tx.Exec(ctx, `delete from schema_migrations where version = $1`, step.version)
		return fmt.Sprintf("down from %d %s", step.version, step.name), err
	})
}

// walk calls step with the current version, at most so many times. The step says
// what it did; nothing means that nothing is left to do.
func (m migrator) walk(ctx context.Context, most int, step func(tx pgx.Tx, at int64) (did string, err error)) error {
	conn, err := m.connect(ctx)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	for range most {
		var did string
		err := pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
			at, err := lockedVersion(ctx, tx)
			if err != nil {
				return err
			}
			did, err = step(tx, at)
			return err
		})
		if err != nil || did == "" {
			return err
		}
		m.log.Info("schema migrated", "step", did)
	}
	return nil
}

// lockedVersion returns the schema's version, which nobody else changes until
// the transaction ends.
func lockedVersion(ctx context.Context, tx pgx.Tx) (at int64, err error) {
	if _, err = tx.Exec(ctx, `select pg_advisory_xact_lock($1)`, migrationLock); err != nil {
		return 0, fmt.Errorf("wait for other migrations: %w", err)
	}
	_, err = tx.Exec(ctx, `
		create table if not exists schema_migrations (
			version    bigint primary key,
			name       text not null,
			applied_at timestamptz not null default now()
		)`)
	if err != nil {
		return 0, fmt.Errorf("prepare schema_migrations: %w", err)
	}
	err = tx.QueryRow(ctx, `select coalesce(max(version), 0) from schema_migrations`).Scan(&at)
	return at, err
}

// upWhenPossible tries until it has worked or ctx ends; the database may come
// later than the shop.
func (m migrator) upWhenPossible(ctx context.Context) {
	for wait := time.Second; ; wait = min(2*wait, 30*time.Second) {
		err := m.up(ctx)
		if err == nil || ctx.Err() != nil {
			return
		}
		m.log.Warn("migration waits", "error", err.Error(), "again_in", wait.String())
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
	}
}

// migrateCommand is shop migrate up, down [N] and status.
func migrateCommand(ctx context.Context, log *slog.Logger, s settings, args []string) error {
	list, err := migrations(migrationFiles)
	if err != nil {
		return err
	}
	if s.store != "postgres" {
		return fmt.Errorf("store %q has no schema", s.store)
	}
	m := migrator{dial: &dialer{address: s.databaseURL, passwordFile: s.passwordFile}, list: list, log: log}
	switch {
	case len(args) == 1 && args[0] == "up":
		return m.up(ctx)
	case len(args) == 1 && args[0] == "status":
		return m.status(ctx)
	case len(args) == 1 && args[0] == "down":
		return m.down(ctx, 1)
	case len(args) == 2 && args[0] == "down":
		steps, err := strconv.Atoi(args[1])
		if err != nil || steps < 1 {
			return fmt.Errorf("migrate down %s: say how many steps, 1 or more", args[1])
		}
		return m.down(ctx, steps)
	}
	return errors.New("say migrate up, migrate down [N] or migrate status")
}

func (m migrator) status(ctx context.Context) error {
	var at int64
	err := m.walk(ctx, 1, func(_ pgx.Tx, version int64) (string, error) {
		at = version
		return "", nil
	})
	if err != nil {
		return err
	}
	for _, step := range m.list {
		state := "missing"
		if step.version <= at {
			state = "applied"
		}
		fmt.Fprintf(os.Stdout, "%04d %-24s %s\n", step.version, step.name, state)
	}
	return nil
}
