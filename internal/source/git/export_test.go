package git

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestExport writes what a revision has, of a folder with a name that git would
// quote, and nothing of links or of what came later.
func TestExport(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	root := t.TempDir()
	git := func(args ...string) {
		t.Helper()
		cmd := exec.Command("git", append([]string{"-C", root, "-c", "user.name=jane", "-c", "user.email=jane@example.com"}, args...)...)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v: %s", args, err, out)
		}
	}
	put := func(name, text string) {
		t.Helper()
		name = filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	git("init", "-q")
	put("a folder/ü \"x\"/web.yaml", "one\n")
	put("a folder/empty", "")
	put("other.yaml", "elsewhere\n")
	if err := os.Symlink("/etc/passwd", filepath.Join(root, "a folder", "link")); err != nil {
		t.Fatal(err)
	}
	git("add", "-A")
	git("commit", "-qm", "first")
	put("a folder/ü \"x\"/web.yaml", "two\n")
	put("a folder/later", "new\n")

	into := t.TempDir()
	commit, err := Export(context.Background(), filepath.Join(root, "a folder"), "HEAD", into)
	if err != nil || len(commit) != 40 {
		t.Fatalf("commit %q, %v", commit, err)
	}
	if data, err := os.ReadFile(filepath.Join(into, "ü \"x\"", "web.yaml")); err != nil || string(data) != "one\n" {
		t.Errorf("web.yaml has %q, %v", data, err)
	}
	list, err := os.ReadDir(into)
	if err != nil || len(list) != 2 {
		t.Errorf("%v was written, %v", list, err)
	}
	if _, err := Export(context.Background(), filepath.Join(root, "a folder"), "HEAD", into); err == nil {
		t.Error("files that are there are written over")
	}
}
