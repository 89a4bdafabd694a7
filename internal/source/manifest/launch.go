package manifest

import (
	"cmp"
	"fmt"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
	form "seaworthy.dev/seaworthy/internal/manifest"
)

// performance returns the load that is expected and what must hold under it; nil
// where nobody says.
func (r *reader) performance(n *decode.Node, in *form.Performance) *fact.Performance {
	if in == nil {
		return nil
	}
	out := &fact.Performance{Ref: r.ref(n, "performance"), Peak: in.Peak}
	for i, c := range in.Criteria {
		limit, _ := length(c.Limit)
		part := fmt.Sprintf("criterion p%g", c.Percentile)
		if c.Endpoint != "" {
			part += " of " + c.Endpoint
		}
		out.Criteria = append(out.Criteria, &fact.Criterion{
			Ref: r.ref(decode.Dig(n, "criteria", i), part), Endpoint: c.Endpoint, Percentile: c.Percentile, Limit: limit, Rate: c.Rate, Errors: c.Errors,
		})
	}
	return out
}

// burnIn returns the plan for the time before on-call takes over; nil where nobody
// has one.
func (r *reader) burnIn(n *decode.Node, in *form.BurnIn) *fact.BurnIn {
	if in == nil {
		return nil
	}
	out := &fact.BurnIn{Ref: r.ref(n, "burnIn"), Share: in.Share, Watch: in.Watch, Problem: in.Problem, Plan: r.page(decode.Child(n, "plan"), "burnIn.plan", in.Plan)}
	out.From, _ = day(in.From)
	out.Handover, _ = day(in.Handover)
	out.Length, _ = length(cmp.Or(in.Length, "7d"))
	if decode.IsNull(decode.Child(n, "share")) {
		out.Share = 80
	}
	return out
}
