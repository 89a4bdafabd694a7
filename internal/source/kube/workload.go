package kube

import (
	"slices"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
)

// workloadKinds lists what runs pods. Argo Rollouts, Knative services and
// CloneSets are read by their fields, for their Go modules are heavy.
func workloadKinds() map[string]kind {
	table := map[string]kind{}
	for name, read := range map[string]func(Reader, *object, *Fragment){
		"Deployment":  Reader.deployment,
		"ReplicaSet":  Reader.replicaSet,
		"StatefulSet": Reader.statefulSet,
		"DaemonSet":   Reader.daemonSet,
	} {
		for _, group := range []string{"apps", "extensions"} {
			table[group+"/"+name] = kind{yields(fact.Workloads), read}
		}
	}
	table["/ReplicationController"] = kind{yields(fact.Workloads), Reader.replicationController}
	table["/Pod"] = kind{yields(fact.Workloads), Reader.pod}
	table["batch/Job"] = kind{yields(fact.Workloads), Reader.job}
	table["batch/CronJob"] = kind{yields(fact.Workloads, fact.Backups), Reader.cronJob}
	table["argoproj.io/Rollout"] = kind{yields(fact.Workloads, fact.Rollouts), Reader.argoRollout}
	table["serving.knative.dev/Service"] = kind{yields(fact.Workloads, fact.Rollouts, fact.Autoscalers), Reader.knativeService}
	table["apps.kruise.io/CloneSet"] = kind{yields(fact.Workloads, fact.Rollouts), Reader.cloneSet}
	return table
}

// template is a pod template with the path at which it stands in the object.
type template struct {
	meta meta
	spec *corev1.PodSpec
	node *decode.Node // the template's node
}

func podTemplate(o *object, t *corev1.PodTemplateSpec, path ...any) template {
	return template{
		meta: meta{Labels: t.Labels, Annotations: t.Annotations},
		spec: &t.Spec,
		node: decode.Dig(o.node, path...),
	}
}

func (r Reader) deployment(o *object, into *Fragment) {
	var d appsv1.Deployment
	if !o.fit(into, o.node, &d, true) {
		return
	}
	w := r.workload(o, fact.Replicated, podTemplate(o, &d.Spec.Template, "spec", "template"), into)
	if w == nil {
		return
	}
	w.replicas(o, d.Spec.Replicas)
	w.MinReady = int(d.Spec.MinReadySeconds)
	if d.Spec.Selector != nil {
		w.Matches = d.Spec.Selector.MatchLabels
	}
	w.Strategy = rollingUpdate(string(d.Spec.Strategy.Type))
	if u := d.Spec.Strategy.RollingUpdate; u != nil && w.Strategy.Type == "RollingUpdate" {
		w.Strategy.MaxUnavailable = amountOr(u.MaxUnavailable, w.Strategy.MaxUnavailable)
		w.Strategy.MaxSurge = amountOr(u.MaxSurge, w.Strategy.MaxSurge)
	}
	w.Strategy.At = o.key(decode.Child(o.node, "spec"), "strategy")
	w.add(into)
}

// rollingUpdate returns the strategy with a Deployment's defaults: at most a
// quarter of the instances missing, at most a quarter too many.
func rollingUpdate(kind string) fact.Strategy {
	if kind == "" || kind == "RollingUpdate" {
		return fact.Strategy{Type: "RollingUpdate", MaxUnavailable: fact.Share(25), MaxSurge: fact.Share(25)}
	}
	return fact.Strategy{Type: kind}
}

func (r Reader) replicaSet(o *object, into *Fragment) {
	var rs appsv1.ReplicaSet
	if !o.fit(into, o.node, &rs, true) {
		return
	}
	if w := r.workload(o, fact.Replicated, podTemplate(o, &rs.Spec.Template, "spec", "template"), into); w != nil {
		w.replicas(o, rs.Spec.Replicas)
		w.add(into)
	}
}

func (r Reader) replicationController(o *object, into *Fragment) {
	var rc corev1.ReplicationController
	if !o.fit(into, o.node, &rc, true) || rc.Spec.Template == nil {
		return
	}
	if w := r.workload(o, fact.Replicated, podTemplate(o, rc.Spec.Template, "spec", "template"), into); w != nil {
		w.replicas(o, rc.Spec.Replicas)
		w.add(into)
	}
}

