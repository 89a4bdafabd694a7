package leastprivilege

import (
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// admins are policies of clouds that allow everything, or to give it to
// oneself: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_job-functions.html
var admins = []string{
	"AdministratorAccess", "PowerUserAccess", "IAMFullAccess", "SystemAdministrator",
	"roles/owner", "roles/editor", "roles/resourcemanager.projectIamAdmin", "roles/resourcemanager.organizationAdmin", "roles/iam.securityAdmin",
	"Owner", "Contributor", "User Access Administrator", "Role Based Access Control Administrator",
}

// data are actions that read or change what a service holds; they can all be
// narrowed to resources.
var data = []string{
	"s3:GetObject", "s3:PutObject", "s3:DeleteObject", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:DeleteItem", "dynamodb:UpdateItem", "dynamodb:Query", "dynamodb:Scan",
	"sqs:SendMessage", "sqs:ReceiveMessage", "sqs:DeleteMessage", "sns:Publish", "lambda:InvokeFunction", "kinesis:PutRecord", "kinesis:GetRecords", "rds-db:connect",
	"ecs:ExecuteCommand", "ssm:StartSession", "ssm:SendCommand",
	"roles/storage.objectViewer", "roles/storage.objectCreator", "roles/storage.objectUser", "roles/storage.objectAdmin", "roles/pubsub.publisher", "roles/pubsub.subscriber",
	"roles/bigquery.dataViewer", "roles/bigquery.dataEditor", "roles/bigquery.dataOwner", "roles/run.invoker",
	"Storage Blob Data Owner", "Storage Blob Data Contributor", "Storage Blob Data Reader",
}

// escalations let their holder get further permissions.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
var escalations = []string{
	"iam:PassRole", "iam:CreatePolicyVersion", "iam:SetDefaultPolicyVersion", "iam:AttachRolePolicy", "iam:AttachUserPolicy", "iam:PutRolePolicy", "iam:PutUserPolicy",
	"iam:CreateAccessKey", "iam:UpdateAssumeRolePolicy", "iam:CreateLoginProfile", "sts:AssumeRole",
	"roles/iam.serviceAccountUser", "roles/iam.serviceAccountTokenCreator", "roles/iam.serviceAccountKeyAdmin", "roles/iam.serviceAccountAdmin", "roles/iam.roleAdmin",
	"iam.serviceAccounts.actAs", "iam.serviceAccounts.getAccessToken", "iam.serviceAccountKeys.create", "iam.roles.update", "resourcemanager.projects.setIamPolicy",
	"Microsoft.Authorization/roleAssignments/write",
}

// secretReads read secrets and the keys that encrypt them.
var secretReads = []string{"secretsmanager:GetSecretValue", "ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath", "kms:Decrypt",
	"roles/secretmanager.secretAccessor", "roles/secretmanager.admin", "secretmanager.versions.access", "roles/cloudkms.cryptoKeyDecrypter", "roles/cloudkms.cryptoKeyEncrypterDecrypter",
	"Key Vault Administrator", "Key Vault Secrets User", "Key Vault Secrets Officer"}

// grants judges each statement of a cloud's policies once, whoever holds it.
// It returns the accounts of which something is broad or not known.
func grants(out *verdict.Findings, here *fact.Set) map[string]bool {
	broad := map[string]bool{}
	for _, g := range here.Grants {
		if g.Deny || g.Resource != "" {
			continue
		}
		ref := g.Ref.At(g.At)
		rule, may := widest(g)
		switch {
		case g.Everyone && len(g.Conditions) == 0:
			out.Fail(ref, "everyone", "everyone (%s) may use %s on %s", list(g.Holders), g.Policy, shown(g.Resources))
			continue
		case rule == "" && g.Unknown != "":
			out.Unclear(ref, "statement-unknown", "what policy %s allows %s is not known, for %s", g.Policy, list(g.Holders), g.Unknown)
		case rule == "" && wholeService(g) && !g.People:
			out.Fail(ref, "full-access", "%s lets %s do everything with a whole service", g.Managed, list(g.Holders))
		case rule == "":
			continue
		case g.People:
			out.Note(ref, "people", "policy %s lets %s, who are people, %s", g.Policy, list(g.Holders), may)
			continue
		case g.Trust:
			out.Fail(ref, rule, "%s", may)
		default:
			out.Fail(ref, rule, "policy %s lets %s %s", g.Policy, list(g.Holders), may)
		}
		for _, h := range g.Holders {
			broad[h] = true
		}
	}
	return broad
}

// wholeService reports whether a role of the cloud's own is for everything that
// a service does, wherever in a project or an account.
func wholeService(g *fact.Grant) bool {
	if strings.HasSuffix(g.Managed, "FullAccess") {
		return true
	}
	if !g.Everywhere() || len(g.Conditions) > 0 {
		return false
	}
	ends := []string{" Contributor", " Administrator", " Owner"} // of Azure
	if strings.HasPrefix(g.Managed, "roles/") {
		ends = []string{".admin", "Admin", "Admin.v1"}
	}
	return slices.ContainsFunc(ends, func(end string) bool { return strings.HasSuffix(g.Managed, end) })
}

// widest returns the rule that a statement breaks most, and what it lets its
// holder do; empty where it breaks none.
func widest(g *fact.Grant) (rule, may string) {
	if g.Trust {
		return trust(g)
	}
	everywhere := g.Everywhere() || g.ExceptResources
	switch {
	case slices.Contains(admins, g.Managed) && (len(g.Resources) == 0 || everywhere):
		return "administrator", "do everything (" + g.Managed + ")"
	case g.ExceptActions && everywhere:
		return "everything-but", "do everything but " + shown(g.Actions) + " (NotAction)"
	case slices.Contains(g.Actions, "*") && everywhere:
		return "administrator", "do everything (* on *)"
	case slices.Contains(g.Actions, "*"):
		return "every-action", "use every action (*) on " + shown(g.Resources)
	case !everywhere || len(g.Conditions) > 0:
		return "", ""
	}
	for _, kind := range []struct {
		rule    string
		actions []string
		may     string
	}{
		{"self-service", escalations, "get further permissions"},
		{"every-secret", secretReads, "read every secret"},
	} {
		if hit := among(g, kind.actions); hit != "" {
			return kind.rule, kind.may + " (" + hit + " on *)"
		}
	}
	for _, a := range g.Actions {
		if service, rest, found := strings.Cut(a, ":"); found && rest == "*" && !harmlessService(service) {
			return "every-action", "use every action of " + service + " on every resource (" + a + " on *)"
		}
	}
	if hit := among(g, data); hit != "" {
		return "every-resource", "use " + hit + " on every resource"
	}
	return "", ""
}

// harmlessService reports whether a service's actions take no resource, or only
// write measurements.
func harmlessService(service string) bool {
	return slices.Contains([]string{"logs", "xray", "cloudwatch", "ecr-public", "tag", "pricing"}, service)
}

// among returns the first pattern of the grant that allows one of the actions.
func among(g *fact.Grant, actions []string) string {
	for _, pattern := range g.Actions {
		for _, a := range actions {
			if fact.Fits(pattern, a) {
				return pattern
			}
		}
	}
	return ""
}

// trust judges who may become the holder.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html
func trust(g *fact.Grant) (rule, may string) {
	bound := func(part string) (value string, found bool) {
		for _, c := range g.Conditions {
			key, v, _ := strings.Cut(c, " ")
			if strings.HasSuffix(key, part) {
				return v, true
			}
		}
		return "", false
	}
	for _, p := range g.Principals {
		switch {
		case p == "*" && len(g.Conditions) == 0:
			return "open-trust", "every account may become " + list(g.Holders)
		case strings.Contains(p, "token.actions.githubusercontent.com"), strings.Contains(p, "gitlab.com"), strings.Contains(p, "aws_iam_openid_connect_provider"):
			subject, found := bound(":sub")
			if !found && g.Unknown == "" {
				return "open-trust", "any repository that the provider knows may become " + list(g.Holders) + ", for no condition names a subject (sub)"
			}
			if found && (subject == "*" || subject == "repo:*" || subject == "repo:*:*") {
				return "open-trust", "any repository may become " + list(g.Holders) + " (sub is " + subject + ")"
			}
		}
	}
	return "", ""
}

// cloud judges the identity of what a cloud runs. Broad statements have been
// said already, where they stand.
func cloud(out *verdict.Findings, here *fact.Set, w *fact.Workload, broad map[string]bool) {
	identity, unknown := w.Unknown.Any(fact.Identity)
	_, unread := w.Unknown.Any(fact.Contents)
	switch {
	case broad[w.Account]:
	case unknown:
		out.Unclear(w.Ref.At(identity.At), "role-unknown", "what %s may do is not known, for %s", w.Name, identity.Why)
	case w.Account == fact.DefaultAccount:
		out.Fail(w.Ref.At(w.PodAt), "default-identity", "%s names no account, so it runs as the default one of its project, which it shares with everything there that names none", w.Name)
	case w.Account == "" && unread:
	case w.Account == "":
		out.Pass(w.Ref, "no-token", "%s has no role of the cloud", w.Name)
	default:
		out.Pass(w.Ref, "narrow", "%s runs as %s; nothing broad is given to it (%s)", w.Name, w.Account, verdict.Count(len(here.GrantsOf(w.Account)), "statement"))
	}
}
