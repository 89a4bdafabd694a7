// Package results reads what tests, load tests and scanners leave behind: reports
// of tests, coverage, summaries of load, lists of vulnerabilities. A file's
// format is told by what it holds, never by its name alone. Files are read as
// streams, within bounds; nothing in them is run, fetched or expanded.
package results

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
	"time"

	"seaworthy.dev/seaworthy/internal/fact"
)

// Bounds of what is read of one file: text that is read whole, text that is read
// line by line, and how many tests or pieces of code are kept.
const (
	maxWhole    = 64 << 20
	maxStreamed = 2 << 30
	maxCases    = 100_000
	maxSpans    = 2_000_000
	maxFiles    = 50_000
	maxParts    = 500
)

// headSize is how much of a file is looked at to tell its format.
const headSize = 4096

// Reading is what one file yields: one of these, or nothing where it holds no
// results.
type Reading struct {
	Tests    *fact.TestRun
	Coverage *fact.CodeCoverage
	Load     *fact.LoadRun
	Scan     *fact.Scan
}

// Empty reports whether a file holds no results.
func (r Reading) Empty() bool {
	return r.Tests == nil && r.Coverage == nil && r.Load == nil && r.Scan == nil
}

// Family is what a format is about.
type Family string

// The families.
const (
	Tests    Family = "tests"
	Coverage Family = "coverage"
	Load     Family = "load"
	Scans    Family = "scans"
)

// format is one way to write results.
type format struct {
	name   string
	family Family
	// looks reports whether a file's head is that of the format; sure is false where
	// others begin alike.
	looks func(head) (looks, sure bool)
	read  func(*source) (Reading, error)
	most  int64
}

// formats lists all of them; the first that looks like a file reads it.
func formats() []format {
	return []format{
		{"JUnit XML", Tests, looksJUnit, readJUnit, maxWhole},
		{"Go test output", Tests, looksGoTest, readGoTest, maxStreamed},
		{"Go coverage profile", Coverage, looksGoProfile, readGoProfile, maxStreamed},
		{"LCOV", Coverage, looksLCOV, readLCOV, maxStreamed},
		{"Clover XML", Coverage, looksClover, readClover, maxWhole},
		{"Cobertura XML", Coverage, looksCobertura, readCobertura, maxWhole},
		{"JaCoCo XML", Coverage, looksJaCoCo, readJaCoCo, maxWhole},
		{"coverage.py JSON", Coverage, looksCoveragePy, readCoveragePy, maxWhole},
		{"Istanbul summary", Coverage, looksIstanbul, readIstanbul, maxWhole},
		{"k6 summary", Load, looksK6, readK6, maxWhole},
		{"vegeta report", Load, looksVegeta, readVegeta, maxWhole},
		{"JMeter log", Load, looksJTL, readJTL, maxStreamed},
		{"JMeter XML log", Load, looksJTLXML, readJTLXML, maxStreamed},
		{"JMeter statistics", Load, looksJMeterStats, readJMeterStats, maxWhole},
		{"Gatling statistics", Load, looksGatling, readGatling, maxWhole},
		{"Gatling log", Load, looksGatlingLog, readGatlingLog, maxStreamed},
		{"Locust statistics", Load, looksLocust, readLocust, maxWhole},
		{"ghz report", Load, looksGhz, readGhz, maxWhole},
		{"oha report", Load, looksOha, readOha, maxWhole},
		{"OpenSSF Scorecard", Scans, looksScorecard, readScorecard, maxWhole},
		{"CycloneDX", Scans, looksCycloneDX, readCycloneDX, maxWhole},
	}
}

// Kinds are the kinds of facts that a family yields.
func (f Family) Kinds() []fact.Kind {
	if f == Scans {
		return []fact.Kind{fact.Scans}
	}
	return []fact.Kind{fact.Results}
}

// Format tells by a file's first bytes what it holds; the name is empty where that
// is nothing that is read here.
func Format(name string, first []byte) (format string, family Family, sure bool) {
	h := newHead(name, first)
	for _, f := range formats() {
		if looks, sure := f.looks(h); looks {
			return f.name, f.family, sure
		}
	}
	return "", "", false
}

// errNone says that a file that looked like results holds none.
var errNone = errors.New("holds no results")

