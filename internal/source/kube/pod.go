package kube

import (
	"regexp"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/intstr"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/derive/process"
	"seaworthy.dev/seaworthy/internal/fact"
)

func containers(o *object, ref fact.Ref, spec *corev1.PodSpec, node *decode.Node) []fact.Container {
	out := make([]fact.Container, 0, len(spec.InitContainers)+len(spec.Containers))
	for i := range spec.InitContainers {
		c := &spec.InitContainers[i]
		role := fact.Init
		if c.RestartPolicy != nil && *c.RestartPolicy == corev1.ContainerRestartPolicyAlways {
			role = fact.Sidecar
		}
		out = append(out, container(o, ref, c, decode.Dig(node, "initContainers", i), role))
	}
	for i := range spec.Containers {
		out = append(out, container(o, ref, &spec.Containers[i], decode.Dig(node, "containers", i), fact.Main))
	}
	return out
}

func container(o *object, ref fact.Ref, c *corev1.Container, node *decode.Node, role fact.Role) fact.Container {
	out := fact.Container{
		Ref:  ref.At(o.at(node)).Within("container " + c.Name),
		Name: c.Name, Role: role, PullPolicy: string(c.ImagePullPolicy),
		Image:    fact.ParseImage(c.Image),
		Command:  process.Command(c.Command, c.Args, o.key(node, "command")),
		Requests: resources(o, c.Resources.Requests, node, "requests"),
		Limits:   resources(o, c.Resources.Limits, node, "limits"),
	}
	out.Image.At = o.key(node, "image")
	for _, p := range c.Ports {
		out.Ports = append(out.Ports, fact.Port{Name: p.Name, Number: int(p.ContainerPort), Host: int(p.HostPort), Protocol: string(p.Protocol)})
	}
	out.Readiness = probe(o, out.Ref, c, c.ReadinessProbe, node, "readinessProbe")
	out.Liveness = probe(o, out.Ref, c, c.LivenessProbe, node, "livenessProbe")
	out.Startup = probe(o, out.Ref, c, c.StartupProbe, node, "startupProbe")
	out.PreStop = preStop(o, out.Ref, c.Lifecycle, decode.Dig(node, "lifecycle"))
	if c.SecurityContext != nil && c.SecurityContext.ReadOnlyRootFilesystem != nil {
		out.ReadOnlyRoot = *c.SecurityContext.ReadOnlyRootFilesystem
	}
	out.ReadOnlyRootAt = o.key(decode.Child(node, "securityContext"), "readOnlyRootFilesystem")
	mounts := decode.Child(node, "volumeMounts")
	for i, m := range c.VolumeMounts {
		sub := m.SubPath
		if sub == "" {
			sub = m.SubPathExpr
		}
		out.Mounts = append(out.Mounts, fact.Mount{Volume: m.Name, Path: m.MountPath, SubPath: sub, ReadOnly: m.ReadOnly, At: o.at(decode.Dig(mounts, i))})
	}
	environment(o, c, node, &out)
	return out
}

func probe(o *object, ref fact.Ref, c *corev1.Container, p *corev1.Probe, node *decode.Node, field string) *fact.Probe {
	if p == nil {
		return nil
	}
	out := &fact.Probe{
		Ref:   ref.At(o.key(node, field)).Within(field),
		Delay: int(p.InitialDelaySeconds), Period: int(p.PeriodSeconds), Timeout: int(p.TimeoutSeconds),
		Failures: int(p.FailureThreshold), Successes: int(p.SuccessThreshold),
	}
	// The API server's defaults: SetDefaults_Probe in k8s.io/kubernetes/pkg/apis/core/v1.
	for value, standard := range map[*int]int{&out.Period: 10, &out.Timeout: 1, &out.Failures: 3, &out.Successes: 1} {
		if *value == 0 {
			*value = standard
		}
	}
	out.Grace = -1
	if p.TerminationGracePeriodSeconds != nil {
		out.Grace = int(*p.TerminationGracePeriodSeconds)
	}
	switch {
	case p.HTTPGet != nil:
		out.Method, out.Path, out.Host = "http", p.HTTPGet.Path, p.HTTPGet.Host
		out.Scheme = strings.ToLower(string(p.HTTPGet.Scheme))
		if out.Path == "" {
			out.Path = "/"
		}
		out.Port = portNumber(c, p.HTTPGet.Port)
	case p.TCPSocket != nil:
		out.Method, out.Host, out.Port = "tcp", p.TCPSocket.Host, portNumber(c, p.TCPSocket.Port)
	case p.GRPC != nil:
		out.Method, out.Port = "grpc", int(p.GRPC.Port)
		if p.GRPC.Service != nil {
			out.Path = *p.GRPC.Service
		}
	case p.Exec != nil:
		out.Method, out.Path = "exec", strings.Join(p.Exec.Command, " ")
	}
	return out
}

