package results

import (
	"bytes"
	"strconv"

	"seaworthy.dev/seaworthy/internal/fact"
)

func looksGoProfile(h head) (looks, sure bool) {
	return h.line == "mode: set" || h.line == "mode: count" || h.line == "mode: atomic", true
}

// readGoProfile reads the profile of `go test -coverprofile`. Profiles that were put
// behind one another hold a block several times: it is reached if it is once.
func readGoProfile(s *source) (Reading, error) {
	c := newCovering(s)
	err := s.lines(func(n int, line []byte) error {
		if len(line) == 0 || bytes.HasPrefix(line, []byte("mode: ")) {
			return nil
		}
		b, ok := goBlock(line)
		if !ok {
			return wrong(n, "the line is no block as `file.go:1.2,3.4 5 6`")
		}
		place := uint64(b.line)<<40 | uint64(b.column&0xfff)<<28 | uint64(b.endLine&0xffff)<<12 | uint64(b.endColumn&0xfff)
		return c.span(b.file, place, b.statements, b.count > 0, b.endLine)
	})
	if err != nil {
		return Reading{}, err
	}
	return c.reading()
}

type profileBlock struct {
	file                                                string
	line, column, endLine, endColumn, statements, count int
}

// goBlock reads "name.go:line.column,line.column statements count".
func goBlock(line []byte) (b profileBlock, ok bool) {
	colon := bytes.LastIndexByte(line, ':')
	if colon <= 0 {
		return b, false
	}
	b.file = string(line[:colon])
	rest := line[colon+1:]
	for i, into := range []*int{&b.line, &b.column, &b.endLine, &b.endColumn, &b.statements, &b.count} {
		end := len(rest)
		if i < 5 {
			if end = bytes.IndexByte(rest, ".,. "[min(i, 3)]); end < 0 {
				return b, false
			}
		}
		n, err := strconv.ParseUint(string(rest[:end]), 10, 62)
		if err != nil {
			return b, false
		}
		*into = int(n)
		if i < 5 {
			rest = rest[end+1:]
		}
	}
	return b, true
}

// covering gathers what of files was reached.
type covering struct {
	out   *fact.CodeCoverage
	files map[string]*fact.CoveredFile
	spans map[*fact.CoveredFile]map[uint64]int
	kept  int
	last  *fact.CoveredFile
}

func newCovering(s *source) *covering {
	return &covering{
		out:   &fact.CodeCoverage{Result: s.result("coverage of")},
		files: map[string]*fact.CoveredFile{}, spans: map[*fact.CoveredFile]map[uint64]int{},
	}
}

// file returns that of a name.
func (c *covering) file(name string) (*fact.CoveredFile, error) {
	if c.last != nil && c.last.Written == name {
		return c.last, nil
	}
	f := c.files[name]
	if f == nil {
		if len(c.files) == maxFiles {
			return nil, wrong(0, "it names more than %d files; measure the service's own", maxFiles)
		}
		f = &fact.CoveredFile{Written: name}
		c.files[name] = f
		c.out.Files = append(c.out.Files, f)
	}
	c.last = f
	return f, nil
}

// span adds a piece of code, which may have been named before.
func (c *covering) span(name string, place uint64, weight int, hit bool, last int) error {
	f, err := c.file(name)
	if err != nil {
		return err
	}
	known := c.spans[f]
	if known == nil {
		known = map[uint64]int{}
		c.spans[f] = known
	}
	f.Last = max(f.Last, last)
	if i, again := known[place]; again {
		if hit && !f.Spans[i].Hit {
			f.Spans[i].Hit = true
			f.Covered += f.Spans[i].Weight
		}
		return nil
	}
	if c.kept++; c.kept > maxSpans {
		return wrong(0, "it names more than %d pieces of code; measure the service's own", maxSpans)
	}
	known[place] = len(f.Spans)
	f.Spans = append(f.Spans, fact.CoveredSpan{Place: place, Weight: weight, Hit: hit})
	f.Total += weight
	if hit {
		f.Covered += weight
	}
	return nil
}

// line adds a line.
func (c *covering) line(name string, n int, hit bool) error {
	return c.span(name, uint64(n), 1, hit, n)
}

func (c *covering) reading() (Reading, error) {
	if len(c.files) == 0 {
		return Reading{}, errNone
	}
	return Reading{Coverage: c.out}, nil
}
