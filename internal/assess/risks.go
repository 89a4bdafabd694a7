package assess

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/risk"
	"seaworthy.dev/seaworthy/internal/source/policy"
	"seaworthy.dev/seaworthy/internal/source/repo"
)

// readRisks reads the registers of a tree and the places that refer to them.
func readRisks(_ context.Context, tree *repo.Tree, o Options) (out reading) {
	var buffer bytes.Buffer
	for _, file := range tree.Files[repo.Registers] {
		entries, register, problems := readRegister(tree, file, &buffer, o)
		out.files++
		out.problems = append(out.problems, problems...)
		out.declared.Risks = append(out.declared.Risks, entries...)
		out.declared.Registers = append(out.declared.Registers, register)
	}
	if len(out.declared.Registers) > 0 { // nothing can refer to what is not there
		out.declared.RiskMentions = mentions(tree)
	}
	return out
}

// Registers reads the registers below a path, without judging anything.
func Registers(ctx context.Context, name string, o Options) ([]*Service, error) {
	if o.Policy != nil {
		if err := o.Policy.Outside(name); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrPolicy, err)
		}
	}
	tree, err := repo.Walk(name)
	if err != nil {
		return nil, err
	}
	found := newFound(name, tree, nil)
	found.join(readRisks(ctx, tree, o))
	if len(o.Services) > 0 {
		if missing := found.lacks(o.Services); missing != nil {
			return nil, missing
		}
	}
	var out []*Service
	for _, g := range found.groups[:len(found.groups)-1] {
		if len(o.Services) == 0 || slices.Contains(o.Services, g.service.Name) {
			out = append(out, g.judge(name, nil, Options{Tier: o.Tier, Policy: o.Policy, AsOf: o.AsOf}))
		}
	}
	return out, nil
}

func readRegister(tree *repo.Tree, file string, buffer *bytes.Buffer, o Options) (entries []*fact.Risk, register *fact.Register, problems []fact.Problem) {
	register = &fact.Register{Location: fact.Location{File: tree.Show(file), Line: 1, Column: 1}}
	docs, problem, _ := tree.Read(repo.File{Path: file}, buffer)
	switch {
	case problem != nil:
		problems = append(problems, *problem)
	case len(docs) > 1:
		problems = append(problems, fact.Problem{Location: fact.Location{File: tree.Show(file), Line: docs[1].Line}, Message: "holds several documents; a register is one"})
	case len(docs) == 1:
		entries, problems = risk.Parse(docs[0])
		var more []fact.Problem
		entries, more = strangers(entries, o)
		problems = append(problems, more...)
	}
	register.Entries = len(entries)
	if len(problems) > 0 {
		register.Unread = fmt.Sprintf("%s cannot be read as a whole: %s", path.Base(file), problems[0].Message)
	}
	return entries, register, problems
}

// strangers leaves out entries about expectations and rules that there are not,
// and says so.
func strangers(entries []*fact.Risk, o Options) (known []*fact.Risk, problems []fact.Problem) {
	if len(o.Standard) == 0 {
		return entries, nil
	}
	for _, r := range entries {
		if says := strange(r, o.Standard); says != "" {
			problems = append(problems, fact.Problem{Location: r.Location, Message: r.ID + " " + says})
			continue
		}
		known = append(known, r)
	}
	return known, problems
}

// strange says what is wrong with what an entry is about; empty where nothing is.
func strange(r *fact.Risk, standard []*expect.Expectation) string {
	if r.Expectation == "" {
		return ""
	}
	at := slices.IndexFunc(standard, func(e *expect.Expectation) bool { return e.ID == r.Expectation })
	if at < 0 {
		return fmt.Sprintf("is about %q, which is no expectation%s", r.Expectation, risk.Near(r.Expectation, ids(standard)))
	}
	e := standard[at]
	if e.Last && r.Decision == "accept" {
		return fmt.Sprintf("accepts %s, which judges the register itself; mend the entries that it names", e.ID)
	}
	var rules []string
	for _, rule := range e.Rules {
		if r.Covers(e.ID, rule.Name, fact.Ref{Subject: r.About}) {
			return ""
		}
		rules = append(rules, rule.Name)
	}
	if r.Rule == "" || len(rules) == 0 {
		return ""
	}
	return fmt.Sprintf("is about the rule %q, which %s does not have%s", r.Rule, e.ID, risk.Near(r.Rule, rules))
}

func ids(list []*expect.Expectation) []string {
	out := make([]string, len(list))
	for i, e := range list {
		out[i] = e.ID
	}
	return out
}

