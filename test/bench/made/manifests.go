package made

import (
	"fmt"
	"strings"
)

// manifests writes services with what is deployed beside them, a file each.
func (w *writer) manifests(files int) {
	parts := []func(*writer, string) string{
		(*writer).deployment, (*writer).kubeService, (*writer).account, (*writer).settings, (*writer).autoscaler, (*writer).budget,
		(*writer).policy, (*writer).monitor, (*writer).alerts, (*writer).ingress, (*writer).cronJob, (*writer).externalSecret,
	}
	names := []string{"deployment", "service", "account", "settings", "autoscaler", "budget", "policy", "monitor", "alerts", "ingress", "cronjob", "secret"}
	for n := 0; n < files; n++ {
		i, part := n/len(parts), n%len(parts)
		name := service(i)
		w.file(fmt.Sprintf("services/%s/deploy/%s.yaml", name, names[part]), parts[part](w, name))
	}
}

func head(api, kind, name string) string {
	return fmt.Sprintf("apiVersion: %s\nkind: %s\nmetadata:\n  name: %s\n  namespace: %s\n  labels:\n    app.kubernetes.io/name: %s\n    app.kubernetes.io/part-of: shop\n    team: %s\n",
		api, kind, name, name, name, []string{"payments", "catalog", "platform", "growth"}[len(name)%4])
}

func (w *writer) deployment(name string) string {
	var b strings.Builder
	b.WriteString("# How " + name + " runs.\n" + head("apps/v1", pick(w, "Deployment", "Deployment", "Deployment", "StatefulSet"), name))
	fmt.Fprintf(&b, "spec:\n  replicas: %d\n  selector:\n    matchLabels:\n      app.kubernetes.io/name: %s\n", 1+w.random.IntN(4), name)
	if strings.Contains(b.String(), "StatefulSet") {
		fmt.Fprintf(&b, "  serviceName: %s\n", name)
	} else if w.often(60) {
		b.WriteString("  strategy:\n    rollingUpdate:\n      maxSurge: 1\n      maxUnavailable: 0\n")
	}
	fmt.Fprintf(&b, "  template:\n    metadata:\n      labels:\n        app.kubernetes.io/name: %s\n      annotations:\n        checksum/settings: %s\n", name, w.hex(64))
	fmt.Fprintf(&b, "    spec:\n      serviceAccountName: %s\n      terminationGracePeriodSeconds: %d\n", name, pick(w, 30, 45, 60))
	if w.often(70) {
		b.WriteString("      securityContext:\n        runAsNonRoot: true\n        seccompProfile:\n          type: RuntimeDefault\n")
	}
	if w.often(50) {
		fmt.Fprintf(&b, "      topologySpreadConstraints:\n        - maxSkew: 1\n          topologyKey: topology.kubernetes.io/zone\n          whenUnsatisfiable: DoNotSchedule\n          labelSelector:\n            matchLabels:\n              app.kubernetes.io/name: %s\n", name)
	}
	b.WriteString("      containers:\n")
	for i := range 1 + w.random.IntN(3) {
		w.container(&b, name, i)
	}
	fmt.Fprintf(&b, "      volumes:\n        - name: settings\n          configMap:\n            name: %s\n        - name: secret\n          secret:\n            secretName: %s\n        - name: scratch\n          emptyDir: {}\n", name, name)
	return b.String()
}

