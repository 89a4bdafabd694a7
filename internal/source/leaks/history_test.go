package leaks

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/go-git/go-billy/v5/osfs"
	"github.com/go-git/go-git/v5/plumbing"
	objectcache "github.com/go-git/go-git/v5/plumbing/cache"
	"github.com/go-git/go-git/v5/plumbing/format/packfile"
	"github.com/go-git/go-git/v5/storage/filesystem"
)

// maker makes repositories, a commit a day from 1 May 2026.
type maker struct {
	t     *testing.T
	git   string
	store *filesystem.Storage
	all   []plumbing.Hash
	days  int64
}

func newMaker(t *testing.T, git string) *maker {
	t.Helper()
	m := &maker{t: t, git: git, store: filesystem.NewStorage(osfs.New(git), objectcache.NewObjectLRUDefault())}
	if err := m.store.Init(); err != nil {
		t.Fatal(err)
	}
	write(t, git, map[string]string{"HEAD": "ref: refs/heads/main\n"})
	return m
}

func (m *maker) object(kind plumbing.ObjectType, text string) plumbing.Hash {
	m.t.Helper()
	o := &plumbing.MemoryObject{}
	o.SetType(kind)
	if _, err := o.Write([]byte(text)); err != nil {
		m.t.Fatal(err)
	}
	hash, err := m.store.SetEncodedObject(o)
	if err != nil {
		m.t.Fatal(err)
	}
	m.all = append(m.all, hash)
	return hash
}

// tree writes a folder; names hold at most one slash.
func (m *maker) tree(files map[string]string) plumbing.Hash {
	below, entries := map[string]map[string]string{}, map[string]string{}
	for name, text := range files {
		first, rest, deeper := strings.Cut(name, "/")
		if deeper {
			if below[first] == nil {
				below[first] = map[string]string{}
			}
			below[first][rest] = text
			continue
		}
		hash := m.object(plumbing.BlobObject, text)
		entries[name] = "100644 " + name + "\x00" + string(hash[:])
	}
	for name, part := range below {
		hash := m.tree(part)
		entries[name] = "40000 " + name + "\x00" + string(hash[:])
	}
	var names []string
	for name := range entries {
		names = append(names, name)
	}
	slices.Sort(names)
	var text string
	for _, name := range names {
		text += entries[name]
	}
	return m.object(plumbing.TreeObject, text)
}

func (m *maker) commit(ref string, files map[string]string, parents ...plumbing.Hash) plumbing.Hash {
	m.t.Helper()
	text := fmt.Sprintf("tree %s\n", m.tree(files))
	for _, p := range parents {
		text += fmt.Sprintf("parent %s\n", p)
	}
	when := 1777636800 + m.days*86400
	m.days++
	text += fmt.Sprintf("author A <a@example.com> %d +0000\ncommitter A <a@example.com> %d +0000\n\nSay something\n", when, when)
	hash := m.object(plumbing.CommitObject, text)
	if ref != "" {
		write(m.t, m.git, map[string]string{ref: hash.String() + "\n"})
	}
	return hash
}

// pack moves all objects into a pack.
func (m *maker) pack() {
	m.t.Helper()
	to, err := m.store.PackfileWriter()
	if err != nil {
		m.t.Fatal(err)
	}
	if _, err := packfile.NewEncoder(to, m.store, false).Encode(m.all, 10); err != nil {
		m.t.Fatal(err)
	}
	if err := to.Close(); err != nil {
		m.t.Fatal(err)
	}
	packs, err := filepath.Glob(filepath.Join(m.git, "objects", "pack", "*.pack"))
	if err != nil || len(packs) != 1 {
		m.t.Fatalf("packs %v, %v", packs, err)
	}
	for _, hash := range m.all {
		m.drop(hash)
	}
}

func (m *maker) drop(hash plumbing.Hash) {
	m.t.Helper()
	_ = os.Remove(filepath.Join(m.git, "objects", hash.String()[:2], hash.String()[2:]))
}

// history returns the search that was told of.
func history(r *Result) (commits int, unread string) {
	for _, s := range r.Scans {
		if s.History {
			return s.Commits, s.Unread
		}
	}
	return -1, "there is no search of the history"
}

