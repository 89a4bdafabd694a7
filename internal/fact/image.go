package fact

import "strings"

// Image is the name of a container image, taken apart.
type Image struct {
	// Raw is the name as written; empty where there is none.
	Raw string
	// Registry is the host, "docker.io" where none is written; Repository is
	// the path below it, with "library/" for official images.
	Registry, Repository string
	// Tag and Digest as written; both may be empty.
	Tag, Digest string
	At          Location
}

// ParseImage takes an image name apart by the rules of the distribution
// specification. A name that breaks them yields an Image with only Raw set.
func ParseImage(raw string) Image {
	img := Image{Raw: raw}
	if raw == "" || strings.ContainsAny(raw, " \t\n${}<>") {
		return img
	}
	name := raw
	if at := strings.IndexByte(name, '@'); at >= 0 {
		name, img.Digest = name[:at], name[at+1:]
	}
	if colon := strings.LastIndexByte(name, ':'); colon > strings.LastIndexByte(name, '/') {
		name, img.Tag = name[:colon], name[colon+1:]
	}
	host, rest, slash := strings.Cut(name, "/")
	if slash && (strings.ContainsAny(host, ".:") || host == "localhost") {
		img.Registry, img.Repository = host, rest
	} else {
		img.Registry, img.Repository = "docker.io", name
		if !slash {
			img.Repository = "library/" + name
		}
	}
	if img.Registry == "index.docker.io" || img.Registry == "registry-1.docker.io" {
		img.Registry = "docker.io"
	}
	return img
}

// Base returns the last element of the repository: "postgres" for
// "docker.io/library/postgres:17".
func (i Image) Base() string {
	return i.Repository[strings.LastIndexByte(i.Repository, '/')+1:]
}
