package fact

// Budget limits how many instances maintenance may take at once.
type Budget struct {
	Ref
	Namespace, Name string
	Selects         Selector
	// MinAvailable or MaxUnavailable is set; with neither, the platform
	// assumes MinAvailable 1.
	MinAvailable, MaxUnavailable Amount
	// At is where the limit is written.
	At Location
}

// Evictable returns how many of replicas healthy instances the budget lets go
// at once. Kubernetes rounds both shares up.
func (b *Budget) Evictable(replicas int) int {
	var n int
	switch {
	case b.MaxUnavailable.Set:
		n = b.MaxUnavailable.Of(replicas, true)
	case b.MinAvailable.Set:
		n = replicas - b.MinAvailable.Of(replicas, true)
	default:
		n = replicas - 1
	}
	return min(max(n, 0), replicas)
}

// BudgetsFor returns the budgets that select the workload's instances.
func (s *Set) BudgetsFor(w *Workload) []*Budget {
	var out []*Budget
	for _, b := range s.Budgets {
		if b.Namespace == w.Namespace && b.Selects.Matches(w.PodLabels) {
			out = append(out, b)
		}
	}
	return out
}

// Autoscaler changes the number of a workload's instances.
type Autoscaler struct {
	Ref
	Namespace, Name string
	// Engine is hpa, keda, vpa or knative.
	Engine string
	// TargetKind and TargetName name the workload.
	TargetKind, TargetName string
	// Min and Max instances, the platform's defaults included.
	Min, Max int
	MinAt    Location
	Signals  []Signal
	// Paused is true where an annotation holds the number fixed.
	Paused bool
	// Mode of a VPA: Off, Initial, Recreate, Auto, InPlaceOrRecreate.
	Mode string
}

// Signal is what an autoscaler reads.
type Signal struct {
	// Type is Resource, ContainerResource, Pods, Object, External, or the
	// name of a KEDA trigger.
	Type string
	// Name of the resource or metric.
	Name string
	// Container for ContainerResource.
	Container string
	// Utilization is the target as a share of the request in percent; 0
	// where the target is an absolute amount.
	Utilization int
	At          Location
}

// AutoscalersFor returns what scales the workload out and in; a VPA, which
// changes sizes and not numbers, is left out.
func (s *Set) AutoscalersFor(w *Workload) []*Autoscaler {
	var out []*Autoscaler
	for _, a := range s.Autoscalers {
		if a.Engine != "vpa" && a.Namespace == w.Namespace && a.TargetName == w.Name && (a.TargetKind == "" || a.TargetKind == w.Kind) {
			out = append(out, a)
		}
	}
	return out
}

// Instances returns the smallest number of instances that the workload runs
// with: the autoscaler's minimum where there is one, else its replicas.
func (s *Set) Instances(w *Workload) int {
	for _, a := range s.AutoscalersFor(w) {
		return a.Min
	}
	return w.Replicas
}
