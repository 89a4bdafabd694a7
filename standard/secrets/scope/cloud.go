package scope

import (
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// wide fails statements by which a role of the cloud reads every secret.
func wide(out *verdict.Findings, here *fact.Set) {
	for _, g := range here.Grants {
		if g.Trust || g.Deny || g.People || !g.Everywhere() || len(g.Conditions) > 0 {
			continue
		}
		if g.Allows("secretsmanager:GetSecretValue", "ssm:GetParameter", "ssm:GetParametersByPath", "roles/secretmanager.secretAccessor", "Key Vault Secrets User") {
			out.Fail(g.Ref.At(g.At), "every-secret", "%s lets %s read every secret of the account (%s on *)", g.Policy, strings.Join(g.Holders, ", "), strings.Join(g.Actions, ", "))
		}
	}
}
