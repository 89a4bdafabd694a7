package leaks

import "strings"

// configuration is a file of gitleaks' own form.
type configuration struct {
	Extend struct {
		Path, URL     string
		UseDefault    bool
		DisabledRules []string
	}
	Rules []writtenRule
	// AllowList is the older spelling of Allowlists.
	AllowList  *writtenAllowlist
	Allowlists []writtenAllowlist
}

type writtenRule struct {
	ID, Description, Path, Regex string
	SecretGroup                  int
	Entropy                      float64
	Keywords, Tags               []string
	AllowList                    *writtenAllowlist
	Allowlists                   []writtenAllowlist
	Required                     []struct {
		ID                         string
		WithinLines, WithinColumns *int
	}
	SkipReport bool
}

type writtenAllowlist struct {
	Description, Condition, RegexTarget string
	Commits, Paths, Regexes, StopWords  []string
	TargetRules                         []string
}

func (w *writtenAllowlist) allowances() allowances {
	a := allowances{
		all:    strings.EqualFold(w.Condition, "and") || w.Condition == "&&",
		target: w.RegexTarget, commits: w.Commits, paths: w.Paths, patterns: w.Regexes, rules: w.TargetRules,
	}
	for _, s := range w.StopWords {
		a.stopwords = append(a.stopwords, strings.ToLower(s))
	}
	return a
}

func (w *writtenRule) definition() definition {
	d := definition{
		id: w.ID, says: w.Description, pattern: w.Regex, path: w.Path, group: w.SecretGroup, entropy: w.Entropy, silent: w.SkipReport,
	}
	for _, k := range w.Keywords {
		d.words = append(d.words, strings.ToLower(k))
	}
	if w.AllowList != nil {
		d.allowlists = append(d.allowlists, w.AllowList.allowances())
	}
	for i := range w.Allowlists {
		d.allowlists = append(d.allowlists, w.Allowlists[i].allowances())
	}
	for _, r := range w.Required {
		c := companion{id: r.ID, lines: -1, columns: -1}
		if r.WithinLines != nil {
			c.lines = *r.WithinLines
		}
		if r.WithinColumns != nil {
			c.columns = *r.WithinColumns
		}
		d.companions = append(d.companions, c)
	}
	return d
}
