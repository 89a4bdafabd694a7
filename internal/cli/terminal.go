package cli

import (
	"os"
	"strconv"
	"strings"

	"golang.org/x/term"
)

// terminal returns the width of a terminal, and whether the file is one.
func terminal(f *os.File) (width int, is bool) {
	if !term.IsTerminal(int(f.Fd())) {
		return 0, false
	}
	width, _, err := term.GetSize(int(f.Fd()))
	if err != nil {
		return 0, true
	}
	return width, true
}

// pageWidth is the width of the page: COLUMNS if it is set, else the
// terminal's, else 100.
func (s Streams) pageWidth() int {
	if n, err := strconv.Atoi(s.Env("COLUMNS")); err == nil && n > 0 {
		return n
	}
	if s.Width > 0 {
		return s.Width
	}
	return 100
}

// color reports whether colours are welcome: on a terminal, unless NO_COLOR
// is set or the terminal is dumb.
func (s Streams) color() bool {
	return s.Terminal && s.Env("NO_COLOR") == "" && s.Env("TERM") != "dumb"
}

// ascii reports whether the terminal's locale cannot show signs beyond ASCII.
func (s Streams) ascii() bool {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if v := s.Env(name); v != "" {
			return !strings.Contains(strings.ToUpper(strings.ReplaceAll(v, "-", "")), "UTF8")
		}
	}
	return false
}
