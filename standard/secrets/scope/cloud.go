package scope

import (
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// wide fails statements by which a role of the cloud reads every secret.
func wide(out *verdict.Findings, here *fact.Set) {
	for _, g := range here.Grants {
		if g.Trust || g.Resource != "" || g.Deny || g.People || !g.Everywhere() || len(g.Conditions) > 0 {
			continue
		}
		if g.Allows("secretsmanager:GetSecretValue", "ssm:GetParameter", "ssm:GetParametersByPath", "roles/secretmanager.secretAccessor", "Key Vault Secrets User") {
			out.Fail(g.Ref.At(g.At), "every-secret", "%s lets %s read every secret of the account (%s on *)", g.Policy, strings.Join(g.Holders, ", "), strings.Join(g.Actions, ", "))
		}
	}
}

// opened judges policies that stand on a secret or on the key that encrypts it.
func opened(out *verdict.Findings, here *fact.Set) {
	for _, g := range here.Grants {
		reads := g.Allows("secretsmanager:GetSecretValue") || g.Allows("kms:Decrypt")
		if g.Resource == "" || g.Deny || len(g.Conditions) > 0 {
			continue
		}
		everyone := g.ExceptPrincipals || slices.Contains(g.Principals, "*")
		switch {
		case g.Unknown != "" && g.NoSecret:
		case g.Unknown != "" && (everyone || len(g.Principals) == 0):
			out.Unclear(g.Ref.At(g.At), "readers-unknown", "whom the policy of %s lets in is not known, for %s", g.Resource, g.Unknown)
		case everyone && reads:
			out.Fail(g.Ref.At(g.At), "open-policy", "the policy of %s lets every account of AWS use it (%s), and no condition narrows that", g.Resource, strings.Join(g.Actions, ", "))
		}
	}
}
