package fact

// Service is a stable name in front of instances.
type Service struct {
	Ref
	Namespace, Name string
	// Type as the platform spells it: ClusterIP, NodePort, LoadBalancer,
	// ExternalName.
	Type     string
	Headless bool
	Selects  Selector
	Ports    []ServicePort
	// NotReady is true where traffic goes to instances that are not ready as well.
	NotReady bool
	// Internal is true for a load balancer that annotations keep inside the
	// private network.
	Internal bool
	// Blind is true for a load balancer that passes connections on and sees no
	// requests in them.
	Blind        bool
	SourceRanges []string
	ExternalName string
	ExternalIPs  []string
	// Hosts are names by which a cloud's name service leads to it.
	Hosts []string
	// Listeners are how a load balancer takes connections, and Onward how it
	// reaches what stands behind it; empty where others decide that.
	Listeners []Listener
	Onward    []Onward
	// Sealed is true where the platform's proxies at both ends encrypt what
	// passes.
	Sealed bool
	// Labels and Annotations of the service itself.
	Labels, Annotations map[string]string
}

// ServicePort is one port of a service.
type ServicePort struct {
	Name       string
	Number     int
	TargetName string // where the target is a port's name
	Target     int
	// Protocol of the application where it is told by name or appProtocol.
	Protocol string
}

// Route is a way in from outside: an Ingress, a Gateway API route, an Istio
// VirtualService.
type Route struct {
	Ref
	Kind, Namespace, Name string
	Hosts                 []string
	// Backends lists the services that it sends to, with their weights.
	Backends []Backend
	// TLS is true where the route itself ends TLS; TLSSecrets names where
	// the certificates are kept.
	TLS        bool
	TLSSecrets []string
	// TLSKnown is false where the listener that decides is another object.
	TLSKnown bool
	// Parents names the gateways of a route; Class is the class of an ingress,
	// empty where the cluster's default decides.
	Parents     []string
	Class       string
	Annotations map[string]string
}

// Backend is a service behind a route. Weight is -1 where none was written.
type Backend struct {
	Service string
	// Namespace is empty for the route's own.
	Namespace string
	Weight    int
	// Rule counts the route's rules, so that weights are compared within one.
	Rule int
	At   Location
}

// ServicesFor returns the services that select the workload's instances.
func (s *Set) ServicesFor(w *Workload) []*Service {
	var out []*Service
	for _, svc := range s.Services {
		if svc.Namespace == w.Namespace && svc.Selects.Matches(w.PodLabels) {
			out = append(out, svc)
		}
	}
	return out
}

// WorkloadsOf returns the workloads whose instances the service selects.
func (s *Set) WorkloadsOf(svc *Service) []*Workload {
	return s.Selected(svc.Namespace, svc.Selects)
}

// Selected returns the workloads in a namespace whose instances match.
func (s *Set) Selected(namespace string, selects Selector) []*Workload {
	var out []*Workload
	for _, w := range s.Workloads {
		if w.Namespace == namespace && selects.Matches(w.PodLabels) {
			out = append(out, w)
		}
	}
	return out
}

// Serving reports whether other parties send the workload requests: a service
// selects it, or one of its main containers declares a port or a readiness
// probe. Jobs never serve.
func (s *Set) Serving(w *Workload) bool {
	if !w.Form.Serves() {
		return false
	}
	for _, c := range w.Main() {
		if len(c.Ports) > 0 || c.Readiness != nil {
			return true
		}
	}
	return len(s.ServicesFor(w)) > 0
}

// Workload returns the workload of that kind, namespace and name, or nil. An
// empty kind means any.
func (s *Set) Workload(kind, namespace, name string) *Workload {
	for _, w := range s.Workloads {
		if w.Name == name && w.Namespace == namespace && (kind == "" || w.Kind == kind) {
			return w
		}
	}
	return nil
}

// Service returns the service of that namespace and name, or nil.
func (s *Set) Service(namespace, name string) *Service {
	for _, svc := range s.Services {
		if svc.Name == name && svc.Namespace == namespace {
			return svc
		}
	}
	return nil
}
