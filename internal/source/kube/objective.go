package kube

import "seaworthy.dev/seaworthy/internal/fact"

// objectiveKinds lists what declares service level objectives. Another technology
// reads them, for they stand in files of their own as well.
func objectiveKinds() map[string]kind {
	table := map[string]kind{}
	for _, name := range []string{
		"sloth.slok.dev/PrometheusServiceLevel", "pyrra.dev/ServiceLevelObjective",
		"openslo/SLO", "openslo/SLI", "openslo/DataSource", "openslo/AlertPolicy", "openslo/AlertCondition",
		"openslo.com/SLO", "openslo.com/SLI", "openslo.com/DataSource", "openslo.com/AlertPolicy", "openslo.com/AlertCondition",
	} {
		table[name] = kind{yields(fact.Objectives), Reader.guest}
	}
	return table
}
