package pipeline

import (
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
)

// login records how a command of an orb reaches a cloud: with a role, or with the
// keys that stand in the variables which it reads unless told otherwise.
func (c *circle) login(j *fact.PipelineJob, source, name string, options *decode.Node, at fact.Location) {
	source, _, _ = strings.Cut(source, "@")
	_, command, _ := strings.Cut(name, "/")
	given := func(names ...string) string {
		for _, n := range names {
			if v := decode.Text(decode.Child(options, n)); v != "" {
				return v
			}
		}
		return ""
	}
	add := func(what, variable string, stored bool) {
		j.Credentials = append(j.Credentials, fact.PipelineCredential{What: what, Name: variable, Stored: stored, At: at})
	}
	switch {
	case given("role_arn", "role-arn") != "":
		add("a role of AWS", "", false)
	case (source == "circleci/aws-cli" || source == "circleci/aws-eks" || source == "circleci/aws-ecs" || source == "circleci/aws-ecr") && given("aws_access_key_id", "aws-access-key-id") != "",
		source == "circleci/aws-cli" && command == "setup":
		add("an AWS access key", "$"+first(strings.TrimPrefix(given("aws_secret_access_key", "aws-secret-access-key"), "$"), "AWS_SECRET_ACCESS_KEY"), true)
	case source == "circleci/gcp-cli" && command == "setup" && yes(decode.Child(options, "use_oidc")):
		add("a federated identity of Google Cloud", "", false)
	case (source == "circleci/gcp-cli" || source == "circleci/gcp-gke" || source == "circleci/gcp-gcr") && (command == "setup" || command == "initialize"):
		add("a Google service account key", "$"+first(given("gcloud_service_key", "gcloud-service-key"), "GCLOUD_SERVICE_KEY"), true)
	}
}

// keys settles what the job was given: what an ID token was exchanged for is not
// kept, and a job that deploys and shows nothing has it from its contexts.
func (c *circle) keys(j *fact.PipelineJob, options *decode.Node) {
	issued := slices.ContainsFunc(j.Credentials, func(k fact.PipelineCredential) bool { return !k.Stored })
	if issued {
		j.Credentials = slices.DeleteFunc(j.Credentials, func(k fact.PipelineCredential) bool { return k.Stored && k.What == "an AWS access key" })
	}
	contexts := words(decode.Child(options, "context"))
	if len(j.Credentials) > 0 || len(contexts) == 0 {
		return
	}
	for _, s := range j.Steps {
		if slices.ContainsFunc(s.Deeds, func(d fact.Deed) bool { return d.Kind == fact.Deploys }) {
			j.Credentials = append(j.Credentials, fact.PipelineCredential{What: "what context " + strings.Join(contexts, ", ") + " holds", Stored: true, Unclear: true, At: c.doc.At(decode.Child(options, "context"))})
			return
		}
	}
}
