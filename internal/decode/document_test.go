package decode

import (
	"fmt"
	"strings"
	"testing"
)

// TestSplit shows where documents begin and end, and on which line.
func TestSplit(t *testing.T) {
	for name, tt := range map[string]struct{ text, want string }{
		"one":                      {"a: 1\n", `1 "a: 1\n"`},
		"no line feed":             {"a: 1", `1 "a: 1"`},
		"two":                      {"a: 1\n---\nb: 2\n", `1 "a: 1\n" | 2 "---\nb: 2\n"`},
		"leading separator":        {"---\na: 1\n", `1 "---\na: 1\n"`},
		"licence before separator": {"# Licence\n#\n\n---\na: 1\n", `4 "---\na: 1\n"`},
		"separator in a comment":   {"# ---\n#---\na: 1\n", `1 "# ---\n#---\na: 1\n"`},
		"comment after separator":  {"a: 1\n--- # next\nb: 2\n", `1 "a: 1\n" | 2 "--- # next\nb: 2\n"`},
		"content after separator":  {"--- {a: 1}\n--- |\n  x\n", `1 "--- {a: 1}\n" | 2 "--- |\n  x\n"`},
		"not separators":           {"---a: 1\n", `1 "---a: 1\n"`},
		"indented in block scalar": {"a: |\n  ---\n  x\n", `1 "a: |\n  ---\n  x\n"`},
		"flush in block scalar":    {"a: |\n  x\n---\nb: 1\n", `1 "a: |\n  x\n" | 3 "---\nb: 1\n"`},
		"dots":                     {"a: 1\n...\nb: 2\n...\n", `1 "a: 1\n" | 3 "b: 2\n"`},
		"dots and dashes":          {"a: 1\n...\n---\nb: 2\n", `1 "a: 1\n" | 3 "---\nb: 2\n"`},
		"dots in text":             {"a: |\n  ...\n", `1 "a: |\n  ...\n"`},
		"empty ones":               {"---\n---\n# x\n---\n\n---\na: 1\n---\n", `6 "---\na: 1\n"`},
		"directive":                {"%YAML 1.1\n---\na: 1\n", `2 "---\na: 1\n"`},
		"CRLF":                     {"a: 1\r\n---\r\nb: 2\r\n", `1 "a: 1\r\n" | 2 "---\r\nb: 2\r\n"`},
		"byte order mark":          {"\xef\xbb\xbf---\na: 1\n", `1 "---\na: 1\n"`},
		"nothing":                  {"", ""},
		"blank":                    {"\n \n\t\n", ""},
		"tab after dashes":         {"---\ta\n", `1 "---\ta\n"`},
	} {
		var got []string
		for _, d := range Split("f", []byte(tt.text)) {
			got = append(got, fmt.Sprintf("%d %q", d.Line, d.Data))
		}
		if s := strings.Join(got, " | "); s != tt.want {
			t.Errorf("%s: got %s, want %s", name, s, tt.want)
		}
	}
}

// TestLines looks for the key "here" in every way that a file may be written,
// and demands its own line and column in the file.
func TestLines(t *testing.T) {
	for name, tt := range map[string]struct {
		text         string
		line, column int
	}{
		"plain":              {"a: 1\nhere: 2\n", 2, 1},
		"nested":             {"a:\n  b:\n    here: 2\n", 3, 5},
		"after a comment":    {"# one\n# two\n\nhere: 1\n", 4, 1},
		"second document":    {"a: 1\n---\nb: 1\nhere: 1\n", 4, 1},
		"licence":            {"# Licence\n---\n# more\nhere: 1\n", 4, 1},
		"after dots":         {"a: 1\n...\n# x\nhere: 1\n", 4, 1},
		"CRLF":               {"a: 1\r\n---\r\nb: |\r\n  x\r\nhere: 1\r\n", 5, 1},
		"byte order mark":    {"\xef\xbb\xbfa: 1\nhere: 1\n", 2, 1},
		"block scalar":       {"a: |\n  ---\n  ...\n\n\nhere: 1\n", 6, 1},
		"folded scalar":      {"a: >-\n  x\n\n  y\nhere: 1\n", 5, 1},
		"quoted over lines":  {"a: \"x\n  y\n\n  z\"\nhere: 1\n", 5, 1},
		"flow over lines":    {"a: {b: 1,\n  here: 2}\n", 2, 3},
		"on the separator":   {"a: 1\n--- {here: 1}\n", 2, 6},
		"wide letters":       {"a: {é: 支, here: 2}\n", 1, 11},
		"list":               {"a:\n- b: 1\n  here: 2\n", 3, 3},
		"line separator":     {"a: \"x\u2028y\"\nb: x\u2029\nhere: 1\n", 3, 1},
		"next line":          {"a: x\u0085\nhere: 1\n", 2, 1},
		"carriage return":    {"a: 1\rhere: 2\n", 1, 0},
		"mixed ends":         {"a: 1\r\nb: 2\nc: 3\r\nhere: 1\n", 4, 1},
		"JSON":               {"{\n\t\"a\": [1, {}],\n\t\"here\": 1\n}\n", 3, 2},
		"JSON in one line":   {"{\"a\": \"\\ud83d\\ude00\", \"here\": 1}", 1, 23},
		"JSON, wide letters": {"{\"支\": \"払\", \"here\": [true, null, -1.5e3, false]}", 1, 12},
		"JSON with CRLF":     {"{\r\n\"a\": {\"b\": []},\r\n\"here\": 1}\r\n", 3, 1},
		"JSON after dashes":  {"a: 1\n---\n{\"a\": 1,\n \"here\": 1}\n", 4, 2},
	} {
		docs := Split("f", []byte(tt.text))
		doc := docs[len(docs)-1]
		root, problem := doc.Parse()
		if problem != nil {
			t.Errorf("%s: %s", name, problem.Message)
			continue
		}
		var here *Node
		var look func(n *Node)
		look = func(n *Node) {
			if k := KeyOf(n, "here"); k != nil {
				here = k
			}
			for _, c := range n.Content {
				look(c)
			}
		}
		look(root)
		if at := doc.At(here); at.Line != tt.line || at.Column != tt.column || at.File != "f" {
			t.Errorf("%s: found at %d:%d, stands at %d:%d", name, at.Line, at.Column, tt.line, tt.column)
		}
	}
}

