package kube

import (
	"strconv"

	corev1 "k8s.io/api/core/v1"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
)

// knativeService reads a Knative Service as a workload, as the autoscaler that
// comes with every one, and as a progressive delivery where it splits traffic.
func (r Reader) knativeService(o *object, into *Fragment) {
	var in struct {
		Spec struct {
			Template struct {
				Metadata meta `json:"metadata"`
				Spec     struct {
					TimeoutSeconds *int `json:"timeoutSeconds"`
				} `json:"spec"`
			} `json:"template"`
			Traffic []struct {
				Percent *int `json:"percent"`
				Latest  bool `json:"latestRevision"`
			} `json:"traffic"`
		} `json:"spec"`
	}
	if !o.fit(into, o.node, &in, false) {
		return
	}
	var pod corev1.PodSpec
	node := decode.Dig(o.node, "spec", "template", "spec")
	if node == nil || !o.fit(into, node, &pod, false) {
		return
	}
	unnamedContainers(o, &pod)
	google := ofCloudRun(o, in.Spec.Template.Metadata, &pod)
	for i := range pod.Containers {
		if c := &pod.Containers[i]; len(c.Ports) > 0 || len(pod.Containers) == 1 {
			knativeDefaults(c)
			if google && !hasProbe(o) {
				c.ReadinessProbe = nil // Cloud Run looks at the start alone
			}
		}
	}
	t := template{meta: in.Spec.Template.Metadata, spec: &pod, node: decode.Dig(o.node, "spec", "template")}
	w := r.workload(o, fact.Replicated, t, into)
	if w == nil {
		return
	}
	// Instances are given as long to stop as a request may take.
	w.Grace = 300
	if in.Spec.Template.Spec.TimeoutSeconds != nil {
		w.Grace = *in.Spec.Template.Spec.TimeoutSeconds
	}
	w.Scalable, w.Strategy = true, fact.Strategy{Type: "Knative", At: o.key(decode.Child(o.node, "spec"), "traffic")}
	scaler := knativeScaler(o, in.Spec.Template.Metadata.Annotations)
	w.Replicas = scaler.Min
	if google {
		cloudRun(o, w, in.Spec.Template.Metadata, &pod, into)
		scaler.Engine, scaler.TargetKind = "cloud-run", w.Kind
		scaler.Signals = []fact.Signal{{Type: "Requests", Name: "requests and cpu", At: scaler.MinAt}}
		if scaler.Max < 0 {
			scaler.Max = 100 // its default
		}
	}
	w.add(into)
	into.Facts.Autoscalers = append(into.Facts.Autoscalers, scaler)
	if len(in.Spec.Traffic) < 2 {
		return
	}
	out := &fact.Rollout{
		Ref: o.ref(), Namespace: o.meta.Namespace, Name: o.meta.Name, Engine: "knative", TargetKind: w.Kind, TargetName: o.meta.Name,
		Manner: "split", Routed: true, Background: -1, FirstShare: -1,
		MannerAt: o.key(decode.Child(o.node, "spec"), "traffic"), FirstAt: o.key(decode.Child(o.node, "spec"), "traffic"),
	}
	if google {
		out.Engine = "cloud-run"
	}
	for _, t := range in.Spec.Traffic {
		if t.Latest && t.Percent != nil {
			out.FirstShare = *t.Percent
		}
	}
	into.Facts.Rollouts = append(into.Facts.Rollouts, out)
}

// knativeDefaults fills what Knative fills in the container that serves: a port
// and a readiness probe that asks it.
func knativeDefaults(c *corev1.Container) {
	if len(c.Ports) == 0 {
		c.Ports = []corev1.ContainerPort{{ContainerPort: 8080}}
	}
	port := c.Ports[0].ContainerPort
	for _, p := range []**corev1.Probe{&c.ReadinessProbe, &c.LivenessProbe} {
		if *p == nil {
			continue
		}
		// Knative lets the port out and asks the container's own.
		if h := (*p).HTTPGet; h != nil && h.Port.IntVal == 0 && h.Port.StrVal == "" {
			h.Port.IntVal = port
		}
		if h := (*p).TCPSocket; h != nil && h.Port.IntVal == 0 && h.Port.StrVal == "" {
			h.Port.IntVal = port
		}
	}
	if c.ReadinessProbe == nil {
		probe := &corev1.Probe{ProbeHandler: corev1.ProbeHandler{TCPSocket: &corev1.TCPSocketAction{}}}
		probe.TCPSocket.Port.IntVal = port
		c.ReadinessProbe = probe
	}
}

// knativeScaler reads the annotations of a revision. Knative scales to zero and
// without bound unless they, or the installation, say otherwise.
func knativeScaler(o *object, annotations map[string]string) *fact.Autoscaler {
	node := decode.Dig(o.node, "spec", "template", "metadata", "annotations")
	out := &fact.Autoscaler{
		Ref: o.ref(), Namespace: o.meta.Namespace, Name: o.meta.Name, Engine: "knative", TargetKind: o.header.Kind, TargetName: o.meta.Name,
		Max: -1, PausedReplicas: -1, MinAt: o.at(firstOf(node, o.node)), MaxAt: o.at(firstOf(node, o.node)),
	}
	read := func(name string, into *int, at *fact.Location) {
		for _, key := range []string{"autoscaling.knative.dev/" + name + "-scale", "autoscaling.knative.dev/" + name + "Scale"} {
			if n, err := strconv.Atoi(annotations[key]); err == nil {
				*into, *at = n, o.key(node, key)
				return
			}
		}
	}
	read("min", &out.Min, &out.MinAt)
	read("max", &out.Max, &out.MaxAt)
	if out.Max == 0 {
		out.Max = -1
	}
	metric := annotations["autoscaling.knative.dev/metric"]
	if metric == "" {
		metric = "concurrency"
	}
	s := fact.Signal{Type: "Pods", Name: metric, At: out.MinAt}
	if metric == "cpu" || metric == "memory" {
		s.Type = "Resource"
	}
	out.Signals = []fact.Signal{s}
	return out
}
