package imagesources

import (
	"regexp"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
)

// pin is how firmly a reference holds on to its bytes.
type pin int

const (
	byDigest pin = iota
	// byTag: a full version, a commit or a date. The registry could still move
	// it; by convention it does not.
	byTag
	noTag
	// moving: a word such as latest or main.
	moving
	// line: a version that leaves its last parts open, such as 1 or 1.25-alpine.
	line
	unclear
)

var (
	digestForm = regexp.MustCompile(`^[a-z0-9]+(?:[.+_-][a-z0-9]+)*:[0-9a-fA-F]{32,}$`)
	// full is a version with all three parts: 1.25.3, v1.2.3-alpine, also
	// behind a word: controller-v1.11.2.
	// or with the revision of a package, as Alpine counts them: 11.3-r8.
	full = regexp.MustCompile(`(?:^|[^0-9.])v?[0-9]+\.[0-9]+(?:\.[0-9]+|-r[0-9]+(?:$|-))`)
	// date is 2024-03-01, 2024.03.01 or 2024-03-01T..., commit a run of hex
	// digits as long as git abbreviates them; 20240301 is both.
	date   = regexp.MustCompile(`(?:^|[^0-9])20[0-9]{2}[-._][0-9]{2}[-._][0-9]{2}`)
	commit = regexp.MustCompile(`(?:^|[^0-9a-zA-Z])g?([0-9a-f]{7,64})(?:$|[^0-9a-zA-Z])`)
	// open is a version that lacks parts: 1, v1.25, 3.19-alpine, 17-jdk-slim.
	open = regexp.MustCompile(`^v?[0-9]{1,4}(?:\.[0-9]+|\.x)?(?:[-.][a-z].*)?$`)
	// moves are words that promise to move, whatever stands beside them.
	moves = regexp.MustCompile(`(?i)(?:^|[^a-z])(?:latest|nightly|snapshot|edge|canary|unstable|rolling)(?:$|[^a-z])`)
)

func kindOf(img fact.Image) pin {
	tag := img.Tag
	switch {
	case img.Digest != "" && digestForm.MatchString(img.Digest):
		return byDigest
	case img.Digest != "":
		return unclear
	case tag == "":
		return noTag
	case hasCommit(tag), twoParts[img.Base()] && pointRelease.MatchString(tag):
		return byTag
	case moves.MatchString(tag):
		return moving
	case full.MatchString(tag), date.MatchString(tag):
		return byTag
	case !strings.ContainsAny(tag, "0123456789"):
		return moving // a name, not a version: main, prod, alpine, bookworm-slim
	case open.MatchString(tag):
		return line
	}
	return unclear
}

// hasCommit reports whether the tag holds the hash of a commit; a word of hex
// letters alone is none.
func hasCommit(tag string) bool {
	for _, m := range commit.FindAllStringSubmatch(tag, -1) {
		if strings.ContainsAny(m[1], "0123456789") {
			return true
		}
	}
	return false
}

// twoParts are products whose full versions have two parts: PostgreSQL since
// 10 (https://www.postgresql.org/support/versioning/), Debian's point releases.
var twoParts = map[string]bool{"postgres": true, "postgresql": true, "debian": true, "postgis": true, "pgvector": true}

var pointRelease = regexp.MustCompile(`^[1-9][0-9]\.[0-9]+(?:-|$)`)
