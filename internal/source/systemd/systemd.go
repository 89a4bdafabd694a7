// Package systemd reads units of systemd: services with their drop-ins, the
// timers that start them and the sockets that wait for them.
package systemd

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
)

// File is a unit or a drop-in of one. Name is relative to the tree's root, Shown
// how it is written in reports.
type File struct {
	Name, Shown string
	Data        []byte
}

// Reading is what the units of a folder yield.
type Reading struct {
	Facts    fact.Set
	Problems []fact.Problem
	// Foreign lists drop-ins for units that are not here.
	Foreign []string
}

// unit is a unit with its drop-ins put over it.
type unit struct {
	name, shown string // file name and its place
	lines       []assignment
	r           *reader
}

type reader struct {
	out     *Reading
	units   map[string]*unit // services by file name
	timers  map[string]*unit // by the service that they start
	sockets map[string]*unit
}

// Read reads the units of one folder, drop-ins below it included.
func Read(files []File) (out Reading) {
	r := &reader{out: &out, units: map[string]*unit{}, timers: map[string]*unit{}, sockets: map[string]*unit{}}
	files = slices.Clone(files)
	slices.SortFunc(files, func(a, b File) int { return strings.Compare(a.Name, b.Name) })
	var dropins []File
	var order []string
	for _, f := range files {
		if path.Ext(f.Name) == ".conf" {
			dropins = append(dropins, f)
			continue
		}
		u := r.unit(f)
		if u == nil {
			continue
		}
		switch path.Ext(f.Name) {
		case ".service":
			r.units[u.name] = u
			order = append(order, u.name)
		case ".timer":
			r.timers[u.target("Timer", "Unit")] = u
		case ".socket":
			r.sockets[u.target("Socket", "Service")] = u
		}
	}
	slices.SortStableFunc(dropins, func(a, b File) int { return strings.Compare(path.Base(a.Name), path.Base(b.Name)) })
	for _, f := range dropins {
		of := strings.TrimSuffix(path.Base(path.Dir(f.Name)), ".d")
		main := r.units[of]
		if main == nil {
			out.Foreign = append(out.Foreign, f.Shown)
			continue
		}
		if u := r.unit(f); u != nil {
			main.lines = append(main.lines, u.lines...)
		}
	}
	for _, name := range order {
		r.service(r.units[name])
	}
	out.Facts.Coverage.Sort()
	return out
}

// unit parses a file; nil where it is no unit of systemd, for other programs use
// the same extension.
func (r *reader) unit(f File) *unit {
	text := string(f.Data)
	at := fact.Location{File: f.Shown}
	switch {
	case len(f.Data) > MaxFile:
		r.lost(at, "has %d KB; units above %d KB are not read", len(f.Data)>>10, MaxFile>>10)
		return nil
	case strings.HasPrefix(strings.TrimSpace(text), "<"), strings.Contains(text, "[D-BUS Service]"), strings.IndexByte(text, 0) >= 0:
		return nil
	}
	lines, flaws := parse(f.Shown, text)
	u := &unit{name: path.Base(f.Name), shown: f.Shown, r: r, lines: lines}
	ours := slices.ContainsFunc(lines, func(a assignment) bool {
		return a.section == "Unit" || a.section == "Service" || a.section == "Timer" || a.section == "Socket"
	})
	if !ours {
		if strings.TrimSpace(text) != "" && path.Ext(f.Name) == ".service" {
			r.lost(fact.Location{File: f.Shown, Line: 1}, "has no section [Service], so systemd starts nothing from it")
		}
		return nil
	}
	for _, flaw := range flaws {
		r.lost(fact.Location{File: f.Shown, Line: flaw.line}, "%s", flaw.message)
	}
	for _, a := range lines {
		if a.key == "" {
			if near := sectionMeant(a.section); near != "" {
				r.lost(a.at, "[%s] is no section, and systemd ignores all that stands in it; did you mean [%s]?", a.section, near)
			}
			continue
		}
		if says := misplaced(a.section, a.key); says != "" {
			r.lost(a.at, "%s", says)
		}
	}
	return u
}

// lost reports what systemd would not take, and that what it was meant to say is
// missing.
func (r *reader) lost(at fact.Location, format string, args ...any) {
	says := fmt.Sprintf(format, args...)
	r.out.Problems = append(r.out.Problems, fact.Problem{Location: at, Message: says})
	says, _, _ = strings.Cut(says, "; did you mean")
	r.out.Facts.Coverage.Holes = append(r.out.Facts.Coverage.Holes, fact.Hole{
		Kinds: []fact.Kind{fact.Workloads, fact.Secrets, fact.Backups}, Location: at, Why: path.Base(at.File) + ": " + says,
	})
}

// target returns the service that a timer or a socket starts: the one of its own
// name where it names none.
func (u *unit) target(section, key string) string {
	if v, _ := u.last(section, key); v != "" {
		return v
	}
	return strings.TrimSuffix(u.name, path.Ext(u.name)) + ".service"
}

// last returns the last value of a key and its place; an empty assignment resets
// the ones before.
func (u *unit) last(section, key string) (string, fact.Location) {
	value, at := "", fact.Location{}
	for _, a := range u.lines {
		if a.section == section && a.key == key {
			value, at = a.value, a.at
		}
	}
	return value, at
}

// list returns every value of a key that may stand several times; an empty
// assignment resets the ones before.
func (u *unit) list(section, key string) []assignment {
	var out []assignment
	for _, a := range u.lines {
		switch {
		case a.section != section || a.key != key:
		case a.value == "":
			out = nil
		default:
			out = append(out, a)
		}
	}
	return out
}

// yes returns a boolean of [Service].
func (u *unit) yes(key string) bool {
	value, at := u.last("Service", key)
	yes, known := boolean(value)
	if value != "" && !known {
		u.r.lost(at, "%s is %q, which is no boolean; write yes or no", key, value)
	}
	return yes
}

// time returns a time span of a section in seconds, -1 for infinity and the
// standard where none is written.
func (u *unit) time(section, key string, standard float64) (float64, fact.Location) {
	value, at := u.last(section, key)
	if value == "" {
		return standard, at
	}
	n, endless, ok := seconds(value)
	switch {
	case !ok:
		u.r.lost(at, "%s is %q, which is no time span; write for instance 30s or 5min", key, value)
		return standard, at
	case endless:
		return -1, at
	}
	return n, at
}
