package hcl

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestHostile comes to an end in a moment, whatever it is given.
func TestHostile(t *testing.T) {
	t.Parallel()
	var doubles strings.Builder
	doubles.WriteString("locals {\n  l0 = [\"a\", \"b\"]\n  s0 = \"0123456789\"\n")
	for i := 1; i < 60; i++ {
		fmt.Fprintf(&doubles, "  l%d = [local.l%d, local.l%d]\n  s%d = \"${local.s%d}${local.s%d}\"\n", i, i-1, i-1, i, i-1, i-1)
	}
	doubles.WriteString("}\nresource \"x_y\" \"z\" {\n  l = local.l59\n  s = local.s59\n}\n")
	deep := func(open, end string, n int) string {
		return "locals {\n  x = " + strings.Repeat(open, n) + "1" + strings.Repeat(end, n) + "\n}\n"
	}
	for name, text := range map[string]string{
		"doubling":     doubles.String(),
		"loops":        "locals {\n  x = [for a in range(1000) : [for b in range(1000) : [for c in range(1000) : \"${a}${b}${c}\"]]]\n}\n",
		"joins":        "locals {\n  s = join(\"\", [for a in range(1000) : \"0123456789\"])\n  x = join(\"\", [for a in range(1000) : join(\"\", [for b in range(1000) : local.s])])\n}\n",
		"nested loops": "locals {\n  x = [for a in [range(1000)] : [for b in [[a, a, a, a, a, a, a, a]] : [for c in [[b, b, b, b, b, b, b]] : [for d in [[c, c, c, c, c, c]] : [for e in [[d, d, d, d, d]] : e]]]]]\n}\n",
		"brackets":     deep("[", "]", 100_000),
		"parentheses":  deep("(", ")", 100_000),
		"templates":    deep("\"${", "}\"", 100_000),
		"signs":        deep("!", "", 1_000_000),
		"minus":        deep("-", "", 1_000_000),
		"conditionals": deep("true ? 1 : ", "", 300_000),
		"sum":          deep("1 + ", "", 300_000),
		"exponent":     "locals {\n  x = 1e9999999\n}\n",
		"directives":   "locals {\n  x = \"" + strings.Repeat("%{ if true }", 100_000) + strings.Repeat("%{ endif }", 100_000) + "\"\n}\n",
		"counts":       "resource \"x_y\" \"z\" {\n  count = 1000000000\n}\n",
		"json":         "{\"locals\": {\"x\": " + strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000) + "}}",
	} {
		file := "main.tf"
		if name == "json" {
			file = "main.tf.json"
		}
		start := time.Now()
		read(t, "-- "+file+" --\n"+text)
		if took := time.Since(start); took > 20*time.Second {
			t.Errorf("%s took %v", name, took)
		} else {
			t.Logf("%s took %v", name, took)
		}
	}
	// Modules that call two others each, ten deep, are a thousand.
	var tree strings.Builder
	for i := range 20 {
		fmt.Fprintf(&tree, "-- m%d/main.tf --\nmodule \"a\" { source = \"../m%d\" }\nmodule \"b\" { source = \"../m%d\" }\n", i, i+1, i+1)
	}
	tree.WriteString("-- m20/main.tf --\nresource \"x_y\" \"z\" {}\n")
	start := time.Now()
	read(t, tree.String())
	if took := time.Since(start); took > 20*time.Second {
		t.Errorf("modules took %v", took)
	}
}