// TestProblems shows what is said of documents that cannot be read, and where.
func TestProblems(t *testing.T) {
	for name, tt := range map[string]struct {
		text string
		line int
		want string
	}{
		"open list":         {"a: 1\nb: [1, 2\nc: 3\n", 2, "did not find expected ',' or ']'"},
		"open mapping":      {"a: 1\nb: {\n  c: 1,\n", 3, "did not find expected node content"},
		"outdented":         {"a: 1\nb:\n  c: 1\n d: 2\n", 4, "did not find expected key"},
		"outdented early":   {"k: 1\nk2: 2\n- a\n", 3, "did not find expected key"},
		"open quote":        {"a: 1\nb: 'x\nc: 1\n", 2, "found unexpected end of stream"},
		"tab":               {"a: 1\n\tb: 2\n", 2, "found a tab character that violates indentation"},
		"list in a line":    {"a: 1\nb: - 1\n", 2, "block sequence entries are not allowed"},
		"two colons":        {"a: 1\nb: c: d\n", 2, "mapping values are not allowed"},
		"at sign":           {"a: 1\n\nb: @x\n", 3, "found character that cannot start any token"},
		"unknown anchor":    {"a: 1\nab: *xy\nb: *x\n", 2, "unknown anchor 'xy' referenced"},
		"anchor by prefix":  {"a: &xy 1\nab: *xy\nb: *x\n", 3, "unknown anchor 'x' referenced"},
		"escape":            {"a: 1\nb: \"\\z\"\n", 2, "found unknown escape character"},
		"no colon":          {"a: 1\nb: 2\nc\nd: 1\n", 3, "could not find expected ':'"},
		"control character": {"a: 1\nb: x\x01\n", 2, "control characters are not allowed"},
		"template":          {"a: 1\nb: {{ .Values.x }}\nc: {{- end }}\n", 3, "the chart has no Chart.yaml"},
		"first line":        {"a: b: c\n", 1, "mapping values are not allowed"},
		"binary":            {"a: 1\nb: \x00\n", 1, "is binary and not YAML"},
		"not UTF-8":         {"a: 1\nb: 2\nc: \xff\xfe\n", 3, "is not UTF-8 text"},
		"UTF-16":            {"\xff\xfea\x00:\x00", 1, "is binary and not YAML"},
		"broken JSON":       {"{\n \"a\": 1,\n \"b\": \"\\ud83d\"\n \"c\": 1}", 3, "is not valid YAML"},
		"much too large":    {"a: |\n" + strings.Repeat("  0123456789012345678901234567890123456789012345678901234567890\n", 17<<14), 1, "is larger than 16 MiB"},
		"very deep":         {"a: 1\nb: " + strings.Repeat("[", 20_000), 2, "exceeded max depth"},
		"very deep JSON":    {strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000), 1, "exceeded max depth"},
	} {
		for _, before := range []string{"", "x: 1\n---\n"} {
			docs := Split("f", []byte(before+tt.text))
			doc := docs[len(docs)-1]
			line := tt.line
			if before != "" {
				line += 2
				if tt.line == 1 && (name == "binary" || name == "UTF-16" || name == "much too large") {
					line-- // it concerns the whole document, which starts at its separator
				}
			}
			_, problem := doc.Parse()
			if problem == nil {
				t.Errorf("%s: is read", name)
				continue
			}
			if !strings.Contains(problem.Message, tt.want) || problem.Line != line {
				t.Errorf("%s after %q: line %d: %s; want line %d: %s", name, before, problem.Line, problem.Message, line, tt.want)
			}
		}
	}
}

