// Package purge checks that it is written down how a person's data is deleted
// everywhere. That it is gone is proved by the drill.
package purge

import (
	"slices"
	"strings"
	"time"

	"seaworthy.dev/seaworthy/internal/derive/page"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// Check passes the procedure that the manifest names, or that is found, when it
// names every store, third party and the logs, and a deadline that is short enough.
func Check(in expect.Input) (out verdict.Findings) {
	library := page.LibraryOf(in.All)
	if library.Home == nil && !in.First(func(*fact.Set) bool { return true }) || library.Home != nil && library.Home != in.Here {
		return out
	}
	var named *fact.DocLink
	if in.Declared != nil && in.Declared.Docs != nil {
		named = in.Declared.Docs.Purge
	}
	if named != nil {
		d := library.Page(named.File)
		switch {
		case named.URL || named.Beyond:
			out.Unclear(named.Ref, "elsewhere", "the procedure is %s, which was not read", named.Target)
		case !named.Resolves:
			out.Fail(named.Ref, "not-there", "the procedure is %s, which is not there", named.Target)
		case named.File == "" || d == nil:
			out.Unclear(named.Ref, "elsewhere", "the procedure is %s, which is no page that is read", named.Target)
		default:
			p, ok := page.PurgeOf(d, true)
			if !ok && page.English(d) {
				out.Fail(named.Ref, "no-procedure", "%s does not say by which steps, or until when, what is kept about a person is deleted", d.Path)
				return out
			}
			judge(&out, in, d, p)
		}
		return out
	}
	for _, d := range library.Own {
		if p, ok := page.PurgeOf(d, false); ok {
			var of verdict.Findings
			judge(&of, in, d, p)
			if i := slices.IndexFunc(of.List, func(f *verdict.Finding) bool { return f.Outcome == verdict.Fail }); i >= 0 {
				// Nobody said that this is the page: it may be about something else.
				out.Unclear(d.Ref, "not-named", "%s may be the procedure, and is not named as it; as the procedure it would lack something: %s", d.Path, of.List[i].Message)
				return out
			}
			return of
		}
	}
	if s := personal(in); len(s) > 0 {
		out.Unclear(s[0].Ref, "not-found", "no page here says how what %s keeps about a person is deleted; if one stands elsewhere, name it as `privacy.purge` in seaworthy.yaml", s[0].Name)
	}
	return out
}

// personal lists the declared stores that keep personal data, or may.
func personal(in expect.Input) (out []*fact.DeclaredStore) {
	if in.Declared == nil {
		return nil
	}
	for _, s := range in.Declared.Stores {
		if !slices.Equal(s.Categories, []string{"none"}) {
			out = append(out, s)
		}
	}
	return out
}

func judge(out *verdict.Findings, in expect.Input, d *fact.Document, p page.Purge) {
	before := len(out.List)
	if !page.English(d) {
		out.Unclear(d.Ref, "not-recognised", "%s may be the procedure; its parts are recognised in English only", d.Path)
		return
	}
	list := personal(in)
	for _, s := range list {
		only := len(list) == 1 || !slices.ContainsFunc(list, func(o *fact.DeclaredStore) bool { return o != s && strings.EqualFold(o.Kind, s.Kind) })
		if !page.Covers(p.Prose, s.Name, s.Kind, only) {
			out.Fail(s.Ref, "missing-place", "%s does not say how a person is deleted from the store %s (%s)", d.Path, s.Name, s.Kind)
		}
	}
	if in.Declared != nil {
		for _, t := range in.Declared.ThirdParties {
			if !slices.Equal(t.Categories, []string{"none"}) && len(t.Categories) > 0 && !page.Names(p.Prose, t.Name) {
				out.Fail(t.Ref, "missing-place", "%s does not say how a person is deleted at the third party %s, to whom %s go", d.Path, t.Name, strings.Join(t.Categories, ", "))
			}
		}
	}
	if !p.Logs {
		out.Fail(d.Ref, "missing-logs", "%s does not say what becomes of a person's traces in logs", d.Path)
	}
	if !p.Backups {
		out.Fail(d.Ref, "missing-backups", "%s does not say how deletions are repeated after a restore", d.Path)
	}
	most := time.Duration(in.Limit("deadline")) * 24 * time.Hour
	deadline := p.Deadline
	if in.Declared != nil && in.Declared.Docs != nil && in.Declared.Docs.Deadline > 0 {
		deadline = in.Declared.Docs.Deadline
	}
	switch {
	case deadline == 0:
		out.Fail(d.Ref, "no-deadline", "%s names no time by which everything is gone", d.Path)
	case deadline > most:
		out.Fail(d.AtLine(p.DeadlineLine), "late", "%s lets %d days pass; at most %d are asked", d.Path, int(deadline/(24*time.Hour)), int(most/(24*time.Hour)))
	}
	if len(out.List) > before {
		return
	}
	if len(list) == 0 {
		out.Unclear(d.Ref, "no-inventory", "%s says how a person is deleted, but no store is declared with what it keeps, so it is open whether it names all of them", d.Path)
		return
	}
	out.Pass(d.Ref, "written", "%s says how a person is deleted from %d stores, at third parties and in logs, within %d days", d.Path, len(list), int(deadline/(24*time.Hour)))
}
