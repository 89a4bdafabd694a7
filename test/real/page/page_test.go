// Package page looks at the HTML report in a real browser.
package page

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"seaworthy.dev/seaworthy/internal/assess"
	"seaworthy.dev/seaworthy/internal/child"
	"seaworthy.dev/seaworthy/internal/cli"
	"seaworthy.dev/seaworthy/test/bench/made"
	"seaworthy.dev/seaworthy/test/real/browser"
)

// TestMain lets the test binary be the program's child.
func TestMain(m *testing.M) {
	if child.Serve(assess.Jobs()) {
		return
	}
	os.Exit(m.Run())
}

//go:embed look.js
var look string

// widths are those of phones, tablets and desks.
var widths = []int{360, 390, 768, 1440}

// TestPage looks at the reports of both examples and of a repository with eight
// services. With SEAWORTHY_PICTURES it leaves pictures in that folder.
func TestPage(t *testing.T) {
	program := os.Getenv("SEAWORTHY_CHROMIUM")
	if program == "" {
		t.Skip("there is no Chromium to look with; test/real/with-chromium runs this with one")
	}
	b := browser.Start(t, program)
	root, err := filepath.Abs("../../..")
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range []struct {
		name, folder string
		// services is how many there are at least, rows how many are opened by key.
		services, rows int
	}{
		{"ready", filepath.Join(root, "examples/ready"), 1, 68},
		{"unready", filepath.Join(root, "examples/unready"), 1, 68},
		{"many", many(t, 8), 8, 10},
	} {
		t.Run(one.name, func(t *testing.T) {
			file := report(t, one.folder)
			v := &view{T: t, Page: b.Open(), name: one.name, url: (&url.URL{Scheme: "file", Path: file}).String()}
			defer v.Close()
			v.Size(1440, 900)
			v.Media("screen", "light")
			v.Go(v.url)
			var services int
			if v.Ask(`document.querySelectorAll("article.service").length`, &services); services < one.services {
				t.Errorf("the page shows %d services, want %d", services, one.services)
			}
			v.structure()
			v.names()
			v.keys(one.rows)
			v.links()
			v.filters()
			for _, scheme := range []string{"light", "dark"} {
				v.Media("screen", scheme)
				for _, width := range widths {
					v.fits(width, scheme)
				}
				v.contrast(scheme)
			}
			v.print()
			v.withoutScripts()
			if list := v.Complaints(); len(list) > 0 {
				t.Errorf("the page complains: %s", strings.Join(list, "\n"))
			}
			if list := v.Requests(v.url); len(list) > 0 {
				t.Errorf("the page asks for %s", strings.Join(list, ", "))
			}
		})
	}
}

