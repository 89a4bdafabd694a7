package pipeline

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/deeds"
	"seaworthy.dev/seaworthy/internal/derive/script"
)

// makefile is what is known of a Makefile, or of a justfile, which looks alike.
type makefile struct {
	targets   map[string]*target
	variables map[string]string
	// partial is true where other files, patterns or functions add targets.
	partial bool
	how     script.Shell
	first   string
	whole   bool // .ONESHELL
	// includes are the files that it takes in.
	includes []string
}

type target struct {
	needs  []string
	recipe []string
}

var (
	ruleLine     = regexp.MustCompile(`^([A-Za-z0-9_./%$(){}@ -]+?)\s*::?(?:\s+(.*))?$`)
	variableLine = regexp.MustCompile(`^(?:export\s+|override\s+)?([A-Za-z0-9_.-]+)\s*(?:[:?+!]|::)?=\s*(.*)$`)
	reference    = regexp.MustCompile(`\$[({]([A-Za-z0-9_.-]+)[)}]`)
)

// parseMake reads targets with their recipes and plain variables. Conditions are
// taken both ways.
func parseMake(text string, just bool) *makefile {
	m := &makefile{targets: map[string]*target{}, variables: map[string]string{}}
	var open []*target
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	for i := 0; i < len(lines); i++ {
		line := lines[i]
		indented := strings.HasPrefix(line, "\t") || just && strings.HasPrefix(line, " ")
		for strings.HasSuffix(line, `\`) && i+1 < len(lines) {
			i++
			if next := lines[i]; indented {
				line += "\n" + strings.TrimPrefix(next, "\t")
			} else {
				line = strings.TrimSuffix(line, `\`) + " " + strings.TrimSpace(next)
			}
		}
		plain := strings.TrimSpace(line)
		switch {
		case indented && len(open) > 0:
			for _, t := range open {
				t.recipe = append(t.recipe, plain)
			}
			continue
		case plain == "" || strings.HasPrefix(plain, "#"):
			continue
		}
		if v := variableLine.FindStringSubmatch(plain); v != nil && !just {
			open = nil
			m.variable(v[1], v[2])
			continue
		}
		name, needs, found := m.heading(plain, just)
		if !found {
			open = nil
			if word, rest, _ := strings.Cut(plain, " "); !just && strings.HasSuffix(word, "include") {
				for _, name := range strings.Fields(m.expand(rest, 0)) {
					if strings.ContainsAny(name, "$*()") {
						m.partial = true
						continue
					}
					m.includes = append(m.includes, name)
				}
			} else if word == "import" || word == "mod" || word == "$(eval" || strings.HasPrefix(plain, "$(foreach") {
				m.partial = true
			}
			continue
		}
		open = nil
		for _, n := range name {
			if strings.Contains(n, "%") {
				m.partial = true
			}
			if n == ".ONESHELL" {
				m.whole = true
			}
			t := m.targets[n]
			if t == nil {
				t = &target{}
				m.targets[n] = t
				if m.first == "" && !strings.HasPrefix(n, ".") && !strings.Contains(n, "%") {
					m.first = n
				}
			}
			t.needs = append(t.needs, needs...)
			open = append(open, t)
		}
	}
	return m
}

func (m *makefile) variable(name, value string) {
	switch name {
	case ".SHELLFLAGS":
		m.how.ErrExit = strings.Contains(value, "e")
		m.how.PipeFail = strings.Contains(value, "pipefail")
	case "SHELL":
		m.how.PipeFail = m.how.PipeFail || strings.Contains(value, "pipefail")
	}
	if at := strings.Index(value, " #"); at >= 0 {
		value = value[:at]
	}
	if _, found := m.variables[name]; !found {
		m.variables[name] = strings.TrimSpace(value)
	}
}

// heading splits a line that names targets.
func (m *makefile) heading(line string, just bool) (names, needs []string, found bool) {
	if just {
		head, tail, colon := strings.Cut(line, ":")
		fields := strings.Fields(strings.TrimPrefix(head, "@"))
		if !colon || strings.HasPrefix(tail, "=") || len(fields) == 0 || strings.HasPrefix(line, "[") {
			return nil, nil, false
		}
		return fields[:1], strings.Fields(tail), true
	}
	head, inline, _ := strings.Cut(line, ";")
	fit := ruleLine.FindStringSubmatch(head)
	if fit == nil || inline != "" {
		return nil, nil, false
	}
	if at := strings.Index(fit[2], "#"); at >= 0 {
		fit[2] = fit[2][:at]
	}
	return strings.Fields(m.expand(fit[1], 0)), strings.Fields(m.expand(strings.ReplaceAll(fit[2], "|", " "), 0)), true
}

// expand fills variables in; calls of make's own functions stay.
func (m *makefile) expand(text string, depth int) string {
	if depth > 8 || !strings.Contains(text, "$") || len(text) > 16<<10 {
		return text
	}
	return reference.ReplaceAllStringFunc(text, func(ref string) string {
		name := ref[2 : len(ref)-1]
		if value, found := m.variables[name]; found {
			return m.expand(value, depth+1)
		}
		switch name {
		case "MAKE":
			return "make"
		case "CURDIR", "PWD":
			return "."
		}
		return "$" + strings.ReplaceAll(strings.ReplaceAll(name, ".", "_"), "-", "_")
	})
}

// loadMake parses a file of rules once.
func (r *reader) loadMake(file string, just bool) *makefile {
	if m, found := r.makefiles[file]; found {
		return m
	}
	var m *makefile
	if source, found := r.text(file); found {
		m = parseMake(source, just)
	}
	r.makefiles[file] = m
	if m == nil {
		return nil
	}
	for _, name := range m.includes {
		other := r.loadMake(path.Join(path.Dir(file), name), false)
		if other == nil {
			m.partial = true
			continue
		}
		m.partial = m.partial || other.partial
		for name, t := range other.targets {
			if known := m.targets[name]; known == nil {
				m.targets[name] = t
			} else if len(known.recipe) == 0 {
				known.recipe, known.needs = t.recipe, append(known.needs, t.needs...)
			}
		}
		for name, value := range other.variables {
			if _, found := m.variables[name]; !found {
				m.variables[name] = value
			}
		}
	}
	return m
}

// make follows targets of a Makefile.
func (r *reader) make(w *work, f *deeds.Follow, s setting) string {
	var m *makefile
	names := []string{"GNUmakefile", "makefile", "Makefile"}
	if f.File != "" {
		names = []string{f.File}
	}
	for _, name := range names {
		if m = r.loadMake(path.Join(s.dir, name), false); m != nil {
			break
		}
	}
	if m == nil {
		return "no Makefile was found for it"
	}
	wanted := f.Names
	if len(wanted) == 0 && m.first != "" {
		wanted = []string{m.first}
	}
	done := map[string]bool{}
	for _, name := range wanted {
		if why := r.target(w, m, name, "make "+name, s, done); why != "" {
			return why
		}
	}
	return ""
}

// target follows what a target needs and then its recipe.
func (r *reader) target(w *work, m *makefile, name, via string, s setting, done map[string]bool) string {
	if done[name] || len(done) > 200 {
		return ""
	}
	done[name] = true
	t := m.targets[name]
	if t == nil {
		t = m.byPattern(name)
	}
	if t == nil {
		switch {
		case script.Filled(name):
			return "its target is filled in elsewhere"
		case r.is(path.Join(s.dir, name)):
			return "" // a file
		case m.partial:
			return "its rule comes from a pattern or from another file"
		}
		return "there is no target " + name
	}
	for _, need := range t.needs {
		if (m.targets[need] != nil || m.byPattern(need) != nil && !r.is(path.Join(s.dir, need))) && !strings.ContainsAny(need, "()&") {
			r.target(w, m, need, via, s, done)
		}
	}
	inner := s
	inner.via = through(s.via, via)
	inner.how = m.how
	if m.whole || len(t.recipe) > 0 && strings.HasPrefix(t.recipe[0], "#!") {
		r.run(w, m.recipe(strings.Join(t.recipe, "\n")), inner)
		return ""
	}
	for _, line := range t.recipe {
		at := inner
		command := strings.TrimLeft(line, "@+-")
		if prefix := line[:len(line)-len(command)]; strings.Contains(prefix, "-") && at.soft == "" {
			at.soft = "`-` in front of it in the rule of " + name
		}
		r.run(w, m.recipe(command), at)
	}
	return ""
}

// byPattern returns the target that a pattern rule such as %: common-% makes of a
// name; nil where none fits.
func (m *makefile) byPattern(name string) *target {
	best := ""
	for pattern := range m.targets {
		before, after, found := strings.Cut(pattern, "%")
		if found && len(name) > len(before)+len(after) && strings.HasPrefix(name, before) && strings.HasSuffix(name, after) && (best == "" || len(pattern) > len(best) || len(pattern) == len(best) && pattern < best) {
			best = pattern
		}
	}
	if best == "" {
		return nil
	}
	before, after, _ := strings.Cut(best, "%")
	stem := name[len(before) : len(name)-len(after)]
	out := &target{recipe: m.targets[best].recipe}
	for _, need := range m.targets[best].needs {
		out.needs = append(out.needs, strings.Replace(need, "%", stem, 1))
	}
	if len(out.recipe) == 0 && !slices.ContainsFunc(out.needs, func(n string) bool { return m.targets[n] != nil }) {
		return nil // it leads nowhere that is known
	}
	return out
}

// recipe turns a line of a recipe into what the shell gets.
func (m *makefile) recipe(line string) string {
	line = m.expand(line, 0)
	line = calls(line)
	return strings.ReplaceAll(line, "$$", "$")
}

// calls puts a mark in the place of make's own functions, such as $(foreach ...),
// which would look like commands to a shell.
func calls(line string) string {
	var b strings.Builder
	for {
		at := strings.Index(line, "$(")
		if at < 0 || at > 0 && line[at-1] == '$' {
			if at < 0 {
				b.WriteString(line)
				return b.String()
			}
			b.WriteString(line[:at+2])
			line = line[at+2:]
			continue
		}
		depth, end := 0, -1
		for i := at + 1; i < len(line); i++ {
			if line[i] == '(' {
				depth++
			} else if line[i] == ')' {
				if depth--; depth == 0 {
					end = i
					break
				}
			}
		}
		if end < 0 {
			b.WriteString(line)
			return b.String()
		}
		if inner := strings.TrimSpace(line[at+2 : end]); inner == "shell pwd" {
			b.WriteString(line[:at] + ".")
		} else {
			b.WriteString(line[:at] + "__FILLED_IN__")
		}
		line = line[end+1:]
	}
}

// just follows recipes of a justfile.
func (r *reader) just(w *work, f *deeds.Follow, s setting) string {
	for _, name := range []string{"justfile", "Justfile", ".justfile"} {
		m := r.loadMake(path.Join(s.dir, name), true)
		if m == nil {
			continue
		}
		wanted := f.Names
		if len(wanted) == 0 {
			wanted = []string{m.first}
		}
		inner := s
		// What follows a recipe's name are its arguments.
		known := slices.DeleteFunc(slices.Clone(wanted), func(n string) bool { return m.targets[n] == nil })
		if len(known) == 0 {
			return "there is no recipe " + wanted[0]
		}
		done := map[string]bool{}
		for _, n := range known {
			r.target(w, m, n, "just "+n, inner, done)
		}
		return ""
	}
	return "no justfile was found for it"
}