func (r Reader) statefulSet(o *object, into *Fragment) {
	var s appsv1.StatefulSet
	if !o.fit(into, o.node, &s, true) {
		return
	}
	w := r.workload(o, fact.Stateful, podTemplate(o, &s.Spec.Template, "spec", "template"), into)
	if w == nil {
		return
	}
	w.replicas(o, s.Spec.Replicas)
	w.MinReady = int(s.Spec.MinReadySeconds)
	w.Strategy = fact.Strategy{Type: "RollingUpdate", MaxUnavailable: fact.Count(1), At: o.key(decode.Child(o.node, "spec"), "updateStrategy")}
	if kind := string(s.Spec.UpdateStrategy.Type); kind == "OnDelete" {
		w.Strategy.Type, w.Strategy.MaxUnavailable = kind, fact.Amount{}
	}
	if u := s.Spec.UpdateStrategy.RollingUpdate; u != nil {
		w.Strategy.MaxUnavailable = amountOr(u.MaxUnavailable, w.Strategy.MaxUnavailable)
	}
	for i := range s.Spec.VolumeClaimTemplates {
		claim := &s.Spec.VolumeClaimTemplates[i]
		v := fact.Volume{
			Name: claim.Name, Source: "persistentVolumeClaim", Claim: claim.Name, Template: true,
			At: o.at(decode.Dig(o.node, "spec", "volumeClaimTemplates", i)),
		}
		if size, written := claim.Spec.Resources.Requests[corev1.ResourceStorage]; written {
			v.Size = size.Value()
		}
		if claim.Spec.StorageClassName != nil {
			v.StorageClass = *claim.Spec.StorageClassName
		}
		w.Volumes = append(w.Volumes, v)
	}
	w.add(into)
}

func (r Reader) daemonSet(o *object, into *Fragment) {
	var d appsv1.DaemonSet
	if !o.fit(into, o.node, &d, true) {
		return
	}
	w := r.workload(o, fact.PerNode, podTemplate(o, &d.Spec.Template, "spec", "template"), into)
	if w == nil {
		return
	}
	w.Strategy = fact.Strategy{Type: "RollingUpdate", MaxUnavailable: fact.Count(1), At: o.key(decode.Child(o.node, "spec"), "updateStrategy")}
	if kind := string(d.Spec.UpdateStrategy.Type); kind == "OnDelete" {
		w.Strategy.Type, w.Strategy.MaxUnavailable = kind, fact.Amount{}
	}
	if u := d.Spec.UpdateStrategy.RollingUpdate; u != nil {
		w.Strategy.MaxUnavailable = amountOr(u.MaxUnavailable, w.Strategy.MaxUnavailable)
		w.Strategy.MaxSurge = amountOr(u.MaxSurge, fact.Amount{})
	}
	w.add(into)
}

func (r Reader) pod(o *object, into *Fragment) {
	var p corev1.Pod
	if !o.fit(into, o.node, &p, true) {
		return
	}
	form := fact.Bare
	if p.Spec.RestartPolicy == corev1.RestartPolicyNever || p.Spec.RestartPolicy == corev1.RestartPolicyOnFailure {
		form = fact.OneOff
	}
	t := template{meta: o.meta, spec: &p.Spec, node: o.node}
	if w := r.workload(o, form, t, into); w != nil {
		w.Replicas = 1
		w.add(into)
	}
}

func (r Reader) job(o *object, into *Fragment) {
	var j batchv1.Job
	if !o.fit(into, o.node, &j, true) {
		return
	}
	if w := r.workload(o, fact.OneOff, podTemplate(o, &j.Spec.Template, "spec", "template"), into); w != nil {
		w.Replicas = 1
		w.add(into)
	}
}

func (r Reader) cronJob(o *object, into *Fragment) {
	var c batchv1.CronJob
	if !o.fit(into, o.node, &c, true) {
		return
	}
	t := podTemplate(o, &c.Spec.JobTemplate.Spec.Template, "spec", "jobTemplate", "spec", "template")
	w := r.workload(o, fact.Scheduled, t, into)
	if w == nil {
		return
	}
	w.Replicas = 1
	w.add(into)
	cronJobBackup(o, &c, w.Workload, into)
}

// reading is a workload while it is put together.
type reading struct {
	*fact.Workload
}

func (w reading) add(into *Fragment) { into.Facts.Workloads = append(into.Facts.Workloads, w.Workload) }

func (w reading) replicas(o *object, n *int32) {
	w.Scalable = true
	w.Replicas = 1
	spec := decode.Child(o.node, "spec")
	w.ReplicasAt = o.key(spec, "replicas")
	if n != nil {
		w.Replicas, w.ReplicasSet = int(*n), true
	}
}

