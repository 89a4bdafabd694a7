package kustomize

import "regexp"

// remoteForms is what kustomize takes for the address of a repository or a
// file elsewhere, and what other tools do: a scheme, a user at a host, or
// github.com without either.
var remoteForms = regexp.MustCompile(`(?i)^(git::|(ssh|https?|file|git|oci|s3|gs|hg)://|[a-z][a-z0-9._-]*@[^/]*[:/]|(www\.)?(github\.com|bitbucket\.org|gitlab\.com)[:/])|\?(ref|version|submodules|timeout)=`)

// isRemote reports whether an entry leads out of the machine.
func isRemote(text string) bool { return remoteForms.MatchString(text) }
