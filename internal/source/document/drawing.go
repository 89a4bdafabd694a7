package document

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"html"
	"io"
	"net/url"
	"path"
	"regexp"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
)

// maxNames bounds the parts of one diagram.
const maxNames = 2000

// drawing returns the diagram that a block of code draws; nil where it draws none.
func drawing(language, text string) *fact.Diagram {
	d := &fact.Diagram{Known: true}
	switch language {
	case "mermaid":
		d.Engine = "mermaid"
		mermaid(d, text)
	case "plantuml", "puml", "uml", "c4plantuml":
		d.Engine = "plantuml"
		plantuml(d, text)
	case "d2":
		d.Engine = "d2"
		arrows(d, text, d2Arrow)
	case "structurizr", "dsl":
		d.Engine = "structurizr"
		structurizr(d, text)
	case "dot", "graphviz":
		d.Engine = "graphviz"
		arrows(d, text, dotArrow)
	case "", "text", "txt", "ascii", "plain", "plaintext", "ditaa", "svgbob", "diagram":
		if !drawnByHand(text) {
			return nil
		}
		d.Engine = "ascii"
		byHand(d, text)
	default:
		return nil
	}
	return d
}

// add adds a name once.
func add(d *fact.Diagram, name string) {
	name = strings.TrimSpace(breaks.ReplaceAllString(name, " "))
	name = strings.Join(strings.Fields(html.UnescapeString(anyTag.ReplaceAllString(name, ""))), " ")
	name = strings.Trim(name, "\"'`*_")
	if name == "" || len(name) > 200 || len(d.Names) >= maxNames {
		return
	}
	for _, n := range d.Names {
		if n == name {
			return
		}
	}
	d.Names = append(d.Names, name)
}

var breaks = regexp.MustCompile(`(?i)<br\s*/?>|\\n`)

var (
	mermaidArrow = regexp.MustCompile(`\s*(?:<?(?:--+|-\.+-?|==+|~~~+)(?:\s*(?:"[^"]*"|[^-=.>|\n]{1,200}?)\s*(?:--+|-?\.+-|==+))?[>xo]?(?:\s*\|[^|\n]*\|)?)\s*`)
	mermaidNode  = regexp.MustCompile(`^([\w.:/-]+?)(?:@\{[^}]*\})?\s*(?:(?:>|[\[({]+[/\\]?)\s*"?(.*?)"?\s*[/\\]?[\])}]+)?(?::::\w+)?;?$`)
	mermaidCall  = regexp.MustCompile(`^(?:Person|System|Container|Component|Node|Deployment_Node|Enterprise|Boundary)\w*\(\s*([\w.-]+)\s*,\s*"([^"]*)"`)
	participant  = regexp.MustCompile(`^(?:create\s+)?(?:participant|actor)\s+(\S+?)(?:@\{[^}]*\})?(?:\s+as\s+(.+))?$`)
	service      = regexp.MustCompile(`^(?:service|group|junction)\s+(\w+)(?:\([^)]*\))?(?:\[([^\]]*)\])?`)
	message      = regexp.MustCompile(`^([\w.@ -]+?)\s*(?:<<)?--?(?:>>|>|x|\)|\||/|\\)+\s*[+-]?\s*([\w.@ -]+?)\s*:`)
)

// mermaid takes the parts of a Mermaid diagram.
func mermaid(d *fact.Diagram, text string) {
	kind, inFront := "", false
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(line), ";"))
		first, rest, _ := strings.Cut(line, " ")
		switch {
		case line == "---":
			inFront = !inFront && kind == ""
			continue
		case inFront, line == "", strings.HasPrefix(line, "%%"), strings.HasPrefix(line, "accTitle"), strings.HasPrefix(line, "accDescr"):
			continue
		case kind == "":
			kind = strings.ToLower(strings.TrimRight(first, ":"))
			continue
		}
		switch {
		case kind == "flowchart" || kind == "graph" || kind == "flowchart-elk" || kind == "block-beta" || kind == "block":
			switch first {
			case "style", "classDef", "class", "click", "linkStyle", "direction", "end", "columns", "title":
				continue
			case "subgraph":
				node(d, strings.TrimSpace(rest))
				continue
			}
			line = quotedLabel.ReplaceAllStringFunc(line, shield)
			if n := len(mermaidArrow.FindAllStringIndex(line, 100)); n > 0 {
				d.Arrows += n
			}
			for _, part := range mermaidArrow.Split(line, -1) {
				for _, one := range strings.Split(part, " & ") {
					node(d, unshield(strings.TrimSpace(one)))
				}
			}
		case kind == "sequencediagram":
			if m := participant.FindStringSubmatch(line); m != nil {
				add(d, m[1])
				add(d, m[2])
			} else if m := message.FindStringSubmatch(line); m != nil {
				add(d, m[1])
				add(d, m[2])
				d.Arrows++
			}
		case strings.HasPrefix(kind, "c4"):
			if m := mermaidCall.FindStringSubmatch(line); m != nil {
				add(d, m[1])
				add(d, m[2])
			} else if strings.HasPrefix(line, "Rel") || strings.HasPrefix(line, "BiRel") {
				d.Arrows++
			}
		case strings.HasPrefix(kind, "architecture"):
			if m := service.FindStringSubmatch(line); m != nil {
				add(d, m[1])
				add(d, m[2])
			} else if strings.Contains(line, "--") || strings.Contains(line, "->") {
				d.Arrows++
			}
		}
	}
}