// TestHistory: what was ever committed counts, once, with the commit that
// brought it, wherever that is referred to.
func TestHistory(t *testing.T) {
	t.Parallel()
	for _, packed := range []bool{false, true} {
		t.Run(fmt.Sprintf("packed %v", packed), func(t *testing.T) {
			t.Parallel()
			root := t.TempDir()
			m := newMaker(t, filepath.Join(root, ".git"))
			long := strings.Repeat("a line of no interest, but long enough to make differences pay\n", 200)
			one := m.commit("", map[string]string{"a.env": long + "A=" + github + "\n", "app/b.env": "MODE=live\n", "docs/x.txt": awsKey})
			two := m.commit("", map[string]string{"a.env": long + "M=1\nA=" + github + "\n", "app/b.env": "B=" + awsKey + "\n"}, one)
			three := m.commit("refs/heads/main", map[string]string{"a.env": long, "app/b.env": "B=" + awsKey + "\n"}, two)
			m.commit("refs/remotes/origin/other", map[string]string{"web.key": key}, one)
			tagged := m.commit("", map[string]string{"c.env": "C=" + strings.Replace(github, "R4nd", "S5oe", 1) + "\n"}, two)
			tag := m.object(plumbing.TagObject, fmt.Sprintf("object %s\ntype commit\ntag v1\ntagger A <a@example.com> 1777636800 +0000\n\nv1\n", tagged))
			write(t, m.git, map[string]string{"refs/tags/v1": tag.String() + "\n"})
			if packed {
				m.pack()
			}
			write(t, root, map[string]string{"a.env": long, "app/b.env": "MODE=live\nB=" + awsKey + "\n"})
			got, r := found(t, Request{Root: root, History: true})
			want := []string{"app/b.env:2 aws-access-token, 1 May", "a.env:201 github-pat, gone, 1 May", "web.key:1 private-key, gone, 4 May", "c.env:1 github-pat, gone, 5 May"}
			if !slices.Equal(got, want) {
				t.Errorf("got  %q\nwant %q", got, want)
			}
			if commits, unread := history(r); commits != 5 || unread != "" {
				t.Errorf("%d commits were searched, and %q", commits, unread)
			}
			if first := r.Leaks[0].Fingerprint(); first != one.String()+":docs/x.txt:aws-access-token:1" {
				t.Errorf("the first place is %s", first)
			}
			// A part of the repository has its own past only.
			write(t, root, map[string]string{"app/b.env": "MODE=live\n", ".gitleaksignore": two.String() + ":app/b.env:aws-access-token:1\n"})
			got, r = found(t, Request{Root: filepath.Join(root, "app"), Shown: "app", History: true})
			if want := []string{"app/b.env:1 aws-access-token, hidden by .gitleaksignore, gone, 2 May"}; !slices.Equal(got, want) || r.Leaks[0].File != "app/b.env" {
				t.Errorf("got %q, want %q", got, want)
			}
			_ = three
		})
	}
}

// TestHistoryCache: a version that was searched in vain is not even read again.
func TestHistoryCache(t *testing.T) {
	t.Parallel()
	root, folder := t.TempDir(), t.TempDir()
	m := newMaker(t, filepath.Join(root, ".git"))
	clean := m.object(plumbing.BlobObject, "MODE=live\n")
	one := m.commit("", map[string]string{"a.env": "MODE=live\n", "b.env": "A=" + github})
	m.commit("refs/heads/main", map[string]string{"a.env": "MODE=live\n"}, one)
	want := []string{"b.env:1 github-pat, gone, 1 May"}
	for _, what := range []string{"first", "from the cache"} {
		got, r := found(t, Request{Root: root, History: true, CacheFolder: folder})
		if _, unread := history(r); !slices.Equal(got, want) || unread != "" {
			t.Errorf("%s: got %q and %q, want %q", what, got, unread, want)
		}
		m.drop(clean)
	}
}

