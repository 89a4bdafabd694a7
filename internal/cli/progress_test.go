package cli

import (
	"strings"
	"testing"
	"time"
)

// TestProgress: a quick run says nothing; a long one says what it does in one
// line that fits, and takes it away.
func TestProgress(t *testing.T) {
	var out strings.Builder
	now := time.Unix(0, 0)
	p := &progress{out: &out, width: 40, started: now, now: func() time.Time { return now }}
	p.step("rendering", 0, 3, "charts/web")
	if out.Len() > 0 {
		t.Errorf("after no time it said %q", out.String())
	}
	now = now.Add(2 * patience)
	p.show() // as the timer does while the first step goes on
	if want := "\r\x1b[Krendering 1 of 3: charts/web"; out.String() != want {
		t.Errorf("after long it said %q; want %q", out.String(), want)
	}
	out.Reset()
	p.step("rendering", 1, 3, "charts/a\x1b[2Jb")
	p.step("rendering", 2, 3, strings.Repeat("long/", 20))
	p.clear()
	got := out.String()
	if want := "\r\x1b[Krendering 2 of 3: charts/a[2Jb\r\x1b[Krendering 3 of 3: "; !strings.HasPrefix(got, want) {
		t.Errorf("got %q; want it to start with %q", got, want)
	}
	if !strings.HasSuffix(got, "…\r\x1b[K") {
		t.Errorf("got %q; want a cut line and nothing left", got)
	}
	silent := &progress{started: now, now: func() time.Time { return now.Add(time.Hour) }}
	silent.step("rendering", 0, 1, "x")
	silent.clear()
}
