package leaks

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"seaworthy.dev/seaworthy/internal/fact"
)

// Secrets are put together when the tests run, so that no other scanner finds
// them here.
var (
	awsKey   = "AKIA" + "Q3EGRIZT7NYWUD5P"
	github   = "ghp_" + "R4nd0mL00k1ngButM4deUpF0rTh1sT3st9q8"
	password = "kT9" + "x2Lq7" + "Vb4mZ8"
	key      = "-----BEGIN EC " + "PRIVATE KEY-----\n" + strings.Repeat("MHcCAQEEIBq3vJ7Zk0aWf8xYtR2uLpNcQ5sD9eHgKoTi1mXbVzoA\n", 3) + "-----END EC " + "PRIVATE KEY-----\n"
)

// write puts files into a folder.
func write(t *testing.T, root string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		path := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// everything lists the files below a folder.
func everything(t *testing.T, root string) (out []string) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			if d != nil && d.Name() == ".git" {
				return fs.SkipDir
			}
			return err
		}
		rel, err := filepath.Rel(root, path)
		if d.Name() != ".git" {
			out = append(out, filepath.ToSlash(rel))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// found searches a folder and says in short what was found.
func found(t *testing.T, q Request) (out []string, r *Result) {
	t.Helper()
	q.Files = everything(t, q.Root)
	r = Read(context.Background(), q)
	for _, l := range r.Leaks {
		text := fmt.Sprintf("%s:%d %s", l.Path, l.Line, l.Rule)
		for _, mark := range []struct {
			is   bool
			text string
		}{{l.Guessed, "guessed"}, {l.Aside, "aside"}, {l.HiddenBy != "", "hidden by " + l.HiddenBy}, {!l.StillThere, "gone"}, {l.Commit != "", l.Since.Format("2 January")}} {
			if mark.is {
				text += ", " + mark.text
			}
		}
		out = append(out, text)
	}
	return out, r
}

func TestTree(t *testing.T) {
	t.Parallel()
	utf16 := []byte{0xff, 0xfe}
	for _, c := range "$token = '" + github + "'\r\n" {
		utf16 = append(utf16, byte(c), 0)
	}
	for name, tt := range map[string]struct {
		files map[string]string
		want  []string
	}{
		"what has a form of its own": {
			map[string]string{"app.env": "MODE=live\nAWS_ACCESS_KEY_ID=" + awsKey + "\n", "main.go": "package main\n\nconst token = \"" + github + "\"\n", "tls/web.key": key},
			[]string{"app.env:2 aws-access-token", "main.go:3 github-pat", "tls/web.key:1 private-key"},
		},
		"what its name gives away: in settings for sure, in programs perhaps": {
			map[string]string{"app.properties": "db.password=" + password + "\n", "main.py": "password = \"" + password + "\"\n", "use.py": "password = settings.password2old\n"},
			[]string{"app.properties:1 generic-api-key", "main.py:1 generic-api-key, guessed"},
		},
		"what stands aside": {
			map[string]string{"README.md": github, "web_test.go": "const x = \"" + github + "\"", "docs/a.txt": github, "app.env.example": "TOKEN=" + github, "testdata/web.key": key},
			[]string{"README.md:1 github-pat, aside", "app.env.example:1 github-pat, aside", "docs/a.txt:1 github-pat, aside", "testdata/web.key:1 private-key, aside", "web_test.go:1 github-pat, aside"},
		},
		"what stands for another value, is known to all, public or encrypted": {
			map[string]string{
				"a.yaml": "password: ${DB_PASSWORD}\ntoken: <token>\napi_key: xxxxxxxxxxxxxxxx1\nsecret: changeme123456\nkey: " + "AKIAIOSFODNN7" + "EXAMPLE\n",
				"b.yaml": "password: ENC[AES256_GCM,data:" + password + ",type:str]\n",
				"c.yaml": "kind: SealedSecret\nspec:\n  encryptedData:\n    password: Ag" + strings.Repeat("By3i4OJSWK", 30) + "\n",
				"d.pub":  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl me\n",
				"e.sum":  "api_key_checksum sha256:" + strings.Repeat("0af3", 16) + "\n",
				"f.yaml": "tls.key: |\n  -----BEGIN " + "PRIVATE KEY-----\n  ...\n  -----END " + "PRIVATE KEY-----\n",
				"g.json": "{\"clientRequestToken\": \"1d2129a1-3d38-460a-9756-e5b91fddb951\"}\n",
				"h.yaml": "secretName: shop-database-2\nsecretKeyRef: {name: shop2db, key: password1}\n",
			},
			nil,
		},
		"data, and text of 16 bits a letter": {
			map[string]string{"logo.dat": "\x00\x01" + github, "setup.ps1": string(utf16), "cert.p12": "\x00\x01"},
			[]string{"cert.p12:0 pkcs12-file, guessed", "setup.ps1:1 github-pat"},
		},
		"lock files and other people's": {
			map[string]string{"package-lock.json": github, "go.sum": github, "web/yarn.lock": github},
			nil,
		},
		"one value once a line, by the rule that knows it": {
			map[string]string{"app.env": "GITHUB_TOKEN=" + github + "\nOTHER_TOKEN=" + github + "\n"},
			[]string{"app.env:1 github-pat", "app.env:2 github-pat"},
		},
		"the tree's own exceptions, which are honoured and told": {
			map[string]string{
				".gitleaks.toml":  "[extend]\nuseDefault = true\ndisabledRules = [\"private-key\"]\n[[allowlists]]\npaths = ['''^old/''']\n[[rules]]\nid = \"shop\"\nregex = '''shop-[0-9]{6}'''\nkeywords = [\"shop-\"]\n",
				".gitleaksignore": "# rotated\na.env:github-pat:1\n",
				"a.env":           "A=" + github + "\nB=" + awsKey + " # gitleaks:allow\nC=shop-123456\n",
				"old/b.env":       "A=" + awsKey + "\n",
				"web.key":         key,
			},
			[]string{"a.env:1 github-pat, hidden by .gitleaksignore", "a.env:2 aws-access-token, hidden by an inline comment", "a.env:3 shop",
				"old/b.env:1 aws-access-token, hidden by .gitleaks.toml", "web.key:1 private-key, hidden by .gitleaks.toml"},
		},
		"rules of its own only, which hide all others": {
			map[string]string{".gitleaks.toml": "[[rules]]\nid = \"shop\"\nregex = '''shop-[0-9]{6}'''\n", "a.env": "A=" + github + "\nC=shop-123456\n"},
			[]string{"a.env:1 github-pat, hidden by .gitleaks.toml", "a.env:2 shop"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			root := t.TempDir()
			write(t, root, tt.files)
			got, r := found(t, Request{Root: root})
			if !slices.Equal(got, tt.want) {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
			if len(r.Problems)+len(r.Holes) > 0 {
				t.Errorf("problems %v, holes %v", r.Problems, r.Holes)
			}
			if text := fmt.Sprintf("%+v", *r); holdsValue(text) {
				t.Error("what was found holds a secret's value")
			}
		})
	}
}

// holdsValue reports whether a text gives a value away.
func holdsValue(text string) bool {
	for _, value := range []string{awsKey, github, password, key[40:80]} {
		if strings.Contains(text, value) {
			return true
		}
	}
	return false
}

// TestDigest: the same value has the same digest within a run, and another one
// in the next.
func TestDigest(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	write(t, root, map[string]string{"a.env": "A=" + github, "b.env": "A=" + github, "c.env": "A=" + awsKey})
	_, first := found(t, Request{Root: root})
	_, second := found(t, Request{Root: root})
	a, b, c := first.Leaks[0].Digest, first.Leaks[1].Digest, first.Leaks[2].Digest
	if a != b || a == c || a == second.Leaks[0].Digest {
		t.Errorf("digests %q %q %q, then %q", a, b, c, second.Leaks[0].Digest)
	}
}

// TestBrokenExceptions: what is wrong is told with its place, and counts for
// nothing.
func TestBrokenExceptions(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		file, text string
		line       int
		want       string
	}{
		"no TOML":        {configFile, "[extend]\nuseDefault = yes\n", 2, "TOML"},
		"a wrong type":   {configFile, "[[rules]]\nid = 1\n", 0, "configuration"},
		"a pattern":      {configFile, "[[rules]]\nid = \"a\"\nregex = '''a(b'''\n", 3, "missing closing"},
		"an exception":   {configFile, "[[allowlists]]\npaths = [\n'''ok''',\n'''[a''']\n", 4, "missing closing"},
		"another file":   {configFile, "[extend]\npath = \"/etc/shadow\"\n", 2, "which is not read"},
		"no fingerprint": {ignoreFile, "\na.env\n", 2, "file:rule:line"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			root := t.TempDir()
			write(t, root, map[string]string{tt.file: tt.text, "a.env": "A=" + github})
			got, r := found(t, Request{Root: root, Shown: "shop"})
			if want := []string{"a.env:1 github-pat"}; !slices.Equal(got, want) {
				t.Errorf("got %q, want %q", got, want)
			}
			if len(r.Problems) != 1 || r.Problems[0].File != "shop/"+tt.file || r.Problems[0].Line != tt.line || !strings.Contains(r.Problems[0].Message, tt.want) {
				t.Errorf("got %+v, want one in line %d that says %q", r.Problems, tt.line, tt.want)
			}
		})
	}
}

