package results

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// maxDepth bounds how deep elements stand in each other.
const maxDepth = 64

// element is one that was opened.
type element struct {
	name  string
	attrs []xml.Attr
}

func (e element) attr(name string) string {
	for _, a := range e.attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func (e element) number(name string) int {
	n, _ := strconv.Atoi(e.attr(name))
	return n
}

func (e element) float(name string) float64 {
	f, _ := strconv.ParseFloat(e.attr(name), 64)
	return f
}

// elements visits what a file of XML opens and closes; path holds the names from
// the root on, the element's own at its end, and text what stood directly in
// it when it is closed, where wanted says so. Entities of the file's own are
// refused.
type elements struct {
	open  func(path []string, e element) error
	close func(path []string, text string) error
	// wants reports whether the text of an element is asked for.
	wants func(name string) bool
}

func (s *source) xml(visit elements) error {
	d := xml.NewDecoder(s.in)
	d.CharsetReader = charset
	var path []string
	var text strings.Builder
	wanted := 0
	for {
		token, err := d.RawToken()
		line, _ := d.InputPos()
		var syntax *xml.SyntaxError
		switch {
		case errors.Is(err, io.EOF):
			if len(path) > 0 {
				return wrong(line, "it ends within <%s>; the tool was stopped while it wrote, so run it again", path[len(path)-1])
			}
			return nil
		case errors.As(err, &syntax):
			return wrong(syntax.Line, "%s", syntax.Msg)
		case err != nil:
			return err
		}
		switch t := token.(type) {
		case xml.Directive:
			if strings.Contains(strings.ToUpper(string(t)), "<!ENTITY") {
				return wrong(line, "it defines entities, which no tool's report needs and which are not read")
			}
		case xml.StartElement:
			if len(path) == maxDepth {
				return wrong(line, "its elements stand more than %d deep in each other", maxDepth)
			}
			path = append(path, t.Name.Local)
			if visit.wants != nil && visit.wants(t.Name.Local) {
				wanted++
				text.Reset()
			}
			if visit.open != nil {
				if err := visit.open(path, element{t.Name.Local, t.Attr}); err != nil {
					return err
				}
			}
		case xml.CharData:
			if wanted > 0 && text.Len() < 4096 {
				text.Write(t)
			}
		case xml.EndElement:
			if len(path) == 0 || path[len(path)-1] != t.Name.Local {
				return wrong(line, "</%s> closes what is not open", t.Name.Local)
			}
			said := ""
			if visit.wants != nil && visit.wants(t.Name.Local) {
				wanted--
				said = strings.TrimSpace(text.String())
			}
			if visit.close != nil {
				if err := visit.close(path, said); err != nil {
					return err
				}
			}
			path = path[:len(path)-1]
		}
	}
}

// charset reads the encodings that old tools still write; their letters beyond
// ASCII do not matter here.
func charset(name string, in io.Reader) (io.Reader, error) {
	switch strings.ToLower(name) {
	case "us-ascii", "ascii", "iso-8859-1", "latin1", "iso-8859-15", "windows-1252", "cp1252":
		return &latin{in: in}, nil
	}
	return nil, fmt.Errorf("its encoding %q is not read; let the tool write UTF-8", name)
}

// latin turns bytes into UTF-8 one by one.
type latin struct {
	in   io.Reader
	kept []byte
}

// Read reads on.
func (l *latin) Read(p []byte) (int, error) {
	if len(l.kept) == 0 {
		raw := make([]byte, 4096)
		n, err := l.in.Read(raw)
		if n == 0 {
			return 0, err
		}
		for _, b := range raw[:n] {
			l.kept = append(l.kept, string(rune(b))...)
		}
	}
	n := copy(p, l.kept)
	l.kept = l.kept[n:]
	return n, nil
}

func above(path []string) string {
	if len(path) < 2 {
		return ""
	}
	return path[len(path)-2]
}
