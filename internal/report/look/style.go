package look

import _ "embed"

//go:embed look.css
var css string

// CSS returns the style that all pages share: colours, type, signs, ladder,
// tables and folds.
func CSS() string { return css }
