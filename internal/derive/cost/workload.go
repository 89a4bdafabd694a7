package cost

import (
	"fmt"
	"math"
	"strconv"

	"seaworthy.dev/seaworthy/internal/fact"
)

const gib = 1 << 30

// workload prices what a workload asks for. What a cloud prices by size or by use
// is no line of its own here: its resource is.
func (e *Estimate) workload(s *fact.Set, w *fact.Workload) {
	if out := outside(w); out != "" {
		if out != elsewhere {
			e.lacks(Line{Ref: w.Ref, Name: title(w), Kind: "compute", Owner: named(w.Labels, w.Annotations)}, out, "")
		}
		return
	}
	base := Line{Ref: w.Ref, Name: title(w), Owner: named(w.Labels, w.PodLabels, w.Annotations)}
	n := instances(s, w)
	if n.unknown != "" {
		base.Kind = "compute"
		e.lacks(base, n.unknown, n.mend)
		return
	}
	where := "kubernetes"
	if w.Platform == fact.ECS {
		where = "fargate"
	}
	price := e.Book.Compute[where]
	for _, r := range []struct {
		kind, unit string
		price      float64
		per        float64
		show       func(int64) string
	}{
		{"cpu", "vCPU-hour", price.CPU, 1000, func(n int64) string { return strconv.FormatInt(n, 10) + "m" }},
		{"memory", "GiB-hour", price.Memory, gib, bytes},
	} {
		line := base
		line.Kind, line.Unit = r.kind, r.unit
		amount, lacking := asks(w, r.kind)
		switch {
		case lacking != "":
			e.lacks(line, fmt.Sprintf("%s asks for no %s", lacking, r.kind), "set requests."+r.kind)
		case r.price == 0:
			e.lacks(line, fmt.Sprintf("the book has no price for %s of %s", r.kind, where), "add compute."+where+" to it")
		default:
			line.Says, line.Unbounded = n.String()+" x "+r.show(amount), n.unbounded
			each := float64(amount) / r.per * e.Book.Hours
			e.add(line, float64(n.low)*each, float64(n.high)*each, r.price)
		}
	}
	if gpus, at := accelerators(w); gpus > 0 {
		line := base
		line.Ref, line.Kind, line.Unit, line.Says, line.Unbounded = line.Ref.At(at), "gpu", "GPU-hour", fmt.Sprintf("%s x %d", n, gpus), n.unbounded
		e.add(line, float64(n.low*gpus)*e.Book.Hours, float64(n.high*gpus)*e.Book.Hours, price.GPU)
	}
	for i := range w.Volumes {
		v := &w.Volumes[i]
		if !v.Template {
			continue
		}
		line := base
		line.Ref, line.Kind, line.Unit = line.Ref.Within("volume "+v.Name).At(v.At), "volume", "GiB-hour"
		if v.Size == 0 {
			e.lacks(line, "volume "+v.Name+" has no size", "set resources.requests.storage")
			continue
		}
		line.Says, line.Unbounded = fmt.Sprintf("%s x %s %s", n, bytes(v.Size), v.Name), n.unbounded
		each := float64(v.Size) / gib * e.Book.Hours
		e.add(line, float64(n.low)*each, float64(n.high)*each, price.Storage)
	}
}

// claim prices a volume that is asked for by itself.
func (e *Estimate) claim(c *fact.Claim) {
	line := Line{Ref: c.Ref, Name: c.Name, Kind: "volume", Unit: "GiB-hour"}
	if c.Size == 0 {
		e.lacks(line, "claim "+c.Name+" has no size", "set resources.requests.storage")
		return
	}
	each := float64(c.Size) / gib * e.Book.Hours
	line.Says = bytes(c.Size)
	e.add(line, each, each, e.Book.Compute["kubernetes"].Storage)
}

// database says that what an operator runs is not priced: the object names an
// engine, and its pods stand in no file. What a cloud runs has a line as its
// resource.
func (e *Estimate) database(d *fact.Database) {
	if d.Managed == nil {
		e.lacks(Line{Ref: d.Ref, Name: d.Name, Kind: "database"}, "what the operator of "+d.Kind+" "+d.Name+" runs is not read", "")
	}
}

// elsewhere says that another line has the price.
const elsewhere = "-"

