package deeds

import (
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
)

// action tells what an action of GitHub does.
type action struct {
	name string
	kind fact.DeedKind
	over string
	// with: inputs that must have one of these values, as "name=a|b", or only be
	// given, as "name".
	with []string
	// soft: why a failure does not count, unless one of these inputs has one of
	// these values.
	soft   string
	unless []string
	// softened: inputs with the values that make it forgive failures.
	softened []string
}

var actions = []action{
	// lint
	{name: "golangci/golangci-lint-action", kind: fact.Lints, over: code},
	{name: "dominikh/staticcheck-action", kind: fact.Lints, over: code},
	{name: "super-linter/super-linter", kind: fact.Lints, over: code, softened: []string{"DISABLE_ERRORS=true"}},
	{name: "github/super-linter", kind: fact.Lints, over: code, softened: []string{"DISABLE_ERRORS=true"}},
	{name: "oxsecurity/megalinter", kind: fact.Lints, over: code, softened: []string{"DISABLE_ERRORS=true"}},
	{name: "wearerequired/lint-action", kind: fact.Lints, over: code, softened: []string{"continue_on_error=true"}},
	{name: "ibiqlik/action-yamllint", kind: fact.Lints, over: manifests},
	{name: "karancode/yamllint-github-action", kind: fact.Lints, over: manifests},
	{name: "hadolint/hadolint-action", kind: fact.Lints, over: images, softened: []string{"no-fail=true"}},
	{name: "ludeeus/action-shellcheck", kind: fact.Lints, over: code},
	{name: "luizm/action-sh-checker", kind: fact.Lints, over: code},
	{name: "astral-sh/ruff-action", kind: fact.Lints, over: code},
	{name: "chartboost/ruff-action", kind: fact.Lints, over: code},
	{name: "psf/black", kind: fact.Lints, over: code},
	{name: "actions-rs/clippy-check", kind: fact.Lints, over: code},
	{name: "giraffate/clippy-action", kind: fact.Lints, over: code},
	{name: "DavidAnson/markdownlint-cli2-action", kind: fact.Lints, over: "documents"},
	{name: "avto-dev/markdown-lint", kind: fact.Lints, over: "documents"},
	{name: "crate-ci/typos", kind: fact.Lints, over: "documents"},
	{name: "codespell-project/actions-codespell", kind: fact.Lints, over: "documents"},
	{name: "rhysd/actionlint", kind: fact.Lints, over: pipelines},
	{name: "raven-actions/actionlint", kind: fact.Lints, over: pipelines},
	{name: "zizmorcore/zizmor-action", kind: fact.Lints, over: pipelines},
	{name: "terraform-linters/tflint-action", kind: fact.Lints, over: terraform},
	{name: "ansible/ansible-lint", kind: fact.Lints, over: hosts},
	{name: "bufbuild/buf-action", kind: fact.Lints, over: settings},
	{name: "bufbuild/buf-lint-action", kind: fact.Lints, over: settings},
	{name: "stoplightio/spectral-action", kind: fact.Lints, over: settings},
	{name: "editorconfig-checker/action-editorconfig-checker", kind: fact.Lints, over: code},
	{name: "biomejs/setup-biome", kind: ""},
	{name: "denoland/setup-deno", kind: ""},
	{name: "dflook/terraform-fmt-check", kind: fact.Lints, over: terraform},
	{name: "dflook/tofu-fmt-check", kind: fact.Lints, over: terraform},
	{name: "reviewdog/", kind: fact.Lints, over: code, soft: "reviewdog exits with 0 unless `fail_level` is given", unless: []string{"fail_level=any|info|warning|error", "fail_on_error=true"}},

	// schemas
	{name: "dflook/terraform-validate", kind: fact.ChecksSchema, over: terraform},
	{name: "dflook/tofu-validate", kind: fact.ChecksSchema, over: terraform},
	{name: "instrumenta/kubeval-action", kind: fact.ChecksSchema, over: manifests},
	{name: "makocchi-docker/actions-k8s-manifests-validate-kubeval", kind: fact.ChecksSchema, over: manifests},
	{name: "bmuschko/setup-kubeconform", kind: ""},
	{name: "cardinalby/schema-validator-action", kind: fact.ChecksSchema, over: settings},
	{name: "azure/k8s-lint", kind: fact.ChecksSchema, over: manifests},

	// policy
	{name: "stackrox/kube-linter-action", kind: fact.JudgesPolicy, over: manifests},
	{name: "bridgecrewio/checkov-action", kind: fact.JudgesPolicy, over: terraform, softened: []string{"soft_fail=true"}},
	{name: "aquasecurity/tfsec-action", kind: fact.JudgesPolicy, over: terraform, softened: []string{"soft_fail=true"}},
	{name: "aquasecurity/tfsec-pr-commenter-action", kind: fact.JudgesPolicy, over: terraform, softened: []string{"soft_fail_commenter=true"}},
	{name: "aquasecurity/trivy-action", kind: fact.JudgesPolicy, over: manifests, with: []string{"scan-type=config"}, soft: "trivy exits with 0 unless `exit-code` is given", unless: []string{"exit-code=1|2|3|4|5|10"}},
	{name: "aquasecurity/trivy-action", kind: fact.ScansForHoles, over: images, soft: "trivy exits with 0 unless `exit-code` is given", unless: []string{"exit-code=1|2|3|4|5|10"}},
	{name: "checkmarx/kics-github-action", kind: fact.JudgesPolicy, over: terraform},
	{name: "tenable/terrascan-action", kind: fact.JudgesPolicy, over: terraform, softened: []string{"only_warn=true"}},
	{name: "datreeio/action-datree", kind: fact.JudgesPolicy, over: manifests},
	{name: "controlplaneio/kubesec-action", kind: fact.JudgesPolicy, over: manifests},
	// Its severityThreshold is "high" unless another is given.
	{name: "kubescape/github-action", kind: fact.JudgesPolicy, over: manifests},
	{name: "instrumenta/conftest-action", kind: fact.JudgesPolicy, over: manifests},
	{name: "YubicoLabs/action-conftest", kind: fact.JudgesPolicy, over: manifests},
	{name: "FairwindsOps/insights-action", kind: fact.JudgesPolicy, over: manifests},
	{name: "kubevious/cli", kind: fact.ChecksSchema, over: manifests},
	{name: "kubevious/cli", kind: fact.JudgesPolicy, over: manifests},
	{name: "snyk/actions/iac", kind: fact.JudgesPolicy, over: terraform},

	// deprecations
	{name: "FairwindsOps/pluto", kind: ""},

	// scans
	{name: "github/codeql-action/analyze", kind: fact.ScansForHoles, over: code},
	{name: "github/codeql-action/upload-sarif", kind: fact.ScansForHoles, over: code},
	{name: "anchore/scan-action", kind: fact.ScansForHoles, over: images, softened: []string{"fail-build=false"}},
	{name: "snyk/actions/", kind: fact.ScansForHoles, over: code},
	{name: "securego/gosec", kind: fact.ScansForHoles, over: code},
	{name: "golang/govulncheck-action", kind: fact.ScansForHoles, over: code},
	{name: "gitleaks/gitleaks-action", kind: fact.ScansForHoles, over: code},
	{name: "trufflesecurity/trufflehog", kind: fact.ScansForHoles, over: code},
	{name: "returntocorp/semgrep-action", kind: fact.ScansForHoles, over: code},
	{name: "semgrep/semgrep-action", kind: fact.ScansForHoles, over: code},
	{name: "google/osv-scanner-action", kind: fact.ScansForHoles, over: code},
	{name: "actions/dependency-review-action", kind: fact.ScansForHoles, over: code},
	{name: "ossf/scorecard-action", kind: fact.ScansForHoles, over: code},
	{name: "sonarsource/", kind: fact.ScansForHoles, over: code},
	{name: "docker/scout-action", kind: fact.ScansForHoles, over: images, soft: "docker scout exits with 0 unless `exit-code` is given", unless: []string{"exit-code=true"}},
	{name: "pypa/gh-action-pip-audit", kind: fact.ScansForHoles, over: code},
	{name: "rustsec/audit-check", kind: fact.ScansForHoles, over: code},
	{name: "EmbarkStudios/cargo-deny-action", kind: fact.ScansForHoles, over: code},
	{name: "zaproxy/", kind: fact.ScansForHoles, over: cloud},

	// tests
	{name: "cypress-io/github-action", kind: fact.TestsWhole, over: code},
	{name: "grafana/k6-action", kind: fact.TestsWhole, over: code},
	{name: "grafana/run-k6-action", kind: fact.TestsWhole, over: code},
	{name: "helm/kind-action", kind: ownCluster},
	{name: "engineerd/setup-kind", kind: ownCluster},
	{name: "container-tools/kind-action", kind: ownCluster},
	{name: "AbsaOSS/k3d-action", kind: ownCluster},
	{name: "nolar/setup-k3d-k3s", kind: ownCluster},
	{name: "debianmaster/actions-k3s", kind: ownCluster},
	{name: "medyagh/setup-minikube", kind: ownCluster},
	{name: "manusa/actions-setup-minikube", kind: ownCluster},
	{name: "fluxcd/pkg/actions/kind", kind: ownCluster},
	{name: "loft-sh/setup-vcluster", kind: ownCluster},

	// build and push
	{name: "docker/build-push-action", kind: fact.Builds, over: images},
	{name: "docker/build-push-action", kind: fact.PushesImage, over: images, with: []string{"push=true"}},
	{name: "docker/bake-action", kind: fact.Builds, over: images},
	{name: "docker/bake-action", kind: fact.PushesImage, over: images, with: []string{"push=true"}},
	{name: "redhat-actions/buildah-build", kind: fact.Builds, over: images},
	{name: "redhat-actions/push-to-registry", kind: fact.PushesImage, over: images},
	{name: "mr-smithers-excellent/docker-build-push", kind: fact.PushesImage, over: images},
	{name: "depot/build-push-action", kind: fact.Builds, over: images},
	{name: "depot/build-push-action", kind: fact.PushesImage, over: images, with: []string{"push=true"}},

	// deploy
	{name: "azure/k8s-deploy", kind: fact.Deploys, over: manifests, with: []string{"action=deploy|promote|"}},
	{name: "azure/k8s-deploy", kind: fact.GatesHealth, over: manifests},
	{name: "azure/webapps-deploy", kind: fact.Deploys, over: cloud},
	{name: "azure/functions-action", kind: fact.Deploys, over: cloud},
	{name: "azure/container-apps-deploy-action", kind: fact.Deploys, over: cloud},
	{name: "azure/aci-deploy", kind: fact.Deploys, over: cloud},
	{name: "azure/arm-deploy", kind: fact.Deploys, over: cloud},
	{name: "azure/bicep-deploy", kind: fact.Deploys, over: cloud, with: []string{"operation=create"}},
	{name: "azure/static-web-apps-deploy", kind: fact.Deploys, over: cloud},
	{name: "aws-actions/amazon-ecs-deploy-task-definition", kind: fact.Deploys, over: cloud},
	{name: "aws-actions/amazon-ecs-deploy-task-definition", kind: fact.GatesHealth, over: cloud, with: []string{"wait-for-service-stability=true"}},
	{name: "aws-actions/aws-cloudformation-github-deploy", kind: fact.Deploys, over: cloud},
	{name: "aws-actions/aws-lambda-deploy", kind: fact.Deploys, over: cloud},
	{name: "einaregilsson/beanstalk-deploy", kind: fact.Deploys, over: cloud},
	{name: "google-github-actions/deploy-cloudrun", kind: fact.Deploys, over: cloud},
	{name: "google-github-actions/deploy-appengine", kind: fact.Deploys, over: cloud},
	{name: "google-github-actions/deploy-cloud-functions", kind: fact.Deploys, over: cloud},
	{name: "google-github-actions/create-cloud-deploy-release", kind: fact.Deploys, over: cloud},
	{name: "superfly/flyctl-actions", kind: fact.Deploys, over: cloud, with: []string{"args"}},
	{name: "cloudflare/wrangler-action", kind: fact.Deploys, over: cloud},
	{name: "amondnet/vercel-action", kind: fact.Deploys, over: cloud},
	{name: "nwtgck/actions-netlify", kind: fact.Deploys, over: cloud},
	{name: "FirebaseExtended/action-hosting-deploy", kind: fact.Deploys, over: cloud},
	{name: "akhileshns/heroku-deploy", kind: fact.Deploys, over: cloud},
	{name: "digitalocean/app_action", kind: fact.Deploys, over: cloud},
	{name: "serverless/github-action", kind: fact.Deploys, over: cloud},
	{name: "deliverybot/helm", kind: fact.Deploys, over: charts},
	{name: "bitovi/github-actions-deploy-eks-helm", kind: fact.Deploys, over: charts},
	{name: "actions-hub/kubectl", kind: ""},
	{name: "dflook/terraform-apply", kind: fact.Deploys, over: terraform},
	{name: "dflook/tofu-apply", kind: fact.Deploys, over: terraform},
	{name: "dflook/terraform-plan", kind: fact.Plans, over: terraform},
	{name: "dflook/tofu-plan", kind: fact.Plans, over: terraform},
	{name: "dflook/terraform-check", kind: fact.SeeksDrift, over: terraform},
	{name: "dflook/tofu-check", kind: fact.SeeksDrift, over: terraform},
	{name: "pulumi/actions", kind: fact.Deploys, over: cloud, with: []string{"command=up|update"}},
	{name: "pulumi/actions", kind: fact.Plans, over: cloud, with: []string{"command=preview"}},
	{name: "pulumi/actions", kind: fact.SeeksDrift, over: cloud, with: []string{"expect-no-changes=true"}},
	{name: "dawidd6/action-ansible-playbook", kind: fact.Deploys, over: hosts},

	// what a change affects
	{name: "dorny/paths-filter", kind: fact.FindsAffected},
	{name: "tj-actions/changed-files", kind: fact.FindsAffected},
	{name: "step-security/changed-files", kind: fact.FindsAffected},
	{name: "step-security/paths-filter", kind: fact.FindsAffected},
	{name: "nrwl/nx-set-shas", kind: fact.FindsAffected},
	{name: "jitterbit/get-changed-files", kind: fact.FindsAffected},
	{name: "lots0logs/gh-action-get-changed-files", kind: fact.FindsAffected},
	{name: "trilom/file-changes-action", kind: fact.FindsAffected},
	{name: "fkirc/skip-duplicate-actions", kind: fact.FindsAffected, with: []string{"paths", "paths_filter"}},
}

