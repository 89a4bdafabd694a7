package conf

import "strings"

// Section is one of Fluent Bit's: [INPUT], with its properties in order.
type Section struct {
	// Kind is in capitals: INPUT, FILTER, OUTPUT, SERVICE, PARSER.
	Kind  string
	Line  int
	Props []Prop
}

// Prop is a key with its value.
type Prop struct {
	Key, Value string
	Line       int
}

// Get returns the value of the first property of that name, whatever its case.
func (s *Section) Get(key string) string {
	p, _ := s.Prop(key)
	return p.Value
}

// Prop returns the first property of that name.
func (s *Section) Prop(key string) (Prop, bool) {
	for _, p := range s.Props {
		if strings.EqualFold(p.Key, key) {
			return p, true
		}
	}
	return Prop{}, false
}

// Classic parses Fluent Bit's classic form. Includes lists what it takes in, each
// as a property whose value is the file's name.
// https://docs.fluentbit.io/manual/administration/configuring-fluent-bit/classic-mode/format-schema
func Classic(text string) (sections []Section, includes []Prop, err *Error) {
	for i, line := range strings.Split(text, "\n") {
		number := i + 1
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		if len(sections)+len(includes) > maxItems {
			return sections, includes, wrong(number, "there are more than %d sections; the rest is not read", maxItems)
		}
		switch {
		case line[0] == '@':
			word, rest, _ := strings.Cut(line, " ")
			if strings.EqualFold(word, "@INCLUDE") {
				includes = append(includes, Prop{Key: "include", Value: strings.TrimSpace(rest), Line: number})
			}
		case line[0] == '[':
			name, _, closed := strings.Cut(line[1:], "]")
			if !closed {
				return sections, includes, wrong(number, "the name of the section lacks its closing bracket")
			}
			sections = append(sections, Section{Kind: strings.ToUpper(strings.TrimSpace(name)), Line: number})
		case len(sections) == 0:
			return sections, includes, wrong(number, "%q stands in no section; start one with [INPUT], [FILTER], [OUTPUT] or [SERVICE]", short(line))
		default:
			key, value := line, ""
			if at := strings.IndexAny(line, " \t"); at > 0 {
				key, value = line[:at], strings.TrimSpace(line[at:])
			}
			last := &sections[len(sections)-1]
			last.Props = append(last.Props, Prop{Key: key, Value: value, Line: number})
		}
	}
	return sections, includes, nil
}

// short returns the first word of a line, for values may be secret.
func short(line string) string {
	if at := strings.IndexAny(line, " \t="); at > 0 {
		line = line[:at]
	}
	if len(line) > 40 {
		line = line[:40]
	}
	return line
}
