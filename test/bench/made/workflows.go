package made

import (
	"fmt"
	"strings"
)

// workflows writes what runs before merge and what deploys.
func (w *writer) workflows(files int) {
	for n := range files {
		name := service(n / 3)
		kind := []string{"test", "release", "infra"}[n%3]
		w.file(fmt.Sprintf(".github/workflows/%s-%s.yml", name, kind), map[string]func(string) string{"test": w.test, "release": w.release, "infra": w.infra}[kind](name))
	}
}

// action names an action by its version or, mostly, by its commit.
func (w *writer) action(name string, version int) string {
	if w.often(60) {
		return fmt.Sprintf("%s@%s # v%d", name, w.hex(40), version)
	}
	return fmt.Sprintf("%s@v%d", name, version)
}

func (w *writer) test(name string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "name: test %s\non:\n  pull_request:\n", name)
	if w.often(70) {
		fmt.Fprintf(&b, "    paths: [\"services/%s/**\", \".github/workflows/%s-test.yml\"]\n", name, name)
	}
	b.WriteString("permissions:\n  contents: read\nconcurrency:\n  group: ${{ github.workflow }}-${{ github.ref }}\n  cancel-in-progress: true\njobs:\n")
	for _, job := range []string{"lint", "unit", "integration", "policy"}[:2+w.random.IntN(3)] {
		fmt.Fprintf(&b, "  %s:\n    runs-on: ubuntu-24.04\n    timeout-minutes: %d\n    strategy:\n      matrix:\n        go: [\"1.25\", \"1.26\"]\n    steps:\n      - uses: %s\n      - uses: %s\n        with:\n          go-version: ${{ matrix.go }}\n          cache-dependency-path: services/%s/go.sum\n",
			job, 5+w.random.IntN(25), w.action("actions/checkout", 4), w.action("actions/setup-go", 5), name)
		for _, command := range []string{"make " + job, "helm lint services/" + name + "/chart", "kubeconform -strict services/" + name + "/deploy", "go test -race ./...", "golangci-lint run"}[:1+w.random.IntN(5)] {
			fmt.Fprintf(&b, "      - name: %s\n        working-directory: services/%s\n        run: |\n          set -euo pipefail\n          %s\n", strings.Fields(command)[0], name, command)
			if w.often(10) {
				b.WriteString("        continue-on-error: true\n")
			}
		}
	}
	return b.String()
}

func (w *writer) release(name string) string {
	return fmt.Sprintf(`name: release %[1]s
on:
  push:
    branches: [main]
    paths: ["services/%[1]s/**"]
permissions:
  contents: read
  id-token: write
jobs:
  build:
    runs-on: ubuntu-24.04
    outputs:
      digest: ${{ steps.push.outputs.digest }}
    steps:
      - uses: %[2]s
      - uses: %[3]s
        with:
          role-to-assume: arn:aws:iam::123456789012:role/%[1]s
          aws-region: eu-central-1
      - id: push
        uses: %[4]s
        with:
          context: services/%[1]s
          push: true
          tags: registry.example.com/shop/%[1]s:${{ github.sha }}
      - name: sign
        run: cosign sign --yes registry.example.com/shop/%[1]s@${{ steps.push.outputs.digest }}
        env:
          COSIGN_PASSWORD: ${{ secrets.COSIGN_PASSWORD }}
  deploy:
    needs: build
    runs-on: ubuntu-24.04
    environment: production
    steps:
      - uses: %[2]s
      - run: |
          kubectl --namespace %[1]s set image deployment/%[1]s %[1]s=registry.example.com/shop/%[1]s@${{ needs.build.outputs.digest }}
          kubectl --namespace %[1]s rollout status deployment/%[1]s --timeout %[5]ds
`, name, w.action("actions/checkout", 4), w.action("aws-actions/configure-aws-credentials", 4), w.action("docker/build-push-action", 6), 60*(1+w.random.IntN(9)))
}

func (w *writer) infra(name string) string {
	return fmt.Sprintf(`name: infra %[1]s
on:
  pull_request:
    paths: ["infra/%[1]s/**"]
  schedule:
    - cron: "%[4]d %[5]d * * *"
jobs:
  plan:
    runs-on: ubuntu-24.04
    permissions:
      contents: read
      id-token: write
    steps:
      - uses: %[2]s
      - uses: %[3]s
        with:
          terraform_version: 1.9.%[4]d
      - run: terraform -chdir=infra/%[1]s fmt -check
      - run: terraform -chdir=infra/%[1]s init -input=false
      - run: terraform -chdir=infra/%[1]s validate
      - run: terraform -chdir=infra/%[1]s plan -detailed-exitcode -lock=false
      - if: failure() && github.event_name == 'schedule'
        run: ./tools/tell-owner %[1]s
`, name, w.action("actions/checkout", 4), w.action("hashicorp/setup-terraform", 3), w.random.IntN(60), w.random.IntN(24))
}
