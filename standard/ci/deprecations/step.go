package deprecations

import (
	"slices"

	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// step says whether a pipeline looks for deprecated APIs before they are gone:
// before a merge or on a schedule, able to fail. It is said at the first object
// where no pipeline was read.
func step(out *verdict.Findings, in expect.Input, first fact.Ref) {
	list := fact.PipelinesIn(in.All)
	if len(list) == 0 {
		out.Unclear(first, "no-pipeline", "no pipeline was read, so it is open whether a step in CI looks for deprecated APIs")
		return
	}
	var soft, good func()
	var unread *fact.Opaque
	for _, p := range list {
		p.Does(func(j *fact.PipelineJob, s *fact.PipelineStep, d *fact.Deed) {
			ref := s.Ref.At(d.At)
			switch why := fact.Softened(j, s, d); {
			case !s.When.BeforeMerge() && !s.When.Schedule && !s.When.Push || good != nil:
			case why != "":
				soft = func() {
					out.Fail(ref, "cannot-fail", "%s in job %s of %s looks for deprecated APIs and cannot fail: %s", d.Tool, j.Name, p.Name, why)
				}
			default:
				good = func() {
					out.Pass(ref, "step", "%s in job %s of %s looks for deprecated APIs", d.Tool, j.Name, p.Name)
				}
			}
		}, fact.FindsOldAPIs)
		for _, j := range p.Jobs {
			for _, s := range j.Steps {
				for i := range s.Opaque {
					if unread == nil && !s.Opaque[i].Builder && (s.When.BeforeMerge() || s.When.Schedule) {
						unread = &s.Opaque[i]
					}
				}
			}
		}
	}
	switch {
	case good != nil:
		good()
	case soft != nil:
		soft()
	case unread != nil:
		out.Unclear(list[0].Ref, "not-followed", "no step of the pipelines looks for deprecated APIs as far as could be read; what `%s` does cannot be told, because %s", unread.What, unread.Why)
	case !slices.ContainsFunc(in.All, kubernetes):
		out.Unclear(list[0].Ref, "no-step", "no step of the pipelines looks for base images past their end of life (neither xeol nor Seaworthy runs); whether a bot raises them is not read")
	default:
		if h, missing := holeOf(in); missing {
			out.Unclear(list[0].Ref, "not-followed", "no step of the pipelines looks for deprecated APIs as far as could be read; %s", h.Why)
			return
		}
		out.Fail(list[0].Ref, "no-step", "no step of the pipelines looks for deprecated APIs: neither Pluto, kubent, kubepug, Seaworthy nor kubeconform for a stated version runs")
	}
}

// holeOf returns what could not be read of the pipelines, which stand in another
// set than the objects.
func holeOf(in expect.Input) (fact.Hole, bool) {
	for _, set := range in.All {
		if len(set.Pipelines) > 0 {
			if h, missing := set.Coverage.Missing(fact.Pipelines); missing {
				return h, true
			}
		}
	}
	return fact.Hole{}, false
}
