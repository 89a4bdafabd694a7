package fact

import (
	"fmt"
	"strconv"
	"strings"
)

// Version is a minor version of a platform, such as Kubernetes 1.37. The zero
// value means that none is known.
type Version struct {
	Major, Minor int
}

// ParseVersion reads "1.37", "v1.37" or "1.37.2"; the patch does not count.
func ParseVersion(text string) (Version, error) {
	parts := strings.SplitN(strings.TrimPrefix(text, "v"), ".", 3)
	if len(parts) < 2 {
		return Version{}, fmt.Errorf("%q is no version; write it as 1.37", text)
	}
	major, err1 := strconv.Atoi(parts[0])
	minor, err2 := strconv.Atoi(strings.TrimSuffix(parts[1], "+"))
	if err1 != nil || err2 != nil || major < 0 || minor < 0 {
		return Version{}, fmt.Errorf("%q is no version; write it as 1.37", text)
	}
	return Version{Major: major, Minor: minor}, nil
}

// Before reports whether v is older than w.
func (v Version) Before(w Version) bool {
	return v.Major < w.Major || v.Major == w.Major && v.Minor < w.Minor
}

// String renders the version as "1.37".
func (v Version) String() string { return fmt.Sprintf("%d.%d", v.Major, v.Minor) }