// TestUnreadFile: what cannot be searched is told, and keeps the rest from being
// clean.
func TestUnreadFile(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	write(t, root, map[string]string{"a.env": "A=" + github})
	for name, start := range map[string]string{"large.sql": "insert\n", "large.img": "\x00\x00"} {
		file, err := os.Create(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := file.WriteString(start + strings.Repeat("x", 9000)); err != nil {
			t.Fatal(err)
		}
		if err := file.Truncate(maxFile + 1); err != nil {
			t.Fatal(err)
		}
		file.Close()
	}
	r := Read(context.Background(), Request{Root: root, Files: []string{"a.env", "large.sql", "large.img", "missing"}})
	if len(r.Leaks) != 1 || len(r.Problems) != 2 || len(r.Holes) != 2 || r.Holes[0].File != "large.sql" || !r.Holes[0].Touches(fact.Leaks) || r.Holes[0].Touches(fact.Workloads) {
		t.Errorf("got leaks %v, problems %v, holes %+v", r.Leaks, r.Problems, r.Holes)
	}
}

// TestCache: what was searched in vain is not searched again, what was found is,
// nothing of it is kept, and what is broken in the cache harms nobody.
func TestCache(t *testing.T) {
	t.Parallel()
	root, folder := t.TempDir(), t.TempDir()
	files := map[string]string{"a.env": "A=" + github}
	for i := range 20 {
		files[fmt.Sprintf("clean%d.txt", i)] = fmt.Sprintf("nothing %d", i)
	}
	write(t, root, files)
	want := []string{"a.env:1 github-pat"}
	search := func(what string) {
		t.Helper()
		if got, _ := found(t, Request{Root: root, CacheFolder: folder}); !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", what, got, want)
		}
	}
	kept := func() []byte {
		t.Helper()
		names, err := filepath.Glob(filepath.Join(folder, "leaks", rulesVersion, "*"))
		if err != nil || len(names) != 1 {
			t.Fatalf("%v, %v; want one file", names, err)
		}
		data, err := os.ReadFile(names[0])
		if err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(names[0]); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("mode %v, %v; want 0600", info.Mode(), err)
		}
		return data
	}
	search("first")
	first := kept()
	if len(first) != 20*16 || bytes.Contains(first, []byte(github)) {
		t.Errorf("%d bytes were kept, want 320 and no value", len(first))
	}
	search("again")
	if !bytes.Equal(kept(), first) {
		t.Error("what is known was written again")
	}
	write(t, root, map[string]string{"clean0.txt": "B=" + awsKey})
	want = append(want, "clean0.txt:1 aws-access-token")
	search("after a change")
	write(t, root, map[string]string{".gitleaks.toml": "[[rules]]\nid = \"n\"\nregex = '''nothing 1$'''\n[extend]\nuseDefault = true\n"})
	want = append(want, "clean1.txt:1 n")
	search("with other rules")
	name := filepath.Join(folder, "leaks", rulesVersion)
	entries, _ := os.ReadDir(name)
	name = filepath.Join(name, entries[0].Name())
	if err := os.WriteFile(name, append([]byte("torn"), first...), 0o600); err != nil {
		t.Fatal(err)
	}
	search("with a torn cache")
	search("after that")
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() { search("side by side") })
	}
	wait.Wait()
	if err := os.RemoveAll(folder); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Dir(folder), map[string]string{filepath.Base(folder): "a file"})
	search("where nothing can be kept")
}
