package leaks

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/BurntSushi/toml"
	"github.com/zricethezav/gitleaks/v8/config"
	"github.com/zricethezav/gitleaks/v8/detect"
	"github.com/zricethezav/gitleaks/v8/sources"
)

func ours(s *scanner, path, text string) []string {
	var out []string
	if s.skips(path, "") {
		return nil
	}
	s.scan(path, "", text, func(h *hit) { out = append(out, fmt.Sprintf("%s %d %s", h.rule.id, h.row, h.secret)) })
	slices.Sort(out)
	return out
}

var known = newRuleset(builtin, builtinAllowances).byID

var theirDetector = sync.OnceValues(detect.NewDetectorDefaultConfig)

func theirs(t testing.TB, path, text string) []string {
	detector, err := theirDetector()
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	//lint:ignore SA1019 the detector takes no other fragment
	for _, f := range detector.Detect(detect.Fragment(sources.Fragment{Raw: text, FilePath: path, CommitInfo: &sources.CommitInfo{Remote: &sources.RemoteInfo{}}})) {
		// What has no digit is no secret to us where only a name speaks for it.
		if r := known[f.RuleID]; r == nil || r.assigns && !digits(f.Secret) {
			continue
		}
		line := f.StartLine + 1
		if !strings.Contains(text[:max(0, strings.Index(text, f.Match))], "\n") {
			line = 1 // gitleaks counts the first line differently
		}
		out = append(out, fmt.Sprintf("%s %d %s", f.RuleID, line, f.Secret))
	}
	slices.Sort(out)
	return out
}

// TestLikeGitleaks compares with gitleaks' own detector: on texts that each
// rule matches, among others, and, where SEAWORTHY_LEAKS names a folder, on what
// stands there.
func TestLikeGitleaks(t *testing.T) {
	s := newScanner(newRuleset(builtin, builtinAllowances))
	var written configuration
	if _, err := toml.Decode(config.DefaultConfig, &written); err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, r := range written.Rules {
		if r.Regex == "" || r.ID == leftOut {
			continue
		}
		for i, made := range examples(t, r.Regex, 4) {
			text := strings.Repeat("# nothing to see here, but a password and a key: none\n", i*3) + "x: 1\nvalue: " + made + "\n" + strings.Repeat("more text\n", 4)
			path := "config.txt"
			if r.Path != "" {
				path = "a.yaml"
			}
			a, b := ours(s, path, text), theirs(t, path, text)
			found += len(b)
			// gitleaks drops generic findings beside better ones, which is for the reader to do here.
			a = slices.DeleteFunc(a, func(l string) bool { return strings.HasPrefix(l, "generic") })
			b = slices.DeleteFunc(b, func(l string) bool { return strings.HasPrefix(l, "generic") })
			if !slices.Equal(a, b) {
				t.Errorf("%s: in %q\n ours   %q\n theirs %q", r.ID, text, a, b)
			}
		}
	}
	if found < 300 {
		t.Errorf("gitleaks found only %d of the secrets that were made up for it", found)
	}
	root := os.Getenv("SEAWORTHY_LEAKS")
	if root == "" {
		return
	}
	files, hits := 0, 0
	_ = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return nil
		}
		data, err := os.ReadFile(path)
		if err != nil || len(data) > 1<<20 {
			return nil
		}
		files++
		a, b := ours(s, path, string(data)), theirs(t, path, string(data))
		hits += len(b)
		if len(a) < len(b) || len(a) > len(b) && !slices.ContainsFunc(a, func(l string) bool { return strings.HasPrefix(l, "generic") }) {
			t.Errorf("%s\n ours   %q\n theirs %q", path, a, b)
		}
		return nil
	})
	t.Logf("%d files, %d findings", files, hits)
}

// BenchmarkScan searches the files of SEAWORTHY_LEAKS, each in one piece.
func BenchmarkScan(b *testing.B) {
	root := os.Getenv("SEAWORTHY_LEAKS")
	if root == "" {
		b.Skip("SEAWORTHY_LEAKS names no folder")
	}
	var texts []string
	size := 0
	_ = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return nil
		}
		data, err := os.ReadFile(path)
		if err == nil && len(data) <= 1<<20 {
			texts = append(texts, string(data))
			size += len(data)
		}
		return nil
	})
	s := newScanner(newRuleset(builtin, builtinAllowances))
	b.SetBytes(int64(size))
	for b.Loop() {
		for _, text := range texts {
			s.scan("a.yaml", "", text, func(*hit) {})
		}
	}
}
