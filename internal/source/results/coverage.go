package results

import (
	"bytes"
	"path"
	"sort"
	"strconv"
	"strings"
)

func looksLCOV(h head) (looks, sure bool) {
	return strings.HasPrefix(h.line, "TN:") || strings.HasPrefix(h.line, "SF:"), true
}

// readLCOV reads a tracefile: a block of lines for each file.
func readLCOV(s *source) (Reading, error) {
	c := newCovering(s)
	file := ""
	err := s.lines(func(n int, line []byte) error {
		key, value, _ := bytes.Cut(line, []byte(":"))
		switch string(key) {
		case "SF":
			file = string(value)
			_, err := c.file(file)
			return err
		case "DA":
			number, rest, _ := bytes.Cut(value, []byte(","))
			count, _, _ := bytes.Cut(rest, []byte(","))
			at, err := strconv.Atoi(string(number))
			times, err2 := strconv.ParseFloat(string(count), 64)
			if err != nil || err2 != nil || at < 1 || file == "" {
				return wrong(n, "the line is no `DA:<line>,<count>` of a file")
			}
			return c.line(file, at, times > 0)
		case "end_of_record":
			file = ""
		}
		return nil
	})
	if err != nil {
		return Reading{}, err
	}
	return c.reading()
}

func looksCobertura(h head) (looks, sure bool) {
	return h.root == "coverage" && (strings.Contains(h.open, "line-rate") || strings.Contains(h.open, "<packages") || strings.Contains(h.open, "cobertura")), true
}

// readCobertura reads the form in which coverage.py, gcovr, Istanbul, coverlet and
// others write: classes with the lines of their files. Names are relative to one of
// the sources.
func readCobertura(s *source) (Reading, error) {
	c := newCovering(s)
	file := ""
	var sources []string
	err := s.xml(elements{
		wants: func(name string) bool { return name == "source" },
		open: func(path []string, e element) error {
			switch e.name {
			case "coverage":
				c.out.Ran = epoch(e.float("timestamp"))
			case "class":
				if file = e.attr("filename"); file != "" {
					_, err := c.file(file)
					return err
				}
			case "line":
				if at := e.number("number"); at > 0 && file != "" {
					return c.line(file, at, e.float("hits") > 0)
				}
			}
			return nil
		},
		close: func(path []string, text string) error {
			switch path[len(path)-1] {
			case "class":
				file = ""
			case "source":
				if text != "" && text != "." && len(sources) < 100 {
					sources = append(sources, text)
				}
			}
			return nil
		},
	})
	if err != nil {
		return Reading{}, err
	}
	if len(sources) == 1 { // of several, nothing says which one is meant
		for _, f := range c.out.Files {
			if !absolute(f.Written) {
				f.Written = path.Join(slashed(sources[0]), slashed(f.Written))
			}
		}
	}
	return c.reading()
}

