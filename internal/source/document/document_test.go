package document

import (
	"os"
	"path/filepath"
	"testing"

	"seaworthy.dev/seaworthy/internal/fact"
)

// read reads one page of that name.
func read(t testing.TB, name, text string) Reading {
	t.Helper()
	root := t.TempDir()
	if err := os.WriteFile(filepath.Join(root, name), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return Read(Request{Root: root, Pages: []string{name}})
}

// TestRead takes a page apart: headings with anchors, steps, blocks for a shell, and
// links that lead nowhere or out of the tree.
func TestRead(t *testing.T) {
	t.Parallel()
	got := read(t, "runbook.md", "# Shop down\n\nSee [below](#try-this), [gone](#nothing), [no page](missing.md) and [out](../../etc/passwd).\n\n## Try this\n\n1. Restart it.\n2. Look again.\n\n```bash\nkubectl get pods\n```\n")
	if len(got.Documents) != 1 {
		t.Fatalf("got %+v", got)
	}
	d := got.Documents[0]
	s := d.Section("try-this")
	if d.Title != "Shop down" || s == nil || len(s.Steps) != 2 || len(s.Blocks) != 1 || !s.Blocks[0].Shell || !s.Blocks[0].Parses.Is() {
		t.Fatalf("got %q and %+v", d.Title, s)
	}
	leads := map[string]fact.Leads{}
	for _, section := range d.Sections {
		for _, l := range section.Links {
			leads[l.Target] = l.Leads
		}
	}
	for target, want := range map[string]fact.Leads{"#try-this": fact.ToTree, "#nothing": fact.ToNowhere, "missing.md": fact.ToNowhere, "../../etc/passwd": fact.ToOutside} {
		if leads[target] != want {
			t.Errorf("%s leads %q, want %q", target, leads[target], want)
		}
	}
}

// FuzzRead: no page crashes or hangs the reader, in any of the forms.
func FuzzRead(f *testing.F) {
	f.Add("# a\n\n1. b\n\n```sh\nc\n```\n", "a.md")
	f.Add("a\n=\n\n.. code-block:: sh\n\n   b\n", "a.rst")
	f.Add("= a\n\n----\nb\n----\n", "a.adoc")
	f.Fuzz(func(t *testing.T, text, name string) {
		switch filepath.Ext(name) {
		case ".rst":
			name = "a.rst"
		case ".adoc":
			name = "a.adoc"
		default:
			name = "a.md"
		}
		for _, d := range read(t, name, text).Documents {
			for _, s := range d.Sections {
				if s.Line < 0 {
					t.Fatalf("a section at line %d", s.Line)
				}
			}
		}
	})
}