// workload returns the facts that all workloads share, or nil for a chart's
// test and for a template without containers, which Kubernetes refuses.
func (r Reader) workload(o *object, form fact.Form, t template, into *Fragment) *reading {
	if isTestHook(o.meta.Annotations["helm.sh/hook"]) {
		return nil
	}
	spec := decode.Child(t.node, "spec")
	if len(t.spec.Containers) == 0 {
		into.problem(o.at(firstOf(decode.Child(spec, "containers"), spec, t.node, o.node)), "%s has no containers, so Kubernetes refuses it", o.name())
		o.broken = true
		return nil
	}
	if isPatch(o, t) {
		into.problem(o.at(o.node), "%s has no selector, no labels for its pods and no image, so Kubernetes refuses it; a patch belongs into a kustomization that names it", o.name())
		o.broken = true
		return nil
	}
	defaultVolumes(t.spec)
	w := &fact.Workload{
		Platform: fact.Kubernetes,
		Ref:      o.ref(), Form: form, Kind: o.header.Kind, APIVersion: o.header.APIVersion,
		Namespace: o.meta.Namespace, Name: o.meta.Name,
		Labels: o.meta.Labels, Annotations: o.meta.Annotations,
		PodLabels: t.meta.Labels, PodAnnotations: t.meta.Annotations,
		Account: t.spec.ServiceAccountName, MountsToken: t.spec.AutomountServiceAccountToken,
		HostNetwork: t.spec.HostNetwork, HostUsers: t.spec.HostUsers,
		Windows:        t.spec.OS != nil && t.spec.OS.Name == corev1.Windows || t.spec.NodeSelector["kubernetes.io/os"] == "windows",
		ReadinessGates: len(t.spec.ReadinessGates),
		Grace:          30, GraceAt: o.key(spec, "terminationGracePeriodSeconds"),
		PodAt: o.at(spec),
		Nodes: t.spec.NodeSelector,
	}
	if w.Name == "" {
		w.Name = o.meta.GenerateName + "*"
	}
	if w.Account == "" {
		w.Account = t.spec.DeprecatedServiceAccount
	}
	if t.spec.TerminationGracePeriodSeconds != nil {
		w.Grace = int(*t.spec.TerminationGracePeriodSeconds)
	}
	for _, s := range t.spec.ImagePullSecrets {
		w.ImagePullSecrets = append(w.ImagePullSecrets, s.Name)
	}
	for _, tol := range t.spec.Tolerations {
		w.Tolerates = append(w.Tolerates, tol.Key)
	}
	w.Spread = spreads(o, t.spec, spec)
	w.Volumes = volumes(o, t.spec.Volumes, decode.Child(spec, "volumes"))
	w.Containers = containers(o, w.Ref, t.spec, spec)
	w.Breaches = r.breaches(o, t, spec)
	return &reading{w}
}

// defaultVolumes makes a volume without a source an emptyDir, as the API server
// does (SetDefaults_Volume in k8s.io/kubernetes/pkg/apis/core/v1) before
// admission judges the pod.
func defaultVolumes(spec *corev1.PodSpec) {
	for i := range spec.Volumes {
		if spec.Volumes[i].VolumeSource == (corev1.VolumeSource{}) {
			spec.Volumes[i].EmptyDir = &corev1.EmptyDirVolumeSource{}
		}
	}
}

// isPatch reports whether a workload is only a part of one: what is left out of
// a patch for kustomize can never be left out of an object.
func isPatch(o *object, t template) bool {
	if o.group() != "apps" || decode.Dig(o.node, "spec", "selector") != nil || len(t.meta.Labels) > 0 {
		return false
	}
	return slices.ContainsFunc(t.spec.Containers, func(c corev1.Container) bool { return c.Image == "" })
}

func isTestHook(hook string) bool {
	return hook == "test" || hook == "test-success" || hook == "test-failure"
}

func firstOf(nodes ...*decode.Node) *decode.Node {
	for _, n := range nodes {
		if n != nil {
			return n
		}
	}
	return nil
}

func amountOr(v *intstr.IntOrString, otherwise fact.Amount) fact.Amount {
	if v == nil {
		return otherwise
	}
	return amount(*v)
}

// amount reads "1" and "25%". A string that is neither is no amount; the API
// server refuses it.
func amount(v intstr.IntOrString) fact.Amount {
	if v.Type == intstr.Int {
		return fact.Count(int(v.IntVal))
	}
	n, err := intstr.GetScaledValueFromIntOrPercent(&v, 100, false)
	if err != nil {
		return fact.Amount{}
	}
	return fact.Share(n)
}

// selector reads a label selector; an empty one selects everything, as it does
// wherever Kubernetes uses this type.
func selector(s *metav1.LabelSelector) fact.Selector {
	if s == nil {
		return fact.Selector{}
	}
	out := fact.Selector{Labels: s.MatchLabels}
	for _, e := range s.MatchExpressions {
		out.Terms = append(out.Terms, fact.Term{Key: e.Key, Operator: string(e.Operator), Values: e.Values})
	}
	out.Everything = len(out.Labels) == 0 && len(out.Terms) == 0
	return out
}
