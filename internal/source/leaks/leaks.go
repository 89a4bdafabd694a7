package leaks

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"unicode/utf16"

	"seaworthy.dev/seaworthy/internal/derive/secrecy"
	"seaworthy.dev/seaworthy/internal/fact"
)

// maxFile bounds the files that are searched: nobody writes larger ones.
const maxFile = 32 << 20

// Request says what is searched and how.
type Request struct {
	// Root is the folder on disk, Shown how the user named it, and Files what
	// stands there, by path relative to Root.
	Root, Shown string
	Files       []string
	// History is true where past revisions are wanted too.
	History bool
	// Skips tells by its name what holds nothing of the tree's own, such as other
	// people's files; nil for nothing.
	Skips func(name string) bool
	// CacheFolder is where it is kept what was searched in vain; empty for
	// nowhere.
	CacheFolder string
	// Progress is told of long work; nil for nobody.
	Progress func(doing string, done, total int, what string)
}

// Result is what was found.
type Result struct {
	Leaks    []*fact.Leaked
	Scans    []*fact.LeakScan
	Problems []fact.Problem
	Holes    []fact.Hole
}

// Read searches the files of a tree and, where it is wanted, its history.
func Read(ctx context.Context, q Request) *Result {
	s := &search{Request: q, prefix: q.Shown}
	s.repository = openRepository(q.Root)
	top, shownTop := q.Root, q.Shown
	if s.repository != nil {
		s.below = s.repository.below
		if s.below != "" { // exceptions stand at the top, and so do the paths that they name
			top, shownTop = s.repository.top, filepath.ToSlash(filepath.Join(q.Shown, strings.Repeat("../", strings.Count(s.below, "/")+1)))
		}
	}
	s.exceptions = readExceptions(top, shownTop)
	s.rules = s.exceptions.ruleset()
	s.out.Problems = s.exceptions.problems
	_, _ = rand.Read(s.salt[:])
	s.cache = openCache(q.CacheFolder, top, s.exceptions.text)
	s.tree(ctx)
	s.history(ctx)
	s.cache.close()
	return &s.out
}

// search is one run of it.
type search struct {
	Request
	exceptions *exceptions
	rules      *ruleset
	salt       [32]byte
	cache      *cache
	// repository is where the tree's history is; nil where it has none. below is
	// the tree's place in it, prefix what its paths are shown with.
	repository    *repository
	below, prefix string
	out           Result
}

// tree searches the files on all processors.
func (s *search) tree(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, maxTime)
	defer cancel()
	found := make([][]*fact.Leaked, len(s.Files))
	read := make([]bool, len(s.Files))
	var next, searched atomic.Int64
	var lock sync.Mutex // over problems and holes
	var wait sync.WaitGroup
	for range min(len(s.Files), runtime.GOMAXPROCS(0)) {
		wait.Go(func() {
			scanner := newScanner(s.rules)
			var buffer bytes.Buffer
			for i := int(next.Add(1)) - 1; i < len(s.Files) && ctx.Err() == nil; i = int(next.Add(1)) - 1 {
				list, searchedIt, err := s.file(scanner, &buffer, s.Files[i])
				found[i], read[i] = list, searchedIt
				if searchedIt {
					searched.Add(1)
				}
				if err != nil {
					lock.Lock()
					s.unread(s.Files[i], err)
					lock.Unlock()
				}
			}
		})
	}
	wait.Wait()
	if ctx.Err() != nil {
		s.unread(".", fmt.Errorf("the search was stopped after %d of %d files", searched.Load(), len(s.Files)))
	}
	for _, list := range found {
		s.out.Leaks = append(s.out.Leaks, list...)
	}
	slices.SortStableFunc(s.out.Problems, func(a, b fact.Problem) int { return strings.Compare(a.File, b.File) })
	slices.SortStableFunc(s.out.Holes, func(a, b fact.Hole) int { return strings.Compare(a.File, b.File) })
	s.out.Scans = append(s.out.Scans, &fact.LeakScan{Ref: fact.Ref{Subject: "files", Location: fact.Location{File: s.show(".")}}, Files: int(searched.Load())})
}

func (s *search) show(rel string) string {
	if s.Shown == "" {
		return rel
	}
	return filepath.ToSlash(filepath.Join(s.Shown, rel))
}

// unread records a file that could not be searched.
func (s *search) unread(rel string, err error) {
	at := fact.Location{File: s.show(rel)}
	s.out.Problems = append(s.out.Problems, fact.Problem{Location: at, Message: fmt.Sprintf("was not searched for secrets: %v", err)})
	s.out.Holes = append(s.out.Holes, fact.Hole{Location: at, Kinds: []fact.Kind{fact.Leaks}, Why: fmt.Sprintf("%s was not searched for secrets: %v", filepath.Base(rel), err)})
}

