package networksegmentation

import (
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
)

// operated reports whether a policy selects pods that an operator makes: their
// label is of the domain of an object here and holds its name, as
// "cnpg.io/cluster: shop-db" does of a postgresql.cnpg.io Cluster.
func operated(here *fact.Set, p *fact.Policy) bool {
	for key, value := range p.Selects.Labels {
		domain, _, found := strings.Cut(key, "/")
		if !found {
			continue
		}
		for _, o := range here.Objects {
			group, _, _ := strings.Cut(o.APIVersion, "/")
			if o.Name == value && o.Namespace == p.Namespace && (group == domain || strings.HasSuffix(group, "."+domain)) {
				return true
			}
		}
	}
	return false
}
