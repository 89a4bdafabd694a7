package fact

import (
	"slices"
	"strconv"
)

// Reach is how far a scrape gets.
type Reach int

// The reaches, the lesser first.
const (
	// OutOfReach: the scrape does not select the workload.
	OutOfReach Reach = iota
	// NoSuchPort: the scrape selects the workload and asks for a port that
	// nothing there declares.
	NoSuchPort
	// MayReach: labels fit, but one of the namespaces is left to the deployer,
	// or relabelling keeps only some of the targets.
	MayReach
	Reached
)

// Reaches returns how far the scrape gets to the workload. A service-monitor
// goes by the labels of services in front of it, the others by those of its
// instances.
func (s *Set) Reaches(scrape *Scrape, w *Workload) Reach {
	namespace := scrape.inNamespace(w.Namespace)
	if namespace == OutOfReach || scrape.Engine == "scrape-config" {
		return OutOfReach
	}
	best := OutOfReach
	if scrape.Engine != "service-monitor" {
		if scrape.Selects.Matches(w.PodLabels) {
			best = scrape.asks(nil, w)
		}
	} else {
		for _, svc := range s.ServicesFor(w) {
			if scrape.Selects.Matches(svc.Labels) {
				best = max(best, scrape.asks(svc, w))
			}
		}
	}
	if best == Reached && namespace == MayReach {
		return MayReach
	}
	return best
}

// inNamespace tells whether the scrape looks into the namespace.
func (c *Scrape) inNamespace(name string) Reach {
	looks := c.Namespaces
	if len(looks) == 0 {
		looks = []string{c.Namespace}
	}
	switch {
	case c.AnyNamespace || slices.Contains(looks, name):
		return Reached
	case name == "" || slices.Contains(looks, ""):
		return MayReach
	}
	return OutOfReach
}

// Looks reports whether the scrape may look into the namespace.
func (c *Scrape) Looks(namespace string) bool { return c.inNamespace(namespace) != OutOfReach }

// Anywhere returns the scrape as it were if it looked into every namespace.
func (c *Scrape) Anywhere() *Scrape {
	out := *c
	out.AnyNamespace = true
	return &out
}

// asks tells whether one of the endpoints names a port that is there.
func (c *Scrape) asks(svc *Service, w *Workload) Reach {
	best := NoSuchPort
	for _, e := range c.Endpoints {
		found := true
		switch {
		case e.Port == "" && e.Target == "":
		case e.Target != "":
			found = w.declares(e.Target)
		case svc == nil:
			found = w.declares(e.Port)
		default:
			found = slices.ContainsFunc(svc.Ports, func(p ServicePort) bool { return p.Name == e.Port })
		}
		if found && !e.Filtered {
			return Reached
		}
		if found {
			best = MayReach
		}
	}
	return best
}

// declares reports whether a container declares the port of that name or
// number. Prometheus sees only declared ports of pods.
func (w *Workload) declares(port string) bool {
	for _, c := range w.All() {
		for _, p := range c.Ports {
			if p.Name == port || strconv.Itoa(p.Number) == port {
				return true
			}
		}
	}
	return false
}
