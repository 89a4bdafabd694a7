package leaks

import (
	"context"

	"seaworthy.dev/seaworthy/internal/fact"
)

// history searches past revisions, or says why it did not.
func (s *search) history(ctx context.Context) {
	scan := &fact.LeakScan{Ref: fact.Ref{Subject: "history", Location: fact.Location{File: s.show(".")}}, History: true}
	s.out.Scans = append(s.out.Scans, scan)
	switch {
	case s.repository == nil:
		scan.Absent, scan.Unread = true, "it stands in no git repository, so there are no past revisions"
	case s.repository.unread != "":
		scan.Unread = "past revisions were not searched: " + s.repository.unread
	case !s.History:
		scan.Unread = "past revisions were not searched for secrets; `seaworthy check --history` does"
	}
}
