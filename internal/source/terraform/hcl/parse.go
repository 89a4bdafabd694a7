// Package hcl reads Terraform and OpenTofu as they are written and works out
// what is known of them before they are applied. Expressions are evaluated here
// and not by the HCL library, so that every value keeps its place and the
// resources that it is made of, also where it is not known.
package hcl

import (
	"bytes"
	"fmt"
	"path"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"seaworthy.dev/seaworthy/internal/fact"
)

// Bounds on a single file. The parser recurses, so what makes it recurse is
// bounded before.
const (
	maxFile    = 4 << 20
	maxNesting = 400
	maxForks   = 20_000 // conditionals and template directives of one file
	maxSigns   = 200    // signs in front of one another: !!!!true
	// maxExponent is how many digits the exponent of a number may have: the
	// library works numbers out in full.
	maxExponent = 4
)

// parsed is a file as far as it could be parsed. Body is never nil.
type parsed struct {
	name     string // as it is shown
	body     *hclsyntax.Body
	problems []fact.Problem
	// lost says why something of the file may be missing; empty where nothing is.
	lost string
}

// parse reads a file in HCL or in its JSON form.
func parse(shown string, data []byte) (out *parsed) {
	out = &parsed{name: shown, body: &hclsyntax.Body{}}
	defer func() {
		if r := recover(); r != nil {
			out.fail(fact.Location{File: shown}, "cannot be parsed: it makes the parser fail (%v); run `terraform validate` to see what is wrong", r)
		}
	}()
	if why := tooMuch(data); why != "" {
		out.fail(fact.Location{File: shown}, "%s", why)
		return out
	}
	if strings.HasSuffix(strings.ToLower(shown), ".json") {
		out.json(data)
		return out
	}
	file, diags := hclsyntax.ParseConfig(data, shown, hcl.InitialPos)
	if file != nil {
		if body, ok := file.Body.(*hclsyntax.Body); ok && body != nil {
			out.body = body
		}
	}
	out.diagnose(diags)
	return out
}

func (p *parsed) fail(at fact.Location, format string, args ...any) {
	p.problems = append(p.problems, fact.Problem{Location: at, Message: fmt.Sprintf(format, args...)})
	if p.lost == "" {
		p.lost = path.Base(p.name) + " cannot be parsed as a whole"
		if at.Line > 0 {
			p.lost = fmt.Sprintf("%s cannot be parsed at line %d", path.Base(p.name), at.Line)
		}
	}
}

// diagnose reports the first errors of the parser: later ones mostly follow
// from them.
func (p *parsed) diagnose(diags hcl.Diagnostics) {
	const most = 3
	said := map[string]bool{}
	for _, d := range diags {
		if d.Severity != hcl.DiagError || said[d.Summary] || len(said) == most {
			continue
		}
		said[d.Summary] = true
		at := fact.Location{File: p.name}
		if d.Subject != nil {
			at = place(*d.Subject)
		}
		p.fail(at, "%s", sentence(d))
	}
}

// sentence turns a message of the parser into one of ours: what is wrong, what
// is expected.
func sentence(d *hcl.Diagnostic) string {
	summary := strings.TrimSuffix(d.Summary, ".")
	if d.Detail == "" {
		return "cannot be parsed: " + lower(summary)
	}
	detail := strings.TrimSuffix(strings.Join(strings.Fields(d.Detail), " "), ".")
	return "cannot be parsed: " + lower(summary) + ". " + detail
}

func lower(text string) string {
	if len(text) > 1 && text[0] >= 'A' && text[0] <= 'Z' && (text[1] < 'A' || text[1] > 'Z') {
		return strings.ToLower(text[:1]) + text[1:]
	}
	return text
}

// tooMuch returns why a file is not handed to the parser, or nothing.
func tooMuch(data []byte) string {
	if len(data) > maxFile {
		return fmt.Sprintf("has %d MB; Terraform files above %d MB are not read: keep data out of them", len(data)>>20, maxFile>>20)
	}
	if bytes.IndexByte(data, 0) >= 0 {
		return "is no text: it holds a zero byte; save it as UTF-8"
	}
	depth, deepest, forks, signs := 0, 0, 0, 0
	for i, c := range data {
		switch c {
		case '(', '[', '{':
			depth++
			deepest = max(deepest, depth)
		case ')', ']', '}':
			depth = max(0, depth-1)
		case '?':
			forks++
		case 'e', 'E':
			if huge(data, i) {
				return fmt.Sprintf("has a number with an exponent of more than %d digits on line %d", maxExponent, 1+bytes.Count(data[:i], []byte("\n")))
			}
		case '%':
			if i+1 < len(data) && data[i+1] == '{' {
				forks++
			}
		}
		switch c {
		case '!', '-':
			signs++
			if signs > maxSigns && c == '!' {
				return fmt.Sprintf("has more than %d signs in front of one another", maxSigns)
			}
		case ' ', '\t', '\n', '\r':
		default:
			if signs > 4*maxSigns && !comment(data, i) {
				return fmt.Sprintf("has more than %d signs in front of one another", maxSigns)
			}
			signs = 0
		}
	}
	switch {
	case deepest > maxNesting:
		return fmt.Sprintf("nests brackets more than %d deep; what is so deep is not read: split it", maxNesting)
	case forks > maxForks:
		return fmt.Sprintf("has more than %d conditionals and directives; such a file is not read: split it", maxForks)
	}
	return ""
}

// huge reports whether the letter at i starts the exponent of a number that is
// too large: not in the midst of a word or a hash in quotes.
func huge(data []byte, i int) bool {
	end := i + 1
	if end < len(data) && (data[end] == '+' || data[end] == '-') {
		end++
	}
	from := end
	for end < len(data) && data[end] >= '0' && data[end] <= '9' {
		end++
	}
	if end-from <= maxExponent || i == 0 || end < len(data) && word(data[end]) {
		return false
	}
	start := i
	for start > 0 && (data[start-1] >= '0' && data[start-1] <= '9' || data[start-1] == '.') {
		start--
	}
	return start < i && (start == 0 || !word(data[start-1]))
}

func word(c byte) bool {
	return c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9' || c == '_' || c == '"' || c == '-' || c == '/'
}

// comment reports whether the line before a byte starts as a comment does.
func comment(data []byte, i int) bool {
	line := bytes.TrimSpace(data[bytes.LastIndexByte(data[:i], '\n')+1 : i])
	return bytes.HasPrefix(line, []byte("#")) || bytes.HasPrefix(line, []byte("//")) || bytes.HasPrefix(line, []byte("*")) || bytes.HasPrefix(line, []byte("/*"))
}

// place is where a range starts.
func place(r hcl.Range) fact.Location {
	return fact.Location{File: r.Filename, Line: r.Start.Line, Column: r.Start.Column}
}
