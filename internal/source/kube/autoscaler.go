package kube

import (
	"strconv"
	"strings"

	autoscalingv1 "k8s.io/api/autoscaling/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
)

// defaultCPU is the target that the API server fills in where an autoscaler
// names no metric: SetDefaults_HorizontalPodAutoscaler in
// k8s.io/kubernetes/pkg/apis/autoscaling/v2.
const defaultCPU = 80

func (r Reader) horizontalPodAutoscaler(o *object, into *Fragment) {
	out := &fact.Autoscaler{Ref: o.ref(), Namespace: o.meta.Namespace, Name: o.meta.Name, Engine: "hpa", PausedReplicas: -1}
	spec := decode.Child(o.node, "spec")
	out.MinAt, out.MaxAt = o.key(spec, "minReplicas"), o.key(spec, "maxReplicas")
	var min *int32
	switch o.version() {
	case "v1":
		var h autoscalingv1.HorizontalPodAutoscaler
		if !o.fit(into, o.node, &h, true) {
			return
		}
		out.TargetKind, out.TargetName = h.Spec.ScaleTargetRef.Kind, h.Spec.ScaleTargetRef.Name
		min, out.Max = h.Spec.MinReplicas, int(h.Spec.MaxReplicas)
		if t := h.Spec.TargetCPUUtilizationPercentage; t != nil {
			out.Signals = []fact.Signal{{Type: "Resource", Name: "cpu", Utilization: int(*t), At: o.key(spec, "targetCPUUtilizationPercentage")}}
		}
	case "v2beta1":
		if !o.oldAutoscaler(into, out, &min) {
			return
		}
	default: // v2beta2 has the form of v2
		var h autoscalingv2.HorizontalPodAutoscaler
		if !o.fit(into, o.node, &h, o.version() == "v2") {
			return
		}
		out.TargetKind, out.TargetName = h.Spec.ScaleTargetRef.Kind, h.Spec.ScaleTargetRef.Name
		min, out.Max = h.Spec.MinReplicas, int(h.Spec.MaxReplicas)
		for i := range h.Spec.Metrics {
			s := signal(&h.Spec.Metrics[i])
			s.At = o.at(decode.Dig(spec, "metrics", i))
			out.Signals = append(out.Signals, s)
		}
	}
	if len(out.Signals) == 0 {
		out.Signals = []fact.Signal{{Type: "Resource", Name: "cpu", Utilization: defaultCPU, At: o.at(spec)}}
	}
	out.Min = 1
	if min != nil {
		out.Min = int(*min)
	}
	into.Facts.Autoscalers = append(into.Facts.Autoscalers, out)
}

func signal(m *autoscalingv2.MetricSpec) fact.Signal {
	s := fact.Signal{Type: string(m.Type)}
	share := func(t autoscalingv2.MetricTarget) {
		if t.AverageUtilization != nil {
			s.Utilization = int(*t.AverageUtilization)
		}
	}
	switch {
	case m.Resource != nil:
		s.Name = string(m.Resource.Name)
		share(m.Resource.Target)
	case m.ContainerResource != nil:
		s.Name, s.Container = string(m.ContainerResource.Name), m.ContainerResource.Container
		share(m.ContainerResource.Target)
	case m.Pods != nil:
		s.Name = m.Pods.Metric.Name
	case m.Object != nil:
		s.Name = m.Object.Metric.Name
	case m.External != nil:
		s.Name = m.External.Metric.Name
	}
	return s
}

// oldAutoscaler reads autoscaling/v2beta1, which k8s.io/api no longer has.
func (o *object) oldAutoscaler(into *Fragment, out *fact.Autoscaler, min **int32) bool {
	type metric struct {
		Name       string `json:"name"`
		MetricName string `json:"metricName"`
		Container  string `json:"container"`
		Share      int    `json:"targetAverageUtilization"`
	}
	var h struct {
		Spec struct {
			ScaleTargetRef struct {
				Kind string `json:"kind"`
				Name string `json:"name"`
			} `json:"scaleTargetRef"`
			MinReplicas *int32 `json:"minReplicas"`
			MaxReplicas int    `json:"maxReplicas"`
			Metrics     []struct {
				Type              string  `json:"type"`
				Resource          *metric `json:"resource"`
				ContainerResource *metric `json:"containerResource"`
				Pods              *metric `json:"pods"`
				Object            *metric `json:"object"`
				External          *metric `json:"external"`
			} `json:"metrics"`
		} `json:"spec"`
	}
	if !o.fit(into, o.node, &h, false) {
		return false
	}
	out.TargetKind, out.TargetName = h.Spec.ScaleTargetRef.Kind, h.Spec.ScaleTargetRef.Name
	*min, out.Max = h.Spec.MinReplicas, h.Spec.MaxReplicas
	for i, m := range h.Spec.Metrics {
		s := fact.Signal{Type: m.Type, At: o.at(decode.Dig(o.node, "spec", "metrics", i))}
		for _, one := range []*metric{m.Resource, m.ContainerResource, m.Pods, m.Object, m.External} {
			if one != nil {
				s.Name, s.Container, s.Utilization = one.Name+one.MetricName, one.Container, one.Share
			}
		}
		out.Signals = append(out.Signals, s)
	}
	return true
}

