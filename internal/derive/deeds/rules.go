package deeds

import (
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
)

// rule tells what a command line does. Words are the program and the words that
// follow it in this order, flags left out; alternatives stand with "|" between.
type rule struct {
	words string
	kind  fact.DeedKind
	over  string
	// with: one of these flags must be there; without: none of these may be.
	with, without []string
	// soft: why a failure does not count, unless one of these flags is there.
	soft   string
	unless []string
	// softened: flags that make it forgive failures.
	softened []string
}

// dry are the flags with which a command only shows what it would do.
var dry = []string{"--dry-run", "--diff", "--check", "--plan", "--preview", "--noop", "--what-if", "-n=dry"}

// What is looked at.
const (
	code      = "code"
	manifests = "manifests"
	charts    = "charts"
	terraform = "terraform"
	images    = "images"
	compose   = "compose"
	pipelines = "pipelines"
	settings  = "settings"
	cloud     = "cloud"
	hosts     = "hosts"
)

// zeroExit are the flags of linters that forgive everything.
var zeroExit = []string{"--exit-zero", "--exit-zero-even-if-changed", "--no-fail", "--issues-exit-code=0", "--soft-fail", "--no-exit-code"}

// lints are programs that lint, whatever words follow.
var lints = map[string]string{
	"golangci-lint": code, "custom-gcl": code, "staticcheck": code, "revive": code, "golint": code, "errcheck": code, "gocyclo": code, "nilaway": code,
	"eslint": code, "oxlint": code, "stylelint": code, "tslint": code, "xo": code, "standard": code, "jshint": code,
	"flake8": code, "pylint": code, "pycodestyle": code, "pydocstyle": code, "mypy": code, "pyright": code, "basedpyright": code, "pytype": code, "vulture": code, "ty": code,
	"rubocop": code, "standardrb": code, "reek": code, "phpcs": code, "phpstan": code, "psalm": code, "phpmd": code,
	"ktlint": code, "detekt": code, "checkstyle": code, "pmd": code, "spotbugs": code, "scalafix": code, "swiftlint": code, "clang-tidy": code, "cppcheck": code, "cpplint": code,
	"credo": code, "hlint": code, "luacheck": code, "tsc": code, "svelte-check": code, "vue-tsc": code, "knip": code,
	"yamllint": manifests, "yamlfmt": manifests, "jsonlint": settings, "taplo": settings, "dotenv-linter": settings, "editorconfig-checker": code, "ec": code, "typos": "documents", "codespell": "documents", "cspell": "documents", "misspell": "documents",
	"markdownlint": "documents", "markdownlint-cli2": "documents", "vale": "documents", "remark": "documents", "textlint": "documents", "lychee": "documents",
	"hadolint": images, "dockle": images, "dockerfile_lint": images, "dockerlint": images,
	"shellcheck": code, "shfmt": code, "bashate": code, "checkbashisms": code,
	"actionlint": pipelines, "zizmor": pipelines, "ansible-lint": hosts, "tflint": terraform, "squawk": code, "protolint": settings, "statix": code, "puppet-lint": hosts, "cookstyle": hosts, "foodcritic": hosts,
	"super-linter": code, "megalinter": code, "mega-linter-runner": code, "djlint": code, "curlylint": code, "erb_lint": code, "erblint": code, "standardjs": code,
}

// writers are linters that change files instead of failing unless they are told
// to check.
var writers = map[string][]string{
	"black": {"--check", "--diff"}, "isort": {"--check", "--check-only", "-c", "--diff"}, "prettier": {"--check", "-c", "-l", "--list-different"}, "shfmt": {"-d", "-l", "--diff"},
	"yapf": {"-d", "--diff"}, "autopep8": {"--diff"}, "clang-format": {"--dry-run", "-n"}, "yamlfmt": {"-lint", "--lint"}, "gofumpt": {"-d", "-l"}, "goimports": {"-d", "-l"}, "gci": {"diff", "list"},
	"rustfmt": {"--check"}, "google-java-format": {"--dry-run", "--set-exit-if-changed"}, "nixfmt": {"--check"}, "alejandra": {"--check"}, "stylua": {"--check"}, "dprint": {"check"},
	"ormolu": {"--mode=check"}, "fourmolu": {"--mode=check"}, "cmake-format": {"--check"}, "scalafmt": {"--test", "--check"}, "dart": {"--set-exit-if-changed"}, "php-cs-fixer": {"--dry-run"}, "terraform-docs": {"--output-check"},
}

