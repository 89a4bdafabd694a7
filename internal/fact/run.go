package fact

import "slices"

// The kinds of workloads that compose files describe.
const (
	ComposeService = "compose service" // run by docker compose, on one host
	SwarmService   = "swarm service"   // run by Docker Swarm, on the hosts of its cluster
)

// Recovery is what brings instances of a workload back by itself.
type Recovery struct {
	// Restarts tells after which ends of its process an instance is started
	// again: always, on-failure, never; empty where that is not known.
	Restarts string
	At       Location
	// Hangs names what replaces an instance that still runs and no longer
	// works: Swarm, autoheal, systemd; empty where nothing does.
	Hangs string
	// Within is how many seconds pass at most before a hang is noticed; 0 where
	// the probe tells.
	Within  int
	HangsAt Location
	// Limit is the number of restarts after which it gives up, LimitWithin the
	// seconds in which they must fall; 0 for none.
	Limit, LimitWithin int
	// AtBoot is true where it starts by itself with its host.
	AtBoot bool
}

// Await is a wait of one workload for another before it starts.
type Await struct {
	// For is the workload waited for, Until what it has to be: started, healthy
	// or completed.
	For, Until string
	At         Location
}

// Network joins workloads that may talk to each other.
type Network struct {
	Ref
	Name string
	// Internal is true where nothing leads in or out.
	Internal bool
	// External is true for a network that is made elsewhere.
	External bool
	Driver   string
}

// Published reports whether the port is open at the host's own addresses, and
// at which; an empty address means all of them.
func (p Port) Published() (address string, ok bool) { return p.HostIP, p.Open }

// Joined returns the networks of the set that the workload is on.
func (s *Set) Joined(w *Workload) []*Network {
	var out []*Network
	for _, n := range s.Networks {
		if slices.Contains(w.Networks, n.Name) {
			out = append(out, n)
		}
	}
	return out
}

// Update is how a platform replaces instances by those of a new build.
type Update struct {
	// OnFailure is what happens when new instances do not stay up: pause,
	// continue, rollback.
	OnFailure string
	// Monitor is how long in seconds a new instance is watched.
	Monitor int
	// StartFirst is true where new instances start before old ones stop.
	StartFirst bool
	At         Location
}

// OnHosts reports whether the platform runs processes on hosts that are there
// already, one by one or in a swarm: it has no pods, no accounts of its own and
// no scheduler that drains nodes.
func (p Platform) OnHosts() bool { return p == Compose || p == Systemd || p == Procfile }

// Tells reports whether what describes the workload says on which ports it
// listens: a unit and a Procfile do not.
func (p Platform) Tells() bool { return p != Systemd && p != Procfile }
