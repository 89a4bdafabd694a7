package deeds

import (
	"fmt"
	"strings"
	"testing"

	"seaworthy.dev/seaworthy/internal/derive/script"
)

// TestCommands: what command lines do, by their words. A line of want is the
// kind, what it looks at in brackets, and "soft" where the tool forgives failures;
// "follow" leads into the repository, "opaque" cannot be read, "-" is nothing.
func TestCommands(t *testing.T) {
	t.Parallel()
	book := New()
	for line, want := range map[string]string{
		// Lint.
		"golangci-lint run ./...":                                                              "lint(code)",
		"golangci-lint --version":                                                              "-",
		"golangci-lint run --issues-exit-code=0":                                               "lint(code) soft",
		"echo golangci-lint run":                                                               "-",
		"sudo -E env A=b timeout 60 golangci-lint run":                                         "lint(code)",
		"go run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.1.0 run":             "lint(code)",
		"go run honnef.co/go/tools/cmd/staticcheck@latest ./...":                               "lint(code)",
		"go tool staticcheck ./...":                                                            "lint(code)",
		"$(go env GOPATH)/bin/golangci-lint run":                                               "lint(code)",
		"$GOLANGCI_LINT run":                                                                   "lint(code)",
		"docker run --rm -v $PWD:/src -w /src golangci/golangci-lint:v2.1.0 golangci-lint run": "lint(code)",
		"docker run --rm -i hadolint/hadolint:v2.12.0 hadolint -":                              "lint(images)",
		"docker run --rm -i ghcr.io/hadolint/hadolint < Dockerfile":                            "lint(images)",
		"npx eslint .":                            "lint(code)",
		"npx --yes @redocly/cli lint api.yaml":    "lint(settings)",
		"pnpm exec prettier --check .":            "lint(code)",
		"prettier --write .":                      "-",
		"black .":                                 "-",
		"python3 -m black --check src":            "lint(code)",
		"poetry run ruff check .":                 "lint(code)",
		"uvx ruff check --exit-zero .":            "lint(code) soft",
		"ruff format .":                           "-",
		"find . -name *.sh -exec shellcheck {} ;": "lint(code)",
		"xargs -0 -n1 shellcheck":                 "lint(code)",
		"terraform fmt -check -recursive":         "lint(terraform)",
		"terraform fmt":                           "-",
		"cargo clippy -- -D warnings":             "lint(code)",
		"./gradlew :app:ktlintCheck":              "lint(code)",
		"mvn -B checkstyle:check":                 "lint(code)",
		"gofmt -l .":                              "lint(code) soft",
		"tflint --recursive":                      "lint(terraform)",
		"bundle exec rubocop":                     "lint(code)",
		// Scans, and what their flags mean.
		"trufflehog git file://.":                        "security scan(code) soft",
		"trufflehog git file://. --fail":                 "security scan(code)",
		"dependency-check.sh --scan .":                   "security scan(code) soft",
		"dependency-check --scan . --failOnCVSS 7":       "security scan(code)",
		"tfsec --no-code .":                              "policy(terraform)",
		"pluto detect-files -d deploy --ignore-removals": "deprecation check(manifests) soft",
		// Schemas.
		"kubeconform -strict -summary deploy/":                     "schema check(manifests)",
		"docker run --rm ghcr.io/yannh/kubeconform:latest -strict": "schema check(manifests)",
		"kubectl apply --dry-run=server -f deploy/":                "schema check(manifests)",
		"kubectl apply -f deploy/ --dry-run=client -o yaml":        "schema check(manifests)",
		"helm lint --strict chart/":                                "lint(charts), schema check(charts)",
		"ct lint --all":                                            "lint(charts), schema check(charts)",
		"terraform -chdir=infra validate":                          "schema check(terraform)",
		"terragrunt run-all validate":                              "schema check(terraform)",
		"docker compose -f compose.yaml config -q":                 "schema check(compose)",
		// Policy.
		"conftest test deploy/ -p policy":                             "policy(manifests)",
		"conftest test --no-fail deploy/":                             "policy(manifests) soft",
		"kube-linter lint deploy/":                                    "policy(manifests)",
		"trivy config .":                                              "policy(manifests) soft",
		"trivy config --exit-code 1 .":                                "policy(manifests)",
		"trivy config --exit-code 0 .":                                "policy(manifests) soft",
		"checkov -d . --soft-fail":                                    "policy(terraform) soft",
		"polaris audit --audit-path deploy --set-exit-code-on-danger": "policy(manifests)",
		"polaris audit --audit-path deploy":                           "policy(manifests) soft",
		"seaworthy check --fail-on blocker .":                         "deprecation check(manifests), policy(manifests), schema check(manifests)",
		"seaworthy check --fail-on never .":                           "deprecation check(manifests) soft, policy(manifests) soft, schema check(manifests) soft",
		// Deprecations.
		"pluto detect-files -d deploy --target-versions k8s=v1.38.0":             "deprecation check(manifests)",
		"kubeconform -strict -kubernetes-version 1.38.0 deploy/":                 "deprecation check(manifests), schema check(manifests)",
		"kubeconform -kubernetes-version 1.38.0 -ignore-missing-schemas deploy/": "schema check(manifests)",
		"kubent":              "deprecation check(manifests) soft",
		"kubent --exit-error": "deprecation check(manifests)",
		// Scans.
		"trivy image --severity HIGH shop": "security scan(images) soft",
		"trivy image --exit-code 1 shop":   "security scan(images)",
		"grype shop --fail-on high":        "security scan(images)",
		"npm audit --audit-level=high":     "security scan(code)",
		"semgrep ci":                       "security scan(code)",
		"semgrep --config auto":            "security scan(code) soft",
		"gosec -no-fail ./...":             "security scan(code) soft",
		// Tests.
		"go test -race ./...":             "unit tests(code)",
		"go test -tags integration ./...": "integration tests(code)",
		"go test ./test/e2e/...":          "end-to-end tests(code)",
		"python -m pytest tests/unit":     "unit tests(code)",
		"npx playwright test":             "end-to-end tests(code)",
		"npx playwright install":          "-",
		"helm unittest chart/":            "unit tests(charts)",
		"mvn -B clean verify":             "opaque, unit tests(code)",
		"mvn package -DskipTests":         "opaque",
		// Deploy.
		"kubectl -n shop apply -f deploy/":                           "deploy(manifests)",
		"kubectl get pods":                                           "-",
		"kubectl create namespace shop":                              "-",
		"kubectl set image deployment/web web=x":                     "deploy(manifests)",
		"helm upgrade --install web chart/ -f prod.yaml":             "deploy(charts)",
		"helm upgrade --install web chart/ --atomic --timeout 5m":    "deploy(charts), health gate(charts), rollback(charts)",
		"helm upgrade web chart/ --dry-run":                          "-",
		"helm template web chart/":                                   "-",
		"terraform apply -auto-approve":                              "deploy(terraform)",
		"terragrunt run-all apply":                                   "deploy(terraform)",
		"aws --region eu-central-1 ecs update-service --service web": "deploy(cloud)",
		"aws ecs wait services-stable --services web":                "health gate(cloud)",
		"gcloud run deploy web --image x":                            "deploy(cloud)",
		"npx cdk deploy --all":                                       "deploy(cloud)",
		"npx serverless deploy":                                      "deploy(cloud)",
		"ansible-playbook -i hosts site.yml":                         "deploy(hosts)",
		"ansible-playbook -i hosts site.yml --syntax-check":          "schema check(hosts)",
		"argocd app sync shop":                                       "deploy(manifests)",
		"pulumi up --yes":                                            "deploy(cloud)",
		"flyctl deploy --remote-only":                                "deploy(cloud)",
		"kubectl rollout status deployment/web --timeout=2m":         "health gate(manifests)",
		"kubectl rollout undo deployment/web":                        "rollback(manifests)",
		"kind create cluster":                                        "own cluster",
		// Plans and drift.
		"terraform plan -out=plan":          "plan(terraform)",
		"terraform plan -detailed-exitcode": "drift check(terraform), plan(terraform)",
		"driftctl scan":                     "drift check(terraform)",
		// Images.
		"docker build -t web .":               "build(images)",
		"docker buildx build --push -t web .": "build(images), image push(images)",
		"docker push web":                     "image push(images)",
		// What a change affects.
		"npx nx affected -t lint test":                  "affected detection(), lint(code), unit tests(code)",
		"npx turbo run build --filter=...[origin/main]": "affected detection()",
		"pnpm turbo run test --affected":                "follow npm turbo",
		"seaworthy affected":                            "affected detection()",
		// Into the repository.
		"make lint":                                      "follow make lint",
		"make -C svc -j4 lint test":                      "follow make lint test in svc",
		"npm run lint":                                   "follow npm lint",
		"npm ci":                                         "-",
		"npm test":                                       "follow npm test",
		"yarn lint":                                      "follow npm lint",
		"yarn install --frozen-lockfile":                 "-",
		"pnpm --filter web run lint":                     "follow npm lint in ?",
		"npm --prefix web run lint":                      "follow npm lint in web",
		"./scripts/lint.sh a b":                          "follow script ./scripts/lint.sh",
		"bash scripts/lint.sh":                           "follow script scripts/lint.sh",
		"bash -c 'kubeconform deploy'":                   "follow inline kubeconform deploy",
		"task lint":                                      "follow task lint",
		"tox -e lint,py312":                              "follow tox lint py312",
		"pre-commit run --all-files":                     "follow pre-commit ",
		"ssh deploy@host docker compose up -d":           "follow inline docker compose up -d",
		"python scripts/check.py":                        "opaque",
		"./scripts/check.py":                             "follow script ./scripts/check.py",
		"go run ./hack/verify":                           "opaque",
		"bazel test //...":                               "opaque, unit tests(code)",
		"docker buildx bake lint":                        "build(images), opaque",
		"docker buildx bake":                             "build(images)",
		"docker build --target vet .":                    "build(images), opaque",
		"docker build --target prod .":                   "build(images)",
		`go run example.com/each@v1 -p . "go vet ./..."`: "opaque",
		`echo "go vet ./..."`:                            "-",
		"golangci-lint custom":                           "-",
		"nox -s lint":                                    "opaque",
		"./gradlew build":                                "opaque, unit tests(code)",
	} {
		t.Run(line, func(t *testing.T) {
			t.Parallel()
			list, err := script.Commands(line, script.Shell{ErrExit: true})
			if err != nil || len(list) == 0 {
				t.Fatalf("%v %v", list, err)
			}
			got := describe(book.Command(list[len(list)-1]))
			if got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

func describe(r Result) string {
	var out []string
	for _, d := range r.Deeds {
		says := fmt.Sprintf("%s(%s)", d.Kind, d.Over)
		if d.Soft != "" {
			says += " soft"
		}
		out = append(out, says)
	}
	if r.OwnCluster {
		out = append(out, "own cluster")
	}
	if f := r.Follow; f != nil {
		says := "follow " + f.Runner + " " + strings.Join(f.Names, " ")
		if f.Dir != "" {
			says += " in " + f.Dir
		}
		out = append(out, says)
	}
	if r.Opaque != nil {
		out = append(out, "opaque")
	}
	sortStrings(out)
	if len(out) == 0 {
		return "-"
	}
	return strings.Join(out, ", ")
}

func sortStrings(list []string) {
	for i := range list {
		for j := i; j > 0 && list[j] < list[j-1]; j-- {
			list[j], list[j-1] = list[j-1], list[j]
		}
	}
}

// TestActions: what actions of GitHub do.
func TestActions(t *testing.T) {
	t.Parallel()
	book := New()
	for _, c := range []struct {
		name string
		with map[string]string
		want string
	}{
		{"actions/checkout", nil, "-"},
		{"golangci/golangci-lint-action", nil, "lint(code)"},
		{"docker/build-push-action", map[string]string{"push": "true"}, "build(images), image push(images)"},
		{"docker/build-push-action", map[string]string{"push": "false"}, "build(images)"},
		{"aquasecurity/trivy-action", map[string]string{"scan-type": "config"}, "policy(manifests) soft"},
		{"aquasecurity/trivy-action", map[string]string{"scan-type": "config", "exit-code": "1"}, "policy(manifests)"},
		{"aquasecurity/trivy-action", map[string]string{"image-ref": "web"}, "security scan(images) soft"},
		{"bridgecrewio/checkov-action", map[string]string{"soft_fail": "true"}, "policy(terraform) soft"},
		{"snyk/actions/golang", nil, "security scan(code)"},
		{"reviewdog/action-eslint", nil, "lint(code) soft"},
		{"google-github-actions/deploy-cloudrun", nil, "deploy(cloud)"},
		{"helm/kind-action", nil, "own cluster"},
		{"dorny/paths-filter", nil, "affected detection()"},
		{"acme/yaml-lint", nil, "opaque"},
		{"acme/setup-tools", nil, "-"},
		{"acme/setup-lint", nil, "opaque"},
		{"acme/cli", nil, "opaque"},
		{"actions/anything", nil, "-"},
		{"github/codeql-action/init", nil, "-"},
	} {
		if got := describe(book.Action(c.name, c.with)); got != c.want {
			t.Errorf("%s %v: got %q, want %q", c.name, c.with, got, c.want)
		}
	}
}
