package imagesources

import (
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// builds judges the images on which a build stands: those of builder stages
// too, for what they compile is what runs.
func builds(out *verdict.Findings, approved []string, b *fact.ImageBuild) {
	for i := range b.Stages {
		s := &b.Stages[i]
		switch {
		case s.Open != "":
			out.Unclear(s.Ref.At(s.Base.At), "base-open", "%s of %s starts from %s, and build argument %s has no default", s.Part, b.Name, s.Base.Raw, s.Open)
		case s.Scratch:
			out.Pass(s.Ref, "from-scratch", "%s of %s starts from nothing", s.Part, b.Name)
		case s.Continues < 0:
			base(out, approved, s, b)
		}
	}
	for _, f := range b.Fetches {
		if f.How == "add" {
			out.Note(b.Ref.At(f.At), "unchecked-download", "%s adds a file from %s without a checksum, so two builds may differ", b.Name, f.From)
		} else {
			out.Note(b.Ref.At(f.At), "unchecked-download", "%s runs a script from %s as it comes, so two builds may differ", b.Name, f.From)
		}
	}
}

func base(out *verdict.Findings, approved []string, s *fact.BuildStage, b *fact.ImageBuild) {
	img, ref := s.Base, s.Ref.At(s.Base.At)
	if img.Repository == "" {
		out.Unclear(ref, "base-open", "%s of %s starts from %s, which is no valid image name", s.Part, b.Name, img.Raw)
		return
	}
	trusted := len(approved) == 0 || within(approved, img)
	if !trusted {
		out.Fail(ref, "base-unapproved", "%s of %s starts from %s of %s, which is not approved", s.Part, b.Name, img.Raw, img.Registry)
	}
	switch k := kindOf(img); {
	case k == byDigest && trusted:
		out.Pass(ref, "base-pinned", "%s of %s starts from %s, pinned by digest", s.Part, b.Name, img.Short())
	case k == byTag && trusted:
		out.Pass(ref, "base-pinned", "%s of %s starts from %s, pinned by a tag that names one build", s.Part, b.Name, img.Raw)
	case k == noTag:
		out.Fail(ref, "base-floats", "%s of %s starts from %s without a tag, which means latest", s.Part, b.Name, img.Raw)
	case k == moving:
		out.Fail(ref, "base-floats", "%s of %s starts from %s, whose tag moves to new builds", s.Part, b.Name, img.Raw)
	case k == line:
		out.Fail(ref, "base-floats", "%s of %s starts from %s, whose tag is no full version, so newer builds may take it over", s.Part, b.Name, img.Raw)
	case k == unclear:
		out.Unclear(ref, "odd-tag", "%s of %s starts from %s, which does not tell whether it names one build", s.Part, b.Name, img.Raw)
	}
}
