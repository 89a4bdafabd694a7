package sarif

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
)

// single lists scanners that look at one thing only, or always at the same ones,
// by what their names hold.
var single = []struct {
	name   string
	covers []string
}{
	{"codeql", []string{"code"}}, {"semgrep", []string{"code"}}, {"opengrep", []string{"code"}}, {"gosec", []string{"code"}}, {"sonar", []string{"code"}},
	{"bandit", []string{"code"}}, {"brakeman", []string{"code"}}, {"snyk code", []string{"code"}}, {"snykcode", []string{"code"}}, {"psalm", []string{"code"}},
	{"spotbugs", []string{"code"}}, {"checkmarx", []string{"code"}}, {"fortify", []string{"code"}}, {"veracode", []string{"code"}}, {"horusec", []string{"code"}},
	{"bearer", []string{"code"}}, {"devskim", []string{"code"}}, {"security code scan", []string{"code"}}, {"njsscan", []string{"code"}},
	{"osv-scanner", []string{"dependencies"}}, {"govulncheck", []string{"dependencies"}}, {"dependency-check", []string{"dependencies"}}, {"snyk open source", []string{"dependencies"}},
	{"pip-audit", []string{"dependencies"}}, {"npm audit", []string{"dependencies"}}, {"cargo-audit", []string{"dependencies"}}, {"retire.js", []string{"dependencies"}},
	{"snyk container", []string{"images"}}, {"clair", []string{"images"}}, {"docker scout", []string{"images", "dependencies"}}, {"dockle", []string{"images"}},
	{"checkov", []string{"infrastructure"}}, {"tfsec", []string{"infrastructure"}}, {"kics", []string{"infrastructure"}}, {"terrascan", []string{"infrastructure"}},
	{"kube-linter", []string{"infrastructure"}}, {"kubelinter", []string{"infrastructure"}}, {"kubesec", []string{"infrastructure"}}, {"kubescape", []string{"infrastructure"}},
	{"snyk iac", []string{"infrastructure"}}, {"polaris", []string{"infrastructure"}}, {"kube-score", []string{"infrastructure"}}, {"hadolint", []string{"infrastructure"}},
}

// rules of Trivy and Grype that tell what was looked at.
var kinds = map[string][]string{
	"ospackagevulnerability":               {"images"},
	"languagespecificpackagevulnerability": {"dependencies"},
	"misconfiguration":                     {"infrastructure"},
}

// words in the names of files, and of the runs themselves.
var words = map[string]string{
	"image": "images", "images": "images", "container": "images", "containers": "images", "docker": "images",
	"infra": "infrastructure", "infrastructure": "infrastructure", "iac": "infrastructure", "config": "infrastructure", "terraform": "infrastructure",
	"k8s": "infrastructure", "kubernetes": "infrastructure", "manifests": "infrastructure", "misconfig": "infrastructure",
	"deps": "dependencies", "dependencies": "dependencies", "sca": "dependencies", "packages": "dependencies", "lockfile": "dependencies",
	"code": "code", "sast": "code", "source": "code",
}

var separators = regexp.MustCompile(`[^a-z0-9]+`)

// covers tells what a run looked at: by its tool where that has one subject, else
// by what it says of itself, its rules, and the name of its file. A clean run of a
// tool with several subjects says nothing else.
func (r *run) covers(file string) []string {
	name := strings.ToLower(r.Tool.Driver.Name)
	for _, tool := range single {
		if strings.Contains(name, tool.name) {
			return tool.covers
		}
	}
	found := map[string]bool{}
	if r.Properties.Image != "" {
		found["images"] = true
	}
	for _, c := range append([]component{r.Tool.Driver}, r.Tool.Extensions...) {
		for _, rule := range c.Rules {
			for _, subject := range kinds[strings.ToLower(rule.Name)] {
				found[subject] = true
			}
		}
	}
	for _, text := range []string{strings.TrimSuffix(path.Base(file), ".json"), r.Automation.ID} {
		for _, word := range separators.Split(strings.ToLower(strings.TrimSuffix(text, ".sarif")), -1) {
			if subject := words[word]; subject != "" {
				found[subject] = true
			}
		}
	}
	var out []string
	for _, subject := range fact.ScanSubjects() {
		if found[subject] {
			out = append(out, subject)
		}
	}
	return slices.Clip(out)
}
