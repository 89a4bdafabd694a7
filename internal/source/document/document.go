// Package document reads pages for people: Markdown as GitHub reads it, and of
// reStructuredText and AsciiDoc the headings, links and code. It asks no address,
// runs nothing of what it reads, and never leaves the tree.
package document

import (
	"bytes"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"unicode/utf16"
	"unicode/utf8"

	"seaworthy.dev/seaworthy/internal/fact"
)

// Bounds. The longest page known to us that a person wrote has 400 KiB; nobody
// needs a longer one at night.
const (
	maxPage    = 512 << 10
	maxPages   = 5000
	maxAll     = 96 << 20
	maxDrawing = 2 << 20
)

// Request says what to read.
type Request struct {
	// Root on disk; Shown is what places in reports start with.
	Root, Shown string
	// Pages below the root, in their order.
	Pages []string
	// Sites are addresses below which files of the tree can be read.
	Sites []*fact.Site
}

// Reading is what was read.
type Reading struct {
	Documents []*fact.Document
	Problems  []fact.Problem
	Holes     []fact.Hole
	// Left lists pages that were left aside, such as licences and changelogs.
	Left []string
}

// Is reports whether a file of that name is a page.
func Is(name string) bool { return formatOf(name) != "" }

func formatOf(name string) string {
	switch strings.ToLower(path.Ext(name)) {
	case ".md", ".markdown", ".mdx":
		return "markdown"
	case ".rst":
		return "restructuredtext"
	case ".adoc", ".asciidoc":
		return "asciidoc"
	}
	return ""
}

// others are folders that hold what others wrote.
var others = regexp.MustCompile(`(?i)(?:^|/)(?:node_modules|vendor|third[-_]?party|licen[sc]es|bower_components|site-packages|\.venv)/`)

// listings are pages that record what changed, or under which terms: nobody is
// told there what to do.
var listings = regexp.MustCompile(`(?i)^(?:changelog|changes|history|release[-_ ]?notes|licen[sc]e|copying|notice|authors|contributors|maintainers|code[-_]of[-_]conduct|third[-_]?party.*)(?:[-_.].*)?$`)

// changeFolders hold a page for each release.
var changeFolders = regexp.MustCompile(`(?i)(?:^|/)(?:changelogs?|changes|release[-_]?notes|\.changeset|\.changelog)/`)

// Aside reports whether a page is somebody else's, a licence or a list of changes.
func Aside(rel string) bool {
	base := path.Base(rel)
	return others.MatchString(rel) || changeFolders.MatchString(rel) || listings.MatchString(strings.TrimSuffix(base, path.Ext(base)))
}

// Read reads pages. What cannot be read is a problem and a hole; the others are
// read all the same.
func Read(req Request) (out Reading) {
	root, err := os.OpenRoot(req.Root)
	if err != nil {
		return out // said where the tree was walked
	}
	defer root.Close()
	r := &reader{Request: req, root: root}
	var pages []string
	for _, p := range req.Pages {
		if Aside(p) {
			out.Left = append(out.Left, p)
			continue
		}
		pages = append(pages, p)
	}
	if len(pages) > maxPages {
		r.lose(".", "has %d pages; only the first %d are read: name a smaller path, or list the service's own under `sources.paths`", len(pages), maxPages)
		pages = pages[:maxPages]
	}
	r.pages = make([]*page, len(pages))
	var next atomic.Int64
	var wait sync.WaitGroup
	for range min(len(pages), runtime.GOMAXPROCS(0)) {
		wait.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(pages); i = int(next.Add(1)) - 1 {
				r.pages[i] = r.page(pages[i])
			}
		})
	}
	wait.Wait()
	r.resolve()
	for _, p := range r.pages {
		if p != nil {
			out.Documents = append(out.Documents, p.doc)
		}
	}
	out.Problems, out.Holes = r.problems, r.holes
	slices.SortFunc(out.Problems, func(a, b fact.Problem) int { return strings.Compare(a.File, b.File) })
	slices.SortFunc(out.Holes, func(a, b fact.Hole) int { return strings.Compare(a.File, b.File) })
	return out
}

