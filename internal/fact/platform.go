package fact

// Platform is what runs a workload.
type Platform string

// The platforms.
const (
	Kubernetes   Platform = "kubernetes"
	ECS          Platform = "ecs"
	Lambda       Platform = "lambda"
	CloudRun     Platform = "cloud-run"
	AppService   Platform = "app-service"
	ContainerApp Platform = "container-app"
	Machines     Platform = "machines" // a group of virtual machines
	Compose      Platform = "compose"
	Systemd      Platform = "systemd"
	Procfile     Platform = "procfile"
)

// Cloud reports whether a cloud runs the workload by an interface of its own,
// and not Kubernetes or a host.
func (p Platform) Cloud() bool {
	switch p {
	case ECS, Lambda, CloudRun, AppService, ContainerApp, Machines:
		return true
	}
	return false
}

// Hosted reports whether the cloud takes requests for the workload, and runs it
// on machines that its owner never sees.
func (p Platform) Hosted() bool { return p == CloudRun || p == AppService || p == ContainerApp }

// Title is what a platform of a cloud calls itself.
func (p Platform) Title() string {
	switch p {
	case ECS:
		return "ECS"
	case Lambda:
		return "Lambda"
	case CloudRun:
		return "Cloud Run"
	case AppService:
		return "App Service"
	case ContainerApp:
		return "Container Apps"
	}
	return string(p)
}
