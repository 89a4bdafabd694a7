package fact

import (
	"regexp"
	"strings"
)

// Image is the name of a container image, taken apart.
type Image struct {
	// Raw is the name as written; empty where there is none.
	Raw string
	// Registry is the host, "docker.io" where none is written; Repository is
	// the path below it, with "library/" for official images.
	Registry, Repository string
	// Tag and Digest as written; both may be empty.
	Tag, Digest string
	// Frozen names the repository, where that is known to refuse moving a tag.
	Frozen string
	At     Location
}

// ParseImage takes an image name apart by the rules of the distribution
// specification. A name that breaks them yields an Image with only Raw set.
func ParseImage(raw string) Image {
	img := Image{Raw: raw}
	if raw == "" || strings.ContainsAny(raw, " \t\n${}<>") {
		return img
	}
	name, digest, digested := strings.Cut(raw, "@")
	img.Digest = digest
	tagged := false
	if colon := strings.LastIndexByte(name, ':'); colon > strings.LastIndexByte(name, '/') {
		name, img.Tag, tagged = name[:colon], name[colon+1:], true
	}
	host, rest, slash := strings.Cut(name, "/")
	if slash && (strings.ContainsAny(host, ".:") || host == "localhost" || strings.ToLower(host) != host) {
		img.Registry, img.Repository = host, rest
	} else {
		img.Registry, img.Repository = "docker.io", name
	}
	if img.Registry == "index.docker.io" || img.Registry == "registry-1.docker.io" {
		img.Registry = "docker.io"
	}
	if img.Registry == "docker.io" && !strings.Contains(img.Repository, "/") {
		img.Repository = "library/" + img.Repository
	}
	if !repositoryForm.MatchString(img.Repository) || tagged && !isTag(img.Tag) || digested && img.Digest == "" {
		return Image{Raw: raw}
	}
	return img
}

// repositoryForm is what the distribution specification allows below the host.
var repositoryForm = regexp.MustCompile(`^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$`)

// isTag reports whether the distribution specification allows the tag.
func isTag(tag string) bool {
	if tag == "" || len(tag) > 128 || tag[0] == '.' || tag[0] == '-' {
		return false
	}
	return strings.IndexFunc(tag, func(c rune) bool {
		return !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '.' || c == '-')
	}) < 0
}

// Base returns the last element of the repository: "postgres" for
// "docker.io/library/postgres:17".
func (i Image) Base() string {
	return i.Repository[strings.LastIndexByte(i.Repository, '/')+1:]
}

// Short returns the image as written, with no more than the start of its digest.
func (i Image) Short() string {
	if at := strings.IndexByte(i.Raw, '@'); at >= 0 && len(i.Raw) > at+20 {
		return i.Raw[:at+20] + "..."
	}
	return i.Raw
}
