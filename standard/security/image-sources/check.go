// Package imagesources checks that images come from approved registries and
// that the same reference always means the same bytes.
package imagesources

import (
	"strings"

	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// Check passes an image that is pinned by digest or by a tag that names one
// build, and that comes from an approved registry where a list of those was
// stated.
func Check(in expect.Input) (out verdict.Findings) {
	noted := len(in.Settings.Registries) > 0 || !first(in)
	for _, w := range in.Here.Workloads {
		for _, c := range w.All() {
			if !w.Platform.Tells() || c.Built {
				continue // a program of its host, or built beside it: its bases are judged
			}
			if c.Archive {
				continue
			}
			if !noted {
				noted = true
				out.Note(w.Ref.At(c.Image.At), "no-allow-list", "no approved registries are stated, so only the pinning of images is judged")
			}
			judge(&out, in.Settings.Registries, c.Ref.At(c.Image.At), w, title(w, c.Name), c.Image)
		}
		for i := range w.Volumes {
			if v := &w.Volumes[i]; v.Source == "image" {
				judge(&out, in.Settings.Registries, w.Ref.Within("volume "+v.Name).At(v.At), w, title(w, v.Name), v.Image)
			}
		}
	}
	for _, b := range in.Here.Builds {
		if !noted {
			noted = true
			out.Note(b.Ref, "no-allow-list", "no approved registries are stated, so only the pinning of images is judged")
		}
		builds(&out, in.Settings.Registries, b)
	}
	return out
}

// first reports whether no bundle before this one runs anything, so that what
// is true of all is said once.
func first(in expect.Input) bool {
	for _, set := range in.All {
		if len(set.Workloads)+len(set.Builds) > 0 {
			return set == in.Here
		}
	}
	return true
}

// title names what holds an image: a container of a pod, or a service alone.
func title(w *fact.Workload, holder string) string {
	if w.Platform == fact.Compose {
		return w.Name
	}
	return holder + " of " + w.Name
}

func judge(out *verdict.Findings, approved []string, ref fact.Ref, w *fact.Workload, holder string, img fact.Image) {
	switch {
	case img.Raw == "":
		out.Unclear(ref, "unresolved", "%s names no image; whatever fills it in decides", holder)
		return
	case injected(w, img):
		out.Unclear(ref, "unresolved", "the mesh's injector fills in the image of %s", holder)
		return
	case strings.HasPrefix(img.Raw, "ko://"):
		out.Unclear(ref, "unresolved", "%s runs %s, which another tool turns into an image", holder, img.Raw)
		return
	case img.Repository == "":
		out.Unclear(ref, "unresolved", "%s runs %s, which is no valid image name until another tool replaces it", holder, img.Raw)
		return
	}
	trusted := len(approved) == 0 || within(approved, img)
	if !trusted {
		out.Fail(ref, "unapproved-registry", "%s runs %s from %s, which is not approved", holder, img.Raw, img.Registry)
	}
	switch k := kindOf(img); {
	case k == byDigest && trusted:
		out.Pass(ref, "pinned", "%s runs %s, pinned by digest", holder, img.Short())
	case img.Frozen != "" && img.Tag != "" && k != byTag && trusted:
		out.Pass(ref, "pinned", "%s runs %s, pinned by a tag that %s refuses to move", holder, img.Raw, img.Frozen)
	case k == byTag && trusted:
		out.Pass(ref, "pinned", "%s runs %s, pinned by a tag that names one build", holder, img.Raw)
	case k == noTag:
		out.Fail(ref, "no-tag", "%s runs %s without a tag, which means latest", holder, img.Raw)
	case k == moving:
		out.Fail(ref, "floating-tag", "%s runs %s, whose tag moves to new builds", holder, img.Raw)
	case k == line:
		out.Fail(ref, "floating-tag", "%s runs %s, whose tag is no full version, so newer builds may take it over", holder, img.Raw)
	case k == unclear:
		out.Unclear(ref, "odd-tag", "%s runs %s, which does not tell whether it names one build", holder, img.Raw)
	}
}

// injected reports whether the image stands for the proxy that Istio's webhook
// puts in: https://istio.io/latest/docs/setup/additional-setup/gateway/.
func injected(w *fact.Workload, img fact.Image) bool {
	return img.Raw == "auto" && (w.PodAnnotations["inject.istio.io/templates"] != "" || w.PodLabels["sidecar.istio.io/inject"] == "true")
}

// within reports whether an entry of the list is the image's registry, or its
// repository, or a folder above it.
func within(approved []string, img fact.Image) bool {
	name := img.Registry + "/" + img.Repository
	for _, entry := range approved {
		entry = strings.TrimRight(strings.TrimSpace(entry), "/*")
		if entry != "" && (name == entry || strings.HasPrefix(name, entry+"/")) {
			return true
		}
	}
	return false
}