// TestABrokenDocumentHidesNoOther reads what stands around it.
func TestABrokenDocumentHidesNoOther(t *testing.T) {
	var good, bad int
	for _, d := range Split("f", []byte("a: 1\n---\nb: [\n---\nc: 'x\n---\nd: 1\n")) {
		if _, problem := d.Parse(); problem != nil {
			bad++
		} else {
			good++
		}
	}
	if good != 2 || bad != 2 {
		t.Errorf("%d good and %d bad documents", good, bad)
	}
}

// TestHead reads headers by their lines, quoted or commented, and does not
// take text inside a block scalar for one.
func TestHead(t *testing.T) {
	for name, tt := range map[string]struct{ text, want string }{
		"plain":       {"apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n  namespace: shop\n", "apps/v1 Deployment shop web 2 1"},
		"any order":   {"metadata:\n    labels:\n        name: no\n    name: web\nkind: A\napiVersion: v1\n", "v1 A  web 5 6"},
		"quoted":      {"apiVersion: \"v1\"\nkind: 'A' # x\nmetadata:\n  name: \"w\"\n", "v1 A  w 2 1"},
		"nested kind": {"spec:\n  kind: B\nx: |\n  kind: C\n", "    0 0"},
		"separator":   {"--- # x\n# kind: No\nkind: A\n", " A   3 0"},
		"CRLF":        {"kind: A\r\nmetadata:\r\n  name: w\r\n", " A  w 1 0"},
		"flow style":  {"{kind: A}\n", "    0 0"},
	} {
		h := Document{File: "f", Line: 1, Data: []byte(tt.text)}.Head()
		if got := fmt.Sprintf("%s %s %s %s %d %d", h.APIVersion, h.Kind, h.Namespace, h.Name, h.KindLine, h.APILine); got != tt.want {
			t.Errorf("%s: got %q, want %q", name, got, tt.want)
		}
	}
}

// TestRenderedPlaces maps lines of rendered text to those of its template, and
// gives no column, for that is the manifest's.
func TestRenderedPlaces(t *testing.T) {
	doc := Document{File: "t.yaml", Line: 1, Data: []byte("a: 1\nhere: 2\n"), Lines: func(line int) int { return line * 10 }}
	root, _ := doc.Parse()
	if at := doc.At(KeyOf(root, "here")); at.Line != 20 || at.Column != 0 {
		t.Errorf("stands at %d:%d", at.Line, at.Column)
	}
	doc.Lines = func(int) int { return 0 }
	if at := doc.At(KeyOf(root, "here")); at.Line != 0 || at.Column != 0 || at.File != "t.yaml" {
		t.Errorf("a line that is not known is %d:%d", at.Line, at.Column)
	}
	doc.Data = []byte("a: [")
	if _, problem := doc.Parse(); problem == nil || problem.Line != 0 {
		t.Errorf("problem is %v", problem)
	}
}

// TestLookups follows merges as readers of YAML do: the mapping's own keys win,
// then earlier merges.
func TestLookups(t *testing.T) {
	root, _ := Document{File: "f", Line: 1, Data: []byte("x: &x {a: 1, b: 1}\ny: &y {b: 2, c: 2}\nz: {<<: [*x, *y], c: 3, list: [*y]}\nnot: {'<<': *x}\nn: null\n")}.Parse()
	for path, want := range map[string]string{"a": "1", "b": "1", "c": "3", "d": ""} {
		if got := Text(Dig(root, "z", path)); got != want {
			t.Errorf("z.%s is %q, want %q", path, got, want)
		}
	}
	if got := Text(Dig(root, "z", "list", 0, "b")); got != "2" {
		t.Errorf("through an alias in a list: %q", got)
	}
	if Dig(root, "z", "list", 1) != nil || Dig(root, "z", "list", -1) != nil || Dig(root, "z", 0) != nil || Dig(nil, "a") != nil {
		t.Error("a path that leads nowhere leads somewhere")
	}
	if Child(Child(root, "not"), "a") != nil {
		t.Error("a quoted << is a key like any other")
	}
	if !IsNull(Child(root, "n")) || !IsNull(nil) || Text(Child(root, "n")) != "" || Shape(nil) != "nothing" {
		t.Error("null is not recognised")
	}
	if keys := Keys(Child(root, "z")); len(keys) != 2 || keys[0].Value != "c" {
		t.Errorf("keys are %v", keys)
	}
}