// file searches one file; searched is false for what holds no text.
func (s *search) file(scanner *scanner, buffer *bytes.Buffer, rel string) (found []*fact.Leaked, searched bool, err error) {
	// Whatever a hostile file makes a pattern do, it costs that file only.
	defer func() {
		if p := recover(); p != nil {
			found, err = nil, fmt.Errorf("searching it failed (%v)", p)
		}
	}()
	name := join(s.below, rel)
	data, err := readInto(buffer, filepath.Join(s.Root, filepath.FromSlash(rel)))
	if err != nil {
		return nil, false, err
	}
	text, isText := decode(data)
	if !isText {
		text = "" // only its name can speak
	}
	key := s.cache.key(name, data)
	if s.cache.clean(key) {
		return nil, isText, nil
	}
	// To ask by its path whether a file counts costs more than to search a small
	// one: those are asked only where something was found.
	if len(data) > smallFile && scanner.skips(name, "") {
		return nil, false, nil
	}
	matches := 0
	scanner.scan(name, "", text, func(h *hit) {
		matches++
		if l := s.leak(h, name, text); l != nil {
			l.StillThere = true
			l.Location = fact.Location{File: s.show(rel), Line: h.row, Column: h.column}
			if h.rule.regex == nil {
				l.Location = fact.Location{File: s.show(rel)}
			}
			found = append(found, l)
		}
	})
	switch {
	case matches == 0:
		s.cache.add(key)
	case len(data) <= smallFile && scanner.skips(name, ""):
		return nil, false, nil
	}
	return plainest(found), isText, nil
}

// smallFile is a size up to which a search costs less than to ask whether it is
// wanted.
const smallFile = 16 << 10

// readInto reads a plain file of a bounded size.
func readInto(buffer *bytes.Buffer, name string) ([]byte, error) {
	file, err := os.Open(name)
	if err != nil {
		var pathErr *fs.PathError
		if errors.As(err, &pathErr) {
			return nil, pathErr.Err
		}
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	switch {
	case err != nil:
		return nil, err
	case info.Size() > maxFile:
		head := make([]byte, 8000)
		n, _ := file.Read(head)
		if _, isText := decode(head[:n]); !isText {
			return head[:n], nil
		}
		return nil, fmt.Errorf("it has %d MiB, and files above %d MiB are not read", info.Size()>>20, maxFile>>20)
	}
	buffer.Reset()
	buffer.Grow(int(info.Size()) + 512)
	if _, err := buffer.ReadFrom(file); err != nil {
		return nil, err
	}
	return buffer.Bytes(), nil
}

// decode returns the text of a file; isText is false for other data, by git's
// own measure. Text of 16 bits a letter, as Windows writes it, is text too.
func decode(data []byte) (text string, isText bool) {
	if len(data) >= 2 {
		var order binary.ByteOrder
		switch {
		case data[0] == 0xff && data[1] == 0xfe:
			order = binary.LittleEndian
		case data[0] == 0xfe && data[1] == 0xff:
			order = binary.BigEndian
		}
		if order != nil {
			units := make([]uint16, 0, len(data)/2)
			for i := 2; i+1 < len(data); i += 2 {
				units = append(units, order.Uint16(data[i:]))
			}
			return string(utf16.Decode(units)), true
		}
	}
	if bytes.IndexByte(data[:min(len(data), 8000)], 0) >= 0 {
		return "", false
	}
	return string(data), true
}

// leak turns a match into a fact without its value; nil for what is none.
func (s *search) leak(h *hit, name, text string) *fact.Leaked {
	d := h.judge(name)
	if d == nothing {
		return nil
	}
	mac := hmac.New(sha256.New, s.salt[:])
	mac.Write([]byte(h.secret))
	l := &fact.Leaked{
		Ref:  fact.Ref{Subject: "file " + name, Part: h.rule.id},
		Rule: h.rule.id, Smell: smell(h.rule.id), Path: name, Line: h.row,
		Guessed: d == guessed, Aside: aside(name), Digest: hex.EncodeToString(mac.Sum(nil)[:16]),
	}
	if h.secret == "" {
		l.Digest = "" // a file by its name
	}
	l.HiddenBy = s.exceptions.hides(h, l)
	return l
}

// smell says in words what a rule recognises.
func smell(id string) string {
	switch {
	case id == "private-key":
		return secrecy.PrivateKey
	case id == "generic-api-key":
		return "a value under a secret's name"
	case id == "pkcs12-file":
		return "a key store"
	case strings.HasPrefix(id, "curl-auth"):
		return "credentials in a command"
	case strings.ContainsRune("aeiou", rune(id[0])):
		return "an " + id
	}
	return "a " + id
}

// plainest keeps one finding for a value in a line: the rule that knows a form,
// not the one that goes by a name.
func plainest(list []*fact.Leaked) []*fact.Leaked {
	weight := func(l *fact.Leaked) int {
		switch {
		case l.Rule == "generic-api-key":
			return 2
		case l.Guessed:
			return 1
		}
		return 0
	}
	slices.SortStableFunc(list, func(a, b *fact.Leaked) int {
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return weight(a) - weight(b)
	})
	list = slices.CompactFunc(list, func(a, b *fact.Leaked) bool {
		return a.Line == b.Line && (a.Digest == b.Digest || b.Rule == "generic-api-key")
	})
	// What is found twice in a file is told apart by its number, which most edits
	// leave alone.
	times := map[string]int{}
	for _, l := range list {
		if times[l.Rule]++; times[l.Rule] > 1 {
			l.Part = fmt.Sprintf("%s %d", l.Rule, times[l.Rule])
		}
	}
	return list
}