func (w *writer) container(b *strings.Builder, name string, i int) {
	sidecar := []string{name, "proxy", "exporter"}[i]
	fmt.Fprintf(b, "        - name: %s\n          image: registry.example.com/shop/%s:%d.%d.%d", sidecar, sidecar, 1+w.random.IntN(3), w.random.IntN(20), w.random.IntN(9))
	if w.often(40) {
		fmt.Fprintf(b, "@sha256:%s", w.hex(64))
	}
	fmt.Fprintf(b, "\n          ports:\n            - name: http\n              containerPort: %d\n", 8080+i)
	b.WriteString("          env:\n")
	for _, v := range []string{"LOG_LEVEL", "REGION", "QUEUE_URL", "PASSWORD_FILE", "TOKEN_TTL_SECONDS"} {
		fmt.Fprintf(b, "            - name: %s\n              value: %q\n", v, pick(w, "info", "eu-central-1", "https://queue.example.com/"+name, "/run/secrets/password", "3600"))
	}
	if w.often(25) {
		fmt.Fprintf(b, "            - name: DATABASE_PASSWORD\n              valueFrom:\n                secretKeyRef:\n                  name: %s\n                  key: password\n", name)
	}
	fmt.Fprintf(b, "          resources:\n            requests:\n              cpu: %dm\n              memory: %dMi\n            limits:\n              memory: %dMi\n", 50*(1+w.random.IntN(10)), 64*(1+w.random.IntN(8)), 64*(8+w.random.IntN(8)))
	if w.often(80) {
		b.WriteString("          readinessProbe:\n            httpGet:\n              path: /readyz\n              port: http\n            periodSeconds: 5\n")
	}
	if w.often(70) {
		b.WriteString("          livenessProbe:\n            httpGet:\n              path: /livez\n              port: http\n            initialDelaySeconds: 10\n")
	}
	if w.often(60) {
		b.WriteString("          securityContext:\n            allowPrivilegeEscalation: false\n            readOnlyRootFilesystem: true\n            capabilities:\n              drop: [ALL]\n")
	}
	b.WriteString("          volumeMounts:\n            - name: settings\n              mountPath: /etc/app\n            - name: secret\n              mountPath: /run/secrets\n              readOnly: true\n            - name: scratch\n              mountPath: /tmp\n")
}

func (w *writer) kubeService(name string) string {
	return head("v1", "Service", name) + fmt.Sprintf("spec:\n  type: %s\n  selector:\n    app.kubernetes.io/name: %s\n  ports:\n    - name: http\n      port: 80\n      targetPort: http\n", pick(w, "ClusterIP", "ClusterIP", "ClusterIP", "LoadBalancer"), name)
}

func (w *writer) account(name string) string {
	return head("v1", "ServiceAccount", name) + "automountServiceAccountToken: false\n---\n" +
		head("rbac.authorization.k8s.io/v1", "Role", name) + fmt.Sprintf("rules:\n  - apiGroups: [\"\"]\n    resources: [%s]\n    verbs: [get, list, watch]\n---\n", pick(w, "configmaps", "pods", "secrets", "endpoints")) +
		head("rbac.authorization.k8s.io/v1", "RoleBinding", name) + fmt.Sprintf("roleRef:\n  apiGroup: rbac.authorization.k8s.io\n  kind: Role\n  name: %s\nsubjects:\n  - kind: ServiceAccount\n    name: %s\n    namespace: %s\n", name, name, name)
}

func (w *writer) settings(name string) string {
	var b strings.Builder
	b.WriteString(head("v1", "ConfigMap", name) + "data:\n")
	for i := range 4 + w.random.IntN(8) {
		fmt.Fprintf(&b, "  feature.%d: %q\n", i, pick(w, "on", "off", "10", "eu-central-1"))
	}
	b.WriteString("  app.yaml: |\n    server:\n      listen: 0.0.0.0:8080\n    keys:\n      cacheKeyPrefix: " + name + "\n      tokenIssuer: https://issuer.example.com/" + name + "\n    limits:\n")
	for i := range 5 + w.random.IntN(20) {
		fmt.Fprintf(&b, "      route%d: {requests: %d, burst: %d}\n", i, w.random.IntN(500), w.random.IntN(50))
	}
	return b.String()
}

func (w *writer) autoscaler(name string) string {
	return head("autoscaling/v2", "HorizontalPodAutoscaler", name) + fmt.Sprintf("spec:\n  scaleTargetRef:\n    apiVersion: apps/v1\n    kind: Deployment\n    name: %s\n  minReplicas: %d\n  maxReplicas: %d\n  metrics:\n    - type: Resource\n      resource:\n        name: cpu\n        target:\n          type: Utilization\n          averageUtilization: %d\n", name, 1+w.random.IntN(3), 4+w.random.IntN(12), 50+w.random.IntN(40))
}

