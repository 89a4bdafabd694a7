package helm

import (
	"path"
	"regexp"
	"strconv"
	"strings"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
)

// report collects what could not be read or rendered.
type report struct {
	Problems []fact.Problem
	Holes    []fact.Hole
}

// warn records a problem that costs no objects.
func (r *report) warn(file string, line int, message string) {
	r.Problems = append(r.Problems, fact.Problem{Location: fact.Location{File: file, Line: line}, Message: message})
}

// lost records a problem on account of which objects may be missing.
func (r *report) lost(file string, line int, message string) {
	r.warn(file, line, message)
	r.hole(r.Problems[len(r.Problems)-1])
}

// hole says what is missing on account of a problem, without the remedy.
func (r *report) hole(p fact.Problem) {
	says, _, _ := strings.Cut(p.Message, "; ")
	r.Holes = append(r.Holes, fact.Hole{Location: p.Location, Why: path.Base(p.File) + " " + says})
}

// mapping checks that a file of values, or one that describes a chart, is made
// of mappings, and reports it otherwise.
func (r *report) mapping(shown string, data []byte) bool {
	if len(data) > maxValues {
		r.lost(shown, 0, "is larger than 4 MiB and is not read")
		return false
	}
	for _, doc := range decode.Split(shown, data) {
		root, problem := doc.Parse()
		switch {
		case problem != nil:
			r.Problems = append(r.Problems, *problem)
			r.hole(*problem)
			return false
		case !decode.IsNull(root) && !decode.IsMapping(root):
			r.lost(shown, doc.At(root).Line, "cannot be used: the whole file must be a mapping of keys to values")
			return false
		}
	}
	return true
}

var yamlPlace = regexp.MustCompile(`(?s)^.*?yaml: (?:unmarshal errors:\s*)?(?:line (\d+): )?(.*)$`)

// yamlFault takes a line out of an error of the chart loader.
func yamlFault(err error) (line int, message string) {
	message = err.Error()
	if m := yamlPlace.FindStringSubmatch(message); m != nil {
		line, _ = strconv.Atoi(m[1])
		message = m[2]
	}
	message = strings.TrimPrefix(message, "validation: ")
	message = strings.TrimPrefix(message, "error converting YAML to JSON: ")
	return line, short(message)
}

// faultPlace matches where Helm says that a template failed; the location of
// the template that was being rendered comes first.
var (
	faultPlace = regexp.MustCompile(`(?s)^(?:parse error|execution error)? ?(?:at|in)? ?\(?(?:template: )?([^\s:()]+?):(\d+)(?::(\d+))?\)?:?\s(.*)$`)
	faultAt    = regexp.MustCompile(`at <([^\n]*?)>:`)
	noTemplate = regexp.MustCompile(`no template "[^"]*"`)
	inQuotes   = regexp.MustCompile(`(?s)(execution for|parse template) ".*"`)
)

// fault is an error of the engine, taken apart.
type fault struct {
	// name is the whole name of a template; empty if not known.
	name         string
	line, column int
	message      string
	parse        bool
}

func understand(err error) fault {
	text := err.Error()
	f := fault{message: text, parse: strings.HasPrefix(text, "parse error")}
	m := faultPlace.FindStringSubmatch(text)
	if m == nil {
		f.message = short(text)
		return f
	}
	f.name = m[1]
	f.line, _ = strconv.Atoi(m[2])
	if m[3] != "" {
		f.column, _ = strconv.Atoi(m[3])
		f.column++ // text/template counts from 0
	}
	f.message = m[4]
	if strings.HasPrefix(text, "parse error") || strings.HasPrefix(text, "execution error") {
		f.message = short(f.message)
		return f
	}
	// A chain of calls: the innermost one comes last.
	where := ""
	if all := faultAt.FindAllStringSubmatch(f.message, -1); len(all) > 0 {
		where = all[len(all)-1][1]
	}
	lines := strings.Split(strings.TrimSpace(inQuotes.ReplaceAllString(f.message, "$1 a template")), "\n")
	last := strings.TrimSpace(lines[len(lines)-1])
	if at := strings.LastIndex(last, ">: "); at >= 0 {
		last = last[at+3:]
	}
	if where != "" && !strings.Contains(where, "...") && !strings.HasPrefix(where, "include ") && !strings.HasPrefix(where, "tpl ") {
		last = where + ": " + last
	}
	f.message = short(strings.TrimSuffix(strings.ReplaceAll(last, "template: no template", "there is no template"), ` associated with template "gotpl"`))
	return f
}

// short keeps a message to a line: templates may put whole files into one.
func short(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	const most = 300
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + " ..."
	}
	return text
}