func slashed(name string) string { return strings.ReplaceAll(name, `\`, "/") }

// absolute reports whether a path starts at the root of a disk.
func absolute(name string) bool {
	return strings.HasPrefix(name, "/") || len(name) > 2 && name[1] == ':' && (name[2] == '/' || name[2] == '\\')
}

func looksJaCoCo(h head) (looks, sure bool) {
	return h.root == "report" && (bytes.Contains(h.text, []byte("JACOCO")) || strings.Contains(h.open, "<sessioninfo") || strings.Contains(h.open, "<package")), true
}

// readJaCoCo reads the lines of source files; a line is reached where one of its
// instructions is.
func readJaCoCo(s *source) (Reading, error) {
	c := newCovering(s)
	pkg, file := "", ""
	err := s.xml(elements{
		open: func(_ []string, e element) error {
			switch e.name {
			case "sessioninfo":
				c.out.Ran = later(c.out.Ran, epoch(e.float("dump")))
			case "package":
				pkg = e.attr("name")
			case "sourcefile":
				file = path.Join(pkg, e.attr("name"))
				_, err := c.file(file)
				return err
			case "line":
				if at := e.number("nr"); at > 0 && file != "" {
					return c.line(file, at, e.number("ci") > 0)
				}
			}
			return nil
		},
		close: func(path []string, _ string) error {
			if path[len(path)-1] == "sourcefile" {
				file = ""
			}
			return nil
		},
	})
	if err != nil {
		return Reading{}, err
	}
	return c.reading()
}

func looksClover(h head) (looks, sure bool) {
	return h.root == "coverage" && (strings.Contains(h.open, "clover=") || strings.Contains(h.open, "generated=") && strings.Contains(h.open, "<project")), true
}

// readClover reads the lines of files, whose path may stand beside their name.
func readClover(s *source) (Reading, error) {
	c := newCovering(s)
	file := ""
	err := s.xml(elements{
		open: func(_ []string, e element) error {
			switch e.name {
			case "coverage":
				c.out.Ran = epoch(e.float("generated"))
			case "file":
				file = first(e.attr("path"), e.attr("name"))
				_, err := c.file(file)
				return err
			case "line":
				if at := e.number("num"); at > 0 && file != "" && e.attr("type") != "method" {
					return c.line(file, at, e.float("count") > 0)
				}
			}
			return nil
		},
		close: func(path []string, _ string) error {
			if path[len(path)-1] == "file" {
				file = ""
			}
			return nil
		},
	})
	if err != nil {
		return Reading{}, err
	}
	return c.reading()
}

func looksCoveragePy(h head) (looks, sure bool) {
	return h.has("meta") && bytes.Contains(h.text, []byte(`"branch_coverage"`)), true
}

// readCoveragePy reads the report of `coverage json`.
func readCoveragePy(s *source) (Reading, error) {
	var in struct {
		Meta struct {
			Timestamp string `json:"timestamp"`
		} `json:"meta"`
		Files map[string]struct {
			Executed []int `json:"executed_lines"`
			Missing  []int `json:"missing_lines"`
		} `json:"files"`
	}
	if err := s.json(&in); err != nil {
		return Reading{}, err
	}
	c := newCovering(s)
	c.out.Ran = moment(in.Meta.Timestamp)
	for name, f := range in.Files {
		for i, lines := range [][]int{f.Executed, f.Missing} {
			for _, n := range lines {
				if err := c.line(name, n, i == 0); err != nil {
					return Reading{}, err
				}
			}
		}
	}
	sort.Slice(c.out.Files, func(i, j int) bool { return c.out.Files[i].Written < c.out.Files[j].Written })
	return c.reading()
}

// looksIstanbul asks for the totals of json-summary, or for a file with its map of
// statements as coverage-final.json holds them.
func looksIstanbul(h head) (looks, sure bool) {
	if h.has("total") && bytes.Contains(h.text, []byte(`"statements"`)) && bytes.Contains(h.text, []byte(`"pct"`)) {
		return true, true
	}
	return h.keys != nil && bytes.Contains(h.text, []byte(`"statementMap"`)) && bytes.Contains(h.text, []byte(`"path"`)), true
}

// readIstanbul reads both reports of Istanbul as JSON.
func readIstanbul(s *source) (Reading, error) {
	var in map[string]struct {
		Path  string `json:"path"`
		Lines *struct {
			Total   int `json:"total"`
			Covered int `json:"covered"`
		} `json:"lines"`
		Map map[string]struct {
			Start struct {
				Line int `json:"line"`
			} `json:"start"`
			End struct {
				Line int `json:"line"`
			} `json:"end"`
		} `json:"statementMap"`
		Hits map[string]float64 `json:"s"`
	}
	if err := s.json(&in); err != nil {
		return Reading{}, err
	}
	c := newCovering(s)
	for name, one := range in {
		if name == "total" {
			continue
		}
		f, err := c.file(first(one.Path, name))
		if err != nil {
			return Reading{}, err
		}
		if one.Lines != nil {
			f.Covered, f.Total = one.Lines.Covered, one.Lines.Total
		}
		for id, place := range one.Map {
			n, err := strconv.ParseUint(id, 10, 32)
			if err != nil {
				continue
			}
			if err := c.span(f.Written, n, 1, one.Hits[id] > 0, place.End.Line); err != nil {
				return Reading{}, err
			}
		}
	}
	sort.Slice(c.out.Files, func(i, j int) bool { return c.out.Files[i].Written < c.out.Files[j].Written })
	return c.reading()
}