// reader reads the pages of one tree.
type reader struct {
	Request
	root  *os.Root
	pages []*page
	size  atomic.Int64

	lock     sync.Mutex // over what follows
	problems []fact.Problem
	holes    []fact.Hole
}

// lose records a page that was not read.
func (r *reader) lose(rel, format string, args ...any) {
	at := fact.Location{File: path.Join(r.Shown, rel)}
	message := fmt.Sprintf(format, args...)
	says, _, _ := strings.Cut(message, ": ")
	r.lock.Lock()
	defer r.lock.Unlock()
	r.problems = append(r.problems, fact.Problem{Location: at, Message: message})
	r.holes = append(r.holes, fact.Hole{Kinds: []fact.Kind{fact.Documents}, Location: at, Why: path.Base(at.File) + " " + says})
}

// page reads one page; nil where it cannot be read.
func (r *reader) page(rel string) (p *page) {
	defer func() {
		if e := recover(); e != nil {
			r.lose(rel, "cannot be read as %s (%v): write it more simply", formatOf(rel), e)
			p = nil
		}
	}()
	data, err := r.content(rel, maxPage)
	if err != nil {
		r.lose(rel, "cannot be read: %v", err)
		return nil
	}
	if r.size.Add(int64(len(data))) > maxAll {
		r.lose(rel, "is one page too many, after %d MB of them: name a smaller path", maxAll>>20)
		return nil
	}
	text, ok := decodeText(data)
	if !ok {
		r.lose(rel, "is no text, though its name says so: rename it, or write it as text")
		return nil
	}
	p = newPage(rel, path.Join(r.Shown, rel), formatOf(rel), text)
	if len(data) > maxPage {
		p.doc.Partly = fmt.Sprintf("only the first %d KB were read", maxPage>>10)
		r.lose(rel, "is longer than %d KB, and the rest is not read: split it", maxPage>>10)
		p.src = p.src[:maxPage]
	}
	p.read()
	return p
}

// content reads a file of the tree, at most as many bytes as given and one more.
func (r *reader) content(rel string, most int) ([]byte, error) {
	file, err := r.root.Open(filepath.FromSlash(rel))
	if err != nil {
		return nil, plain(err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, plain(err)
	}
	size := min(info.Size(), int64(most)+1)
	data := make([]byte, size)
	n := 0
	for n < len(data) {
		k, err := file.Read(data[n:])
		n += k
		if err != nil {
			break
		}
	}
	return data[:n], nil
}

func plain(err error) error {
	if e, ok := err.(*os.PathError); ok {
		return e.Err
	}
	return err
}

// decodeText returns a page as UTF-8, whatever it was written in; ok is false for
// what is no text. Bytes that are no UTF-8 stand as the sign for that.
func decodeText(data []byte) (text []byte, ok bool) {
	switch {
	case bytes.HasPrefix(data, []byte("\xef\xbb\xbf")):
		data = data[3:]
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("\xfe\xff")):
		big := data[0] == 0xfe
		units := make([]uint16, 0, len(data)/2)
		for i := 2; i+1 < len(data); i += 2 {
			a, b := uint16(data[i]), uint16(data[i+1])
			if big {
				a, b = b, a
			}
			units = append(units, b<<8|a)
		}
		data = []byte(string(utf16.Decode(units)))
	}
	if bytes.IndexByte(data[:min(len(data), 8000)], 0) >= 0 {
		return nil, false
	}
	if !utf8.Valid(data) {
		data = bytes.ToValidUTF8(data, []byte("\uFFFD"))
	}
	if bytes.IndexByte(data, '\r') >= 0 {
		data = bytes.ReplaceAll(bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n")), []byte("\r"), []byte("\n"))
	}
	return data, true
}
