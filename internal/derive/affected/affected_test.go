package affected

import (
	"strings"
	"testing"
)

func under(folders ...string) func(string) bool {
	return func(p string) bool {
		for _, f := range folders {
			if p == f || strings.HasPrefix(p, f+"/") {
				return true
			}
		}
		return false
	}
}

// TestTouch: who owns a file is touched, and who depends on it over any number of
// steps; what is nobody's touches all.
func TestTouch(t *testing.T) {
	services := []Service{{"cart", "cart", under("cart")}, {"checkout", "checkout", under("checkout", "deploy/checkout")}, {"mail", "mail", under("mail")}}
	edges := []Edge{
		{From: "checkout/api", On: "pkg/price", How: "imported by"},
		{From: "pkg/price", On: "pkg/money", How: "imported by"},
		{From: "pkg/money", On: "pkg/price", How: "imported by"}, // a circle
		{From: "deploy/checkout/prod", On: "deploy/base", Deep: true, How: "included by"},
		{From: "cart", On: "go.mod", Deep: true, How: "required by"},
		{From: "mail", On: "cart/api", How: "imported by"},
	}
	for file, want := range map[string]string{
		"cart/main.go":             "cart",
		"cart/api/a.go":            "cart mail:mail",
		"cart/api/a_test.go":       "cart",
		"cart/api/v2/a.go":         "cart",
		"pkg/money/money.go":       "checkout:checkout/api<pkg/price",
		"pkg/price/p.go":           "checkout:checkout/api",
		"pkg/price/deep/p.go":      "cart! checkout! mail!",
		"pkg/price/p_test.go":      "cart! checkout! mail!",
		"deploy/base/sub/web.yaml": "checkout:deploy/checkout/prod",
		"go.mod":                   "cart:cart",
		"README.md":                "cart! checkout! mail!",
	} {
		touched, nobodys := Touch(services, []string{file}, edges)
		var got []string
		for _, s := range touched {
			r := s.Reasons[0]
			text := s.Name
			if r.By != "" {
				text += ":" + r.By
			}
			if len(r.Through) > 0 {
				text += "<" + strings.Join(r.Through, "<")
			}
			if r.Nobodys {
				text += "!"
			}
			got = append(got, text)
		}
		text := strings.Join(got, " ")
		if text != want || (len(nobodys) > 0) != strings.Contains(want, "!") {
			t.Errorf("%s touches %q, want %q", file, text, want)
		}
	}
	touched, _ := Touch(services, []string{"deploy/base/web.yaml"}, edges)
	if r := touched[0].Reasons[0]; r.How != "included by" || r.File != "deploy/base/web.yaml" {
		t.Errorf("the reason is %+v", r)
	}
	if touched, nobodys := Touch(services, nil, edges); touched != nil || nobodys != nil {
		t.Errorf("nothing changed, and %v is touched", touched)
	}
}

// TestMatch is how files are left out.
func TestMatch(t *testing.T) {
	for pattern, names := range map[string][]string{
		"*.md":       {"README.md", "a/b/c.md"},
		"docs/":      {"docs/a", "docs/a/b"},
		"/docs/*":    {"docs/a"},
		"**/test/**": {"test/a", "a/b/test/c/d"},
		"a/*/c":      {"a/b/c"},
	} {
		for _, n := range names {
			if !Match(pattern, n) {
				t.Errorf("%s does not match %s", pattern, n)
			}
		}
	}
	for pattern, n := range map[string]string{"*.md": "a.mdx", "docs/": "x/docs/a", "a/*/c": "a/b/b/c", "[": "a", "docs/*": "docs/a/b"} {
		if Match(pattern, n) {
			t.Errorf("%s matches %s", pattern, n)
		}
	}
}
