package leaks

import (
	"bytes"
	"cmp"
	"container/heap"
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-git/go-git/v5/plumbing"

	"seaworthy.dev/seaworthy/internal/fact"
)

// Bounds of a history. Linux has about 1,400,000 commits and takes hours.
const (
	maxCommits  = 200_000
	maxVersions = 1_000_000 // of files
	maxBytes    = 16 << 30
	maxTime     = 15 * time.Minute
)

// past is the search through one history.
type past struct {
	*search
	scan    *fact.LeakScan
	commits []*commit // parents first
	// versions are the versions of files that are searched, each once, with the
	// commit that brought it.
	versions []version
	seen     map[plumbing.Hash]struct{}
	// lost counts what could not be read, by reason.
	lost  map[string]int
	lock  sync.Mutex // over lost
	until time.Time
}

type version struct {
	hash plumbing.Hash
	path string
	by   int // the number of its commit
}

// history searches past revisions, or says why it did not.
func (s *search) history(ctx context.Context) {
	scan := &fact.LeakScan{Ref: fact.Ref{Subject: "history", Location: fact.Location{File: s.show(".")}}, History: true}
	s.out.Scans = append(s.out.Scans, scan)
	switch {
	case s.repository == nil:
		scan.Absent, scan.Unread = true, "it stands in no git repository, so there are no past revisions"
		return
	case s.repository.unread != "":
		scan.Unread = "past revisions were not searched: " + s.repository.unread
		return
	case !s.History:
		scan.Unread = "past revisions were not searched for secrets; `seaworthy check --history` does"
		return
	}
	p := &past{search: s, scan: scan, seen: map[plumbing.Hash]struct{}{}, lost: map[string]int{}, until: time.Now().Add(maxTime)}
	objects := s.repository.open()
	defer objects.close()
	tips, err := s.repository.tips(objects)
	if err != nil {
		scan.Unread = "past revisions were not searched: " + err.Error()
		return
	}
	p.walk(ctx, objects, tips)
	if len(p.commits) == 0 && len(p.lost) == 0 { // nothing was ever committed
		scan.Absent, scan.Unread = true, "nothing was committed yet, so there are no past revisions"
		return
	}
	p.list(ctx, objects)
	p.merge(p.read(ctx))
	scan.Commits, scan.Files = len(p.commits), len(p.versions)
	scan.Unread = p.gaps()
}

// lose counts something that could not be read.
func (p *past) lose(reason string) {
	p.lock.Lock()
	p.lost[reason]++
	p.lock.Unlock()
}

// stopped reports whether the search has to end.
func (p *past) stopped(ctx context.Context) bool {
	if ctx.Err() == nil && time.Now().Before(p.until) {
		return false
	}
	p.lock.Lock()
	p.lost[fmt.Sprintf("the search was stopped after %s", maxTime)] = -1
	p.lock.Unlock()
	return true
}

// gaps says what of the history was not searched; empty for nothing.
func (p *past) gaps() string {
	var out []string
	if text, err := readSmall(p.repository.shared + "/shallow"); err == nil && len(text) > 0 {
		out = append(out, "the clone is shallow, so what came before its first commits is unknown (`git fetch --unshallow`)")
		delete(p.lost, "a commit is missing")
	}
	var reasons []string
	for reason := range p.lost {
		reasons = append(reasons, reason)
	}
	slices.Sort(reasons)
	for _, reason := range reasons {
		if n := p.lost[reason]; n > 1 {
			reason += fmt.Sprintf(" (%d times)", n)
		}
		out = append(out, reason)
	}
	return strings.Join(out, "; ")
}

// walk finds every commit that a reference leads to, and puts parents before
// children, else the older one first.
func (p *past) walk(ctx context.Context, o *objects, queue []plumbing.Hash) {
	known := map[plumbing.Hash]*commit{}
	var buffer bytes.Buffer
	for len(queue) > 0 {
		hash := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		if _, done := known[hash]; done {
			continue
		}
		if len(known)%512 == 0 && p.stopped(ctx) {
			break
		}
		if len(known) == maxCommits {
			p.lose(fmt.Sprintf("only %d commits were read", maxCommits))
			break
		}
		known[hash] = nil
		data, err := o.read(hash, plumbing.AnyObject, &buffer)
		switch {
		case errors.Is(err, errMissing):
			p.lose("a commit is missing")
			continue
		case err != nil:
			p.lose("a commit " + err.Error())
			continue
		}
		if tagged, isTag := tag(data); isTag {
			queue = append(queue, tagged)
			continue
		}
		if !bytes.HasPrefix(data, []byte("tree ")) {
			continue // references may name files, too
		}
		known[hash] = parseCommit(hash, data)
		queue = append(queue, known[hash].parents...)
	}
	p.order(known)
}