// rules are the command lines that are known. All that fit count.
var rules = []rule{
	// lint
	{words: "go vet", kind: fact.Lints, over: code},
	{words: "go fmt", kind: fact.Lints, over: code, soft: "go fmt " + lists},
	{words: "gofmt", kind: fact.Lints, over: code, with: []string{"-l", "-d"}, soft: "gofmt " + lists},
	{words: "ruff check", kind: fact.Lints, over: code, softened: zeroExit},
	{words: "ruff format", kind: fact.Lints, over: code, with: []string{"--check", "--diff"}},
	{words: "cargo clippy", kind: fact.Lints, over: code},
	{words: "cargo fmt", kind: fact.Lints, over: code, with: []string{"--check"}},
	{words: "dotnet format", kind: fact.Lints, over: code, with: []string{"--verify-no-changes"}},
	{words: "mix credo", kind: fact.Lints, over: code},
	{words: "mix format", kind: fact.Lints, over: code, with: []string{"--check-formatted"}},
	{words: "buf lint|breaking", kind: fact.Lints, over: settings},
	{words: "spectral|redocly|vacuum|regal|sqlfluff lint", kind: fact.Lints, over: settings},
	{words: "biome|rome check|lint|ci", kind: fact.Lints, over: code},
	{words: "astro check", kind: fact.Lints, over: code},
	{words: "next lint", kind: fact.Lints, over: code},
	{words: "ng lint", kind: fact.Lints, over: code},
	{words: "expo lint", kind: fact.Lints, over: code},
	{words: "deno lint", kind: fact.Lints, over: code},
	{words: "deno fmt", kind: fact.Lints, over: code, with: []string{"--check"}},
	{words: "dart|flutter analyze", kind: fact.Lints, over: code},
	{words: "zig fmt", kind: fact.Lints, over: code, with: []string{"--check"}},
	{words: "terraform|tofu|terragrunt fmt|hclfmt", kind: fact.Lints, over: terraform, with: []string{"-check", "--check", "--terragrunt-check"}},
	{words: "packer fmt", kind: fact.Lints, over: images, with: []string{"-check"}},
	{words: "nx|turbo|lerna lint", kind: fact.Lints, over: code},
	{words: "nx|turbo|lerna run|affected|run-many lint", kind: fact.Lints, over: code},
	{words: "mvn|mvnw checkstyle:check|checkstyle:checkstyle|pmd:check|spotbugs:check|spotless:check|formatter:validate|ktlint:check|detekt:check", kind: fact.Lints, over: code},
	{words: "gradle|gradlew ktlintCheck|detekt|spotlessCheck|checkstyleMain|pmdMain|spotbugsMain|lint|lintDebug|lintKotlin", kind: fact.Lints, over: code},
	{words: "sbt scalafmtCheck|scalafmtCheckAll|scalastyle|scalafixAll", kind: fact.Lints, over: code},
	{words: "promtool check", kind: fact.Lints, over: "alerts"},
	{words: "amtool check-config", kind: fact.Lints, over: "alerts"},
	{words: "pint lint|ci", kind: fact.Lints, over: "alerts"},
	{words: "docker|podman build|buildx", kind: fact.Lints, over: images, with: []string{"--check"}},

	// schemas
	{words: "kubeconform|kubeval|kubectl-validate", kind: fact.ChecksSchema, over: manifests},
	{words: "kubectl|oc apply|create|replace", kind: fact.ChecksSchema, over: manifests, with: []string{"--dry-run"}},
	{words: "kubectl|oc validate|diff", kind: fact.ChecksSchema, over: manifests},
	{words: "flux-local test|build", kind: fact.ChecksSchema, over: manifests},
	{words: "helm|helmfile lint", kind: fact.ChecksSchema, over: charts},
	{words: "helm|helmfile lint", kind: fact.Lints, over: charts},
	{words: "helm kubeconform", kind: fact.ChecksSchema, over: charts},
	{words: "ct lint|lint-and-install", kind: fact.ChecksSchema, over: charts},
	{words: "ct lint|lint-and-install", kind: fact.Lints, over: charts},
	{words: "terraform|tofu|terragrunt|packer validate|validate-inputs", kind: fact.ChecksSchema, over: terraform},
	{words: "terragrunt run-all|run validate", kind: fact.ChecksSchema, over: terraform},
	{words: "cfn-lint", kind: fact.ChecksSchema, over: cloud},
	{words: "sam validate", kind: fact.ChecksSchema, over: cloud},
	{words: "aws cloudformation validate-template", kind: fact.ChecksSchema, over: cloud},
	{words: "az bicep|deployment lint|build|validate", kind: fact.ChecksSchema, over: cloud},
	{words: "az deployment group|sub validate", kind: fact.ChecksSchema, over: cloud},
	{words: "docker compose config", kind: fact.ChecksSchema, over: compose},
	{words: "docker-compose config", kind: fact.ChecksSchema, over: compose},
	{words: "systemd-analyze verify", kind: fact.ChecksSchema, over: hosts},
	{words: "ansible-playbook", kind: fact.ChecksSchema, over: hosts, with: []string{"--syntax-check"}},
	{words: "check-jsonschema|ajv|v8r|yajsv", kind: fact.ChecksSchema, over: settings},
	{words: "cue|kcl vet", kind: fact.ChecksSchema, over: settings},
	{words: "argo lint", kind: fact.ChecksSchema, over: manifests},
	{words: "nomad job validate", kind: fact.ChecksSchema, over: manifests},
	{words: "serverless|sls package|print", kind: fact.ChecksSchema, over: cloud},

	// policy
	{words: "seaworthy check", kind: fact.ChecksSchema, over: manifests, softened: []string{"--fail-on=never"}},
	{words: "seaworthy check", kind: fact.JudgesPolicy, over: manifests, softened: []string{"--fail-on=never"}},
	{words: "seaworthy check", kind: fact.FindsOldAPIs, over: manifests, softened: []string{"--fail-on=never"}},
	{words: "conftest test", kind: fact.JudgesPolicy, over: manifests, softened: []string{"--no-fail"}},
	{words: "helm conftest", kind: fact.JudgesPolicy, over: charts, softened: []string{"--no-fail"}},
	{words: "opa eval|exec", kind: fact.JudgesPolicy, over: manifests, soft: "opa exits with 0 unless `--fail` is given", unless: []string{"--fail", "--fail-defined", "--fail-non-empty"}},
	{words: "kyverno apply", kind: fact.JudgesPolicy, over: manifests},
	{words: "gator test", kind: fact.JudgesPolicy, over: manifests},
	{words: "kube-linter lint", kind: fact.JudgesPolicy, over: manifests},
	{words: "kube-score score", kind: fact.JudgesPolicy, over: manifests},
	{words: "polaris audit", kind: fact.JudgesPolicy, over: manifests, soft: "polaris exits with 0 unless `--set-exit-code-on-danger` is given", unless: []string{"--set-exit-code-on-danger", "--set-exit-code-below-score"}},
	{words: "kubesec scan", kind: fact.JudgesPolicy, over: manifests},
	{words: "kubescape scan", kind: fact.JudgesPolicy, over: manifests, soft: "kubescape exits with 0 unless a threshold is given", unless: []string{"--fail-threshold", "-t", "--compliance-threshold", "--severity-threshold"}},
	{words: "kubeaudit all|autofix", kind: fact.JudgesPolicy, over: manifests},
	{words: "checkov", kind: fact.JudgesPolicy, over: terraform, softened: []string{"--soft-fail", "-s", "--soft-fail-on"}},
	{words: "tfsec", kind: fact.JudgesPolicy, over: terraform, softened: []string{"--soft-fail", "-s"}},
	{words: "terrascan scan", kind: fact.JudgesPolicy, over: terraform},
	{words: "terraform-compliance", kind: fact.JudgesPolicy, over: terraform},
	{words: "sentinel apply|test", kind: fact.JudgesPolicy, over: terraform},
	{words: "kics scan", kind: fact.JudgesPolicy, over: terraform},
	{words: "trivy config|conf", kind: fact.JudgesPolicy, over: manifests, soft: "trivy exits with 0 unless `--exit-code` is given", unless: []string{"--exit-code"}},
	{words: "snyk iac", kind: fact.JudgesPolicy, over: terraform},
	{words: "cfn-guard|cfn_nag|cfn_nag_scan", kind: fact.JudgesPolicy, over: cloud},
	{words: "pulumi preview|up", kind: fact.JudgesPolicy, over: cloud, with: []string{"--policy-pack"}},
	{words: "datree test", kind: fact.JudgesPolicy, over: manifests, softened: []string{"--no-fail"}},
	{words: "kubevious guard", kind: fact.JudgesPolicy, over: manifests},
	{words: "kubevious guard|lint", kind: fact.ChecksSchema, over: manifests},
	{words: "kwctl run|scan", kind: fact.JudgesPolicy, over: manifests},

	// deprecations
	{words: "pluto detect|detect-files|detect-helm|detect-all-in-cluster|detect-api-resources", kind: fact.FindsOldAPIs, over: manifests, softened: []string{"--ignore-removals"}},
	// Against the schemas of a stated version an API that is gone has no schema.
	{words: "kubeconform|kubeval", kind: fact.FindsOldAPIs, over: manifests, with: []string{"-kubernetes-version", "--kubernetes-version", "-v", "--kube-version"}, without: []string{"-ignore-missing-schemas", "--ignore-missing-schemas"}},
	{words: "kubent", kind: fact.FindsOldAPIs, over: manifests, soft: "kubent exits with 0 unless `--exit-error` is given", unless: []string{"--exit-error", "-e"}},
	{words: "kubepug|deprecations", kind: fact.FindsOldAPIs, over: manifests, soft: "kubepug exits with 0 unless `--error-on-deleted` is given", unless: []string{"--error-on-deleted", "--error-on-deprecated"}},
	{words: "kubectl deprecations", kind: fact.FindsOldAPIs, over: manifests, soft: "kubepug exits with 0 unless `--error-on-deleted` is given", unless: []string{"--error-on-deleted", "--error-on-deprecated"}},
	{words: "xeol", kind: fact.FindsOldAPIs, over: images, soft: "xeol exits with 0 unless `--fail-on-eol-found` is given", unless: []string{"--fail-on-eol-found", "-f"}},

	// scans
	{words: "trivy image|fs|filesystem|repo|repository|rootfs|sbom|k8s", kind: fact.ScansForHoles, over: images, soft: "trivy exits with 0 unless `--exit-code` is given", unless: []string{"--exit-code"}},
	{words: "grype", kind: fact.ScansForHoles, over: images, soft: "grype exits with 0 unless `--fail-on` is given", unless: []string{"--fail-on", "-f"}},
	{words: "snyk test|code|container", kind: fact.ScansForHoles, over: code},
	{words: "codeql database", kind: fact.ScansForHoles, over: code},
	{words: "gosec", kind: fact.ScansForHoles, over: code, softened: []string{"-no-fail"}},
	{words: "semgrep ci", kind: fact.ScansForHoles, over: code},
	{words: "semgrep scan", kind: fact.ScansForHoles, over: code, soft: "semgrep exits with 0 unless `--error` is given", unless: []string{"--error"}},
	{words: "semgrep", kind: fact.ScansForHoles, over: code, with: []string{"--config"}, without: []string{"ci", "scan"}, soft: "semgrep exits with 0 unless `--error` is given", unless: []string{"--error"}},
	{words: "gitleaks detect|git|dir|protect", kind: fact.ScansForHoles, over: code, softened: []string{"--exit-code=0"}},
	{words: "trufflehog", kind: fact.ScansForHoles, over: code, soft: "trufflehog exits with 0 unless `--fail` is given", unless: []string{"--fail"}},
	{words: "detect-secrets scan", kind: fact.ScansForHoles, over: code, soft: "detect-secrets scan " + lists},
	{words: "detect-secrets-hook|ggshield|git-secrets|talisman", kind: fact.ScansForHoles, over: code},
	{words: "govulncheck|pip-audit|safety|bandit|osv-scanner|bundle-audit|bundler-audit|brakeman|nancy|retire|njsscan|cargo-audit|cargo-deny", kind: fact.ScansForHoles, over: code, softened: zeroExit},
	{words: "dependency-check|dependency-check.sh", kind: fact.ScansForHoles, over: code, soft: "dependency-check exits with 0 unless `--failOnCVSS` is given", unless: []string{"--failOnCVSS"}},
	{words: "npm|pnpm|yarn|cargo|composer audit", kind: fact.ScansForHoles, over: code},
	{words: "cargo deny", kind: fact.ScansForHoles, over: code},
	{words: "docker scout", kind: fact.ScansForHoles, over: images, soft: "docker scout exits with 0 unless `--exit-code` is given", unless: []string{"--exit-code", "-e"}},
	{words: "zap-baseline.py|zap-full-scan.py|nuclei", kind: fact.ScansForHoles, over: cloud},
	{words: "sonar-scanner", kind: fact.ScansForHoles, over: code},

	// tests
	{words: "go test", kind: fact.TestsUnits, over: code},
	{words: "gotestsum|ginkgo|pytest|jest|vitest|mocha|ava|tap|karma|phpunit|pest|rspec|minitest|ctest|bats|busted|nose2|unittest", kind: fact.TestsUnits, over: code},
	{words: "richgo test", kind: fact.TestsUnits, over: code},
	{words: "cargo test|nextest", kind: fact.TestsUnits, over: code},
	{words: "dotnet|mix|flutter|dart|swift|deno|bun|ng|sbt|lein|stack|cabal|zig|rails|rake test", kind: fact.TestsUnits, over: code},
	{words: "mvn|mvnw test|verify|install|package", kind: fact.TestsUnits, over: code, without: []string{"-DskipTests", "-Dmaven.test.skip=true", "-DskipTests=true"}},
	{words: "gradle|gradlew test|check|build", kind: fact.TestsUnits, over: code},
	{words: "bazel|bazelisk test", kind: fact.TestsUnits, over: code},
	{words: "nx|turbo|lerna test", kind: fact.TestsUnits, over: code},
	{words: "nx|turbo|lerna run|affected|run-many test", kind: fact.TestsUnits, over: code},
	{words: "helm unittest", kind: fact.TestsUnits, over: charts},
	{words: "terraform|tofu test", kind: fact.TestsUnits, over: terraform},
	{words: "opa|kyverno|regula test", kind: fact.TestsUnits, over: "policies"},
	{words: "conftest verify", kind: fact.TestsUnits, over: "policies"},
	{words: "promtool test", kind: fact.TestsUnits, over: "alerts"},
	{words: "container-structure-test|goss|dgoss", kind: fact.TestsParts, over: images},
	{words: "cypress|playwright|testcafe|wdio|nightwatch|newman|hurl|k6|artillery|locust|chainsaw|kuttl|kubectl-kuttl|sonobuoy|detox|maestro run|test|open", kind: fact.TestsWhole, over: code},
	{words: "helm test", kind: fact.TestsWhole, over: charts},
	{words: "helm test", kind: fact.GatesHealth, over: charts},
	{words: "ct install|lint-and-install", kind: fact.TestsWhole, over: charts},

	// a cluster of the job's own
	{words: "kind|k3d|ctlptl create", kind: ownCluster},
	{words: "k3d|microk8s|ctlptl|k0s|vcluster cluster|start|create|install", kind: ownCluster},
	{words: "minikube start", kind: ownCluster},

	// build and push
	{words: "docker|podman|nerdctl|buildah build|bud|image", kind: fact.Builds, over: images, without: []string{"--check"}},
	{words: "docker buildx build|bake", kind: fact.Builds, over: images, without: []string{"--check"}},
	{words: "docker compose build", kind: fact.Builds, over: images},
	{words: "docker-compose build", kind: fact.Builds, over: images},
	{words: "ko build|publish|apply", kind: fact.Builds, over: images},
	{words: "pack build", kind: fact.Builds, over: images},
	{words: "executor", kind: fact.PushesImage, over: images, with: []string{"--destination"}},
	{words: "docker|podman|nerdctl|buildah push", kind: fact.PushesImage, over: images},
	{words: "docker buildx build|bake", kind: fact.PushesImage, over: images, with: []string{"--push"}},
	{words: "docker|podman build", kind: fact.PushesImage, over: images, with: []string{"--push"}},
	{words: "docker compose push", kind: fact.PushesImage, over: images},
	{words: "crane|skopeo|regctl|oras push|copy|cp", kind: fact.PushesImage, over: images},
	{words: "ko build|publish", kind: fact.PushesImage, over: images, without: []string{"--push=false", "--local", "-L"}},
	{words: "gcloud builds submit", kind: fact.PushesImage, over: images},
	{words: "go|cargo|dotnet|swift|zig|hugo|vite|webpack|tsup|esbuild|rollup build", kind: fact.Builds, over: code},

	// deploy: Kubernetes
	{words: "kubectl|oc apply|replace|patch|edit", kind: fact.Deploys, over: manifests, without: []string{"--dry-run"}},
	{words: "kubectl|oc create", kind: fact.Deploys, over: manifests, with: []string{"-f", "-k", "--filename"}, without: []string{"--dry-run"}},
	{words: "kubectl|oc set image|env|resources", kind: fact.Deploys, over: manifests, without: []string{"--dry-run", "--local"}},
	{words: "kubectl|oc rollout restart|latest", kind: fact.Deploys, over: manifests},
	{words: "kubectl argo rollouts set", kind: fact.Deploys, over: manifests},
	{words: "kubectl-argo-rollouts set", kind: fact.Deploys, over: manifests},
	{words: "helm upgrade|install", kind: fact.Deploys, over: charts, without: []string{"--dry-run"}},
	{words: "helmfile apply|sync", kind: fact.Deploys, over: charts},
	{words: "helm secrets upgrade|install", kind: fact.Deploys, over: charts, without: []string{"--dry-run"}},
	{words: "argocd app sync|set|create", kind: fact.Deploys, over: manifests},
	{words: "flux reconcile", kind: fact.Deploys, over: manifests},
	{words: "skaffold run|deploy|apply", kind: fact.Deploys, over: manifests},
	{words: "kapp deploy", kind: fact.Deploys, over: manifests},
	{words: "kpt live apply", kind: fact.Deploys, over: manifests},
	{words: "kluctl|werf|garden deploy|converge", kind: fact.Deploys, over: manifests},
	{words: "cdk8s|tk|tanka apply", kind: fact.Deploys, over: manifests},
	{words: "kubecfg update", kind: fact.Deploys, over: manifests},
	{words: "istioctl install", kind: fact.Deploys, over: manifests},
	{words: "nomad job run", kind: fact.Deploys, over: manifests},
	{words: "nomad run", kind: fact.Deploys, over: manifests},
	{words: "docker stack deploy", kind: fact.Deploys, over: compose},

	// deploy: clouds and hosts
	{words: "terraform|tofu|terragrunt apply", kind: fact.Deploys, over: terraform},
	{words: "terragrunt run-all|run apply", kind: fact.Deploys, over: terraform},
	{words: "pulumi up|update", kind: fact.Deploys, over: cloud, without: dry},
	{words: "cdk|cdktf deploy", kind: fact.Deploys, over: cloud, without: dry},
	{words: "sst|serverless|sls|sam|eb|chalice|zappa|arc|amplify deploy|update|publish", kind: fact.Deploys, over: cloud, without: dry},
	{words: "copilot deploy|svc|job", kind: fact.Deploys, over: cloud, with: []string{"deploy"}},
	{words: "aws ecs update-service|deploy|run-task", kind: fact.Deploys, over: cloud},
	{words: "aws cloudformation deploy|update-stack|create-stack|execute-change-set", kind: fact.Deploys, over: cloud, without: []string{"--no-execute-changeset"}},
	{words: "aws lambda update-function-code|update-alias|publish-version", kind: fact.Deploys, over: cloud},
	{words: "aws deploy create-deployment", kind: fact.Deploys, over: cloud},
	{words: "aws elasticbeanstalk update-environment", kind: fact.Deploys, over: cloud},
	{words: "aws apprunner start-deployment|update-service", kind: fact.Deploys, over: cloud},
	{words: "ecs-deploy|ecs-cli|ecspresso|fargate", kind: fact.Deploys, over: cloud, without: dry},
	{words: "gcloud run deploy", kind: fact.Deploys, over: cloud},
	{words: "gcloud run services|jobs update|replace|update-traffic", kind: fact.Deploys, over: cloud},
	{words: "gcloud app|functions deploy", kind: fact.Deploys, over: cloud},
	{words: "gcloud deploy releases", kind: fact.Deploys, over: cloud},
	{words: "az webapp|functionapp|containerapp|spring up|update|deploy|deployment|config", kind: fact.Deploys, over: cloud},
	{words: "az deployment group|sub|mg|tenant create", kind: fact.Deploys, over: cloud},
	{words: "az stack group|sub|mg create", kind: fact.Deploys, over: cloud},
	{words: "fly|flyctl|railway|kamal|dokku|caprover|vercel|netlify|wrangler|firebase|render|heroku|cf|platform|scalingo|clever deploy|up|publish|push|redeploy|container:release", kind: fact.Deploys, over: cloud, without: dry},
	{words: "cap|mina deploy", kind: fact.Deploys, over: hosts},
	{words: "cap production|staging deploy", kind: fact.Deploys, over: hosts},
	{words: "ansible-playbook", kind: fact.Deploys, over: hosts, without: []string{"--check", "-C", "--syntax-check", "--list-tasks", "--list-hosts"}},
	{words: "salt|salt-ssh|bolt|nixos-rebuild|colmena|deploy-rs|morph", kind: fact.Deploys, over: hosts, without: dry},
	{words: "rsync", kind: fact.Deploys, over: hosts, with: []string{"-e", "--rsh"}},

	// plans and drift
	{words: "terraform|tofu|terragrunt plan", kind: fact.Plans, over: terraform},
	{words: "terragrunt run-all|run plan", kind: fact.Plans, over: terraform},
	{words: "terraform|tofu|terragrunt plan", kind: fact.SeeksDrift, over: terraform, with: []string{"-detailed-exitcode", "--detailed-exitcode"}},
	{words: "terragrunt run-all|run plan", kind: fact.SeeksDrift, over: terraform, with: []string{"-detailed-exitcode", "--detailed-exitcode"}},
	{words: "driftctl scan", kind: fact.SeeksDrift, over: terraform},
	{words: "pulumi preview|refresh", kind: fact.SeeksDrift, over: cloud, with: []string{"--expect-no-changes"}},
	{words: "pulumi preview", kind: fact.Plans, over: cloud},
	{words: "cdk diff", kind: fact.Plans, over: cloud},
	{words: "cdk diff", kind: fact.SeeksDrift, over: cloud, with: []string{"--fail"}},
	{words: "cdk drift", kind: fact.SeeksDrift, over: cloud, with: []string{"--fail"}},
	{words: "aws cloudformation detect-stack-drift", kind: fact.SeeksDrift, over: cloud, soft: "it starts the detection and does not wait for what it finds"},
	{words: "kubectl diff", kind: fact.SeeksDrift, over: manifests},
	{words: "helm diff", kind: fact.SeeksDrift, over: charts, with: []string{"--detailed-exitcode"}},
	{words: "helmfile diff", kind: fact.SeeksDrift, over: charts, with: []string{"--detailed-exitcode"}},
	{words: "ansible-playbook", kind: fact.SeeksDrift, over: hosts, with: []string{"--check", "-C"}, soft: "ansible exits with 0 where something differs"},
	{words: "seaworthy drift", kind: fact.SeeksDrift, over: manifests},
	{words: "argocd app diff", kind: fact.SeeksDrift, over: manifests},

	// health after a deployment, and the way back
	{words: "kubectl|oc rollout status", kind: fact.GatesHealth, over: manifests},
	{words: "kubectl|oc wait", kind: fact.GatesHealth, over: manifests},
	{words: "kubectl argo rollouts status", kind: fact.GatesHealth, over: manifests},
	{words: "kubectl-argo-rollouts status", kind: fact.GatesHealth, over: manifests},
	{words: "argocd app wait", kind: fact.GatesHealth, over: manifests},
	// In Helm 4 --atomic is --rollback-on-failure, and --wait takes a way to wait: https://helm.sh/docs/overview
	{words: "helm upgrade|install", kind: fact.GatesHealth, over: charts, with: []string{"--wait", "--atomic", "--rollback-on-failure"}, without: []string{"--wait=hookOnly", "--wait=false"}},
	{words: "helmfile apply|sync", kind: fact.GatesHealth, over: charts, with: []string{"--wait"}},
	{words: "aws ecs wait", kind: fact.GatesHealth, over: cloud},
	{words: "aws deploy wait", kind: fact.GatesHealth, over: cloud},
	{words: "aws lambda|cloudformation|elasticbeanstalk wait", kind: fact.GatesHealth, over: cloud},
	{words: "curl", kind: fact.GatesHealth, over: cloud, with: []string{"-f", "--fail", "--fail-with-body"}},
	{words: "helm upgrade|install", kind: fact.RollsBack, over: charts, with: []string{"--atomic", "--rollback-on-failure"}},
	{words: "kubectl|oc rollout undo", kind: fact.RollsBack, over: manifests},
	{words: "kubectl argo rollouts undo|abort", kind: fact.RollsBack, over: manifests},
	{words: "helm rollback", kind: fact.RollsBack, over: charts},
	{words: "argocd app rollback", kind: fact.RollsBack, over: manifests},
	{words: "serverless|sls|kamal|fly|railway|vercel rollback", kind: fact.RollsBack, over: cloud},
	{words: "heroku rollback|releases:rollback", kind: fact.RollsBack, over: cloud},
	{words: "aws deploy stop-deployment", kind: fact.RollsBack, over: cloud, with: []string{"--auto-rollback-enabled"}},

	// what a change affects
	{words: "nx affected", kind: fact.FindsAffected},
	{words: "nx affected:test|affected:lint|affected:build|print-affected|show", kind: fact.FindsAffected, without: []string{"projects-all"}},
	{words: "turbo", kind: fact.FindsAffected, with: []string{"--affected"}},
	{words: "turbo-ignore", kind: fact.FindsAffected},
	{words: "turbo", kind: fact.FindsAffected, with: []string{"--filter=[", "--filter=...[", "-F=..."}},
	{words: "pnpm", kind: fact.FindsAffected, with: []string{"--filter=[", "--filter=...[", "--filter-prod=["}},
	{words: "lerna run|exec|changed", kind: fact.FindsAffected, with: []string{"--since"}},
	{words: "lerna changed", kind: fact.FindsAffected},
	{words: "rush", kind: fact.FindsAffected, with: []string{"--impacted-by", "--from=git"}},
	{words: "moon ci", kind: fact.FindsAffected},
	{words: "pants", kind: fact.FindsAffected, with: []string{"--changed-since"}},
	{words: "bazel-diff|target-determinator|bazel-differ", kind: fact.FindsAffected},
	{words: "bazel|bazelisk query|cquery", kind: fact.FindsAffected, with: []string{"rdeps("}},
	{words: "ct list-changed", kind: fact.FindsAffected},
	{words: "ct lint|install|lint-and-install", kind: fact.FindsAffected, without: []string{"--all", "--charts"}},
	{words: "seaworthy affected", kind: fact.FindsAffected},
	{words: "jest|vitest", kind: fact.FindsAffected, with: []string{"--changedSince", "--changed", "-o", "--onlyChanged", "--findRelatedTests"}},
	{words: "git diff", kind: fact.FindsAffected, with: []string{"--name-only", "--name-status"}},
}

// ownCluster is a cluster that the job makes for itself: what it deploys there
// is a test.
const ownCluster fact.DeedKind = "own cluster"

// byProgram returns the rules by their programs.
func byProgram() map[string][]*rule {
	out := map[string][]*rule{}
	for i := range rules {
		first, _, _ := strings.Cut(rules[i].words, " ")
		for name := range strings.SplitSeq(first, "|") {
			out[name] = append(out[name], &rules[i])
		}
	}
	return out
}
