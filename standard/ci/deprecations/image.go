package deprecations

import (
	"time"

	"seaworthy.dev/seaworthy/internal/derive/baseimage"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// soon is how long before its end a base image is worth a note.
const soon = 90 * 24 * time.Hour

// images fails images past the day until which their publishers mend them: those
// on which builds stand, and those that compose files run as they are.
func images(out *verdict.Findings, in expect.Input) {
	for _, b := range in.Here.Builds {
		for i := range b.Stages {
			if s := &b.Stages[i]; s.Continues < 0 && !s.Scratch {
				image(out, in, s.Ref.At(s.Base.At), s.Part+" of "+b.Name+" starts from", s.Base, s.Open)
			}
		}
	}
	for _, w := range in.Here.Workloads {
		if w.Platform != fact.Compose {
			continue
		}
		for _, c := range w.All() {
			if c.Build == nil && c.Image.Repository != "" {
				image(out, in, c.Ref.At(c.Image.At), w.Name+" runs", c.Image, "")
			}
		}
	}
}

func image(out *verdict.Findings, in expect.Input, ref fact.Ref, who string, img fact.Image, open string) {
	why, source := baseimage.Abandoned(img)
	switch {
	case open != "":
		out.Unclear(ref, "image-open", "%s %s, and build argument %s has no default", who, img.Short(), open)
		return
	case why != "":
		out.Fail(ref, "image-abandoned", "%s %s, which is %s (%s)", who, img.Short(), why, source)
		return
	}
	lines, _ := baseimage.Lines(img)
	kept := len(lines) > 0
	for _, l := range lines {
		switch left := l.Ends.Sub(in.AsOf); {
		case left < 0:
			kept = false
			out.Fail(ref.Within(l.Product), "image-ended", "%s %s, and %s %s gets no fixes since %s (%s)", who, img.Short(), l.Product, l.Cycle, l.Ends.Format(time.DateOnly), l.Source)
		case left < soon:
			out.Note(ref.Within(l.Product), "image-ends-soon", "%s %s, and %s %s gets fixes until %s only", who, img.Short(), l.Product, l.Cycle, l.Ends.Format(time.DateOnly))
		}
	}
	switch {
	case kept:
		out.Pass(ref, "image-kept", "%s %s, which gets fixes until %s", who, img.Short(), earliest(lines).Format(time.DateOnly))
	case len(lines) == 0:
		out.Unclear(ref, "image-not-known", "%s %s; until when that gets fixes is not in the table", who, img.Raw)
	}
}

func earliest(lines []baseimage.Line) time.Time {
	first := lines[0].Ends
	for _, l := range lines {
		if l.Ends.Before(first) {
			first = l.Ends
		}
	}
	return first
}
