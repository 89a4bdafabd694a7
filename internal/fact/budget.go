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
