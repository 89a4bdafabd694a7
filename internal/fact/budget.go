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

// selects reports whether the budget selects the instances of the workload that
// serve: where Flagger rolls it out, those of its own copy.
func (s *Set) selects(b *Budget, w *Workload) bool {
	if b.Namespace != w.Namespace {
		return false
	}
	labels, copied := s.PrimaryLabels(w)
	if !copied {
		labels = w.PodLabels
	}
	return b.Selects.Matches(labels)
}

// Counted returns the workloads whose instances a budget counts: those that a
// controller keeps at a number. Agents and jobs stay out of it.
func (s *Set) Counted(b *Budget) []*Workload {
	var out []*Workload
	for _, w := range s.Workloads {
		if s.selects(b, w) && (w.Form == Replicated || w.Form == Stateful) {
			out = append(out, w)
		}
	}
	return out
}

// EvictableOf returns how many instances of one workload the budget lets go at
// once. A budget that selects several workloads counts all of their instances
// together, so it may let every instance of one of them go.
func (s *Set) EvictableOf(b *Budget, w *Workload) int {
	total := 0
	for _, x := range s.Counted(b) {
		total += s.Instances(x)
	}
	return min(b.Evictable(total), s.Instances(w))
}

// BudgetsFor returns the budgets that select the workload's instances.
func (s *Set) BudgetsFor(w *Workload) []*Budget {
	var out []*Budget
	for _, b := range s.Budgets {
		if s.selects(b, w) {
			out = append(out, b)
		}
	}
	return out
}
