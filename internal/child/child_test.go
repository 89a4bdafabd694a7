package child

import (
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"
	"time"
)

// TestMain lets the test binary be its own child.
func TestMain(m *testing.M) {
	if Serve(map[string]Handler{"test": handle}) {
		return
	}
	os.Exit(m.Run())
}

func handle(request json.RawMessage) (any, error) {
	var word string
	if err := json.Unmarshal(request, &word); err != nil {
		return nil, err
	}
	switch word {
	case "fail":
		return nil, errors.New("the chart has no name")
	case "panic":
		panic("surprise")
	case "loop":
		for n := 0; ; n++ {
			word = string(rune('a' + n%26))
		}
	case "grow":
		var all [][]byte
		for {
			block := make([]byte, 1<<20)
			for i := range block {
				block[i] = 1
			}
			all = append(all, block)
			word = string(rune('a' + len(all)%26))
		}
	case "huge":
		return len(make([]byte, 1<<36)), nil
	}
	return strings.ToUpper(word), nil
}

// TestWorkerSurvivesItsChildren sends requests that end the child in every way
// that a hostile chart can, and good ones in between that must be answered.
func TestWorkerSurvivesItsChildren(t *testing.T) {
	t.Parallel()
	w := New("test", Limits{Deadline: 20 * time.Second, Memory: 128 << 20})
	defer w.Close()
	ask := func(word string) (string, error) {
		var got string
		err := w.Do(t.Context(), word, &got)
		return got, err
	}
	for _, tt := range []struct{ word, reason string }{
		{"fail", "the chart has no name"},
		{"panic", "panic: surprise"},
		{"grow", "needed more than 128 MiB"},
		{"huge", "needed more than 128 MiB"},
	} {
		_, err := ask(tt.word)
		var f *Failure
		if !errors.As(err, &f) || !strings.Contains(f.Reason, tt.reason) {
			t.Errorf("%s: got %v, want a failure that says %q", tt.word, err, tt.reason)
		}
		if got, err := ask("hello"); got != "HELLO" || err != nil {
			t.Errorf("after %s: got %q, %v", tt.word, got, err)
		}
	}
}

// TestDeadline stops a request that never ends.
func TestDeadline(t *testing.T) {
	t.Parallel()
	w := New("test", Limits{Deadline: 500 * time.Millisecond, Memory: 128 << 20})
	defer w.Close()
	var got string
	var f *Failure
	if err := w.Do(t.Context(), "loop", &got); !errors.As(err, &f) || !strings.Contains(f.Reason, "longer than 500ms") {
		t.Errorf("got %v, want a failure that names the deadline", err)
	}
}