// node takes a node of a flowchart: its identifier and its label.
func node(d *fact.Diagram, text string) {
	m := mermaidNode.FindStringSubmatch(strings.TrimSuffix(text, ";"))
	if m == nil {
		add(d, strings.Trim(text, `"`)) // subgraph "with a title"
		return
	}
	add(d, m[1])
	add(d, strings.Trim(m[2], `[](){}<>/\"`))
}

// quotedLabel is a label in quotes, whose marks are no arrows.
var quotedLabel = regexp.MustCompile(`"[^"\n]*"`)

func shield(s string) string {
	return strings.NewReplacer("-", "\x01", "=", "\x02", ".", "\x03", "~", "\x04", "&", "\x05", "|", "\x06", ">", "\x07").Replace(s)
}

func unshield(s string) string {
	return strings.NewReplacer("\x01", "-", "\x02", "=", "\x03", ".", "\x04", "~", "\x05", "&", "\x06", "|", "\x07", ">").Replace(s)
}

var (
	plantShape = regexp.MustCompile(`^(?:abstract\s+)?(?:actor|agent|artifact|boundary|card|cloud|collections|component|control|database|entity|file|folder|frame|hexagon|interface|node|package|participant|person|process|queue|rectangle|stack|storage|usecase|class)\s+(?:"([^"]+)"|\[([^\]]+)\]|([\w.:/-]+))(?:\s+as\s+(?:"([^"]+)"|([\w.-]+)))?`)
	plantBox   = regexp.MustCompile(`\[([^\]\n]+)\]`)
	plantArrow = regexp.MustCompile(`^(?:"([^"]+)"|\[([^\]]+)\]|\(([^)]+)\)|([\w.:-]+))\s*[<*o|}+^#]*[-.~=]+(?:\[[^\]]*\])?(?:up|down|left|right|u|d|l|r)?[-.~=]*[>*o|{+^#x)]*\s*(?:"[^"]*"\s*)?(?:"([^"]+)"|\[([^\]]+)\]|\(([^)]+)\)|([\w.:-]+))`)
	plantCall  = regexp.MustCompile(`^(?:Person|System|Container|Component|Node|Deployment_Node|Enterprise)\w*\(\s*([\w.-]+)\s*,\s*"([^"]*)"`)
)

// plantuml takes the parts of a PlantUML diagram, those of the C4 macros too.
func plantuml(d *fact.Diagram, text string) {
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		switch {
		case line == "", line[0] == '\'', line[0] == '@', line[0] == '!':
		case plantCall.MatchString(line):
			m := plantCall.FindStringSubmatch(line)
			add(d, m[1])
			add(d, m[2])
		case strings.HasPrefix(line, "Rel"), strings.HasPrefix(line, "BiRel"):
			d.Arrows++
		case plantShape.MatchString(line):
			for _, name := range plantShape.FindStringSubmatch(line)[1:] {
				add(d, name)
			}
		case plantArrow.MatchString(line):
			for _, name := range plantArrow.FindStringSubmatch(line)[1:] {
				add(d, name)
			}
			d.Arrows++
		default:
			if m := plantBox.FindStringSubmatch(line); m != nil && strings.HasPrefix(line, "[") {
				add(d, m[1])
			}
		}
	}
}

var (
	dslElement  = regexp.MustCompile(`(?i)^(?:([\w.]+)\s*=\s*)?(?:person|softwareSystem|container|component|deploymentNode|infrastructureNode|element)\s+"([^"]+)"`)
	dslRelation = regexp.MustCompile(`^[\w.]+\s*->\s*[\w.]+`)
)

