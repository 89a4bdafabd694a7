package decode

import (
	"bytes"
	"fmt"
	"regexp"
	"sort"
	"strconv"
	"unicode/utf8"

	yaml "go.yaml.in/yaml/v3"
)

// searchable bounds the documents in which the line of an error is searched
// for: that takes some twenty more attempts at reading.
const searchable = 256 << 10

var (
	yamlLine      = regexp.MustCompile(`^yaml: (?:unmarshal errors:\n\s*)?(?:line (\d+): )?`)
	unknownAnchor = regexp.MustCompile(`^unknown anchor '([^']*)' referenced`)
)

// explain takes the parser's error apart and finds the line where it lies. The
// parser names the line where the value around it starts, or none.
func explain(err error, data []byte) (line int, message string) {
	message = err.Error()
	if m := yamlLine.FindStringSubmatch(message); m != nil {
		line, _ = strconv.Atoi(m[1])
		message = message[len(m[0]):]
	}
	switch name := unknownAnchor.FindStringSubmatch(message); {
	case name != nil:
		at := regexp.MustCompile(`\*` + regexp.QuoteMeta(name[1]) + `(?:[\s,\]}]|$)`).FindIndex(data)
		if at != nil {
			line = 1 + bytes.Count(data[:at[0]], []byte("\n"))
		}
	case message == "control characters are not allowed":
		if at := bytes.IndexFunc(data, unprintable); at >= 0 {
			line = 1 + bytes.Count(data[:at], []byte("\n"))
		}
	case len(data) <= searchable:
		line = firstBroken(err.Error(), data)
	}
	return line, message
}

// firstBroken returns the first line up to which the document has the error.
func firstBroken(text string, data []byte) int {
	var ends []int
	for at := range data {
		if data[at] == '\n' {
			ends = append(ends, at+1)
		}
	}
	if len(data) > 0 && data[len(data)-1] != '\n' {
		ends = append(ends, len(data))
	}
	n := sort.Search(len(ends), func(i int) bool {
		var root Node
		err := unmarshal(data[:ends[i]], &root)
		return err != nil && err.Error() == text
	})
	return min(n+1, len(ends))
}

// unprintable reports characters that YAML does not allow.
func unprintable(r rune) bool {
	switch {
	case r == '\t', r == '\n', r == '\r', r == 0x85:
		return false
	}
	return r < 0x20 || r >= 0x7f && r < 0xa0 || r == 0xfffe || r == 0xffff
}

// unmarshal keeps a panic of the parser, which a hostile document may cause,
// from ending the run.
func unmarshal(data []byte, root *Node) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("the parser gave up: %v", r)
		}
	}()
	return yaml.Unmarshal(data, root)
}

func templateHint(data []byte) string {
	if bytes.Contains(data, []byte("{{")) {
		return "it looks like a template: if it belongs to a chart, the chart has no Chart.yaml"
	}
	return ""
}

func invalidAt(data []byte) int {
	for at := 0; at < len(data); {
		r, size := utf8.DecodeRune(data[at:])
		if r == utf8.RuneError && size <= 1 {
			return at
		}
		at += size
	}
	return len(data)
}