// portNumber resolves a port of a container that may be written as its name.
func portNumber(c *corev1.Container, port intstr.IntOrString) int {
	if port.Type == intstr.Int {
		return int(port.IntVal)
	}
	for _, p := range c.Ports {
		if p.Name == port.StrVal {
			return int(p.ContainerPort)
		}
	}
	n, _ := strconv.Atoi(port.StrVal)
	return n
}

// sleeping matches a command that starts by waiting: "sleep 5", also inside a
// shell and with more commands after it.
var sleeping = regexp.MustCompile(`^(?:/bin/|/usr/bin/)?sleep\s+([0-9]+)s?\s*(?:$|;|&&|\n)`)

func preStop(o *object, ref fact.Ref, l *corev1.Lifecycle, node *decode.Node) *fact.PreStop {
	if l == nil || l.PreStop == nil {
		return nil
	}
	out := &fact.PreStop{Ref: ref.At(o.key(node, "preStop")).Within("preStop"), Seconds: -1}
	switch h := l.PreStop; {
	case h.Sleep != nil:
		out.Method, out.Seconds = "sleep", int(h.Sleep.Seconds)
	case h.HTTPGet != nil:
		out.Method = "http"
	case h.TCPSocket != nil:
		out.Method = "tcp"
	case h.Exec != nil:
		out.Method = "exec"
		words := h.Exec.Command
		if len(words) == 3 && process.IsShell(words[0]) && strings.HasPrefix(words[1], "-") {
			words = words[2:]
		}
		if m := sleeping.FindStringSubmatch(strings.TrimSpace(strings.Join(words, " "))); m != nil {
			out.Seconds, _ = strconv.Atoi(m[1])
		}
	}
	return out
}

func resources(o *object, list corev1.ResourceList, node *decode.Node, field string) fact.Resources {
	out := fact.Resources{MilliCPU: -1, Memory: -1}
	res := decode.Child(node, "resources")
	if res == nil {
		res = node
	}
	out.At = o.key(res, field)
	for name, q := range list {
		switch name {
		case corev1.ResourceCPU:
			out.MilliCPU = q.MilliValue()
		case corev1.ResourceMemory:
			out.Memory = q.Value()
		default:
			if out.Other == nil {
				out.Other = map[string]string{}
			}
			out.Other[string(name)] = quantity(q)
		}
	}
	return out
}

func quantity(q resource.Quantity) string { return q.String() }