// many writes a repository of so many services, each with a manifest.
func many(t *testing.T, services int) string {
	t.Helper()
	root := t.TempDir()
	if _, err := made.Write(root, 7, made.Size{Manifests: 12 * services, Rules: 40, Documents: 20, Dashboards: 10}); err != nil {
		t.Fatal(err)
	}
	folders, err := filepath.Glob(filepath.Join(root, "services", "*"))
	if err != nil || len(folders) < services {
		t.Fatalf("%d folders of services were made, %v", len(folders), err)
	}
	for i, folder := range folders[:services] {
		text := fmt.Sprintf("apiVersion: seaworthy.dev/v1\nkind: Service\nmetadata: {name: %s}\nspec: {tier: %d, owner: team-%d}\n", filepath.Base(folder), 1+i%3, i%5)
		if err := os.WriteFile(filepath.Join(folder, "seaworthy.yaml"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// report writes the report of a folder as its users do.
func report(t *testing.T, folder string) string {
	t.Helper()
	var out, complaints bytes.Buffer
	code := cli.Run(context.Background(), []string{"check", folder, "-o", "html", "--fail-on", "never"},
		cli.Streams{In: bytes.NewReader(nil), Out: &out, Err: io.MultiWriter(&complaints), Env: func(string) string { return "" }})
	if code != cli.OK {
		t.Fatalf("exits with %d: %s", code, &complaints)
	}
	file := filepath.Join(t.TempDir(), "report.html")
	if err := os.WriteFile(file, out.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	return file
}

// view is one report as it is looked at.
type view struct {
	*testing.T
	*browser.Page
	name, url string
}

// look has one of the functions of look.js answer in a list of complaints.
func (v *view) look(call string) (out []string) {
	v.Helper()
	v.Ask("(() => {"+look+"; return "+call+"; })()", &out)
	return out
}

// none demands that nothing is complained of.
func (v *view) none(what string, list []string) {
	v.Helper()
	const most = 10
	if n := len(list); n > most {
		list = append(list[:most:most], fmt.Sprintf("and %d more", n-most))
	}
	for _, l := range list {
		v.Errorf("%s: %s", what, l)
	}
}

// structure: headings in order, no id twice, every link within leads somewhere.
func (v *view) structure() {
	v.Helper()
	v.none("headings", v.look("headings()"))
	v.none("ids", v.look("ids()"))
}

// names: whatever can be focused says what it is.
func (v *view) names() {
	v.Helper()
	v.open(true)
	controls := v.Controls()
	for _, c := range controls {
		if c.Name == "" {
			v.Errorf("a %s has no name", c.Role)
		}
	}
	if len(controls) < 68 {
		v.Errorf("only %d controls can be focused", len(controls))
	}
	v.open(false)
}

// open opens or closes all that folds, of the first services; others look alike.
func (v *view) open(yes bool) {
	v.Ask(fmt.Sprintf(`[...document.querySelectorAll("article.service")].slice(0, 2).forEach(s => s.querySelectorAll("details").forEach(d => d.open = %v))`, yes), nil)
}

// keys walks through the page with Tab alone, and opens and closes every row that
// it meets, by Enter and by Space in turn.
func (v *view) keys(rows int) {
	v.Helper()
	v.Go("about:blank")
	v.Go(v.url)
	seen := map[string]bool{}
	type focus struct {
		Row     string
		Open    bool
		Visible bool
		End     bool
	}
	at := func() (f focus) {
		v.Ask("(() => {"+look+"; return focus(); })()", &f)
		return f
	}
	for range 5000 {
		v.Press("Tab")
		f := at()
		if f.End {
			break
		}
		if f.Row == "" || seen[f.Row] {
			continue
		}
		if !f.Visible {
			v.Errorf("the focus on %s cannot be seen", f.Row)
		}
		key := []string{"Enter", " "}[len(seen)%2]
		seen[f.Row] = true
		v.Press(key)
		if got := at(); !got.Open || got.Row != f.Row {
			v.Errorf("%q does not open %s", key, f.Row)
		}
		v.Press(key)
		if got := at(); got.Open {
			v.Errorf("%q does not close %s", key, f.Row)
		}
		if len(seen) == rows {
			return
		}
	}
	v.Errorf("only %d rows are reached by Tab, want %d", len(seen), rows)
}

// links: the address of a row opens it and brings it into sight.
func (v *view) links() {
	v.Helper()
	v.none("links", v.follow())
}

func (v *view) follow() (out []string) {
	v.Helper()
	var ids []string
	v.Ask(`[...document.querySelectorAll("details.row [id]")].map(e => e.id)`, &ids)
	if len(ids) < 60 {
		v.Errorf("only %d rows have an address", len(ids))
	}
	step := 1 + len(ids)/100
	for i := 0; i < len(ids); i += step {
		v.Go(v.url + "#" + ids[i])
		name, _ := json.Marshal(ids[i])
		out = append(out, v.look(fmt.Sprintf("shown(%s)", name))...)
	}
	return out
}

// filters: each sign's box hides and shows the rows with that sign.
func (v *view) filters() {
	v.Helper()
	v.Go("about:blank")
	v.Go(v.url)
	v.none("filters", v.look("filters()"))
}

// fits: nothing is wider than the window, with all rows closed and all open.
func (v *view) fits(width int, scheme string) {
	v.Helper()
	v.Size(width, 900)
	for _, open := range []bool{false, true} {
		v.open(open)
		v.none(fmt.Sprintf("%d px wide", width), v.look("wide()"))
		if !open {
			v.picture(fmt.Sprintf("%d-%s", width, scheme))
		}
	}
	v.open(false)
	v.Ask(`document.querySelectorAll("details.row.gap, details.row.unknown")[2].open = true; document.querySelectorAll("details.row[open]")[0].scrollIntoView()`, nil)
	v.picture(fmt.Sprintf("%d-%s-row", width, scheme))
	v.Ask("scrollTo(0, 0)", nil)
}

// contrast: every text is 4.5 times as light as what it stands on, or as dark.
func (v *view) contrast(scheme string) {
	v.Helper()
	v.open(true)
	v.none(scheme, v.look("contrast()"))
	v.open(false)
}

// print: what a row holds is printed though the row is closed.
func (v *view) print() {
	v.Helper()
	v.Size(794, 1123)
	v.Media("print", "dark")
	v.none("print", v.look("printed()"))
	v.none("print", v.look("wide()"))
	v.none("print", v.look("contrast()"))
	v.picture("print")
	v.Media("screen", "light")
	v.Size(1440, 900)
}

// withoutScripts: all can be read, and opened by key and by link.
func (v *view) withoutScripts() {
	v.Helper()
	v.Scripts(false)
	defer v.Scripts(true)
	v.Go("about:blank")
	v.Go(v.url)
	v.none("without scripts", v.look("inert()"))
	v.none("links without scripts", v.follow())
	v.keys(5)
	v.filters()
}

// picture leaves a picture for people.
func (v *view) picture(name string) {
	folder := os.Getenv("SEAWORTHY_PICTURES")
	if folder == "" {
		return
	}
	if err := os.WriteFile(filepath.Join(folder, v.name+"-"+name+".png"), v.Picture(), 0o644); err != nil {
		v.Error(err)
	}
}
