// Package leaks finds secrets in the files of a tree and in their git history,
// by the rules of gitleaks. A value that was found never leaves the package:
// what does is its place, the rule that recognised it, and a digest under a key
// that nobody prints.
package leaks

import (
	"regexp"
	"strings"
	"sync"
)

// definition is a rule as gitleaks' configuration has it.
type definition struct {
	id, says   string
	pattern    string
	path       string
	group      int
	entropy    float64
	words      []string // lower case; one of them must stand in the text
	near       bool     // every match contains one of the words
	assigns    bool     // a sign that assigns follows it, and a value of some length
	tail       int      // how much of a word follows one of them at least
	allowlists []allowances
	companions []companion
	silent     bool // only a companion of others
	own        bool // a rule of the judged tree
}

// companion is another rule that must match nearby.
type companion struct {
	id             string
	lines, columns int // -1 for any distance
}

// allowances are what a list of exceptions is made of.
type allowances struct {
	all                 bool // every part that is given must hold
	target              string
	commits, paths      []string
	patterns, stopwords []string
	rules               []string // of the configuration's own lists: the rules it is for
}

// rule is a definition that can be searched for. Its patterns are compiled when
// they are first needed: most rules never are.
type rule struct {
	definition
	lists []*allowlist

	once  sync.Once
	regex *regexp.Regexp
	where *regexp.Regexp
	reach reach
	err   error
}

func newRule(d definition) *rule {
	r := &rule{definition: d}
	for _, a := range d.allowlists {
		r.lists = append(r.lists, newAllowlist(a))
	}
	return r
}

// compile makes the patterns ready. The error is for a rule of the tree's own
// configuration; those that are built in compile.
func (r *rule) compile() error {
	r.once.Do(func() {
		if r.pattern != "" {
			if r.regex, r.err = regexp.Compile(r.pattern); r.err != nil {
				return
			}
			r.reach = reachOf(r.pattern)
		}
		if r.path != "" {
			r.where, r.err = regexp.Compile(r.path)
		}
	})
	return r.err
}

// allowlist is a list of exceptions, compiled when it is first asked.
type allowlist struct {
	allowances
	once  sync.Once
	text  *regexp.Regexp
	where *regexp.Regexp
	err   error
}

func newAllowlist(a allowances) *allowlist { return &allowlist{allowances: a} }

func (a *allowlist) compile() error {
	a.once.Do(func() {
		if a.text, a.err = anyOf(a.patterns); a.err == nil {
			a.where, a.err = anyOf(a.paths)
		}
	})
	return a.err
}

// anyOf joins patterns into one; nil for none.
func anyOf(patterns []string) (*regexp.Regexp, error) {
	if len(patterns) == 0 {
		return nil, nil
	}
	return regexp.Compile("(?:" + strings.Join(patterns, ")|(?:") + ")")
}

// skips reports whether a whole file is left out.
func (a *allowlist) skips(path, commit string) bool {
	if a.compile() != nil || a.all && len(a.patterns)+len(a.stopwords) > 0 {
		return false
	}
	here, then := a.where != nil && a.where.MatchString(path), a.names(commit)
	if a.all {
		return (here || a.where == nil) && (then || len(a.commits) == 0)
	}
	return here || then
}

// allows reports whether one match is left out.
func (a *allowlist) allows(h *hit, path, commit string) bool {
	if a.compile() != nil {
		return false
	}
	target := h.secret
	switch a.target {
	case "match":
		target = h.match
	case "line":
		target = h.line
	}
	said := a.text != nil && a.text.MatchString(target)
	stopped := a.stops(h.secret)
	if !a.all {
		return said || stopped
	}
	return (said || a.text == nil) && (stopped || len(a.stopwords) == 0) &&
		(a.names(commit) || len(a.commits) == 0) && (a.where == nil || a.where.MatchString(path))
}

func (a *allowlist) names(commit string) bool {
	if commit == "" {
		return false
	}
	for _, c := range a.commits {
		if strings.EqualFold(c, commit) {
			return true
		}
	}
	return false
}

func (a *allowlist) stops(secret string) bool {
	if len(a.stopwords) == 0 {
		return false
	}
	secret = strings.ToLower(secret)
	for _, w := range a.stopwords {
		if strings.Contains(secret, w) {
			return true
		}
	}
	return false
}
