package pipeline

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/rhysd/actionlint"

	"seaworthy.dev/seaworthy/internal/derive/secrecy"
	"seaworthy.dev/seaworthy/internal/fact"
)

// secretName matches the name of a secret in an expression.
var secretName = regexp.MustCompile(`\bsecrets\.([A-Za-z_][A-Za-z0-9_-]*)|\bsecrets\[\s*'([^']+)'\s*\]`)

// secretIn returns the secret that a value takes; empty where it takes none.
func secretIn(value string) string {
	fit := secretName.FindStringSubmatch(value)
	if fit == nil {
		return ""
	}
	return "secrets." + fit[1] + fit[2]
}

// stored records keys that a block of variables hands over.
func (r *reader) stored(j *fact.PipelineJob, file string, env *actionlint.Env) {
	if env == nil {
		return
	}
	session := false
	for _, v := range env.Vars {
		session = session || v.Name != nil && v.Name.Value == "AWS_SESSION_TOKEN"
	}
	for _, key := range slices.Sorted(maps.Keys(env.Vars)) {
		v := env.Vars[key]
		if v.Name == nil || v.Value == nil {
			continue
		}
		secret := secretIn(v.Value.Value)
		if secret == "" || session && strings.HasPrefix(v.Name.Value, "AWS_") {
			continue
		}
		r.credential(j, v.Name.Value, secret, r.place(file, v.Name.Pos))
	}
}

// credential records a secret that is handed over under a name that programs read.
func (r *reader) credential(j *fact.PipelineJob, name, secret string, at fact.Location) {
	upper := strings.ToUpper(name)
	c := fact.PipelineCredential{Name: secret, Stored: true, At: at}
	switch {
	case secrecy.CloudKey(upper) != "":
		c.What = secrecy.CloudKey(upper)
	case strings.Contains(upper, "KUBECONFIG") || strings.Contains(upper, "KUBE_CONFIG"):
		c.What, c.Unclear = "a kubeconfig", true
	case strings.Contains(upper, "SSH") && (strings.Contains(upper, "KEY") || strings.Contains(upper, "PRIVATE")):
		c.What = "an SSH key"
	default:
		return
	}
	j.Credentials = append(j.Credentials, c)
}

// credentials records how an action reaches a platform.
func (r *reader) credentials(j *fact.PipelineJob, s step) {
	name, _, _ := strings.Cut(s.uses, "@")
	name = strings.ToLower(name)
	add := func(what, input string, storedKey bool) {
		secret := secretIn(s.with[input])
		j.Credentials = append(j.Credentials, fact.PipelineCredential{What: what, Name: secret, Stored: storedKey, At: s.at})
	}
	secret := func(input string) bool { return secretIn(s.with[input]) != "" }
	switch {
	case name == "aws-actions/configure-aws-credentials" && s.with["aws-session-token"] == "" && secret("aws-secret-access-key"):
		add("an AWS access key", "aws-secret-access-key", true)
	case name == "aws-actions/configure-aws-credentials" && s.with["role-to-assume"] != "":
		add("a role of AWS", "", false)
	case name == "google-github-actions/auth" && s.with["workload_identity_provider"] != "":
		add("a federated identity of Google Cloud", "", false)
	case name == "google-github-actions/auth" && s.with["credentials_json"] != "":
		add("a Google service account key", "credentials_json", true)
	case name == "google-github-actions/setup-gcloud" && secret("service_account_key"):
		add("a Google service account key", "service_account_key", true)
	case name == "azure/login" && s.with["creds"] != "":
		add("the password of an Azure application", "creds", true)
	case name == "azure/login" && s.with["client-id"] != "" && s.with["client-secret"] == "":
		add("a federated identity of Azure", "", false)
	case name == "azure/webapps-deploy" && s.with["publish-profile"] != "":
		add("the publish profile of an Azure web app", "publish-profile", true)
	case name == "azure/functions-action" && s.with["publish-profile"] != "":
		add("the publish profile of an Azure function", "publish-profile", true)
	case strings.HasSuffix(name, "k8s-set-context") && s.with["kubeconfig"] != "":
		j.Credentials = append(j.Credentials, fact.PipelineCredential{What: "a kubeconfig", Name: secretIn(s.with["kubeconfig"]), Stored: true, Unclear: true, At: s.at})
	case name == "digitalocean/action-doctl":
		add("a DigitalOcean token", "token", true)
	case name == "hashicorp/vault-action" && strings.EqualFold(s.with["method"], "jwt"):
		add("a lease of Vault", "", false)
	case name == "hashicorp/vault-action" && secret("token"):
		add("a Vault token", "token", true)
	case strings.HasSuffix(name, "/ssh-action") && secret("key"):
		add("an SSH key", "key", true)
	case name == "webfactory/ssh-agent":
		j.Credentials = append(j.Credentials, fact.PipelineCredential{What: "an SSH key", Name: secretIn(s.with["ssh-private-key"]), Stored: true, Unclear: true, At: s.at})
	case strings.HasPrefix(name, "superfly/") || name == "cloudflare/wrangler-action" && secret("apitoken"):
		if secret("apitoken") {
			add("a Cloudflare token", "apitoken", true)
		}
	}
}

// rights records what the job's token may write.
func (r *reader) rights(j *fact.PipelineJob, w *workflow, x *actionlint.Job) {
	p := x.Permissions
	if p == nil {
		p = w.tree.Permissions
	}
	if p != nil && p.All != nil && p.All.Value == "write-all" {
		j.WritesAll, j.WritesAllAt = true, r.place(j.File, p.Pos)
	}
}
