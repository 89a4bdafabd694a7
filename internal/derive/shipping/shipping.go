// Package shipping says which shippers take what a workload writes, and where it
// goes then.
package shipping

import (
	"slices"

	"seaworthy.dev/seaworthy/internal/fact"
)

// Way is one way by which lines of a container may reach a platform.
type Way struct {
	Shipper *fact.Shipper
	Stream  *fact.LogStream
	Answer
}

// Ways returns every stream of the sets that reads what such containers write,
// each with whether it takes this one's.
func Ways(sets []*fact.Set, w *fact.Workload, c *fact.Container) (out []Way) {
	for _, set := range sets {
		for _, s := range set.Shippers {
			for i := range s.Streams {
				st := &s.Streams[i]
				if !reads(st, w, c) {
					continue
				}
				out = append(out, Way{s, st, worse(Taken(st, w, c), runs(s, st))})
			}
		}
	}
	return out
}

// reads reports whether a stream reads where a container's lines are.
func reads(st *fact.LogStream, w *fact.Workload, c *fact.Container) bool {
	driver, file := "", ""
	if c != nil && c.Lines != nil {
		driver, file = c.Lines.Engine, c.Lines.To
	}
	switch {
	case driver == "file":
		for _, pattern := range st.Files {
			if Glob(pattern, file) {
				return true
			}
		}
		return false
	case w.Platform == fact.Kubernetes:
		return st.Reads == fact.ContainerLogs
	case w.Platform == fact.Compose && driver == "fluentd":
		return st.Reads == fact.PushedLogs && (st.Name == "forward" || st.Name == "fluent")
	case w.Platform == fact.Compose && driver == "journald", w.Platform == fact.Systemd:
		return st.Reads == fact.SystemLogs
	case w.Platform == fact.Compose:
		return st.Reads == fact.DockerLogs
	}
	return false
}

// System returns the streams that read the logs of machines.
func System(sets []*fact.Set) (out []Way) {
	for _, set := range sets {
		for _, s := range set.Shippers {
			for i := range s.Streams {
				st := &s.Streams[i]
				if st.Reads != fact.SystemLogs || slices.ContainsFunc(st.Rules, narrow) {
					continue
				}
				out = append(out, Way{s, st, worse(Answer{Truth: fact.Yes(st.At)}, runs(s, st))})
			}
		}
	}
	return out
}

// narrow reports whether a rule keeps the lines of some units alone, and none of
// them is the kubelet's or the kernel's.
func narrow(r fact.LogRule) bool {
	if !r.Keep || len(r.Of) != 1 || r.Of[0].Of != "unit" {
		return false
	}
	return !slices.ContainsFunc(r.Match, func(p fact.Pattern) bool {
		for _, unit := range []string{"kubelet.service", "containerd.service", "docker.service", "kernel"} {
			if yes, known := matches(p, unit); yes || !known {
				return true
			}
		}
		return false
	})
}

// Attach joins the shippers of a set with the workloads that run by their
// settings.
func Attach(set *fact.Set) {
	for _, s := range set.Shippers {
		if s.Settings == "" || s.By != nil {
			continue
		}
		for _, w := range set.Workloads {
			if w.Platform == fact.Kubernetes && fact.MayMeet(w.Namespace, s.Namespace) && mounts(w, s.Settings) {
				s.By = append(s.By, w)
			}
		}
	}
}

func mounts(w *fact.Workload, settings string) bool {
	for i := range w.Volumes {
		v := &w.Volumes[i]
		if slices.Contains(v.Settings, settings) || slices.Contains(v.Secrets, settings) {
			return true
		}
	}
	return false
}

// runs says whether the shipper runs where the stream's lines are.
func runs(s *fact.Shipper, st *fact.LogStream) Answer {
	yes := Answer{Truth: fact.Yes(s.Location)}
	if s.PerNode || s.Settings == "" {
		return yes
	}
	if len(s.By) == 0 {
		return unsure(s.Location, "nothing here mounts its configuration, so it is not known whether it runs")
	}
	if st.FromAnywhere {
		return yes
	}
	for _, w := range s.By {
		if w.Form == fact.PerNode {
			return yes
		}
	}
	return unsure(s.By[0].Location, "it reads files of nodes, and "+s.By[0].Ref.Title(s.By[0].Name)+" does not run on each of them")
}
