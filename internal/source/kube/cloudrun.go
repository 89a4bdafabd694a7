package kube

import (
	"strings"

	corev1 "k8s.io/api/core/v1"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
)

// ofCloudRun reports whether a Knative Service is written for Cloud Run, which
// takes the same form and runs it on no cluster: its annotations or its service
// account are Google's.
// https://cloud.google.com/run/docs/reference/yaml/v1
func ofCloudRun(o *object, template meta, pod *corev1.PodSpec) bool {
	for _, notes := range []map[string]string{o.meta.Annotations, o.meta.Labels, template.Annotations} {
		for key := range notes {
			if strings.HasPrefix(key, "run.googleapis.com/") || key == "cloud.googleapis.com/location" {
				return true
			}
		}
	}
	return strings.HasSuffix(pod.ServiceAccountName, ".gserviceaccount.com")
}

// cloudRun makes what Knative reads into a service of Cloud Run: nothing of a
// cluster holds for it. Who may call it is said by its project's policy, which no
// such file holds.
func cloudRun(o *object, w *reading, template meta, pod *corev1.PodSpec, into *Fragment) {
	w.Platform, w.Kind, w.Serverless = fact.CloudRun, "Cloud Run service", true
	w.Namespace, w.Labels = "", o.meta.Labels
	// https://cloud.google.com/run/docs/container-contract#sigterm
	w.Grace, w.GraceAt, w.Drain = 10, w.PodAt, -1
	w.Strategy.Type = "AllAtOnce"
	w.Placement = &fact.Placement{At: w.PodAt, Hosts: true, Why: "Cloud Run decides"}
	if region := o.meta.Labels["cloud.googleapis.com/location"]; region != "" {
		w.Placement.Region = region
	} else {
		w.Placement.RegionWhy = "the file names none"
	}
	w.Breaches = nil
	if w.Account == "" {
		w.Account = fact.DefaultAccount
	} else {
		w.Account, _, _ = strings.Cut(w.Account, "@")
		w.Unknown = append(w.Unknown, fact.Unknown{Part: fact.Identity, Why: "the service account " + w.Account + " is not among these files", At: w.PodAt})
	}
	for _, key := range []string{"run.googleapis.com/vpc-access-connector", "run.googleapis.com/network-interfaces"} {
		if template.Annotations[key] != "" {
			w.Unknown = append(w.Unknown, fact.Unknown{Part: fact.Groups, Why: "the firewall of the network to which it is attached decides, as far as its traffic goes there", At: w.PodAt})
		}
	}
	for i := range w.Containers {
		w.Containers[i].ReadOnlyRoot = true // what it writes goes to memory, and is gone with the instance
		if len(w.Containers) > 1 && len(w.Containers[i].Ports) == 0 {
			w.Containers[i].Role = fact.Sidecar // only the one with a port takes requests
		}
		for _, e := range w.Containers[i].Env {
			if e.Origin == fact.SecretKey {
				secretOfCloudRun(w, e.From, e.Key, e.At, into)
			}
		}
	}
	for i, v := range pod.Volumes {
		if v.Secret != nil {
			version := "latest"
			if len(v.Secret.Items) > 0 {
				version = v.Secret.Items[0].Key
			}
			secretOfCloudRun(w, v.Secret.SecretName, version, w.Volumes[i].At, into)
		}
	}
	label := "at " + w.Subject
	w.PodLabels = map[string]string{label: "true"}
	into.Facts.Services = append(into.Facts.Services, &fact.Service{
		Ref: w.Ref.Within("address"), Name: w.Name, Type: "URL", Selects: fact.Selector{Labels: map[string]string{label: "true"}}, Internal: true,
	})
	hole := "who may call " + w.Name + " stands in its project's policy, which is not read"
	if ingress := o.meta.Annotations["run.googleapis.com/ingress"]; ingress == "" || ingress == "all" {
		into.Facts.Coverage.Holes = append(into.Facts.Coverage.Holes, fact.Hole{Kinds: []fact.Kind{fact.Services}, Location: o.at(o.node), Why: hole})
	}
}

// secretOfCloudRun notes that Cloud Run brings a secret from Secret Manager: anew
// at each read where the version is the latest, and never where it is fixed.
func secretOfCloudRun(w *reading, name, version string, at fact.Location, into *Fragment) {
	for _, f := range into.Facts.SecretFeeds {
		if f.Name == name && f.Engine == "cloud-run" {
			return
		}
	}
	f := &fact.SecretFeed{
		Ref: w.Ref.At(at).Within("secret " + name), Name: name, Engine: "cloud-run", Provider: "Secret Manager",
		Targets: []string{name}, Reads: []string{name}, Refresh: -1, RefreshAt: at, At: at,
	}
	if version != "latest" {
		f.Refresh = 0
	}
	into.Facts.SecretFeeds = append(into.Facts.SecretFeeds, f)
}

// unnamedContainers names a single container without a name after its service, as
// neither Knative nor Cloud Run asks for one.
func unnamedContainers(o *object, pod *corev1.PodSpec) {
	if len(pod.Containers) == 1 && pod.Containers[0].Name == "" {
		pod.Containers[0].Name = o.meta.Name
	}
}

// hasProbe reports whether the template asks for a readiness probe itself.
func hasProbe(o *object) bool {
	for _, c := range decode.Items(decode.Dig(o.node, "spec", "template", "spec", "containers")) {
		if decode.Child(c, "readinessProbe") != nil {
			return true
		}
	}
	return false
}
