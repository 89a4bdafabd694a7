package helm

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"seaworthy.dev/seaworthy/internal/child"
)

const chartYAML = "apiVersion: v2\nname: shop\nversion: 1.0.0\n"

// chartOf writes a chart of one template, and a good one next to it.
func chartOf(t *testing.T, template string) string {
	t.Helper()
	return write(t, &txtar.Archive{Files: []txtar.File{
		{Name: "chart/Chart.yaml", Data: []byte(chartYAML)},
		{Name: "chart/templates/_helpers.tpl", Data: []byte(`{{ define "again" }}{{ include "again" . }}{{ end }}{{ define "deep" }}{{ template "deep" . }}{{ end }}`)},
		{Name: "chart/templates/a.yaml", Data: []byte(template)},
		{Name: "chart/templates/good.yaml", Data: []byte("apiVersion: v1\nkind: Pod\nmetadata: {name: good}\n")},
	}})
}

// TestHostileCharts renders charts that would never end or fill the memory.
// Each is reported, and the same worker renders a good chart afterwards.
func TestHostileCharts(t *testing.T) {
	t.Parallel()
	w := child.New(Job, child.Limits{Deadline: 5 * time.Minute, Memory: 256 << 20})
	defer w.Close()
	good := chartOf(t, "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n")
	for _, tt := range []struct{ name, template, says string }{
		{"include without end", `{{ include "again" . }}`, "nested reference name"},
		{"template without end", `{{ template "deep" . }}`, "exceeded maximum template depth"},
		{"tpl without end", `{{ $x := "{{ tpl .T . }}" }}{{ tpl $x (dict "T" $x "Template" .Template) }}`, ""},
		{"huge repeat", `{{ repeat 2000000000 "x" }}`, "MiB of memory and was stopped"},
		{"huge until", `{{ range until 2000000000 }}x{{ end }}`, "MiB of memory and was stopped"},
		{"growth", `{{ $x := "xxxxxxxx" }}{{ range until 40 }}{{ $x = print $x $x }}{{ end }}{{ $x }}`, "MiB of memory and was stopped"},
		{"output above the limit", `{{ repeat 40000000 "x" }}`, "more than 32 MiB"},
		{"panic", `{{ repeat -1 "x" }}`, ""},
	} {
		r := renderWith(t, w, chartOf(t, tt.template), Variant{})
		if len(r.Problems) == 0 || len(r.Holes) == 0 || !strings.Contains(r.Problems[0].Message, tt.says) {
			t.Errorf("%s: problems %v, holes %v; want one that says %q", tt.name, r.Problems, r.Holes, tt.says)
		}
		if r := renderWith(t, w, good, Variant{}); len(r.Documents) != 2 || len(r.Problems) != 0 {
			t.Errorf("after %s: the good chart yields %d documents and %v", tt.name, len(r.Documents), r.Problems)
		}
	}
}

// TestDeadline stops a chart that only takes too long.
func TestDeadline(t *testing.T) {
	t.Parallel()
	w := child.New(Job, child.Limits{Deadline: time.Second, Memory: 256 << 20})
	defer w.Close()
	loop := "{{ range until 10000 }}{{ range until 10000 }}{{ range until 10000 }}{{ end }}{{ end }}{{ end }}"
	r := renderWith(t, w, chartOf(t, loop), Variant{Name: "values-prod.yaml"})
	want := "cannot be rendered: the work took longer than 1s and was stopped (with values-prod.yaml)"
	if len(r.Problems) != 1 || r.Problems[0].Message != want || r.Problems[0].File != "chart/Chart.yaml" || len(r.Holes) != 1 {
		t.Errorf("got %v, %v", r.Problems, r.Holes)
	}
}

// TestLargeOutput renders as much as is allowed, with a line for every line.
func TestLargeOutput(t *testing.T) {
	t.Parallel()
	w := child.New(Job, patient())
	defer w.Close()
	r := renderWith(t, w, chartOf(t, "apiVersion: v1\nkind: ConfigMap\nlist:\n{{- range until 100000 }}\n  - {{ . }} {{ repeat 100 \"x\" }}\n{{- end }}\nlast: true\n"), Variant{})
	if len(r.Documents) != 2 || len(r.Problems) != 0 {
		t.Fatalf("%d documents, %v", len(r.Documents), r.Problems)
	}
	d := r.Documents[0]
	last := bytes.Count(d.Data, []byte("\n"))
	if len(d.Data) < 10<<20 || d.Lines(1) != 1 || d.Lines(last-5) != 5 || d.Lines(last) != 7 {
		t.Errorf("%d bytes, lines %d, %d and %d", len(d.Data), d.Lines(1), d.Lines(last-5), d.Lines(last))
	}
}

// TestMarksOfTheUser leaves lines unknown where a chart uses the characters
// that marks are made of.
func TestMarksOfTheUser(t *testing.T) {
	t.Parallel()
	w := child.New(Job, patient())
	defer w.Close()
	for _, template := range []string{
		"a: 1\nb: \"\U0010F8E17\U0010F8E2\"\n",
		"a: 1\nb: '{{ \"\\U0010F8E17\\U0010F8E2\" }}'\n",
		"a: 1\nb: '{{ printf \"%c7%c\" 0x10F8E1 0x10F8E2 }}'\n",
	} {
		r := renderWith(t, w, chartOf(t, template), Variant{})
		if len(r.Documents) != 2 || r.Documents[0].Lines(2) != 0 {
			t.Errorf("%q: line %d, %v", template, r.Documents[0].Lines(2), r.Problems)
		}
	}
}

