package expect

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// TestEfforts: the table reads the names that it writes, and the page about plans
// shows the table as it is.
func TestEfforts(t *testing.T) {
	page, err := os.ReadFile("../../docs/plan.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range Efforts() {
		if got, err := ParseEffort(e.Name); err != nil || got != e.Effort || got.Takes() != e.Takes {
			t.Errorf("%s is read as %v, %v", e.Name, got, err)
		}
		if line := fmt.Sprintf("| %s | %s | %s | %s |", e.Name, e.Takes, e.Means, e.Why); !strings.Contains(string(page), line) {
			t.Errorf("docs/plan.md lacks %q", line)
		}
	}
	if _, err := ParseEffort("quick"); err == nil || !strings.Contains(err.Error(), "answer, edit, write") {
		t.Errorf("quick is taken: %v", err)
	}
	if !strings.Contains(string(page), EffortsAsOf) {
		t.Errorf("docs/plan.md lacks the day %s", EffortsAsOf)
	}
}
