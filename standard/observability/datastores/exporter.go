package datastores

import (
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
)

// exporters are parts of the names of images that tell figures of a kind of store.
var exporters = map[string][]string{
	"postgresql": {"postgres-exporter", "postgres_exporter", "pgmonitor", "crunchy-postgres-exporter", "pgbouncer-exporter", "pgbouncer_exporter"}, "mysql": {"mysqld-exporter", "mysqld_exporter", "mysql-exporter"},
	"mongodb": {"mongodb-exporter", "mongodb_exporter"}, "redis": {"redis-exporter", "redis_exporter"}, "elasticsearch": {"elasticsearch-exporter", "elasticsearch_exporter"},
	"kafka": {"kafka-exporter", "kafka_exporter", "jmx-exporter", "jmx_exporter", "burrow"}, "rabbitmq": {"rabbitmq-exporter", "rabbitmq_exporter"}, "cassandra": {"cassandra-exporter", "cassandra_exporter", "jmx-exporter"},
	"opensearch": {"elasticsearch-exporter", "elasticsearch_exporter", "opensearch-exporter"},
}

// exported says what tells the figures of a store on which there are rules.
func (c *check) exported(s *store, client bool) {
	ref := s.Ref.Within("figures")
	for _, set := range c.in.All {
		for _, w := range set.Workloads {
			for _, image := range w.Running() {
				if slices.ContainsFunc(exporters[s.kind], func(name string) bool { return strings.Contains(strings.ToLower(image.Image.Base()), name) }) {
					c.out.Pass(ref, "exported", "%s tells the figures of %s (%s)", w.Name, s.name, image.Image.Base())
					return
				}
			}
		}
	}
	switch {
	case s.database != nil && s.database.Managed != nil:
		c.out.Pass(ref, "exported", "its cloud tells the figures of %s by itself", s.name)
	case s.scraped(c.in.All) != "":
		c.out.Pass(ref, "exported", "%s collects the figures that %s tells by itself", s.scraped(c.in.All), s.name)
	case client:
		c.out.Pass(ref, "exported", "the programs that use %s tell of it themselves", s.name)
	default:
		c.out.Unclear(ref, "exporter-untold", "nothing here tells the figures of %s to whoever evaluates the rules; an exporter elsewhere may", s.name)
	}
}

// scraped returns what collects from a store that tells figures by itself, such as
// one that an operator runs.
func (s *store) scraped(sets []*fact.Set) string {
	for _, set := range sets {
		for _, scrape := range set.Scrapes {
			if s.workload != nil && set.Reaches(scrape, s.workload) == fact.Reached {
				return scrape.Title(scrape.Name)
			}
			if s.database == nil {
				continue
			}
			for _, value := range scrape.Selects.Labels {
				if strings.EqualFold(value, s.name) && scrape.Looks(s.database.Namespace) {
					return scrape.Title(scrape.Name)
				}
			}
		}
	}
	return ""
}
