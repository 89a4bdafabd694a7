package manifest

// Sources say where the service stands. Paths are relative to the folder of
// this file, or to the judged path where they start with a slash.
type Sources struct {
	// Files and folders that make up the service, whatever is in them. Default: the
	// folder of this file; in a file with several services, none.
	Paths []string `json:"paths,omitempty" format:"path" example:"services/checkout"`
	// Kubernetes manifests. Where some are listed, only these are judged as manifests;
	// default: all below the paths.
	Manifests []string `json:"manifests,omitempty" format:"path" example:"deploy/"`
	// Charts, and the values with which they are installed. Where some are listed,
	// only these are judged; default: each chart below the paths, with those of its
	// values files that are named for production.
	Helm []Chart `json:"helm,omitempty"`
	// Folders of overlays. Where some are listed, only these are judged; default: each
	// below the paths that no other one includes.
	Kustomize []string `json:"kustomize,omitempty" format:"path" example:"overlays/production"`
	// Folders of Terraform. Where some are listed, only these are judged; default: each
	// root module below the paths.
	Terraform []Terraform `json:"terraform,omitempty"`
	// Files from which images are built. Where some are listed, only these are judged;
	// default: each below the paths.
	Dockerfiles []string `json:"dockerfiles,omitempty" format:"path" example:"Dockerfile"`
	// Compose files. Where some are listed, only these are judged; default: each below
	// the paths.
	Compose []string `json:"compose,omitempty" format:"path" example:"compose.yaml"`
	// Units of systemd. Where some are listed, only these are judged; default: each
	// below the paths.
	Systemd []string `json:"systemd,omitempty" format:"path" example:"packaging/checkout.service"`
	// Pipelines that check and deploy the service. Default: every pipeline of the
	// repository.
	Pipelines []string `json:"pipelines,omitempty" format:"path" example:".github/workflows/checkout.yaml"`
	// Paths below the others that do not belong to the service: folders, files, or
	// globs such as `**/testdata`.
	Exclude []string `json:"exclude,omitempty" example:"deploy/old"`
	// Logs of scanners, as SARIF; those that a pipeline writes need not be in git.
	// Default: each below the paths.
	Scans []string `json:"scans,omitempty" format:"output" example:"scans/image.sarif"`
	// What tests, load tests and tools leave behind: files, folders or globs, also such
	// that git ignores; a pipeline that wrote none yet breaks nothing. Beside these, what
	// stands below the paths is read. docs/results.md lists the formats.
	Results []string `json:"results,omitempty" example:"build/test-results"`
	// The cluster in which the service runs. Not read yet.
	Cluster *Cluster `json:"cluster,omitempty"`
	// The Prometheus, Thanos or Mimir that holds its metrics. Not read yet.
	Prometheus *Backend `json:"prometheus,omitempty"`
	// The Alertmanager that routes its alerts. Not read yet.
	Alertmanager *Backend `json:"alertmanager,omitempty"`
	// The Grafana that shows its dashboards. Not read yet.
	Grafana *Backend `json:"grafana,omitempty"`
	// The platform that keeps its logs. Not read yet.
	Logs *Backend `json:"logs,omitempty"`
	// The platform that keeps its traces. Not read yet.
	Traces *Backend `json:"traces,omitempty"`
}

// Chart is a Helm chart with the values with which it is installed.
type Chart struct {
	// The chart's folder.
	Chart string `json:"chart" required:"true" short:"true" format:"path" example:"chart/"`
	// Values files in their order, relative to the chart. Default: those named for
	// production.
	Values []string `json:"values,omitempty" example:"values-prod.yaml"`
	// Single values, as `--set` takes them: a path and its value.
	Set map[string]string `json:"set,omitempty"`
	// The release's name. Default: the chart's.
	Release string `json:"release,omitempty" example:"checkout"`
	// The namespace of the release.
	Namespace string `json:"namespace,omitempty" example:"shop"`
}

// Terraform is a root module with the variables with which it is applied.
type Terraform struct {
	// The module's folder.
	Dir string `json:"dir" required:"true" short:"true" format:"path" example:"infra/"`
	// Variable files in their order, relative to the folder, beside those that Terraform
	// reads by itself. Default: those named for production.
	VarFiles []string `json:"varFiles,omitempty" example:"prod.tfvars"`
}

// Cluster is a Kubernetes cluster to look into.
type Cluster struct {
	// The context of the kubeconfig. Default: the current one.
	Context string `json:"context,omitempty" example:"prod-eu"`
	// Namespaces of the service.
	Namespaces []string `json:"namespaces,omitempty" example:"shop"`
	// Which objects are the service's, as a label selector.
	Selector string `json:"selector,omitempty" example:"app.kubernetes.io/part-of=checkout"`
}

// Backend is a system that answers questions about the service.
type Backend struct {
	// Where it answers.
	URL string `json:"url" required:"true" format:"url" example:"https://prometheus.example.com"`
	// The environment variable that holds the token to ask with; never the token
	// itself.
	TokenFrom string `json:"tokenFrom,omitempty" example:"PROMETHEUS_TOKEN"`
	// What selects this service there: a query, a matcher, a tenant.
	Query string `json:"query,omitempty"`
}
