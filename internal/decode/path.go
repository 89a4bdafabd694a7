package decode

import "strconv"

// path leads from the document to the value that is read. It becomes text only
// where something is reported.
type path []step

// step is a key, or an index where that is not negative.
type step struct {
	key   string
	index int
}

// String names the value for a message: "spec.containers[0].image". Hostile
// names and depths are cut.
func (p path) String() string {
	text := ""
	for _, s := range p {
		switch {
		case len(text) > 500:
			return text
		case s.index >= 0:
			text += "[" + strconv.Itoa(s.index) + "]"
		case text == "":
			text = short(s.key, 200)
		default:
			text += "." + short(s.key, 200)
		}
	}
	if text == "" {
		return "the document"
	}
	return text
}