// TestLinks follows links inside the tree only.
func TestLinks(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("links need rights on Windows")
	}
	outside := filepath.Join(t.TempDir(), "secret.yaml")
	if err := os.WriteFile(outside, []byte("apiVersion: v1\nkind: Secret\nmetadata: {name: outside}\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	dir := chartOf(t, "kind: A\nfile: {{ .Files.Get \"stolen.txt\" | quote }}\n")
	if err := os.WriteFile(filepath.Join(dir, "shared.yaml"), []byte("apiVersion: v1\nkind: Pod\nmetadata: {name: shared}\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for link, target := range map[string]string{
		"chart/templates/out.yaml":    outside,
		"chart/templates/shared.yaml": "../../shared.yaml",
		"chart/templates/loop":        ".",
		"chart/stolen.txt":            outside,
		"chart/values-prod.yaml":      outside,
	} {
		if err := os.Symlink(target, filepath.Join(dir, filepath.FromSlash(link))); err != nil {
			t.Fatal(err)
		}
	}
	if v := Variants(filepath.Join(dir, "chart")); len(v) != 1 {
		t.Errorf("a link became a variant: %v", v)
	}
	if err := os.Remove(filepath.Join(dir, "chart", "templates", "loop")); err != nil {
		t.Fatal(err)
	}
	w := child.New(Job, patient())
	defer w.Close()
	r := renderWith(t, w, dir, Variant{})
	var text strings.Builder
	show(&text, Variant{}, r)
	if strings.Contains(text.String(), "outside") || !strings.Contains(text.String(), "name: shared") || !strings.Contains(text.String(), `file: ""`) {
		t.Errorf("got %s", text.String())
	}
	if !strings.Contains(text.String(), "problem chart/templates/out.yaml:0:0 is a link that leads nowhere or out of the tree") {
		t.Errorf("the link is not reported: %s", text.String())
	}
	r = renderWith(t, w, dir, Variant{Name: "values-prod.yaml", Files: []string{"values-prod.yaml"}})
	if len(r.Documents) != 0 || len(r.Holes) == 0 {
		t.Errorf("values outside the tree were read: %v", r)
	}
}

// TestLinkLoop ends although a folder contains itself.
func TestLinkLoop(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("links need rights on Windows")
	}
	dir := chartOf(t, "a: 1\n")
	for _, name := range []string{"one", "two"} {
		if err := os.Symlink(".", filepath.Join(dir, "chart", "templates", name)); err != nil {
			t.Fatal(err)
		}
	}
	w := child.New(Job, patient())
	defer w.Close()
	r := renderWith(t, w, dir, Variant{})
	if len(r.Documents) != 0 || len(r.Problems) != 1 || !strings.Contains(r.Problems[0].Message, "holds more than") {
		t.Errorf("got %d documents, %v", len(r.Documents), r.Problems)
	}
}

// TestTooLarge refuses a chart of too many bytes, on disk or packed.
func TestTooLarge(t *testing.T) {
	t.Parallel()
	w := child.New(Job, patient())
	defer w.Close()
	dir := chartOf(t, "a: 1\n")
	big, err := os.Create(filepath.Join(dir, "chart", "templates", "big.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if err := big.Truncate(MaxBytes + 1); err != nil {
		t.Fatal(err)
	}
	big.Close()
	r := renderWith(t, w, dir, Variant{})
	if len(r.Documents) != 0 || len(r.Holes) != 1 || !strings.Contains(r.Holes[0].Why, "holds more than 10000 files or 64 MiB") {
		t.Errorf("got %d documents, %v", len(r.Documents), r.Holes)
	}

	dir = chartOf(t, "a: 1\n")
	pack(t, filepath.Join(dir, "chart", "charts", "bomb-1.0.0.tgz"), map[string]string{
		"bomb/Chart.yaml": "apiVersion: v2\nname: bomb\nversion: 1.0.0\n", "bomb/templates/big.yaml": strings.Repeat("\n", MaxBytes),
	})
	r = renderWith(t, w, dir, Variant{})
	if len(r.Documents) != 2 || len(r.Holes) != 1 || r.Holes[0].File != "chart/charts/bomb-1.0.0.tgz" {
		t.Errorf("got %d documents, %v", len(r.Documents), r.Holes)
	}
}

func pack(t *testing.T, name string, files map[string]string) {
	t.Helper()
	var packed bytes.Buffer
	zip := gzip.NewWriter(&packed)
	w := tar.NewWriter(zip)
	for name, text := range files {
		if err := w.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: int64(len(text))}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	w.Close()
	zip.Close()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, packed.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestArchive renders a subchart out of an archive, with lines.
func TestArchive(t *testing.T) {
	t.Parallel()
	dir := chartOf(t, "a: 1\n")
	pack(t, filepath.Join(dir, "chart", "charts", "db-1.0.0.tgz"), map[string]string{
		"db/Chart.yaml":          "apiVersion: v2\nname: db\nversion: 1.0.0\n",
		"db/values.yaml":         "size: 3\n",
		"db/templates/db.yaml":   "{{- if true }}\napiVersion: v1\nkind: ConfigMap\nsize: {{ .Values.size }}\n{{- end }}\n",
		"db/crds/definition.yml": "kind: CustomResourceDefinition\n",
	})
	w := child.New(Job, patient())
	defer w.Close()
	var text strings.Builder
	show(&text, Variant{}, renderWith(t, w, dir, Variant{}))
	want := "## chart/charts/db-1.0.0.tgz/templates/db.yaml\n  0|\n  2|apiVersion: v1\n  3|kind: ConfigMap\n  4|size: 3\n"
	want = strings.Replace(want, "  0|\n", "", 1)
	if !strings.Contains(strings.Replace(text.String(), "  0|\n", "", 1), want) || !strings.Contains(text.String(), "## chart/charts/db-1.0.0.tgz/crds/definition.yml\n  =|") {
		t.Errorf("got\n%s", text.String())
	}
}
