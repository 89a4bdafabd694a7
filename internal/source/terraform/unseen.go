package terraform

import (
	"fmt"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
)

// unseen leaves a hole for what is installed through Terraform into a cluster or
// onto a machine: it runs, and its manifests are not read.
func unseen(c *model.Config, into *fact.Set) {
	said := map[string]bool{}
	for _, r := range c.Resources {
		if r.Data || said[r.Base] || !installs(r.Type) {
			continue
		}
		said[r.Base] = true
		what := r.Base + " is not read"
		if chart := r.Body.Get("chart"); r.Type == "helm_release" && chart.Text != "" {
			what = fmt.Sprintf("%s installs chart %s, which is not read", r.Base, chart.Text)
		}
		into.Coverage.Holes = append(into.Coverage.Holes, fact.Hole{Location: r.At, Why: what})
	}
}

func installs(kind string) bool {
	switch kind {
	case "helm_release", "kubectl_manifest", "argocd_application", "nomad_job", "docker_container", "docker_service":
		return true
	case "kubernetes_manifest", "kubernetes_pod", "kubernetes_cron_job", "kubernetes_job":
		return true
	}
	for _, prefix := range []string{"kubernetes_deployment", "kubernetes_stateful_set", "kubernetes_daemon", "kubernetes_cron_job_", "kubernetes_job_", "kubernetes_pod_v"} {
		if strings.HasPrefix(kind, prefix) {
			return true
		}
	}
	return false
}
