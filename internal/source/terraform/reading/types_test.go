package reading

import (
	"fmt"
	"strings"
	"testing"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
)

const table = `
# What is listed more closely counts.
harmless:
  x_net x_net_*  # carries packets
  AWS::IAM::*
workloads services:
  x_net_server x_run_*
`

// TestTypes: a type counts by its own name, then by the closest family; what is
// not listed is not known.
func TestTypes(t *testing.T) {
	t.Parallel()
	types, err := ParseTypes(table)
	if err != nil {
		t.Fatal(err)
	}
	for kind, want := range map[string]string{
		"x_net": "[] true", "x_net_route": "[] true", "x_net_server": "[workloads services] true", "x_net_server_key": "[] true",
		"x_run_job": "[workloads services] true", "x_run": "[] false", "x_network": "[] false", "AWS::IAM::Group": "[] true", "AWS::IAMX::Group": "[] false",
	} {
		kinds, known := types.Of(kind)
		if got := fmt.Sprint(kinds, known); got != want {
			t.Errorf("%s: %s, want %s", kind, got, want)
		}
	}
}

// TestBrokenTypes: a table that does not say what it means is refused.
func TestBrokenTypes(t *testing.T) {
	t.Parallel()
	for table, want := range map[string]string{
		"  x_a\n":                         "stands under no heading",
		"harmless\n":                      "does not end with a colon",
		"harmles:\n":                      "is no kind of fact",
		"harmless:\n  x_a x_a\n":          "stands twice",
		"harmless:\n  x_a*\n":             "does not end with a whole word",
		"harmless:\n x_a\nstorage:\n x_a": "stands twice",
	} {
		if _, err := ParseTypes(table); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", table, err, want)
		}
	}
}

// TestRest: what is neither read nor harmless leaves one hole for each type, of
// the kinds that the table knows, or of all.
func TestRest(t *testing.T) {
	t.Parallel()
	c := &model.Config{}
	for _, name := range []string{"x_read.a", "x_net.a", "x_net_server.a", "x_net_server.b", "x_odd.a", "y_odd.a"} {
		kind, own, _ := strings.Cut(name, ".")
		c.Resources = append(c.Resources, &model.Resource{Address: name, Base: name, Type: kind, Name: own})
	}
	c.Resources = append(c.Resources, &model.Resource{Address: "data.x_odder.a", Base: "data.x_odder.a", Type: "x_odder", Name: "a", Data: true})
	types, err := ParseTypes(table)
	if err != nil {
		t.Fatal(err)
	}
	var set fact.Set
	r := New(c, &set)
	r.Of(nil, "x_read")
	r.Rest("x_", types)
	var got strings.Builder
	for _, h := range set.Coverage.Holes {
		fmt.Fprintln(&got, h.Kinds, h.Why)
	}
	const want = "[workloads services] resources of type x_net_server are not read, such as x_net_server.a and 1 more\n" +
		"[workloads services backups storage policies] x_odd.a is not read\n"
	if got.String() != want {
		t.Errorf("%s\nwant\n%s", got.String(), want)
	}
}