// tag returns what an annotated tag names.
func tag(data []byte) (plumbing.Hash, bool) {
	line, _, _ := bytes.Cut(data, []byte("\n"))
	name, isTag := bytes.CutPrefix(line, []byte("object "))
	return plumbing.NewHash(string(name)), isTag && bytes.Contains(data, []byte("\ntagger "))
}

func (p *past) order(known map[plumbing.Hash]*commit) {
	waits := map[*commit]int{}
	children := map[plumbing.Hash][]*commit{}
	var ready oldest
	for _, c := range known {
		if c == nil {
			continue
		}
		for _, parent := range c.parents {
			if known[parent] != nil {
				waits[c]++
				children[parent] = append(children[parent], c)
			}
		}
		if waits[c] == 0 {
			ready = append(ready, c)
		}
	}
	heap.Init(&ready)
	for len(ready) > 0 {
		c := heap.Pop(&ready).(*commit)
		p.commits = append(p.commits, c)
		for _, child := range children[c.hash] {
			if waits[child]--; waits[child] == 0 {
				heap.Push(&ready, child)
			}
		}
	}
}

// oldest is a heap of commits.
type oldest []*commit

// Len, Less, Swap, Push and Pop are those of heap.Interface.
func (o oldest) Len() int { return len(o) }

// Less orders by date, then by name.
func (o oldest) Less(i, j int) bool {
	if o[i].committed != o[j].committed {
		return o[i].committed < o[j].committed
	}
	return bytes.Compare(o[i].hash[:], o[j].hash[:]) < 0
}

// Swap exchanges two commits.
func (o oldest) Swap(i, j int) { o[i], o[j] = o[j], o[i] }

// Push adds a commit.
func (o *oldest) Push(c any) { *o = append(*o, c.(*commit)) }

// Pop takes the last commit away.
func (o *oldest) Pop() any {
	c := (*o)[len(*o)-1]
	*o = (*o)[:len(*o)-1]
	return c
}

// list finds the versions of files that each commit brings: what stands in a
// folder that was seen before came with an older commit.
func (p *past) list(ctx context.Context, o *objects) {
	var buffer bytes.Buffer
	for i, c := range p.commits {
		if i%64 == 0 {
			p.tell("reading commit", i, len(p.commits), fmt.Sprintf("%.12s", c.hash))
			if p.stopped(ctx) {
				return
			}
		}
		hash, found := c.tree, true
		if p.below != "" {
			hash, found = p.find(o, c.tree, strings.Split(p.below, "/"), &buffer)
		}
		if found {
			p.folder(o, hash, p.below, i, 0, &buffer)
		}
	}
}

// find walks down to the judged folder.
func (p *past) find(o *objects, tree plumbing.Hash, steps []string, buffer *bytes.Buffer) (plumbing.Hash, bool) {
	for _, step := range steps {
		data, err := o.read(tree, plumbing.TreeObject, buffer)
		if err != nil {
			p.lose("a folder " + err.Error())
			return tree, false
		}
		entries, _ := parseTree(data)
		i := slices.IndexFunc(entries, func(e entry) bool { return e.name == step && e.mode == "40000" })
		if i < 0 {
			return tree, false
		}
		tree = entries[i].hash
	}
	return tree, true
}

// deepest bounds how deep folders are followed.
const deepest = 200

func (p *past) folder(o *objects, tree plumbing.Hash, path string, by, depth int, buffer *bytes.Buffer) {
	if _, done := p.seen[tree]; done || depth > deepest {
		return
	}
	p.seen[tree] = struct{}{}
	data, err := o.read(tree, plumbing.TreeObject, buffer)
	if err != nil {
		p.lose("a folder " + err.Error())
		return
	}
	entries, err := parseTree(data)
	if err != nil {
		p.lose("a folder " + err.Error())
	}
	for _, e := range entries {
		if p.Skips != nil && p.Skips(e.name) {
			continue
		}
		name := join(path, e.name)
		switch e.mode {
		case "40000":
			p.folder(o, e.hash, name, by, depth+1, buffer)
		case "100644", "100755", "100664":
			if _, done := p.seen[e.hash]; done {
				continue
			}
			if len(p.versions) == maxVersions {
				p.lost[fmt.Sprintf("only %d versions of files were searched", maxVersions)] = -1
				return
			}
			p.seen[e.hash] = struct{}{}
			p.versions = append(p.versions, version{e.hash, name, by})
		}
	}
}

func (p *past) tell(doing string, done, total int, what string) {
	if p.Progress != nil {
		p.Progress(doing, done, total, what)
	}
}

