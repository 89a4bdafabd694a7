package git

import (
	"context"
	"strconv"
	"strings"
	"time"
)

// Added tells of the files of some folders when each was added, as far as this clone
// knows: those since a day with their day, and of all others that they are older. It
// asks for at most a few seconds; why says why nothing is known.
func Added(ctx context.Context, dir string, folders []string, since time.Time) (days map[string]time.Time, why string) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	if _, err := run(ctx, dir, "rev-parse", "--verify", "--quiet", "HEAD^{commit}"); err != nil {
		return nil, "it stands in no git repository that holds a commit"
	}
	if isShallow(ctx, dir) {
		return nil, "this clone is too shallow to know when it was written (`git fetch --unshallow`; in actions/checkout `fetch-depth: 0`)"
	}
	paths := make([]string, len(folders))
	for i, f := range folders {
		paths[i] = ":(literal)" + f
	}
	tracked, err := run(ctx, dir, append([]string{"ls-files", "-z", "--"}, paths...)...)
	if err != nil {
		return nil, "git does not say what it keeps: " + err.Error()
	}
	days = map[string]time.Time{}
	for f := range strings.SplitSeq(tracked, "\x00") {
		if f != "" {
			days[f] = since.Add(-time.Second)
		}
	}
	out, err := run(ctx, dir, append([]string{"log", "-z", "--relative", "--diff-filter=A", "--name-only", "--format=%x01%ct", "--no-show-signature", "--since=" + since.Format(time.RFC3339), "--"}, paths...)...)
	if err != nil {
		return nil, "git does not say when it was written: " + err.Error()
	}
	for commit := range strings.SplitSeq(out, "\x01") {
		head, rest, _ := strings.Cut(commit, "\x00")
		n, err := strconv.ParseInt(strings.TrimSpace(head), 10, 64)
		if err != nil {
			continue
		}
		for f := range strings.SplitSeq(rest, "\x00") {
			if f = strings.Trim(f, "\n"); f != "" && !days[f].IsZero() {
				if at := time.Unix(n, 0).UTC(); days[f].Before(since) || at.Before(days[f]) {
					days[f] = at
				}
			}
		}
	}
	return days, ""
}
