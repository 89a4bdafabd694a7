package conf

import (
	"strings"
	"testing"
)

func TestRiver(t *testing.T) {
	t.Parallel()
	root, err := River(`
// pods of this node
discovery.kubernetes "pods" {
  role = "pod"
  selectors { role = "pod"
    field = "spec.nodeName=" + coalesce(sys.env("HOSTNAME"), constants.hostname)
  }
}
loki.source.kubernetes "pods" {
  targets    = concat(discovery.relabel.a.output, discovery.relabel["b"].output)
  forward_to = [loki.write.default.receiver,]
}
loki.write "default" { endpoint { url = ` + "`http://loki`" + ` headers = {"X" = "y", z = 1} } } /* end */
`)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(root.Blocks); n != 3 {
		t.Fatalf("%d blocks", n)
	}
	source := root.Blocks[1]
	if source.Line != 9 || source.Label != "pods" || source.Get("forward_to").Items[0].Text != "loki.write.default.receiver" {
		t.Errorf("%+v", source)
	}
	if to := source.Get("targets"); to.Kind != Call || to.Text != "concat" || to.Items[1].Text != "discovery.relabel.b.output" {
		t.Errorf("%+v", to)
	}
	if url := root.Blocks[2].All("endpoint")[0].Get("url"); url.Text != "http://loki" {
		t.Errorf("%+v", url)
	}
}

func TestBrokenRiver(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"a \"b\" {\n  c = [1,\n":         "line 3: a list does not end; it lacks ]",
		"a \"b\" {\n":                    "line 2: the block a of line 1 does not end; it lacks }",
		"a = \"x\n":                      "line 1: a text in quotes does not end in its line",
		"a b":                            "line 1: a is neither a block, which { opens, nor a setting, which = gives a value",
		strings.Repeat("a {", 99):        "line 1: blocks stand more than 64 deep",
		"a = " + strings.Repeat("[", 99): "line 1: there are more than 200000 entries, or they stand more than 64 deep",
	} {
		if _, err := River(text); err == nil || err.Error() != want {
			t.Errorf("%.40q: %v, not %s", text, err, want)
		}
	}
}

// FuzzParsers: whatever the text, it is read or refused with a line that it has.
func FuzzParsers(f *testing.F) {
	for _, text := range []string{
		"[INPUT]\n  Name tail\n@INCLUDE x.conf\n", "loki.write \"x\" { endpoint { url = \"http://x\" } }\n", "a = [{b = c.d[\"e\"](1, 2...)}]",
		"<source>\n  @type tail\n  <parse>\n  </parse>\n</source>\n", "http { server { access_log off; } }\n", "frontend x\n  option httplog\n", "example.com {\n\tlog\n}\n", "/var/log/x { rotate 4\n weekly\n}\n",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		lines := strings.Count(text, "\n") + 1
		for name, parse := range parsers() {
			if err := parse(text); err != nil && (err.Line < 1 || err.Line > lines || err.Message == "") {
				t.Errorf("%s: %v of %d lines", name, err, lines)
			}
		}
	})
}

func parsers() map[string]func(string) *Error {
	return map[string]func(string) *Error{
		"classic": func(s string) *Error { _, _, err := Classic(s); return err },
		"nginx":   func(s string) *Error { _, err := Nginx(s); return err },
		"river":   func(s string) *Error { _, err := River(s); return err },
	}
}
