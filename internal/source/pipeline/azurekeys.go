package pipeline

import (
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/derive/secrecy"
	"seaworthy.dev/seaworthy/internal/fact"
)

// federated are words in a script or an environment that only a federated identity
// gives a meaning to: the token that a task hands over, and Azure's own endpoint for
// them.
var federated = []string{"$idToken", "$env:idToken", "${idToken}", "SYSTEM_OIDCREQUESTURI"}

// connection records the service connection of a task. Whether it holds a password
// or trusts the pipeline stands in the settings of the project; a script that takes
// the connection's ID token says that it trusts.
func (a *azureFile) connection(job *fact.PipelineJob, inputs *decode.Node, at fact.Location) {
	for _, key := range decode.Keys(inputs) {
		name := decode.Text(decode.Child(inputs, key.Value))
		switch strings.ToLower(key.Value) {
		case "azuresubscription", "connectedservicenamearm", "azureresourcemanagerconnection", "backendservicearm", "environmentservicenameazurerm",
			"kubernetesserviceconnection", "kubernetesserviceendpoint", "awscredentials", "environmentservicenameaws", "environmentservicenamegcp", "azuresubscriptionendpoint":
		default:
			continue
		}
		if name == "" || slices.ContainsFunc(job.Credentials, func(c fact.PipelineCredential) bool { return strings.HasSuffix(c.What, " "+name) }) {
			continue
		}
		c := fact.PipelineCredential{What: "the service connection " + name, Stored: true, Unclear: true, At: at}
		if mentions(decode.Text(decode.Child(inputs, "inlineScript")), federated) {
			c = fact.PipelineCredential{What: "a token of the federated service connection " + name, At: at}
		}
		job.Credentials = append(job.Credentials, c)
	}
}

// keys records keys that the environment of a step hands over.
func (a *azureFile) keys(job *fact.PipelineJob, step *decode.Node) {
	env := decode.Child(step, "env")
	session := decode.Child(env, "AWS_SESSION_TOKEN") != nil
	for _, key := range decode.Keys(env) {
		n := decode.Child(env, key.Value)
		value, upper := decode.Text(n), strings.ToUpper(key.Value)
		if !strings.Contains(value, "$(") || session && strings.HasPrefix(upper, "AWS_") {
			continue // written out, it is a secret in plain text; of a session, it ends
		}
		c := fact.PipelineCredential{Name: value, Stored: true, At: a.doc.At(key)}
		switch {
		case secrecy.CloudKey(upper) != "":
			c.What = secrecy.CloudKey(upper)
		case strings.Contains(upper, "KUBECONFIG") || strings.Contains(upper, "KUBE_CONFIG"):
			c.What, c.Unclear = "a kubeconfig", true
		default:
			continue
		}
		job.Credentials = append(job.Credentials, c)
	}
	if mentions(decode.Text(decode.Child(env, "SYSTEM_OIDCREQUESTURI")), []string{"$("}) || decode.Child(env, "ARM_OIDC_REQUEST_TOKEN") != nil {
		job.Credentials = append(job.Credentials, fact.PipelineCredential{What: "an ID token of Azure Pipelines", At: a.doc.At(env)})
	}
}

func mentions(text string, list []string) bool {
	return slices.ContainsFunc(list, func(word string) bool { return strings.Contains(text, word) })
}
