package fact

// Autoscaler changes the number or the size of a workload's instances.
type Autoscaler struct {
	Ref
	Namespace, Name string
	// Engine is hpa, keda, vpa or knative.
	Engine string
	// TargetKind and TargetName name the workload.
	TargetKind, TargetName string
	// Min and Max instances, the platform's defaults included. Max is -1
	// where the platform sets no bound (Knative).
	Min, Max     int
	MinAt, MaxAt Location
	Signals      []Signal
	// Paused is true where an annotation holds the number fixed; PausedAt
	// tells where. PausedReplicas is that number, -1 where it is the current one.
	Paused         bool
	PausedAt       Location
	PausedReplicas int
	// Mode of a VPA: Off, Initial, Recreate, Auto, InPlaceOrRecreate.
	Mode string
	// Resizes says which resources of which containers a VPA changes.
	Resizes []Resize
	// Unknown lists what is not known of it before it is applied.
	Unknown Unknowns
}

// Resize is what a VPA does to a container's requests.
type Resize struct {
	// Container by name; "*" for all that no other entry names.
	Container string
	// Off is true where the container is left alone.
	Off bool
	// Resources are cpu and memory.
	Resources []string
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

// Reads reports whether the signal is a container resource, such as cpu,
// compared with its request.
func (s Signal) Reads() (resource string, ok bool) {
	if (s.Type == "Resource" || s.Type == "ContainerResource") && s.Utilization > 0 {
		return s.Name, true
	}
	return "", false
}

// Changes reports whether a VPA changes a resource of a container by itself.
func (a *Autoscaler) Changes(container, resource string) bool {
	if a.Engine != "vpa" || a.Mode == "Off" {
		return false
	}
	for _, name := range []string{container, "*"} {
		for _, r := range a.Resizes {
			if r.Container != name {
				continue
			}
			for _, have := range r.Resources {
				if have == resource && !r.Off {
					return true
				}
			}
			return false
		}
	}
	return resource == "cpu" || resource == "memory" // what a VPA does unless told otherwise
}

// AutoscalersFor returns what scales the workload out and in; a VPA, which
// changes sizes and not numbers, is left out. What scales a rollout that
// refers to the workload scales the workload.
func (s *Set) AutoscalersFor(w *Workload) []*Autoscaler {
	var out []*Autoscaler
	for _, a := range s.Autoscalers {
		if a.Engine != "vpa" && s.scales(a, w) {
			out = append(out, a)
		}
	}
	return out
}

// ResizersFor returns the VPAs of the workload.
func (s *Set) ResizersFor(w *Workload) []*Autoscaler {
	var out []*Autoscaler
	for _, a := range s.Autoscalers {
		if a.Engine == "vpa" && s.scales(a, w) {
			out = append(out, a)
		}
	}
	return out
}

func (s *Set) scales(a *Autoscaler, w *Workload) bool {
	r := s.RolloutFor(w)
	copied := r != nil && r.Engine == "flagger" && a.Engine != "vpa"
	switch {
	case a.Namespace != w.Namespace:
		return false
	case copied && a.TargetName == w.Name+"-primary":
		return true
	case a.TargetName == w.Name && (a.TargetKind == "" || a.TargetKind == w.Kind):
		return !copied || a.Name == r.Autoscaler
	}
	return r != nil && r.Replaces && a.TargetKind == "Rollout" && a.TargetName == r.Name
}

// TrialScaler returns an autoscaler of a workload that Flagger rolls out and
// whose autoscaler it was not told to repeat: it scales what tries a new build,
// and the copy that serves keeps its size; or nil.
func (s *Set) TrialScaler(w *Workload) *Autoscaler {
	for _, a := range s.Autoscalers {
		if a.Engine != "vpa" && a.Namespace == w.Namespace && a.TargetName == w.Name && (a.TargetKind == "" || a.TargetKind == w.Kind) && !s.scales(a, w) {
			return a
		}
	}
	return nil
}

// Instances returns the smallest number of instances that the workload runs
// with: the autoscaler's minimum where there is one, else its replicas. A
// rollout that runs the instances in the workload's place says it instead.
func (s *Set) Instances(w *Workload) int {
	if scalers := s.AutoscalersFor(w); len(scalers) > 0 {
		if a := scalers[0]; a.Paused && a.PausedReplicas >= 0 {
			return a.PausedReplicas
		}
		return scalers[0].Min
	}
	if r := s.RolloutFor(w); r != nil && r.Replaces {
		return r.Replicas
	}
	return w.Replicas
}

// ScaledElsewhere returns an autoscaler that names a workload of this kind and
// name, has none beside it, and stands in another set or leaves open whether
// its namespace is the workload's; or nil.
func (s *Set) ScaledElsewhere(all []*Set, w *Workload) *Autoscaler {
	for _, set := range all {
		for _, a := range set.Autoscalers {
			if a.Engine != "vpa" && a.TargetName == w.Name && (a.TargetKind == "" || a.TargetKind == w.Kind) &&
				MayMeet(a.Namespace, w.Namespace) && set.Workload(w.Kind, a.Namespace, w.Name) == nil {
				return a
			}
		}
	}
	return nil
}
