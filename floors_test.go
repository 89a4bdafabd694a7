package seaworthy

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

const module = "seaworthy.dev/seaworthy/"

// rooms lists every part of the program from the ground up. A package may
// import only from rooms above its own in this list, and from its own room
// only where `within` says so: imports point down.
var rooms = []struct {
	prefix string
	within bool
}{
	{"internal/fact", false},
	{"internal/manifest", false},
	{"internal/verdict", false},
	{"internal/slo", false},
	{"internal/expect", false},
	{"internal/plan", false},
	{"internal/decode", false},
	{"internal/risk", false},
	{"internal/child", false},
	{"internal/derive", true},
	{"internal/overlay", false},
	{"internal/source", false},
	{"standard", false}, // checks rest on facts and what is derived from them
	{"internal/registry", false},
	{"internal/assess", false},
	{"internal/draft", false},
	{"internal/report", false},
	{"internal/cases", false},
	{"internal/generate", false},
	{"internal/cli", false},
	{"cmd", false},
	{"test", true},
}

// pure lists the rooms that see no clock, randomness, environment or network.
var pure = []string{"internal/fact", "internal/manifest", "internal/verdict", "internal/slo", "internal/expect", "internal/plan", "internal/decode", "internal/risk", "internal/derive", "internal/overlay", "standard"}

// impure lists the packages that pure rooms may not import. Package time is
// allowed for durations and given times; its clock is caught by name.
var impure = []string{"os", "net", "net/http", "math/rand", "math/rand/v2", "crypto/rand", "os/exec", "io/ioutil", "syscall"}

// TestFloors parses the imports of every package itself: what a child process
// reads would escape Go's test cache.
func TestFloors(t *testing.T) {
	files := 0
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == ".git" || d.Name() == "examples" || d.Name() == "testdata" || d.Name() == "bin" || d.Name() == "docs") {
			return fs.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		files++
		for _, complaint := range complaints(t, filepath.ToSlash(name)) {
			t.Error(complaint)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 50 {
		t.Errorf("only %d files were looked at", files)
	}
}

// complaints lists what is wrong with the imports of one file.
func complaints(t *testing.T, name string) (out []string) {
	source, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	file, err := parser.ParseFile(token.NewFileSet(), name, source, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	from := path.Dir(name)
	if from == "." {
		return nil
	}
	at := room(from)
	if at < 0 {
		return []string{fmt.Sprintf("%s belongs to no room: name its package in floors_test.go", name)}
	}
	quiet := isPure(from)
	if quiet {
		for _, clock := range []string{"time.Now(", "time.Since(", "time.After(", "time.Tick(", "func init()"} {
			if strings.Contains(string(source), clock) {
				out = append(out, fmt.Sprintf("%s uses %s: time and state arrive with the facts", name, clock))
			}
		}
	}
	for _, spec := range file.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		for _, bad := range impure {
			if quiet && imported == bad {
				out = append(out, fmt.Sprintf("%s imports %s, but its room is pure", name, imported))
			}
		}
		target, inside := strings.CutPrefix(imported, module)
		if !inside {
			continue
		}
		if reason := forbidden(at, from, target); reason != "" {
			out = append(out, fmt.Sprintf("%s imports %s: %s", name, target, reason))
		}
	}
	return out
}

// forbidden returns why a package may not import another, or nothing.
func forbidden(at int, from, target string) string {
	to := room(target)
	switch {
	case to < 0:
		return "it belongs to no room"
	case strings.HasPrefix(from, "standard/"):
		// An expectation sees facts, the form of findings, pure logic and what
		// is derived; never another expectation, a source or the world.
		for _, allowed := range []string{"internal/fact", "internal/manifest", "internal/verdict", "internal/slo", "internal/expect", "internal/derive"} {
			if strings.HasPrefix(target, allowed) {
				return ""
			}
		}
		return "an expectation sees only facts, findings and what is derived from facts"
	case strings.HasPrefix(target, "standard/") && !strings.HasPrefix(from, "internal/registry"):
		return "only the registry knows single expectations"
	case at == to:
		if rooms[at].within || strings.HasPrefix(target+"/", from+"/") || technology(from) != "" && technology(from) == technology(target) {
			return ""
		}
		return "packages of one room do not import each other"
	case to > at && !strings.HasPrefix(target, "standard/"):
		return "imports point down"
	}
	return ""
}

// technology returns the part of a source that packages of one technology
// share: they may import each other.
func technology(dir string) string {
	rest, found := strings.CutPrefix(dir, "internal/source/")
	if !found {
		return ""
	}
	first, _, _ := strings.Cut(rest, "/")
	return first
}

func room(dir string) int {
	for i, r := range rooms {
		if dir == r.prefix || strings.HasPrefix(dir, r.prefix+"/") {
			return i
		}
	}
	return -1
}

func isPure(dir string) bool {
	for _, p := range pure {
		if dir == p || strings.HasPrefix(dir, p+"/") {
			return true
		}
	}
	return false
}
