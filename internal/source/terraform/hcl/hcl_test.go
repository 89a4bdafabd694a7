package hcl

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"seaworthy.dev/seaworthy/internal/source/terraform/model"
)

var update = flag.Bool("update", false, "rewrite what the cases expect")

// dump shows what was read of a tree.
func dump(units []Unit) string {
	var b strings.Builder
	for _, u := range units {
		for _, c := range u.Configs {
			fmt.Fprintf(&b, "root %s", c.Dir)
			if c.Variant != "" {
				fmt.Fprintf(&b, " [%s]", c.Variant)
			}
			if c.Engine != "terraform" {
				fmt.Fprintf(&b, " %s", c.Engine)
			}
			if c.Backend != "" {
				fmt.Fprintf(&b, " backend %s", c.Backend)
			}
			if c.Locked {
				b.WriteString(" locked")
			}
			b.WriteString("\n")
			for _, p := range c.Providers {
				fmt.Fprintf(&b, "  provider %s %s\n", p.Name, written(p.Body))
			}
			for _, r := range c.Resources {
				fmt.Fprintf(&b, "  %s (%s, line %d)", r.Address, r.Provider, r.At.Line)
				if r.Count.Kind == model.Unknown {
					fmt.Fprintf(&b, " count %s", written(r.Count))
				}
				fmt.Fprintf(&b, " %s\n", written(r.Body))
			}
			for _, m := range c.Modules {
				fmt.Fprintf(&b, "  %s from %s", m.Address, m.Source)
				if m.Version != "" {
					fmt.Fprintf(&b, " at %s", m.Version)
				}
				if !m.Read {
					b.WriteString(", not read")
				}
				b.WriteString("\n")
			}
			for _, p := range c.Problems {
				fmt.Fprintf(&b, "  problem %s:%d:%d %s\n", p.File, p.Line, p.Column, p.Message)
			}
			for _, h := range c.Holes {
				fmt.Fprintf(&b, "  hole %s:%d %v %s\n", h.File, h.Line, h.Kinds, h.Why)
			}
		}
	}
	return b.String()
}

// TestTrees reads small trees: each stands in a file of its own, with what is
// to come of it.
func TestTrees(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases", err)
	}
	for _, name := range files {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			want := -1
			in := &txtar.Archive{}
			for i, f := range a.Files {
				if f.Name == "want" {
					want = i
					continue
				}
				in.Files = append(in.Files, f)
			}
			got := dump(read(t, string(txtar.Format(in))))
			if *update {
				if want < 0 {
					a.Files = append(a.Files, txtar.File{Name: "want"})
					want = len(a.Files) - 1
				}
				a.Files[want].Data = []byte(got)
				if err := os.WriteFile(name, txtar.Format(a), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if want < 0 || string(a.Files[want].Data) != got {
				t.Errorf("got\n%s", got)
			}
		})
	}
}

// FuzzRead reads whatever it is given: it may be told that nothing is
// understood, but must come to an end without a crash.
func FuzzRead(f *testing.F) {
	files, _ := filepath.Glob("testdata/*.txtar")
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		for _, part := range txtar.Parse(data).Files {
			if part.Name != "want" {
				f.Add(string(part.Data))
			}
		}
	}
	for _, seed := range []string{
		`locals { a = local.b  b = local.a }`, `resource "x" "y" { count = x.y.z }`, `x = [for a in [1]: [for b in a: b...]]`, `{"resource": {"a": {"b": {"c": "${d"}}}}`,
		`locals { l0 = "aaaaaaaaaaaaaaaa"  l1 = "${local.l0}${local.l0}" l2 = join("", [for i in range(1000): local.l1]) l3 = join("", [for i in range(1000): local.l2]) }`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, name := range []string{"main.tf", "main.tf.json", "terraform.tfvars"} {
			a := &txtar.Archive{Files: []txtar.File{{Name: "a.tf", Data: []byte("variable \"x\" {}\nmodule \"m\" {\n  source = \"./m\"\n  y = var.x\n}\n")}, {Name: "m/a.tf", Data: []byte("variable \"y\" {}\n")}}}
			a.Files = append(a.Files, txtar.File{Name: name, Data: []byte(text)})
			read(t, string(txtar.Format(a)))
		}
	})
}