func byAction() map[string][]*action {
	out := map[string][]*action{}
	for i := range actions {
		name := strings.ToLower(actions[i].name)
		out[name] = append(out[name], &actions[i])
	}
	return out
}

// telling are words in an action's name that may stand for one of the deeds that
// are asked for.
var telling = strings.Fields(`lint linter linters validate validation validator verify check checks checker policy policies schema conform kubeval conftest
	scan scanner quality ci test tests preflight guard audit`)

// elsewise are words in the name of an action that does none of them: it prepares,
// fetches, reports, publishes.
var elsewise = strings.Fields(`setup install installer cache checkout upload download login auth credentials configure label labeler labels stale comment comments
	commenter release releaser releases notify notification notifications slack badge badges coverage codecov coveralls metadata meta buildx qemu create pull pr request merge automerge
	assign assigner milestone changelog semver version versions tag tags bump publish publisher push pages artifact artifacts report reporter results summary cosign sbom slsa
	generator provenance attest attestation free disk space cleanup delete cancel skip wait rerun retry backport cherry title dco cla welcome greetings first sync mirror ssh agent
	tailscale vpn proxy toolchain rust node java python ruby golang deno bun composer php elixir erlang dotnet haskell zig nix devbox mise asdf helm kubectl terraform docker
	header headers license licenses spdx reuse issue issues discussion triage contributors approve variables env dotenv json yaml yq jq script scripts dispatch trigger project board lock commit git paths size bot mergify
	pin upgrade update dependabot renovate benchmark benchmarks cluster kind minikube registry ghcr ecr gcr eks gke aks secrets secret vault sops harden runner`)