func (w *writer) budget(name string) string {
	return head("policy/v1", "PodDisruptionBudget", name) + fmt.Sprintf("spec:\n  %s\n  selector:\n    matchLabels:\n      app.kubernetes.io/name: %s\n", pick(w, "maxUnavailable: 1", "minAvailable: 1", "minAvailable: 50%"), name)
}

func (w *writer) policy(name string) string {
	return head("networking.k8s.io/v1", "NetworkPolicy", name) + fmt.Sprintf("spec:\n  podSelector:\n    matchLabels:\n      app.kubernetes.io/name: %s\n  policyTypes: [Ingress, Egress]\n  ingress:\n    - from:\n        - namespaceSelector:\n            matchLabels:\n              kubernetes.io/metadata.name: %s\n      ports:\n        - port: http\n  egress:\n    - to:\n        - ipBlock:\n            cidr: 10.%d.0.0/16\n", name, service(w.random.IntN(160)), w.random.IntN(250))
}

func (w *writer) monitor(name string) string {
	return head("monitoring.coreos.com/v1", "ServiceMonitor", name) + fmt.Sprintf("spec:\n  selector:\n    matchLabels:\n      app.kubernetes.io/name: %s\n  endpoints:\n    - port: http\n      path: /metrics\n      interval: %ds\n", name, pick(w, 15, 30, 60))
}

func (w *writer) alerts(name string) string {
	var b strings.Builder
	b.WriteString(head("monitoring.coreos.com/v1", "PrometheusRule", name) + "spec:\n  groups:\n    - name: " + name + "\n      rules:\n")
	for _, a := range []string{"ErrorsHigh", "LatencyHigh", "QueueGrows", "RestartsOften", "CertificateExpires"}[:2+w.random.IntN(4)] {
		fmt.Fprintf(&b, "        - alert: %s\n          expr: |\n            sum(rate(http_requests_total{job=%q, code=~\"5..\"}[5m])) / sum(rate(http_requests_total{job=%q}[5m])) > %.3f\n          for: %dm\n          labels:\n            severity: %s\n          annotations:\n            summary: %s of %s\n            runbook_url: https://runbooks.example.com/%s/%s\n",
			a, name, name, w.random.Float64()/10, 1+w.random.IntN(15), pick(w, "page", "ticket", "critical"), a, name, name, a)
	}
	return b.String()
}

func (w *writer) ingress(name string) string {
	return head("networking.k8s.io/v1", "Ingress", name) + fmt.Sprintf("spec:\n  ingressClassName: nginx\n  tls:\n    - hosts: [%s.shop.example.com]\n      secretName: %s-tls\n  rules:\n    - host: %s.shop.example.com\n      http:\n        paths:\n          - path: /\n            pathType: Prefix\n            backend:\n              service:\n                name: %s\n                port:\n                  name: http\n", name, name, name, name)
}

func (w *writer) cronJob(name string) string {
	return head("batch/v1", "CronJob", name+"-backup") + fmt.Sprintf("spec:\n  schedule: \"%d %d * * *\"\n  concurrencyPolicy: Forbid\n  jobTemplate:\n    spec:\n      template:\n        spec:\n          restartPolicy: OnFailure\n          containers:\n            - name: backup\n              image: registry.example.com/shop/backup:2.1.%d\n              args: [\"--from\", \"postgres://%s-db:5432/%s\", \"--to\", \"s3://backups/%s\"]\n              resources:\n                requests: {cpu: 100m, memory: 128Mi}\n", w.random.IntN(60), w.random.IntN(24), w.random.IntN(9), name, name, name)
}

func (w *writer) externalSecret(name string) string {
	return head("external-secrets.io/v1", "ExternalSecret", name) + fmt.Sprintf("spec:\n  refreshInterval: %s\n  secretStoreRef:\n    kind: ClusterSecretStore\n    name: vault\n  target:\n    name: %s\n  data:\n    - secretKey: password\n      remoteRef:\n        key: shop/%s\n        property: password\n", pick(w, "1h", "15m", "24h"), name, name)
}
