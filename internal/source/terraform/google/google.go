// Package google turns resources of Google Cloud into facts.
package google

import (
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
	"seaworthy.dev/seaworthy/internal/source/terraform/reading"
)

// Facts adds what the configuration says of Google Cloud to a set.
func Facts(c *model.Config, into *fact.Set) {
	r := &reader{reading.New(c, into)}
	r.services()
	r.jobs()
	r.networks()
	r.groups()
	r.machines()
	r.balancers()
	r.pipelines()
	r.scaling()
	r.firewalls()
	r.access()
	r.databases()
	r.caches()
	r.disks()
	r.buckets()
	r.queues()
	r.secrets()
	r.certificates()
	r.logs()
	r.budgets()
	r.channels()
	r.alerts()
	r.objectives()
	r.rest()
}

type reader struct{ *reading.Reader }

func kinds(list ...fact.Kind) []fact.Kind { return list }

// region returns the region in which a resource stands: its own, that of its
// zone, or that of its provider. The reason says why it is not known.
func (r *reader) region(res *model.Resource) (region, unknown string) {
	p := r.Provider(res, "google")
	for _, v := range []model.Value{res.Body.Get("location"), res.Body.Get("region"), res.Body.Get("zone"), p.Get("region"), p.Get("zone")} {
		if !v.Known() {
			return "", reading.Why(v)
		}
		if t := reading.Text(v); t != "" {
			return where(t), ""
		}
	}
	return "", "no region is written; the environment of whoever applies decides"
}

// where returns the region of a zone or region, as Google writes it now: of
// several regions at once ("EU") the name stays.
func where(t string) string {
	t = t[strings.LastIndexByte(t, '/')+1:]
	if !strings.Contains(t, "-") {
		return strings.ToUpper(t)
	}
	t = strings.ToLower(t)
	if parts := strings.Split(t, "-"); len(parts) == 3 && len(parts[2]) == 1 {
		return parts[0] + "-" + parts[1] // europe-west3-a
	}
	return t
}

// labels are those of the resource and those that its provider gives to all.
func (r *reader) labels(res *model.Resource, own model.Value) []model.Value {
	return []model.Value{r.Provider(res, "google").Get("default_labels"), own}
}
