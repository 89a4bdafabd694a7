package migration

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestBounds: what is too large, leads out of the tree or is no text is said with
// its file and leaves a hole; the rest is read all the same.
func TestBounds(t *testing.T) {
	t.Parallel()
	root, outside := t.TempDir(), filepath.Join(t.TempDir(), "secret.sql")
	write := func(name, text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write(outside, "drop table secrets;")
	at := func(rel string) string { return filepath.Join(root, filepath.FromSlash(rel)) }
	write(at("migrations/1_a.up.sql"), "create table a (id bigserial);")
	write(at("migrations/1_a.down.sql"), "drop table a;")
	write(at("migrations/2_rows.up.sql"), strings.Repeat("insert into a values (1);\n", maxFile/20))
	write(at("migrations/2_rows.down.sql"), "\xff\xfe\x00")
	write(at("migrations/3_gone.up.sql"), "")
	if err := os.Symlink(outside, at("migrations/4_out.up.sql")); err != nil {
		t.Fatal(err)
	}
	found := Read(Request{Root: root, Files: []string{
		"migrations/1_a.down.sql", "migrations/1_a.up.sql", "migrations/2_rows.down.sql", "migrations/2_rows.up.sql", "migrations/3_gone.up.sql", "migrations/4_out.up.sql",
	}})
	if len(found.Sets) != 1 || len(found.Sets[0].Migrations) != 4 {
		t.Fatalf("got %+v", found.Sets)
	}
	if len(found.Holes) != len(found.Problems) || len(found.Problems) < 2 {
		t.Errorf("%d holes for %d problems", len(found.Holes), len(found.Problems))
	}
	for _, m := range found.Sets[0].Migrations {
		for _, c := range m.Changes {
			if c.Table == "secrets" {
				t.Error("a link out of the tree was followed")
			}
		}
	}
}

// TestWrittenAt takes times from versions, and nothing from plain numbers.
func TestWrittenAt(t *testing.T) {
	t.Parallel()
	for version, want := range map[string]string{
		"20260601090000": "2026-06-01", "20260601": "2026-06-01", "2026-06-01-090000": "2026-06-01", "1780304400": "2026-06-01", "1780304400000": "2026-06-01",
		"1": "", "0042": "", "20261301090000": "", "99999999999999999999": "", "": "", "1.2": "",
	} {
		got := ""
		if at := writtenAt(version); !at.IsZero() {
			got = at.Format(time.DateOnly)
		}
		if got != want {
			t.Errorf("%q: got %q, want %q", version, got, want)
		}
	}
}

// TestReasons: what tools write into new files is no reason, and neither is a word.
func TestReasons(t *testing.T) {
	t.Parallel()
	for comment, want := range map[string]bool{
		"Irreversible: the rows are kept in the backup for 30 days": true,
		"cannot be undone, the old hashes are gone for good":        true,
		"irreversible": false,
		"SQL section 'Down' is executed when this migration is rolled back": false,
		"This file should undo anything in `up.sql`":                        false,
		"TODO: write the rollback of this some day":                         false,
		"drop the table of the orders again":                                false,
	} {
		if got := reasonIn([]string{comment}) != ""; got != want {
			t.Errorf("%q: got %v, want %v", comment, got, want)
		}
	}
}
