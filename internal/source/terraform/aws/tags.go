package aws

import (
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
)

// tags returns the tags of a resource with those that its provider gives to
// all, and why some are not known; empty where all are.
func (r *reader) tags(res *model.Resource) (out map[string]string, unknown string) {
	out = map[string]string{}
	own := res.Body.Get("tags")
	for _, v := range []model.Value{r.provider(res).Get("default_tags", "tags"), own} {
		if !v.Known() {
			unknown = why(v)
		}
		for key, value := range v.Fields {
			if t, known := value.String(); known {
				out[key] = t
			} else {
				unknown = why(value)
			}
		}
	}
	return out, unknown
}

// tagged gives a workload the tags of its resource as labels.
func (r *reader) tagged(w *fact.Workload, res *model.Resource) {
	labels, unknown := r.tags(res)
	w.Labels = labels
	if unknown != "" {
		w.Unknown = append(w.Unknown, fact.Unknown{Part: fact.Tags, Why: unknown, At: res.Body.Get("tags").At})
	}
}

// provider returns the configuration of the resource's provider; an absent
// value where there is none here.
func (r *reader) provider(res *model.Resource) model.Value {
	for _, p := range r.c.Providers {
		if p.Name == res.Provider {
			return p.Body
		}
	}
	if res.Provider == "" {
		for _, p := range r.c.Providers {
			if p.Name == "aws" {
				return p.Body
			}
		}
	}
	return model.Value{}
}

// region returns the region in which a resource stands: its own, which version
// 6 of the provider lets it say, or that of its provider. The reason says why
// it is not known.
func (r *reader) region(res *model.Resource) (region, unknown string) {
	for _, v := range []model.Value{res.Body.Get("region"), r.provider(res).Get("region")} {
		if !v.Known() {
			return "", why(v)
		}
		if t := text(v); t != "" {
			return t, ""
		}
	}
	return "", "no region is written; the environment of whoever applies decides"
}