func volumes(o *object, list []corev1.Volume, node *decode.Node) []fact.Volume {
	var out []fact.Volume
	for i := range list {
		v := &list[i]
		f := fact.Volume{Name: v.Name, At: o.at(decode.Dig(node, i))}
		switch {
		case v.Secret != nil:
			f.Source, f.Secrets = "secret", []string{v.Secret.SecretName}
			f.Optional = optionally(v.Secret.Optional, v.Secret.SecretName)
		case v.ConfigMap != nil:
			f.Source, f.Settings = "configMap", []string{v.ConfigMap.Name}
		case v.Projected != nil:
			f.Source = "projected"
			for _, s := range v.Projected.Sources {
				switch {
				case s.Secret != nil:
					f.Secrets = append(f.Secrets, s.Secret.Name)
					f.Optional = append(f.Optional, optionally(s.Secret.Optional, s.Secret.Name)...)
				case s.ConfigMap != nil:
					f.Settings = append(f.Settings, s.ConfigMap.Name)
				case s.ServiceAccountToken != nil:
					f.HasToken, f.TokenAudience, f.TokenSeconds = true, s.ServiceAccountToken.Audience, 3600
					if e := s.ServiceAccountToken.ExpirationSeconds; e != nil {
						f.TokenSeconds = int(*e)
					}
				}
			}
		case v.PersistentVolumeClaim != nil:
			f.Source, f.Claim = "persistentVolumeClaim", v.PersistentVolumeClaim.ClaimName
		case v.CSI != nil:
			f.Source, f.Driver, f.Attributes = "csi", v.CSI.Driver, v.CSI.VolumeAttributes
		case v.EmptyDir != nil:
			f.Source = "emptyDir"
		case v.HostPath != nil:
			f.Source, f.HostPath = "hostPath", v.HostPath.Path
		case v.Ephemeral != nil:
			f.Source = "ephemeral"
		case v.DownwardAPI != nil:
			f.Source = "downwardAPI"
		case v.Image != nil:
			f.Source, f.Image = "image", fact.ParseImage(v.Image.Reference)
		default:
			f.Source = "other"
		}
		f.Credential = credential(&v.VolumeSource)
		out = append(out, f)
	}
	return out
}

// credential returns the secret with which the node mounts the volume.
func credential(v *corev1.VolumeSource) string {
	var ref *corev1.LocalObjectReference
	switch {
	case v.AzureFile != nil:
		return v.AzureFile.SecretName
	case v.CSI != nil:
		ref = v.CSI.NodePublishSecretRef
	case v.CephFS != nil:
		ref = v.CephFS.SecretRef
	case v.RBD != nil:
		ref = v.RBD.SecretRef
	case v.ISCSI != nil:
		ref = v.ISCSI.SecretRef
	case v.FlexVolume != nil:
		ref = v.FlexVolume.SecretRef
	case v.ScaleIO != nil:
		ref = v.ScaleIO.SecretRef
	case v.StorageOS != nil:
		ref = v.StorageOS.SecretRef
	}
	if ref == nil {
		return ""
	}
	return ref.Name
}

// optionally returns the name where it may be missing.
func optionally(optional *bool, name string) []string {
	if optional != nil && *optional {
		return []string{name}
	}
	return nil
}

func spreads(o *object, spec *corev1.PodSpec, node *decode.Node) []fact.Spread {
	var out []fact.Spread
	constraints := decode.Child(node, "topologySpreadConstraints")
	for i, c := range spec.TopologySpreadConstraints {
		out = append(out, fact.Spread{
			Topology: c.TopologyKey, Hard: c.WhenUnsatisfiable == corev1.DoNotSchedule || c.WhenUnsatisfiable == "",
			MaxSkew: int(c.MaxSkew), Selects: selector(c.LabelSelector), At: o.at(decode.Dig(constraints, i)),
		})
	}
	if spec.Affinity == nil || spec.Affinity.PodAntiAffinity == nil {
		return out
	}
	anti := decode.Dig(node, "affinity", "podAntiAffinity")
	for i, term := range spec.Affinity.PodAntiAffinity.RequiredDuringSchedulingIgnoredDuringExecution {
		out = append(out, fact.Spread{
			Topology: term.TopologyKey, Hard: true, AntiAffinity: true, Selects: selector(term.LabelSelector),
			At: o.at(decode.Dig(anti, "requiredDuringSchedulingIgnoredDuringExecution", i)),
		})
	}
	for i, term := range spec.Affinity.PodAntiAffinity.PreferredDuringSchedulingIgnoredDuringExecution {
		out = append(out, fact.Spread{
			Topology: term.PodAffinityTerm.TopologyKey, AntiAffinity: true, Selects: selector(term.PodAffinityTerm.LabelSelector),
			At: o.at(decode.Dig(anti, "preferredDuringSchedulingIgnoredDuringExecution", i)),
		})
	}
	return out
}