// TestHistoryGaps: what could not be searched is told, never passed over.
func TestHistoryGaps(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		make func(t *testing.T, root string, m *maker)
		want string
	}{
		"a shallow clone": {func(t *testing.T, _ string, m *maker) {
			one := m.commit("", map[string]string{"a.env": "A=1"})
			two := m.commit("refs/heads/main", map[string]string{"a.env": "A=2"}, one)
			m.drop(one)
			write(t, m.git, map[string]string{"shallow": two.String() + "\n"})
		}, "the clone is shallow, so what came before its first commits is unknown (`git fetch --unshallow`)"},
		"a commit that is missing": {func(t *testing.T, _ string, m *maker) {
			one := m.commit("", map[string]string{"a.env": "A=1"})
			m.commit("refs/heads/main", map[string]string{"a.env": "A=2"}, one)
			m.drop(one)
		}, "a commit is missing"},
		"a partial clone": {func(t *testing.T, _ string, m *maker) {
			m.commit("refs/heads/main", map[string]string{"a.env": "A=1"})
			m.drop(m.object(plumbing.BlobObject, "A=1"))
		}, "a version of a file is not in this clone"},
		"a version too large": {func(t *testing.T, _ string, m *maker) {
			m.commit("refs/heads/main", map[string]string{"dump.sql": strings.Repeat("insert\n", maxBlob/7+1), "dump.img": "\x00" + strings.Repeat("x", maxBlob)})
		}, "a version of dump.sql has more than 16 MiB"},
		"a broken object": {func(t *testing.T, _ string, m *maker) {
			m.commit("refs/heads/main", map[string]string{"a.env": "A=1"})
			hash := m.object(plumbing.BlobObject, "A=1").String()
			m.drop(plumbing.NewHash(hash))
			write(t, m.git, map[string]string{"objects/" + hash[:2] + "/" + hash[2:]: "x"})
		}, "a version of a.env cannot be read"},
		"other names of objects": {func(t *testing.T, _ string, m *maker) {
			write(t, m.git, map[string]string{"config": "[extensions]\n\tobjectFormat = sha256\n"})
		}, "its objects are named by SHA-256"},
		"other references": {func(t *testing.T, _ string, m *maker) {
			write(t, m.git, map[string]string{"config": "[extensions]\n\trefStorage = reftable\n"})
		}, "its references are kept as reftable"},
		"a stranger's file": {func(t *testing.T, root string, m *maker) {
			other := t.TempDir()
			newMaker(t, filepath.Join(other, ".git")).commit("refs/heads/main", map[string]string{"a.env": "A=" + github})
			if err := os.RemoveAll(m.git); err != nil {
				t.Fatal(err)
			}
			write(t, root, map[string]string{".git": "gitdir: " + filepath.Join(other, ".git") + "\n"})
		}, "which does not know this folder"},
		"nothing was committed": {func(*testing.T, string, *maker) {}, "nothing was committed yet"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			root := t.TempDir()
			tt.make(t, root, newMaker(t, filepath.Join(root, ".git")))
			got, r := found(t, Request{Root: root, History: true})
			if _, unread := history(r); len(got) > 0 || !strings.Contains(unread, tt.want) {
				t.Errorf("got %q and %q, want %q", got, unread, tt.want)
			}
		})
	}
}

// TestWorktree: a further checkout has the history of the first, and a repository
// that borrows objects has those.
func TestWorktree(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	m := newMaker(t, filepath.Join(home, "main", ".git"))
	one := m.commit("", map[string]string{"a.env": "A=" + github})
	m.commit("refs/heads/main", map[string]string{"a.env": "A=1"}, one)
	detached := m.commit("", map[string]string{"b.env": "A=" + awsKey}, one)
	tree := filepath.Join(home, "further")
	own := filepath.Join(m.git, "worktrees", "further")
	write(t, home, map[string]string{
		"further/.git":                     "gitdir: " + own + "\n",
		"main/.git/worktrees/further/HEAD": detached.String() + "\n", "main/.git/worktrees/further/commondir": "../..\n",
		"main/.git/worktrees/further/gitdir": filepath.Join(tree, ".git") + "\n",
	})
	want := []string{"a.env:1 github-pat, gone, 1 May", "b.env:1 aws-access-token, gone, 3 May"}
	if got, r := found(t, Request{Root: tree, History: true}); !slices.Equal(got, want) {
		t.Errorf("got %q (%v), want %q", got, r.Scans[1], want)
	}
	borrower := newMaker(t, filepath.Join(home, "borrower", ".git"))
	write(t, borrower.git, map[string]string{"objects/info/alternates": filepath.Join(m.git, "objects") + "\n", "refs/heads/main": detached.String() + "\n"})
	if got, r := found(t, Request{Root: filepath.Join(home, "borrower"), History: true}); !slices.Equal(got, want) {
		t.Errorf("got %q (%v), want %q", got, r.Scans[1], want)
	}
}

// TestHistoryStops: who is told to stop says so.
func TestHistoryStops(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	newMaker(t, filepath.Join(root, ".git")).commit("refs/heads/main", map[string]string{"a.env": "A=" + github})
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, unread := history(Read(ctx, Request{Root: root, History: true})); !strings.Contains(unread, "stopped") {
		t.Errorf("got %q", unread)
	}
}

// TestParseTree: what is no tree is no panic.
func TestParseTree(t *testing.T) {
	t.Parallel()
	whole := []byte("100644 a\x00" + strings.Repeat("x", 20) + "40000 b\x00" + strings.Repeat("y", 20))
	entries, err := parseTree(whole)
	if err != nil || len(entries) != 2 || entries[1].name != "b" {
		t.Errorf("got %v, %v", entries, err)
	}
	for n := range whole {
		if _, err := parseTree(whole[:n]); err == nil && n != 0 && n != bytes.IndexByte(whole, 0)+21 {
			t.Errorf("%q is no tree", whole[:n])
		}
	}
}
