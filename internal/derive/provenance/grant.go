package provenance

import "seaworthy.dev/seaworthy/internal/fact"

// StoreGrant returns the statement by which the workload's role reads secrets
// from a central store of its cloud, or nil.
func StoreGrant(here *fact.Set, w *fact.Workload) *fact.Grant {
	for _, g := range here.GrantsOf(w.Account) {
		if w.Account != "" && g.Allows("secretsmanager:GetSecretValue", "ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath",
			"roles/secretmanager.secretAccessor", "secretmanager.versions.access", "Key Vault Secrets User", "Key Vault Secrets Officer", "Key Vault Administrator") {
			return g
		}
	}
	return nil
}
