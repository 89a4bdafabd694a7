package policy

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const valid = `apiVersion: seaworthy.dev/v1
kind: Approvals
approvals:
  - {risk: R-1, service: shop, fingerprint: fp-1, approver: jane, date: 2026-06-01}
`

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func link(t *testing.T, target, name string) {
	t.Helper()
	if err := os.Symlink(target, name); err != nil {
		t.Fatal(err)
	}
}

// TestOutside refuses a policy that the judged team could write itself: in its
// tree, or there by way of a link of the folder, of a file, or of the tree.
func TestOutside(t *testing.T) {
	root := t.TempDir()
	tree := filepath.Join(root, "shop")
	write(t, filepath.Join(tree, "web.yaml"), "")
	write(t, filepath.Join(tree, "own", "approvals.yaml"), valid)
	write(t, filepath.Join(root, "policy", "approvals.yaml"), valid)
	write(t, filepath.Join(root, "shop-policy", "approvals.yaml"), valid)
	link(t, filepath.Join(tree, "own"), filepath.Join(root, "folder-link"))
	link(t, tree, filepath.Join(root, "tree-link"))
	if err := os.Mkdir(filepath.Join(root, "file-link"), 0o755); err != nil {
		t.Fatal(err)
	}
	link(t, filepath.Join(tree, "own", "approvals.yaml"), filepath.Join(root, "file-link", "approvals.yaml"))
	for _, tt := range []struct {
		policy, tree string
		inside       bool
	}{
		{"policy", "shop", false},
		{"shop-policy", "shop", false},
		{"policy", "shop/web.yaml", false},
		{"shop", "shop", true},
		{"shop/own", "shop", true},
		{"shop/own", "shop/web.yaml", true},
		{"folder-link", "shop", true},
		{"file-link", "shop", true},
		{"tree-link/own", "shop", true},
		{"shop/own", "tree-link", true},
	} {
		p, err := Read(filepath.Join(root, tt.policy))
		if err != nil {
			t.Fatal(err)
		}
		if err := p.Outside(filepath.Join(root, tt.tree)); (err != nil) != tt.inside {
			t.Errorf("policy %s for %s: %v", tt.policy, tt.tree, err)
		}
	}
}

// TestRead takes a whole policy, and nothing from one with a mistake in it.
func TestRead(t *testing.T) {
	for name, tt := range map[string]struct{ text, want string }{
		"valid":           {valid, ""},
		"empty":           {"", ""},
		"unknown key":     {strings.Replace(valid, "approver:", "aprover:", 1), "approvals.yaml:4:51: approvals[0].aprover is no field of Approval; did you mean approver?"},
		"no date":         {strings.Replace(valid, ", date: 2026-06-01", "", 1), "the approval has no date"},
		"no day":          {strings.Replace(valid, "2026-06-01", "June", 1), `approvals[0].date is "June", which is no day; write it as 2027-03-01`},
		"other kind":      {strings.Replace(valid, "kind: Approvals", "kind: Approval", 1), `approvals.yaml:2:7: kind is "Approval" but must be Approvals`},
		"somebody else's": {"a: 1\n", "is no Approvals of seaworthy: it must start with `apiVersion: seaworthy.dev/v1` and `kind: Approvals`"},
		"broken":          {"a: [\n", "is not valid YAML"},
	} {
		dir := t.TempDir()
		write(t, filepath.Join(dir, "approvals.yaml"), tt.text)
		p, err := Read(dir)
		switch {
		case tt.want == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)):
			t.Errorf("%s: got %v, want %q", name, err, tt.want)
		case name == "valid" && (len(p.Approvals) != 1 || p.Approvals[0].Approver != "jane"):
			t.Errorf("%s: got %+v", name, p.Approvals)
		}
	}
	if _, err := Read(filepath.Join(t.TempDir(), "gone")); err == nil || !strings.Contains(err.Error(), "no such file") {
		t.Errorf("a folder that is not there: %v", err)
	}
}