// structurizr takes the parts of a Structurizr workspace.
func structurizr(d *fact.Diagram, text string) {
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if m := dslElement.FindStringSubmatch(line); m != nil {
			add(d, m[1])
			add(d, m[2])
		} else if dslRelation.MatchString(line) {
			d.Arrows++
		}
	}
}

var (
	d2Arrow  = regexp.MustCompile(`\s*(?:<->|->|<-|--)\s*`)
	dotArrow = regexp.MustCompile(`\s*(?:->|--)\s*`)
	dotLabel = regexp.MustCompile(`label\s*=\s*"([^"]*)"`)
	d2Label  = regexp.MustCompile(`^([\w. -]+?)\s*:\s*([^{}|]*?)\s*\{?$`)
	dotWords = regexp.MustCompile(`^(?:strict\s+)?(?:digraph|graph|subgraph|node|edge|rankdir|label|style|color|shape|rank|size|fontname)\b`)
)

// arrows takes the parts of a diagram whose lines are names and arrows.
func arrows(d *fact.Diagram, text string, arrow *regexp.Regexp) {
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(strings.TrimRight(strings.TrimSpace(line), ";{"))
		if line == "" || line[0] == '#' || strings.HasPrefix(line, "//") {
			continue
		}
		for _, m := range dotLabel.FindAllStringSubmatch(line, 20) {
			add(d, m[1])
		}
		if i := strings.IndexByte(line, '['); i >= 0 && arrow == dotArrow {
			line = strings.TrimSpace(line[:i])
		}
		if dotWords.MatchString(line) && arrow == dotArrow {
			continue
		}
		names, label, _ := strings.Cut(line, ":")
		parts := arrow.Split(names, -1)
		if len(parts) > 1 {
			d.Arrows += len(parts) - 1
		} else if m := d2Label.FindStringSubmatch(line); m != nil && arrow == d2Arrow {
			add(d, label)
		}
		for _, one := range parts {
			add(d, one)
			if i := strings.LastIndexByte(one, '.'); i > 0 && arrow == d2Arrow {
				add(d, one[i+1:])
			}
		}
	}
}

// drawnByHand reports whether a block is a drawing made of signs: boxes and
// lines between them.
func drawnByHand(text string) bool {
	boxes := 0
	for line := range strings.Lines(text) {
		switch { // a tree of folders has no upper corners
		case strings.ContainsAny(line, "┌╭╔") && strings.ContainsAny(line, "┐╮╗"), strings.Contains(line, "+--") && strings.Contains(line, "--+"):
			boxes++
		}
	}
	// A table has lines across as well, but no arrows.
	return boxes >= 1 && (strings.ContainsAny(text, "→←↑↓▶◀▲▼") || strings.Contains(text, "->") || strings.Contains(text, "<-") || strings.Contains(text, " v") || strings.Contains(text, " V"))
}

var handWords = regexp.MustCompile(`[\p{L}\p{N}](?:[\p{L}\p{N}._/:@-]| [\p{L}\p{N}(])*`)

func byHand(d *fact.Diagram, text string) {
	for _, w := range handWords.FindAllString(text, maxNames) {
		if len(w) > 1 {
			add(d, w)
		}
	}
	d.Arrows = strings.Count(text, "->") + strings.Count(text, "<-") + strings.Count(text, "→") + strings.Count(text, "▶") + strings.Count(text, "▼")
}

// drawn takes the diagram that a link shows: a picture, or the source of one.
func (r *reader) drawn(s *fact.Section, l *fact.Link) {
	if l.Leads != fact.ToTree {
		return
	}
	d := &fact.Diagram{Line: l.Line, File: l.File, Engine: "image"}
	ext := strings.ToLower(path.Ext(l.File))
	switch ext {
	case ".svg", ".drawio", ".dio", ".excalidraw", ".mmd", ".mermaid", ".puml", ".plantuml", ".d2", ".dsl", ".dot", ".gv":
		r.source(d, l.File)
	case ".png", ".jpg", ".jpeg", ".webp", ".gif":
		if !l.Image {
			return
		}
		stem := strings.TrimSuffix(strings.TrimSuffix(l.File, path.Ext(l.File)), ".drawio")
		for _, one := range []string{".drawio", ".mmd", ".puml", ".d2", ".dsl", ".excalidraw", ".dot", ".svg"} {
			if data, err := r.content(stem+one, 1); err == nil && len(data) > 0 {
				r.source(d, stem+one)
				break
			}
		}
	default:
		return
	}
	if !l.Image && !d.Known {
		return
	}
	s.Diagrams = append(s.Diagrams, d)
}

