package migration

import (
	"cmp"
	"fmt"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"seaworthy.dev/seaworthy/internal/fact"
)

// stamps are the forms of versions that tell when a migration was written.
var (
	stamped = regexp.MustCompile(`^(20\d\d)[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])(?:[-_.T]?\d{2,9}|[-_.]\d+)*$`)
	seconds = regexp.MustCompile(`^1\d{9}$`)
	millis  = regexp.MustCompile(`^1\d{12}$`)
)

// writtenAt returns when a version says that it was written; zero for a plain
// number.
func writtenAt(version string) time.Time {
	if m := stamped.FindStringSubmatch(version); m != nil && len(strings.Trim(version, "0123456789"))+8 <= len(version) {
		if at, err := time.Parse("20060102", m[1]+m[2]+m[3]); err == nil {
			return at
		}
	}
	if n, err := strconv.ParseInt(version, 10, 64); err == nil {
		switch {
		case seconds.MatchString(version):
			return time.Unix(n, 0).UTC()
		case millis.MatchString(version):
			return time.UnixMilli(n).UTC()
		}
	}
	return time.Time{}
}

// dress puts what all tools have in common: days of writing.
func (r *reader) dress(s *fact.MigrationSet) {
	for _, m := range s.Migrations {
		if m.Written.IsZero() {
			m.Written = writtenAt(m.Version)
		}
	}
}

// flaw adds something that is wrong with the order.
func flaw(s *fact.MigrationSet, kind fact.FlawKind, m *fact.Migration, part, format string, args ...any) {
	f := fact.MigrationFlaw{Ref: s.Ref.Within(part), Kind: kind, Says: fmt.Sprintf(format, args...), Migration: m}
	if m != nil {
		f.Ref = s.Ref.Within(part).At(fact.Location{})
		f.Location = m.Location
	}
	s.Flaws = append(s.Flaws, f)
}

// number returns a version as a number; nil where it is none.
func number(version string) *big.Int {
	n, ok := new(big.Int).SetString(version, 10)
	if !ok {
		return nil
	}
	return n
}

// byNumber sorts migrations by their numbers, and finds those that stand twice.
func byNumber(s *fact.MigrationSet) {
	slices.SortStableFunc(s.Migrations, func(a, b *fact.Migration) int {
		x, y := number(a.Version), number(b.Version)
		if x == nil || y == nil {
			return strings.Compare(a.Version, b.Version)
		}
		return cmp.Or(x.Cmp(y), strings.Compare(a.Files[0], b.Files[0]))
	})
	for i, m := range s.Migrations {
		if i == 0 || m.Version == "" {
			continue
		}
		before := s.Migrations[i-1]
		x, y := number(before.Version), number(m.Version)
		if x == nil || y == nil {
			continue
		}
		switch gap := new(big.Int).Sub(y, x); {
		case gap.Sign() == 0:
			flaw(s, fact.DuplicateVersion, m, "version "+m.Version, "%s and %s have the same number, so %s takes only one of them, or none", base(before.Files[0]), base(m.Files[0]), s.Engine)
		case !writtenAt(m.Version).IsZero() || !writtenAt(before.Version).IsZero() || !consecutive(s):
		case gap.IsInt64() && gap.Int64() > 1 && gap.Int64() <= 4:
			missing := new(big.Int).Add(x, big.NewInt(1)).String()
			if gap.Int64() > 2 {
				missing += " to " + new(big.Int).Sub(y, big.NewInt(1)).String()
			}
			flaw(s, fact.MissingVersion, m, "version "+missing, "number %s is left out between %s and %s", missing, base(before.Files[0]), base(m.Files[0]))
		}
	}
}

// consecutive reports whether a set counts by ones: most of its numbers follow each
// other.
func consecutive(s *fact.MigrationSet) bool {
	steps, ones := 0, 0
	for i, m := range s.Migrations[1:] {
		x, y := number(s.Migrations[i].Version), number(m.Version)
		if x == nil || y == nil {
			return false
		}
		steps++
		if new(big.Int).Sub(y, x).IsInt64() && new(big.Int).Sub(y, x).Int64() == 1 {
			ones++
		}
	}
	return ones*2 >= steps
}

func base(rel string) string { return rel[strings.LastIndexByte(rel, '/')+1:] }
