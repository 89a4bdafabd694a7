package terraform

import (
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
	"seaworthy.dev/seaworthy/internal/source/terraform/reading"
)

// clusters tells of the clusters of other clouds that they are there, so that what
// runs in them is not taken for absent.
func clusters(c *model.Config, into *fact.Set) {
	for kind, engine := range map[string]string{"google_container_cluster": "GKE", "azurerm_kubernetes_cluster": "AKS"} {
		for _, res := range c.Of(kind) {
			into.Clusters = append(into.Clusters, &fact.Cluster{Ref: res.Ref(), Name: reading.Name(res), Engine: engine})
		}
	}
}
