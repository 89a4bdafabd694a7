package leaks

// automaton finds many words in one pass over a text, whatever their case
// (Aho and Corasick's, with all transitions worked out).
type automaton struct {
	class   [256]uint8 // bytes that stand in no word share class 0
	classes int
	next    []uint16 // state*classes + class
	// found lists the words that end in a state, by number.
	found [][]uint16
	// lengths are those of the words.
	lengths []int
}

// newAutomaton takes words in lower case. It holds at most 65,535 letters in all.
func newAutomaton(words []string) *automaton {
	a := &automaton{classes: 1}
	for _, w := range words {
		a.lengths = append(a.lengths, len(w))
		for i := range len(w) {
			if a.class[w[i]] == 0 {
				a.class[w[i]] = uint8(a.classes)
				a.classes++
			}
		}
	}
	for c := byte('a'); c <= 'z'; c++ {
		a.class[c-'a'+'A'] = a.class[c]
	}
	a.state()
	for n, w := range words {
		at := 0
		for i := range len(w) {
			edge := at*a.classes + int(a.class[w[i]])
			if a.next[edge] == 0 {
				a.next[edge] = a.state()
			}
			at = int(a.next[edge])
		}
		a.found[at] = append(a.found[at], uint16(n))
	}
	a.link()
	return a
}

func (a *automaton) state() uint16 {
	a.next = append(a.next, make([]uint16, a.classes)...)
	a.found = append(a.found, nil)
	return uint16(len(a.found) - 1)
}

// link gives every state the transitions of its longest proper end.
func (a *automaton) link() {
	back := make([]int, len(a.found))
	var queue []int
	for c := range a.classes {
		if to := int(a.next[c]); to != 0 {
			queue = append(queue, to)
		}
	}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		a.found[at] = append(a.found[at], a.found[back[at]]...)
		for c := range a.classes {
			edge, fall := at*a.classes+c, a.next[back[at]*a.classes+c]
			if to := int(a.next[edge]); to != 0 {
				back[to] = int(fall)
				queue = append(queue, to)
			} else {
				a.next[edge] = fall
			}
		}
	}
}

// each calls visit with every word that ends before a place in the text.
func (a *automaton) each(text string, visit func(word, end int)) {
	at := 0
	for i := range len(text) {
		at = int(a.next[at*a.classes+int(a.class[text[i]])])
		if list := a.found[at]; list != nil {
			for _, w := range list {
				visit(int(w), i+1)
			}
		}
	}
}