// source reads the file that a diagram is drawn from. What cannot be read leaves
// the diagram a picture.
func (r *reader) source(d *fact.Diagram, rel string) {
	data, err := r.content(rel, maxDrawing)
	if err != nil || len(data) > maxDrawing {
		return
	}
	text, ok := decodeText(data)
	if !ok {
		return
	}
	known := func(read *fact.Diagram) {
		if read != nil && len(read.Names) > 0 {
			d.Engine, d.Known, d.Names, d.Arrows = read.Engine, true, read.Names, read.Arrows
		}
	}
	switch strings.ToLower(path.Ext(rel)) {
	case ".mmd", ".mermaid":
		known(drawing("mermaid", string(text)))
	case ".puml", ".plantuml":
		known(drawing("plantuml", string(text)))
	case ".d2":
		known(drawing("d2", string(text)))
	case ".dsl":
		known(drawing("structurizr", string(text)))
	case ".dot", ".gv":
		known(drawing("dot", string(text)))
	case ".drawio", ".dio":
		known(drawio(text, 0))
	case ".excalidraw":
		known(excalidraw(text))
	case ".svg":
		known(svg(text))
	}
}

// maxElements bounds the elements of a drawing.
const maxElements = 200_000

// drawio takes the parts of a draw.io file. Go's reader of XML knows no entities
// but the five, so nothing grows while it is read.
func drawio(text []byte, depth int) *fact.Diagram {
	d := &fact.Diagram{Engine: "drawio"}
	if depth > 2 {
		return d
	}
	x := xml.NewDecoder(bytes.NewReader(text))
	packed := false
	for range maxElements {
		t, err := x.Token()
		if err != nil {
			break
		}
		switch t := t.(type) {
		case xml.StartElement:
			packed = t.Name.Local == "diagram"
			if t.Name.Local != "mxCell" && t.Name.Local != "object" && t.Name.Local != "UserObject" {
				continue
			}
			edge, name := false, ""
			for _, a := range t.Attr {
				switch a.Name.Local {
				case "value", "label":
					name = a.Value
				case "edge":
					edge = a.Value == "1"
				}
			}
			if edge {
				d.Arrows++
			} else {
				add(d, html.UnescapeString(name))
			}
		case xml.CharData:
			if packed && len(bytes.TrimSpace(t)) > 40 {
				if inner := unpack(t); inner != nil {
					part := drawio(inner, depth+1)
					for _, n := range part.Names {
						add(d, n)
					}
					d.Arrows += part.Arrows
				}
			}
		}
	}
	return d
}

// unpack returns what draw.io packs: deflated, in base 64, as a part of a URL.
func unpack(text []byte) []byte {
	data, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(text)))
	if err != nil {
		return nil
	}
	data, err = io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(data)), 4*maxDrawing))
	if err != nil && len(data) == 0 {
		return nil
	}
	plain, err := url.PathUnescape(string(data))
	if err != nil {
		return nil
	}
	return []byte(plain)
}

// excalidraw takes the texts of an Excalidraw file.
func excalidraw(text []byte) *fact.Diagram {
	var in struct {
		Elements []struct {
			Type string `json:"type"`
			Text string `json:"text"`
		} `json:"elements"`
	}
	d := &fact.Diagram{Engine: "excalidraw"}
	if json.Unmarshal(text, &in) != nil {
		return d
	}
	for _, e := range in.Elements {
		switch e.Type {
		case "text":
			add(d, e.Text)
		case "arrow":
			d.Arrows++
		}
	}
	return d
}

// svg takes the words of a drawing, or the draw.io file that it carries.
func svg(text []byte) *fact.Diagram {
	d := &fact.Diagram{Engine: "svg"}
	x := xml.NewDecoder(bytes.NewReader(text))
	x.Strict = false
	depth, words := 0, ""
	for range maxElements {
		t, err := x.Token()
		if err != nil {
			break
		}
		switch t := t.(type) {
		case xml.StartElement:
			if t.Name.Local == "svg" {
				for _, a := range t.Attr {
					if a.Name.Local == "content" && strings.Contains(a.Value, "<mxfile") {
						if inner := drawio([]byte(a.Value), 0); len(inner.Names) > 0 {
							return inner
						}
					}
				}
			}
			if depth > 0 || t.Name.Local == "text" || t.Name.Local == "foreignObject" {
				depth++
			}
		case xml.EndElement:
			if depth > 0 {
				if depth--; depth == 0 {
					add(d, words)
					words = ""
				}
			}
		case xml.CharData:
			if depth > 0 && len(words) < 300 {
				words += string(t) + " "
			}
		}
	}
	return d
}
