package compose

import (
	"maps"
	"slices"

	"github.com/compose-spec/compose-go/v2/types"

	"seaworthy.dev/seaworthy/internal/decode"
)

// references reports names of services, networks, volumes, secrets and configs that
// the project does not have: docker compose refuses it for them. Where something
// could not be read, they may stand there.
func (r *reader) references(p *types.Project) {
	if len(r.out.Facts.Coverage.Holes) > 0 {
		return
	}
	services := slices.Sorted(maps.Keys(p.Services))
	known := append(slices.Clone(services), slices.Sorted(maps.Keys(p.DisabledServices))...)
	for _, name := range services {
		s := p.Services[name]
		want := func(key, what, wanted string, known []string, deeper ...string) {
			if wanted == "" || slices.Contains(known, wanted) {
				return
			}
			r.problem(r.at(append([]string{"services", name, key}, deeper...)...), "service %s names the %s %s, which is not there, and docker compose refuses the project%s", name, what, wanted, meant(wanted, known))
		}
		for _, other := range slices.Sorted(maps.Keys(s.DependsOn)) {
			if s.DependsOn[other].Required {
				want("depends_on", "service", other, known, other)
			}
		}
		for _, network := range slices.Sorted(maps.Keys(s.Networks)) {
			if network != "default" {
				want("networks", "network", network, slices.Sorted(maps.Keys(p.Networks)), network)
			}
		}
		for _, v := range s.Volumes {
			if v.Type == types.VolumeTypeVolume {
				want("volumes", "volume", v.Source, slices.Sorted(maps.Keys(p.Volumes)))
			}
		}
		for _, secret := range s.Secrets {
			want("secrets", "secret", secret.Source, slices.Sorted(maps.Keys(p.Secrets)))
		}
		for _, config := range s.Configs {
			want("configs", "config", config.Source, slices.Sorted(maps.Keys(p.Configs)))
		}
	}
}

// meant returns what to do: the known name that is almost the wanted one, if any.
func meant(wanted string, known []string) string {
	best, distance := "", 3
	for _, k := range known {
		if d := decode.Distance(wanted, k); d < distance && d < max(2, len(wanted)/2+1) {
			best, distance = k, d
		}
	}
	if best == "" {
		return "; add it at the top level or mend the name"
	}
	return "; did you mean " + best + "?"
}
