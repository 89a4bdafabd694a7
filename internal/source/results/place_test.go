package results

import (
	"testing"

	"seaworthy.dev/seaworthy/internal/fact"
)

// TestPlaces: a file is found below what stands before it on another machine, in a
// module or in a source folder, and never by its bare name.
func TestPlaces(t *testing.T) {
	places := NewPlaces([]string{"main.go", "shop/order.go", "a/src/main/java/com/x/Pay.java", "one/util/log.py", "two/util/log.py"})
	for written, want := range map[string]string{
		"example.com/acme/shop/shop/order.go":  "shop/order.go",
		"/home/runner/work/shop/shop/order.go": "shop/order.go",
		`C:\work\shop\order.go`:                "shop/order.go",
		"com/x/Pay.java":                       "a/src/main/java/com/x/Pay.java",
		"one/util/log.py":                      "one/util/log.py",
		"util/log.py":                          "", // of which?
		"example.com/other/order.go":           "",
		"example.com/other/main.go":            "",
	} {
		c := &fact.CodeCoverage{Files: []*fact.CoveredFile{{Written: written}}}
		places.Settle(c)
		if got := c.Files[0].Path; got != want || (want == "") != (c.Absents == 1) {
			t.Errorf("%s is found at %q, not %q (%d absent)", written, got, want, c.Absents)
		}
	}
	c := &fact.CodeCoverage{Files: []*fact.CoveredFile{{Written: "example.com/acme/shop/order.go"}, {Written: "example.com/acme/main.go"}}}
	if places.Settle(c); c.Files[1].Path != "main.go" {
		t.Errorf("the file at the root is not found beside the others: %+v", c.Files[1])
	}
}
