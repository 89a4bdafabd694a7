package pipeline

import (
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/secrecy"
	"seaworthy.dev/seaworthy/internal/fact"
)

// credentials records what withCredentials or withAWS hands over. An AWS key with
// which a role is assumed is kept all the same; a file under the name from which AWS
// reads an identity comes from Jenkins' own issuer of ID tokens.
func (f *jenkinsfile) credentials(stage *fact.PipelineJob, by string, line int) {
	if stage == nil {
		return
	}
	at := f.place(line)
	add := func(what, name string, stored, unclear bool) {
		stage.Credentials = append(stage.Credentials, fact.PipelineCredential{What: what, Name: name, Stored: stored, Unclear: unclear, At: at})
	}
	if by == "sshagent" {
		add("an SSH key", "", true, false)
		return
	}
	key, role := "", false
	for i := f.at; i < len(f.tokens) && i < f.at+60 && f.tokens[i].kind != '{'; i++ {
		t := f.tokens[i]
		next := ""
		if i+1 < len(f.tokens) && f.tokens[i+1].kind == 's' {
			next = f.tokens[i+1].text
		}
		switch {
		case by == "withAWS" && t.kind == 'i' && t.text == "credentials":
			key = first(next, "withAWS")
		case by == "withAWS" && t.kind == 'i' && (t.text == "role" || t.text == "roleAccount" || t.text == "roleArn"):
			role = true
		case t.kind == 'i' && (t.text == "aws" || t.text == "AmazonWebServicesCredentialsBinding"), t.kind == 's' && t.text == "AmazonWebServicesCredentialsBinding":
			add("an AWS access key", "", true, false)
		case t.kind == 'i' && t.text == "azureServicePrincipal":
			add("an Azure application of Jenkins' store", next, true, true)
		case t.kind == 'i' && t.text == "sshUserPrivateKey":
			add("an SSH key", "", true, false)
		case t.kind == 's' && t.text == "AWS_WEB_IDENTITY_TOKEN_FILE":
			add("an ID token of Jenkins", "", false, false)
		case t.kind == 's' && secrecy.CloudKey(t.text) != "":
			add(secrecy.CloudKey(t.text), t.text, true, false)
		case t.kind == 's' && t.text == "GOOGLE_APPLICATION_CREDENTIALS":
			add("a credentials file of Google Cloud", t.text, true, true) // a key, or a federation file
		case t.kind == 's' && strings.Contains(strings.ToUpper(t.text), "KUBECONFIG"):
			add("a kubeconfig", t.text, true, true)
		}
	}
	switch {
	case key != "":
		add("an AWS access key", key, true, false)
	case role: // assumed with what the machine has
		add("a role of AWS", "", false, false)
	}
}

// bound records a variable of `environment` that takes something out of Jenkins'
// store.
func (f *jenkinsfile) bound(stage *fact.PipelineJob, variable groovy, id string, line int) {
	if variable.kind != 'i' {
		return
	}
	c := fact.PipelineCredential{Name: variable.text + " from " + id, Stored: true, At: f.place(line)}
	upper := strings.ToUpper(variable.text)
	switch {
	case upper == "AWS_WEB_IDENTITY_TOKEN_FILE":
		c = fact.PipelineCredential{What: "an ID token of Jenkins", At: f.place(line)}
	case secrecy.CloudKey(upper) != "":
		c.What = secrecy.CloudKey(upper)
	case upper == "GOOGLE_APPLICATION_CREDENTIALS":
		c.What, c.Unclear = "a credentials file of Google Cloud", true
	case strings.Contains(upper, "KUBECONFIG"):
		c.What, c.Unclear = "a kubeconfig", true
	default:
		return
	}
	if stage == nil {
		f.common = append(f.common, c)
		return
	}
	stage.Credentials = append(stage.Credentials, c)
}

// handed gives what the whole pipeline holds to each of its stages, and takes the
// variables of AWS out where an ID token was exchanged for them.
func (f *jenkinsfile) handed() {
	for _, j := range f.p.Jobs {
		j.Credentials = append(j.Credentials, f.common...)
		j.Credentials = slices.DeleteFunc(j.Credentials, func(c fact.PipelineCredential) bool { // said where it is bound
			return strings.HasPrefix(c.Name, "$") && slices.ContainsFunc(j.Credentials, func(o fact.PipelineCredential) bool {
				return o.Stored && o.What == c.What && !strings.HasPrefix(o.Name, "$")
			})
		})
		if slices.ContainsFunc(j.Credentials, func(c fact.PipelineCredential) bool { return c.What == "an ID token of Jenkins" }) {
			j.Credentials = slices.DeleteFunc(j.Credentials, func(c fact.PipelineCredential) bool { return c.Stored && strings.HasPrefix(c.Name, "$AWS_") })
		}
	}
}