// Read reads one file. Named is true where somebody says that it holds results:
// then it is a problem where it holds none. The error of a format is a problem as
// well, unless others begin alike.
func Read(shown string, in io.Reader, named bool) (out Reading, family Family, problem *fact.Problem) {
	at := fact.Location{File: shown}
	buffered := bufio.NewReaderSize(in, 64<<10)
	first, err := buffered.Peek(headSize)
	if err != nil && !errors.Is(err, io.EOF) {
		return out, "", &fact.Problem{Location: at, Message: "cannot be read: " + err.Error()}
	}
	h := newHead(shown, first)
	for _, f := range formats() {
		looks, sure := f.looks(h)
		if !looks {
			continue
		}
		out, err := guarded(f, &source{shown: shown, format: f.name, in: &bounded{in: buffered, left: f.most, most: f.most}})
		var wrong *fault
		switch {
		case errors.Is(err, errNone) && !named, err != nil && !sure && !named:
			continue
		case errors.Is(err, errNone):
			return Reading{}, f.family, &fact.Problem{Location: at, Message: fmt.Sprintf("looks like %s and holds no results; name the file that the tool writes", f.name)}
		case errors.As(err, &wrong):
			at.Line = wrong.line
			return Reading{}, f.family, &fact.Problem{Location: at, Message: fmt.Sprintf("is no valid %s: %s", f.name, wrong.says)}
		case err != nil:
			return Reading{}, f.family, &fact.Problem{Location: at, Message: fmt.Sprintf("is no valid %s: %v", f.name, err)}
		}
		return out, f.family, nil
	}
	if named {
		return out, "", &fact.Problem{Location: at, Message: "holds no results in a format that is read (docs/results.md lists them)"}
	}
	return out, "", nil
}

// guarded reads a file; one that no reader was written for costs itself and not the
// run.
func guarded(f format, s *source) (out Reading, err error) {
	defer func() {
		if p := recover(); p != nil {
			out, err = Reading{}, fmt.Errorf("it cannot be read: %v", p)
		}
	}()
	return f.read(s)
}

// source is a file in work.
type source struct {
	shown, format string
	in            *bounded
}

// fault is what is wrong with a file, and where; line is 0 where that is not
// known.
type fault struct {
	line int
	says string
}

// Error returns what is wrong.
func (f *fault) Error() string { return f.says }

func wrong(line int, format string, args ...any) error {
	return &fault{line, fmt.Sprintf(format, args...)}
}

// bounded reads at most so much, and fails beyond it.
type bounded struct {
	in         io.Reader
	left, most int64
}

// Read reads on.
func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		if n, _ := b.in.Read(make([]byte, 1)); n == 0 {
			return 0, io.EOF
		}
		return 0, fmt.Errorf("it is larger than %d MiB; let the tool write a summary, or less of it", b.most>>20)
	}
	n, err := b.in.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	return n, err
}

// result starts the fact of a file.
func (s *source) result(what string) fact.Result {
	return fact.Result{Ref: fact.Ref{Subject: what + " " + path.Base(s.shown), Location: fact.Location{File: s.shown, Line: 1}}, Format: s.format}
}

// lines calls visit for each line with its number, until one fails.
func (s *source) lines(visit func(n int, line []byte) error) error {
	in := bufio.NewReaderSize(s.in, 64<<10)
	for n := 1; ; n++ {
		line, err := in.ReadSlice('\n')
		long := errors.Is(err, bufio.ErrBufferFull)
		if n == 1 {
			line = bytes.TrimPrefix(line, []byte("\xef\xbb\xbf"))
		}
		if len(line) > 0 && !long {
			if failed := visit(n, bytes.TrimRight(line, "\r\n")); failed != nil {
				return failed
			}
		}
		for errors.Is(err, bufio.ErrBufferFull) { // nothing that is asked for is as long
			_, err = in.ReadSlice('\n')
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// epoch reads a time that is written as a number: milliseconds, or seconds where it
// is too small for them.
func epoch(n float64) time.Time {
	switch {
	case n <= 0 || n > 1e17:
		return time.Time{}
	case n > 1e14: // microseconds
		return time.UnixMicro(int64(n)).UTC()
	case n > 1e11:
		return time.UnixMilli(int64(n)).UTC()
	case n > 1e8:
		return time.Unix(int64(n), 0).UTC()
	}
	return time.Time{}
}

// moment reads a time in the forms that tools write; one without a zone is taken
// for UTC.
func moment(text string) time.Time {
	text = strings.TrimSpace(text)
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999Z07:00", "2006-01-02 15:04:05.999999999", "2006-01-02T15:04:05-0700", "2006-01-02 15:04:05 -0700", "2006/01/02 15:04:05.999", time.RFC1123, time.RFC1123Z, time.UnixDate, time.ANSIC, "2006-01-02"} {
		if at, err := time.Parse(layout, text); err == nil {
			return at.UTC()
		}
	}
	return time.Time{}
}

// later returns the later of two times.
func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
