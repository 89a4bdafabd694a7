package terraform

import (
	"slices"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
	"seaworthy.dev/seaworthy/internal/source/terraform/reading"
)

// collection reads where clouds take the logs of what they run by themselves.
func collection(c *model.Config, into *fact.Set) {
	for _, res := range c.Of("google_container_cluster") {
		into.Shippers = append(into.Shippers, gke(res))
	}
	for _, res := range c.Of("azurerm_kubernetes_cluster") {
		if s := aks(res); s != nil {
			into.Shippers = append(into.Shippers, s)
		}
	}
	for _, res := range c.Of("aws_eks_addon") {
		if reading.Text(res.Body.Get("addon_name")) == "amazon-cloudwatch-observability" {
			into.Shippers = append(into.Shippers, collects(res, "eks", res.At, fact.LogOutput{Engine: "CloudWatch", Fate: fact.Central, At: res.At}, fact.ContainerLogs, fact.SystemLogs))
		}
	}
	apps(c, into)
}

// collects is a platform's own collection.
func collects(res *model.Resource, engine string, at fact.Location, to fact.LogOutput, what ...fact.LogSource) *fact.Shipper {
	s := &fact.Shipper{Ref: res.Ref().At(at), Name: reading.Name(res), Engine: engine, PerNode: true}
	for _, w := range what {
		s.Streams = append(s.Streams, fact.LogStream{Name: string(w), Reads: w, Output: to, At: at, FromAnywhere: true})
	}
	return s
}

// gke collects what containers and nodes write unless it is told otherwise.
// https://cloud.google.com/kubernetes-engine/docs/how-to/config-logging
func gke(res *model.Resource) *fact.Shipper {
	service, parts := res.Body.Get("logging_service"), res.Body.Get("logging_config", "enable_components")
	at := reading.Place(parts, res)
	to := fact.LogOutput{Engine: "Cloud Logging", Fate: fact.Central, At: at}
	list, known := parts.Strings()
	switch {
	case !known || !service.Known() || !parts.Known():
		s := collects(res, "gke", at, to, fact.ContainerLogs, fact.SystemLogs)
		for i := range s.Streams {
			s.Streams[i].Unknown = reading.Why(parts)
		}
		return s
	case reading.Text(service) == "none", parts.Present() && len(list) == 0:
		to = fact.LogOutput{Engine: "nothing", Fate: fact.Dropped, At: at}
		return collects(res, "gke", at, to, fact.ContainerLogs, fact.SystemLogs)
	case parts.Present() && !slices.Contains(list, "WORKLOADS"):
		s := collects(res, "gke", at, to, fact.SystemLogs)
		left := fact.LogStream{Name: "containers", Reads: fact.ContainerLogs, Output: to, At: at, FromAnywhere: true}
		left.Rules = []fact.LogRule{{Keep: true, Of: []fact.LogField{{Of: "namespace"}}, Match: []fact.Pattern{{Text: "kube-system"}}, Text: "enable_components does not list WORKLOADS", At: at}}
		s.Streams = append(s.Streams, left)
		return s
	}
	return collects(res, "gke", at, to, fact.ContainerLogs, fact.SystemLogs)
}

// aks collects where Container Insights is on.
// https://learn.microsoft.com/azure/azure-monitor/containers/kubernetes-monitoring-enable
func aks(res *model.Resource) *fact.Shipper {
	agent := res.Body.Get("oms_agent")
	if !agent.Present() {
		agent = res.Body.Get("addon_profile", "oms_agent")
		if on, known := agent.Get("enabled").Bool(false); known && !on {
			return nil
		}
	}
	if !agent.Present() {
		return nil
	}
	return collects(res, "aks", agent.At, fact.LogOutput{Engine: "Log Analytics", Fate: fact.Central, At: agent.At}, fact.ContainerLogs, fact.SystemLogs)
}

// apps says where what Azure runs by itself sends its lines: to a workspace, where
// the environment or a diagnostic setting says so.
func apps(c *model.Config, into *fact.Set) {
	for _, w := range into.Workloads {
		if w.Platform != fact.AppService && w.Platform != fact.ContainerApp {
			continue
		}
		i := slices.IndexFunc(c.Resources, func(r *model.Resource) bool { return r.Address == w.Subject })
		if i < 0 {
			continue
		}
		res := c.Resources[i]
		o := &fact.LogOutput{Engine: "its file system", Fate: fact.Stays, At: res.At}
		for _, setting := range c.Of("azurerm_monitor_diagnostic_setting") {
			if setting.Body.Get("target_resource_id").RefersTo(res.Base) {
				*o = diagnosed(setting)
			}
		}
		for _, env := range c.Of("azurerm_container_app_environment") {
			switch v := env.Body.Get("log_analytics_workspace_id"); {
			case w.Platform != fact.ContainerApp || !res.Body.Get("container_app_environment_id").RefersTo(env.Base):
			case v.Present() || len(v.AllRefs()) > 0:
				*o = fact.LogOutput{Engine: "Log Analytics", Fate: fact.Central, At: env.At}
			}
		}
		for i := range w.Containers {
			w.Containers[i].Lines = o
		}
	}
}

// diagnosed says where a diagnostic setting sends lines.
func diagnosed(setting *model.Resource) fact.LogOutput {
	o := fact.LogOutput{At: setting.At, Engine: "a storage account", Fate: fact.Archived}
	if v := setting.Body.Get("eventhub_name"); v.Present() || len(v.AllRefs()) > 0 {
		o.Engine, o.Fate, o.Why = "an event hub", fact.PassedOn, "what takes them there is not here"
	}
	if v := setting.Body.Get("log_analytics_workspace_id"); v.Present() || len(v.AllRefs()) > 0 {
		o.Engine, o.Fate, o.Why = "Log Analytics", fact.Central, ""
	}
	return o
}