// scaledObject reads KEDA's autoscaler with KEDA's defaults: a Deployment,
// from 0 to 100 instances.
func (r Reader) scaledObject(o *object, into *Fragment) {
	var in struct {
		Spec struct {
			ScaleTargetRef struct {
				Kind string `json:"kind"`
				Name string `json:"name"`
			} `json:"scaleTargetRef"`
			MinReplicaCount *int `json:"minReplicaCount"`
			MaxReplicaCount *int `json:"maxReplicaCount"`
			Triggers        []struct {
				Type       string `json:"type"`
				MetricType string `json:"metricType"`
			} `json:"triggers"`
		} `json:"spec"`
	}
	spec := decode.Child(o.node, "spec")
	if !o.fit(into, o.node, &in, false) {
		return
	}
	out := &fact.Autoscaler{
		Ref: o.ref(), Namespace: o.meta.Namespace, Name: o.meta.Name, Engine: "keda",
		TargetKind: in.Spec.ScaleTargetRef.Kind, TargetName: in.Spec.ScaleTargetRef.Name,
		Min: 0, Max: 100, MinAt: o.key(spec, "minReplicaCount"), MaxAt: o.key(spec, "maxReplicaCount"),
		PausedReplicas: -1,
	}
	if out.TargetKind == "" {
		out.TargetKind = "Deployment"
	}
	if in.Spec.MinReplicaCount != nil {
		out.Min = *in.Spec.MinReplicaCount
	}
	if in.Spec.MaxReplicaCount != nil {
		out.Max = *in.Spec.MaxReplicaCount
	}
	for i, t := range in.Spec.Triggers {
		s := fact.Signal{Type: t.Type, Name: t.Type, At: o.at(decode.Dig(spec, "triggers", i))}
		metadata := decode.Dig(spec, "triggers", i, "metadata")
		if t.Type == "cpu" || t.Type == "memory" {
			kind := t.MetricType
			if kind == "" { // where older versions wrote it
				kind = decode.Text(decode.Child(metadata, "type"))
			}
			s.Type, s.Container = "Resource", decode.Text(decode.Child(metadata, "containerName"))
			if s.Container != "" {
				s.Type = "ContainerResource"
			}
			if kind == "" || kind == "Utilization" {
				s.Utilization, _ = strconv.Atoi(decode.Text(decode.Child(metadata, "value")))
			}
		}
		out.Signals = append(out.Signals, s)
	}
	annotations := decode.Dig(o.node, "metadata", "annotations")
	if text := o.meta.Annotations["autoscaling.keda.sh/paused-replicas"]; text != "" {
		out.Paused, out.PausedAt = true, o.key(annotations, "autoscaling.keda.sh/paused-replicas")
		if n, err := strconv.Atoi(text); err == nil {
			out.PausedReplicas = n
		}
	} else if text := o.meta.Annotations["autoscaling.keda.sh/paused"]; strings.EqualFold(text, "true") {
		out.Paused, out.PausedAt = true, o.key(annotations, "autoscaling.keda.sh/paused")
	}
	into.Facts.Autoscalers = append(into.Facts.Autoscalers, out)
}

func (r Reader) verticalPodAutoscaler(o *object, into *Fragment) {
	var in struct {
		Spec struct {
			TargetRef struct {
				Kind string `json:"kind"`
				Name string `json:"name"`
			} `json:"targetRef"`
			UpdatePolicy struct {
				UpdateMode string `json:"updateMode"`
			} `json:"updatePolicy"`
			ResourcePolicy struct {
				ContainerPolicies []struct {
					ContainerName       string   `json:"containerName"`
					Mode                string   `json:"mode"`
					ControlledResources []string `json:"controlledResources"`
				} `json:"containerPolicies"`
			} `json:"resourcePolicy"`
		} `json:"spec"`
	}
	if !o.fit(into, o.node, &in, false) {
		return
	}
	out := &fact.Autoscaler{
		Ref: o.ref(), Namespace: o.meta.Namespace, Name: o.meta.Name, Engine: "vpa", PausedReplicas: -1,
		TargetKind: in.Spec.TargetRef.Kind, TargetName: in.Spec.TargetRef.Name, Mode: in.Spec.UpdatePolicy.UpdateMode,
	}
	if out.Mode == "" {
		out.Mode = "Auto"
	}
	for _, p := range in.Spec.ResourcePolicy.ContainerPolicies {
		resize := fact.Resize{Container: p.ContainerName, Off: p.Mode == "Off", Resources: p.ControlledResources}
		if resize.Container == "" {
			resize.Container = "*"
		}
		if len(resize.Resources) == 0 {
			resize.Resources = []string{"cpu", "memory"}
		}
		out.Resizes = append(out.Resizes, resize)
	}
	into.Facts.Autoscalers = append(into.Facts.Autoscalers, out)
}
