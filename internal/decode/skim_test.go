package decode

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

func everything(string, string) bool { return true }

// TestSkim: what is kept reads as it stands, with its places; what is not kept is
// stepped over.
func TestSkim(t *testing.T) {
	t.Parallel()
	text := `{"title": "Über\u0021 \"x\"",` + "\n" + `  "drop": {"a": [1, {"b": "]}"}], "c": null}, "panels": [{"x": 1.5e3, "y": true,` + "\n" + ` "z": null}, "ä", []]}`
	got, err := Skim(Document{Data: []byte(text)}, func(_, key string) bool { return key != "drop" })
	if err != nil || got.Cut != "" {
		t.Fatal(err, got.Cut)
	}
	if title := Text(Child(got.Root, "title")); title != `Über! "x"` {
		t.Errorf("the title is %q", title)
	}
	if Child(got.Root, "drop") != nil {
		t.Error("what is not kept is there")
	}
	if z := Dig(got.Root, "panels", 0, "z"); z.Line != 3 || z.Column != 7 || !IsNull(z) {
		t.Errorf("z is %+v", z)
	}
	if k := KeyOf(got.Root, "panels"); k.Line != 2 || k.Column != 47 {
		t.Errorf("the key panels stands at %d:%d", k.Line, k.Column)
	}
	if items := Items(Child(got.Root, "panels")); len(items) != 3 || Text(items[1]) != "ä" {
		t.Errorf("panels are %v", items)
	}
}

// TestSkimRefuses: what is no JSON is refused with its line, what is too much is
// said.
func TestSkimRefuses(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"{\"a\": 1,\n\"b\": }": "line 2: invalid character '}' looking for beginning of value",
		"":                     "line 1: unexpected end of JSON input",
	} {
		if _, err := Skim(Document{Data: []byte(text)}, everything); err == nil || err.Error() != want {
			t.Errorf("%q: %v", text, err)
		}
	}
	for text, want := range map[string]string{
		strings.Repeat("[", 200) + strings.Repeat("]", 200): "its values nest more than 64 deep",
		"[" + strings.Repeat("0,", maxSkimmed+5) + "0]":     "it holds more than 200000 values",
		`{"a": "` + strings.Repeat("x", 70<<10) + `"}`:      "it holds a text of 70 KiB",
	} {
		if got, err := Skim(Document{Data: []byte(text)}, everything); err != nil || got.Cut != want {
			t.Errorf("%.20q: %v, %q", text, err, got.Cut)
		}
	}
}

// FuzzSkim demands that skimming ends, and that what it keeps is what encoding/json
// reads.
func FuzzSkim(f *testing.F) {
	for _, text := range []string{`{"a": [1, "b\n", {"c": null}], "": true}`, `[]`, `"\ud83d\ude00"`, ` 1e5 `, `{"a":{"a":1},"a":2}`, "[\"\xff\"]"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 1<<16 {
			return
		}
		var want any
		bad := json.Unmarshal(data, &want)
		got, err := Skim(Document{Data: data}, everything)
		if json.Valid(data) != (err == nil) {
			t.Fatalf("%q: %v, but %v", data, err, bad)
		}
		if bad != nil || err != nil || got.Cut != "" { // numbers may be too large
			return
		}
		if again := plainly(got.Root); !reflect.DeepEqual(again, want) {
			t.Fatalf("%q: got %#v, want %#v", data, again, want)
		}
		if some, err := Skim(Document{Data: data}, func(string, string) bool { return false }); err != nil || some.Root == nil {
			t.Fatalf("%q: %v", data, err)
		}
	})
}

// plainly turns nodes into what encoding/json yields.
func plainly(n *Node) any {
	switch n.Tag {
	case "!!map":
		out := map[string]any{}
		for i := 0; i+1 < len(n.Content); i += 2 {
			key, _ := json.Marshal(n.Content[i].Value)
			var text string
			_ = json.Unmarshal(key, &text)
			out[text] = plainly(n.Content[i+1])
		}
		return out
	case "!!seq":
		out := []any{}
		for _, item := range n.Content {
			out = append(out, plainly(item))
		}
		return out
	case "!!str":
		return n.Value
	}
	var out any
	_ = json.Unmarshal([]byte(n.Value), &out)
	return out
}