// outside tells why a workload is not priced by what it asks for.
func outside(w *fact.Workload) string {
	switch w.Platform {
	case fact.Kubernetes:
	case fact.ECS:
		if _, unknown := w.Unknown.Any(fact.Capacity); unknown {
			return "whether Fargate or machines of the owner run it is not known"
		}
		if !w.Serverless {
			return elsewhere // the machines are paid for
		}
	case fact.Machines, fact.AppService:
		return elsewhere // its machines or its plan are
	case fact.Lambda, fact.CloudRun, fact.ContainerApp:
		return "it is paid for by use, which no file tells"
	default:
		return "the machine that runs it is not described here"
	}
	switch w.Form {
	case fact.OneOff, fact.Scheduled:
		return "how long it runs is not known"
	case fact.PerNode:
		return "it runs on every node, and how many there are is not known"
	}
	return ""
}

// span is a number of instances.
type span struct {
	low, high int
	unbounded bool
	// unknown says why it is not known, mend what would tell.
	unknown, mend string
}

// String renders it as "3", "2 to 6" or "2 or more".
func (n span) String() string {
	switch {
	case n.unbounded:
		return strconv.Itoa(n.low) + " or more"
	case n.low == n.high:
		return strconv.Itoa(n.low)
	}
	return fmt.Sprintf("%d to %d", n.low, n.high)
}

// instances counts a workload's: what an autoscaler may make of them, or what is
// written.
func instances(s *fact.Set, w *fact.Workload) span {
	if u, unknown := w.Unknown.Any(fact.Number, fact.Contents); unknown {
		return span{unknown: "how many instances run, and of what, is not known, for " + u.Why}
	}
	scalers := s.AutoscalersFor(w)
	if len(scalers) == 0 {
		n := s.Instances(w)
		return span{low: n, high: n}
	}
	a := scalers[0]
	if u, unknown := a.Unknown.Any(fact.Number); unknown {
		return span{unknown: "between which numbers " + a.Name + " scales is not known, for " + u.Why}
	}
	if a.Paused && a.PausedReplicas >= 0 {
		return span{low: a.PausedReplicas, high: a.PausedReplicas}
	}
	return span{low: a.Min, high: max(a.Max, a.Min), unbounded: a.Max < 0}
}

// asks returns what one instance asks for, as the scheduler counts it: all that run
// together, or the largest that runs before them, native sidecars included. Where
// only a limit is written, Kubernetes takes it for the request. The second result
// names a container that says nothing.
func asks(w *fact.Workload, resource string) (amount int64, lacking string) {
	if w.Reserved != nil {
		if !w.Reserved.Has(resource) {
			return 0, w.Name
		}
		return of(*w.Reserved, resource), ""
	}
	var together, before int64
	for _, c := range w.Containers {
		r := c.Requests
		if !r.Has(resource) {
			r = c.Limits
		}
		if !r.Has(resource) {
			if c.Role == fact.Init {
				continue // it ends before what is paid for by the hour begins
			}
			return 0, "container " + c.Name
		}
		switch n := of(r, resource); c.Role {
		case fact.Init:
			before = max(before, together+n)
		default:
			together += n
		}
	}
	if len(w.Containers) == 0 {
		return 0, w.Name
	}
	return max(together, before), ""
}

func of(r fact.Resources, resource string) int64 {
	if resource == "cpu" {
		return r.MilliCPU
	}
	return r.Memory
}

// accelerators counts the GPUs that one instance asks for.
func accelerators(w *fact.Workload) (n int, at fact.Location) {
	for _, c := range w.Main() {
		for _, name := range []string{"nvidia.com/gpu", "amd.com/gpu", "gpu.intel.com/i915"} {
			for _, r := range []fact.Resources{c.Requests, c.Limits} {
				if count, err := strconv.Atoi(r.Other[name]); err == nil {
					n, at = n+count, r.At
					break
				}
			}
		}
	}
	return n, at
}

func title(w *fact.Workload) string {
	if w.Namespace != "" {
		return w.Namespace + "/" + w.Name
	}
	return w.Name
}

// bytes renders a size in binary units, to a hundredth.
func bytes(n int64) string {
	switch {
	case n >= gib:
		return strconv.FormatFloat(math.Round(float64(n)/gib*100)/100, 'f', -1, 64) + "Gi"
	case n >= 1<<20:
		return strconv.FormatInt(n>>20, 10) + "Mi"
	}
	return strconv.FormatInt(n>>10, 10) + "Ki"
}