// read searches the versions on all processors: those of one file one after
// another, for git keeps them as differences, and most of one was searched with
// the one before.
func (p *past) read(ctx context.Context) []*fact.Leaked {
	slices.SortFunc(p.versions, func(a, b version) int { return cmp.Or(strings.Compare(a.path, b.path), a.by-b.by) })
	const chunk = 64
	var next, size atomic.Int64
	var lock sync.Mutex
	var out []*fact.Leaked
	var wait sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wait.Go(func() {
			o := p.repository.open()
			defer o.close()
			scanner := newScanner(p.rules)
			scanner.memory = map[uint64]struct{}{}
			var buffer bytes.Buffer
			for {
				from := int(next.Add(chunk)) - chunk
				if from >= len(p.versions) || p.stopped(ctx) {
					return
				}
				p.tell("searching version", from, len(p.versions), p.versions[from].path)
				for _, v := range p.versions[from:min(from+chunk, len(p.versions))] {
					found, n := p.version(scanner, o, v, &buffer)
					if size.Add(int64(n)) > maxBytes {
						p.lock.Lock()
						p.lost[fmt.Sprintf("only %d GiB were searched", maxBytes>>30)] = -1
						p.lock.Unlock()
						return
					}
					lock.Lock()
					out = append(out, found...)
					lock.Unlock()
				}
			}
		})
	}
	wait.Wait()
	return out
}

func (p *past) version(scanner *scanner, o *objects, v version, buffer *bytes.Buffer) (found []*fact.Leaked, size int) {
	defer func() {
		if r := recover(); r != nil {
			p.lose(fmt.Sprintf("a version of %s could not be searched (%v)", v.path, r))
		}
	}()
	c := p.commits[v.by]
	key := p.cache.key("version "+v.path, v.hash[:])
	if p.cache.clean(key) || scanner.skips(v.path, "") {
		return nil, 0
	}
	data, err := o.read(v.hash, plumbing.BlobObject, buffer)
	text, isText := decode(data)
	switch {
	case errors.Is(err, errLarge) && isText:
		p.lose(fmt.Sprintf("a version of %s has more than %d MiB", v.path, maxBlob>>20))
		return nil, len(data)
	case errors.Is(err, errMissing):
		p.lose("a version of a file is not in this clone")
		return nil, 0
	case err != nil && !errors.Is(err, errLarge):
		p.lose("a version of " + v.path + " " + err.Error())
		return nil, 0
	case !isText:
		text = ""
	}
	matches := 0
	scanner.scan(v.path, c.hash.String(), text, func(h *hit) {
		matches++
		l := p.leak(h, v.path, text)
		if l == nil {
			return
		}
		l.Commit, l.Since = c.hash.String(), c.when
		l.HiddenBy = p.exceptions.hides(h, l)
		l.Location = fact.Location{File: p.show(strings.TrimPrefix(strings.TrimPrefix(v.path, p.below), "/"))}
		l.First = l.Fingerprint()
		l.Subject += fmt.Sprintf(" in commit %.12s", l.Commit)
		found = append(found, l)
	})
	if matches == 0 {
		p.cache.add(key)
	}
	return plainest(found), len(data)
}

// merge keeps each secret once: where it stands in the tree, with the commit
// that brought it, else at the first place at which nothing excuses it.
func (p *past) merge(found []*fact.Leaked) {
	number := map[string]int{}
	for i, c := range p.commits {
		number[c.hash.String()] = i
	}
	excused := func(l *fact.Leaked) int {
		switch {
		case l.HiddenBy != "":
			return 2
		case l.Aside:
			return 1
		}
		return 0
	}
	slices.SortFunc(found, func(a, b *fact.Leaked) int {
		return cmp.Or(excused(a)-excused(b), number[a.Commit]-number[b.Commit], strings.Compare(a.Path, b.Path), a.Line-b.Line, strings.Compare(a.Rule, b.Rule))
	})
	type value struct{ rule, digest string }
	of := func(l *fact.Leaked) value {
		if l.Digest == "" {
			return value{l.Rule, l.Path}
		}
		return value{l.Rule, l.Digest}
	}
	earliest := map[value]*fact.Leaked{}
	for _, l := range found {
		if e := earliest[of(l)]; e == nil || number[l.Commit] < number[e.Commit] {
			earliest[of(l)] = l
		}
	}
	standing := map[value]bool{}
	for _, l := range p.out.Leaks {
		standing[of(l)] = true
		if e := earliest[of(l)]; e != nil {
			l.Commit, l.Since, l.First = e.Commit, e.Since, e.First
		}
	}
	for _, l := range found {
		if !standing[of(l)] {
			standing[of(l)] = true
			p.out.Leaks = append(p.out.Leaks, l)
		}
	}
}