// address demands that entries name a service that there is, and that they name
// one where several share a register: what is said of nobody in particular would
// accept gaps of all.
func (f *found) address(d *fact.Declarations) {
	names := []string{name(f.path)}
	if f.groups[0].service != nil {
		names = nil
		for _, s := range f.land {
			names = append(names, s.Name)
		}
	}
	d.Risks = slices.DeleteFunc(d.Risks, func(r *fact.Risk) bool {
		sharers := 0
		for i := range f.land {
			if f.concerns(i, r.Location) {
				sharers++
			}
		}
		says := ""
		switch {
		case r.Service == "" && sharers > 1:
			says = fmt.Sprintf("%s names no service, and %d keep this register; write `service:` with one of %s", r.ID, sharers, list(names))
		case r.Service != "" && !slices.Contains(names, r.Service):
			says = fmt.Sprintf("%s is about the service %q, and there is only %s%s", r.ID, r.Service, list(names), risk.Near(r.Service, names))
		default:
			return false
		}
		f.complain(fact.Problem{Location: r.Location, Message: says})
		for _, register := range d.Registers {
			if register.File == r.File && register.Unread == "" {
				register.Unread = fmt.Sprintf("%s cannot be read as a whole: %s", path.Base(r.File), says)
			}
		}
		return true
	})
}

// own leaves of the declarations those entries that are about a service, with
// their approvals, and the references to them.
func (s *Service) own(d *fact.Declarations, p *policy.Policy) {
	foreign := func(r *fact.Risk) bool { return r.Service != "" && r.Service != s.Name }
	d.RiskMentions = slices.DeleteFunc(slices.Clone(d.RiskMentions), func(m *fact.RiskMention) bool {
		return slices.ContainsFunc(d.Risks, func(r *fact.Risk) bool { return r.ID == m.ID && foreign(r) })
	})
	d.Risks = slices.DeleteFunc(slices.Clone(d.Risks), foreign)
	if p != nil {
		risk.Approve(d.Risks, p.Approvals, s.Name)
	}
}

// mention is how a comment refers to an entry: "# seaworthy:risk R-12".
var mention = regexp.MustCompile(`(?:#|//|/\*|<!--|\{\{-?\s*/\*)[^\n]*?seaworthy:risk[ \t]+([A-Za-z][A-Za-z0-9]*-[0-9]+)`)

// word is what every such comment holds.
var word = []byte("seaworthy:risk")

// mentions looks through the text files of a tree for comments that refer to an
// entry. Most files hold none, and are only searched for one word.
func mentions(tree *repo.Tree) (out []*fact.RiskMention) {
	var files []string
	for _, f := range tree.Manifests {
		files = append(files, f.Path)
	}
	for _, list := range tree.Files {
		files = append(files, list...)
	}
	files = append(files, templates(tree)...)
	slices.Sort(files)
	var buffer bytes.Buffer
	for _, name := range slices.Compact(files) {
		data := content(tree.Join(name), &buffer)
		if !bytes.Contains(data, word) {
			continue
		}
		for _, m := range mention.FindAllSubmatchIndex(data, -1) {
			at := fact.Location{File: tree.Show(name), Line: 1 + bytes.Count(data[:m[2]], []byte("\n"))}
			out = append(out, &fact.RiskMention{Ref: fact.Ref{Location: at}, ID: string(data[m[2]:m[3]])})
		}
	}
	return out
}

// templates lists the files of charts, which are rendered and not read as they
// stand.
func templates(tree *repo.Tree) (files []string) {
	for _, chart := range tree.Charts {
		_ = filepath.WalkDir(tree.Join(path.Join(chart, "templates")), func(name string, d fs.DirEntry, err error) error {
			if err != nil || len(files) > 10_000 { // what cannot be read refers to nothing
				return fs.SkipAll
			}
			if rel, err := filepath.Rel(tree.Root, name); err == nil && d.Type().IsRegular() {
				files = append(files, filepath.ToSlash(rel))
			}
			return nil
		})
	}
	return files
}

// content returns a file's text up to the size that is read; nothing where it
// cannot be read, which its own reader says.
func content(name string, buffer *bytes.Buffer) []byte {
	file, err := os.Open(name)
	if err != nil {
		return nil
	}
	defer file.Close()
	buffer.Reset()
	if _, err := buffer.ReadFrom(io.LimitReader(file, decode.MaxFile)); err != nil {
		return nil
	}
	return buffer.Bytes()
}
