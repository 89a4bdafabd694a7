package kustomize

import (
	"context"
	"errors"
	"fmt"
	"path"
	"strings"

	"seaworthy.dev/seaworthy/internal/child"
	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
)

// Rendering is what one root yields.
type Rendering struct {
	// Documents hold one object each, already parsed and placed.
	Documents []decode.Document
	Problems  []fact.Problem
	// Holes lists what is missing from the documents, the root's own holes
	// included.
	Holes []fact.Hole
}

// Render has a root rendered by a worker for Job. Where an entry breaks the
// build, it is left out and the rest is rendered. The error is for a run that
// was cancelled or a child that cannot be started; whatever is wrong with the
// root is a problem. Render may be called at the same time for different
// roots with different workers.
func (p *Plan) Render(ctx context.Context, w *child.Worker, r *Root) (*Rendering, error) {
	out := &Rendering{Holes: append([]fact.Hole(nil), r.Holes...)}
	if r.broken {
		return out, nil
	}
	ctx, cancel := context.WithTimeout(ctx, Deadline)
	defer cancel()
	b := builder{ctx: ctx, worker: w, root: r}
	answer, cut, err := b.search(out)
	var failed *child.Failure
	switch {
	case errors.As(err, &failed):
		at := fact.Location{File: r.File}
		message := failed.Reason
		if failed.Lost {
			message = "rendering it " + failed.Reason
		}
		if !b.follows(message) {
			out.problem(at, message)
		}
		return out, nil
	case errors.Is(err, context.DeadlineExceeded):
		out.problem(fact.Location{File: r.File}, fmt.Sprintf("rendering it took longer than %s and was stopped", Deadline))
		return out, nil
	case err != nil:
		return nil, err
	}
	pl := placer{plan: p, root: r, cut: cut, origins: map[string][]origin{}}
	for _, o := range answer.Objects {
		doc, problem := pl.place(o)
		if problem != nil {
			out.problem(problem.Location, problem.Message)
			continue
		}
		out.Documents = append(out.Documents, doc)
	}
	return out, nil
}

// problem records a problem and the hole that it leaves.
func (r *Rendering) problem(at fact.Location, message string) {
	r.Problems = append(r.Problems, fact.Problem{Location: at, Message: message})
	r.Holes = append(r.Holes, fact.Hole{Location: at, Why: why(at, message)})
}

// builder builds one root, again and again while it breaks.
type builder struct {
	ctx    context.Context
	worker *child.Worker
	root   *Root
	builds int
	// whole is true once a build without the schemas of definitions failed.
	whole bool
}

// build renders the root without some entries. The error is a *child.Failure
// where kustomize refuses or the child was lost.
func (b *builder) build(cut edits) (*response, error) {
	b.builds++
	req := request{Folder: b.root.Folder, Files: make(map[string][]byte, len(b.root.files)+len(b.root.members))}
	for name, f := range b.root.files {
		req.Files[name] = f.data
		if !b.whole && !b.root.whole[name] {
			req.Files[name] = f.brief
		}
	}
	for _, m := range b.root.members {
		if m.lost {
			continue
		}
		text, err := m.render(cut[m.folder])
		if err != nil {
			return nil, fmt.Errorf("write %s: %w", m.file, err)
		}
		req.Files[m.file] = text
	}
	var out response
	return &out, b.do(req, &out)
}

func (b *builder) do(req request, out *response) error {
	err := b.worker.Do(b.ctx, req, out)
	if cause := b.ctx.Err(); err != nil && cause != nil {
		return cause
	}
	var failed *child.Failure
	if errors.As(err, &failed) { // a failure is compared with the one before
		return &child.Failure{Lost: failed.Lost, Reason: pointer.ReplaceAllString(failed.Reason, "")}
	}
	return err
}

// search builds the root; where that fails, it looks for the entry whose
// absence makes the difference, reports it with the reason, and goes on
// without it. It also returns what was left out in the end.
func (b *builder) search(into *Rendering) (*response, edits, error) {
	cut := b.root.cuts
	answer, err := b.build(cut)
	for {
		var failed *child.Failure
		if errors.As(err, &failed) && !b.whole {
			b.whole = true // it may have asked for what was left out
			if b.brief() {
				answer, err = b.build(cut)
				continue
			}
		}
		if err == nil || !errors.As(err, &failed) || failed.Lost {
			return answer, cut, err
		}
		culprit, next, nextErr := b.culprit(cut, failed.Reason)
		if culprit == nil {
			if nextErr != nil && !errors.Is(nextErr, context.DeadlineExceeded) {
				return nil, cut, nextErr
			}
			return nil, cut, &child.Failure{Reason: explain(failed.Reason, b.root.Folder)}
		}
		says := explain(failed.Reason, culprit.folder)
		if !b.follows(says) {
			into.problem(culprit.doc.At(culprit.entry.node), says)
		}
		cut = cut.with(culprit.folder, culprit.entry.key)
		answer, err = next, nextErr
	}
}

// brief reports whether a file of the root is longer than what was built first.
func (b *builder) brief() bool {
	for name, f := range b.root.files {
		if !b.root.whole[name] && len(f.brief) < len(f.data) {
			return true
		}
	}
	return false
}

// follows reports whether a refusal may only follow from what could not be read,
// which is reported and a hole already.
func (b *builder) follows(says string) bool {
	return len(b.root.Holes) > 0 && strings.HasSuffix(says, notThere)
}

// suspect is an entry that may be what breaks the build.
type suspect struct {
	*kustomization
	entry entry
}

// culprit returns the entry without which the build succeeds, or at least
// fails for another reason, and how that build ended; nil if there is none.
func (b *builder) culprit(cut edits, reason string) (found *suspect, answer *response, err error) {
	for _, s := range b.suspects(cut, reason) {
		if b.builds >= maxBuilds {
			break
		}
		answer, err := b.build(cut.with(s.folder, s.entry.key))
		var failed *child.Failure
		switch {
		case err == nil:
			return &s, answer, nil
		case !errors.As(err, &failed) || failed.Lost:
			return nil, nil, err
		case failed.Reason != reason:
			return &s, nil, err
		}
	}
	return nil, nil, nil
}

// suspects lists the entries of the kustomization that failed, those that the
// reason names first, then those by which it is included.
func (b *builder) suspects(cut edits, reason string) []suspect {
	folder := faulty(reason, b.root.Folder)
	var named, other, around []suspect
	for _, m := range b.root.members {
		if m.lost {
			continue
		}
		for _, e := range m.suspects() {
			if m.cut[e.key] || cut[m.folder][e.key] {
				continue
			}
			s := suspect{m.kustomization, e}
			switch {
			case m.folder == folder && e.text != "" && strings.Contains(reason, e.text):
				named = append(named, s)
			case m.folder == folder:
				other = append(other, s)
			case e.text != "" && path.Join(m.folder, e.text) == folder:
				around = append(around, s)
			}
		}
	}
	return append(append(named, other...), around...)
}
