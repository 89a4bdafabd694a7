package leastprivilege

import (
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// tokens notes jobs of pipelines whose token may write everything in the
// repository. It decides nothing: the row is about what runs.
func tokens(out *verdict.Findings, here *fact.Set) {
	for _, p := range here.Pipelines {
		said := map[fact.Location]bool{}
		for _, j := range p.Jobs {
			if j.WritesAll && !said[j.WritesAllAt] {
				said[j.WritesAllAt] = true
				out.Note(j.Ref.At(j.WritesAllAt), "writes-all", "the token of job %s of %s may write everything in the repository (`permissions: write-all`)", j.Name, p.Name)
			}
		}
	}
}
