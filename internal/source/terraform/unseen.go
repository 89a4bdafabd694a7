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
		provider, _, _ := strings.Cut(r.Type, "_")
		if !r.Data && otherClouds[provider] && !said[provider] {
			said[provider] = true
			into.Coverage.Holes = append(into.Coverage.Holes, fact.Hole{
				Kinds: []fact.Kind{fact.Workloads, fact.Services, fact.Backups, fact.Storage}, Location: r.At,
				Why: fmt.Sprintf("resources of the provider %s, such as %s, are not read", provider, r.Base),
			})
		}
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

// otherClouds are providers, by the first word of their types, whose resources run
// something or keep data and are not turned into facts.
var otherClouds = words(`
	alicloud awscc aiven civo clevercloud cockroach confluent digitalocean elasticstack equinix exoscale fly gridscale hcloud heroku
	hetzner ibm incus influxdb ionoscloud koyeb kamatera libvirt linode lxd metal mongodbatlas neon netlify nutanix oci opentelekomcloud
	openstack outscale ovh packet planetscale proxmox rackspace railway rancher2 redpanda rediscloud render scaleway singlestoredb snowflake
	stackit supabase tencentcloud tidbcloud triton upcloud upstash vcd vercel virtualbox vsphere vultr yandex zadara`)

func words(text string) map[string]bool {
	out := map[string]bool{}
	for _, word := range strings.Fields(text) {
		out[word] = true
	}
	return out
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