// Action tells what an action does. The name comes without its version, inputs
// by lower-case names; values that the host fills in stand as they are written.
func (b *Book) Action(name string, with map[string]string) Result {
	lower := strings.ToLower(name)
	list, known := b.actions[lower]
	for cut := lower; !known; { // owner/repo/path, then owner/repo, then owner/
		at := strings.LastIndexByte(strings.TrimSuffix(cut, "/"), '/')
		if at < 0 {
			break
		}
		if list, known = b.actions[cut[:at+1]]; !known {
			list, known = b.actions[cut[:at]]
		}
		cut = cut[:at]
	}
	var out Result
	for _, a := range list {
		switch {
		case a.kind == "" || !allOf(a.with, with):
			continue
		case a.kind == ownCluster:
			out.OwnCluster = true
			continue
		}
		d := fact.Deed{Kind: a.kind, Tool: name, Over: a.over}
		if a.soft != "" && !anyOf(a.unless, with) {
			d.Soft = a.soft
		}
		for _, s := range a.softened {
			if anyOf([]string{s}, with) {
				d.Soft = "`" + strings.ReplaceAll(s, "=", ": ") + "`"
			}
		}
		if a.kind == fact.JudgesPolicy || len(out.Deeds) == 0 || out.Deeds[0].Kind != fact.JudgesPolicy || a.kind != fact.ScansForHoles {
			out.Deeds = append(out.Deeds, d)
		}
	}
	if known {
		if lower == "docker/bake-action" {
			out.Opaque = checks(name+" "+strings.Join(strings.Fields(with["targets"]), " "), strings.Fields(with["targets"]))
		}
		return out
	}
	said := false
	for word := range strings.FieldsFuncSeq(lower[strings.IndexByte(lower, '/')+1:], func(r rune) bool { return r == '-' || r == '_' || r == '/' || r == '.' }) {
		if slices.Contains(telling, word) {
			said = false
			break
		}
		said = said || slices.Contains(elsewise, word)
	}
	owner, _, _ := strings.Cut(lower, "/")
	if !said && owner != "actions" && owner != "github" && owner != "docker" {
		out.Opaque = &fact.Opaque{What: name, Why: "it is not known what this action does"}
	}
	return out
}

func allOf(wanted []string, with map[string]string) bool {
	for _, w := range wanted {
		if !anyOf([]string{w}, with) {
			return false
		}
	}
	return true
}

// anyOf reports whether one of the inputs is given with one of its values.
func anyOf(wanted []string, with map[string]string) bool {
	for _, w := range wanted {
		name, values, valued := strings.Cut(w, "=")
		value, given := with[strings.ToLower(name)]
		if !valued && given {
			return true
		}
		if !valued {
			continue
		}
		for v := range strings.SplitSeq(values, "|") {
			if strings.EqualFold(v, value) {
				return true
			}
		}
	}
	return false
}
