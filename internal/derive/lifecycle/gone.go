package lifecycle

// gone returns the lives of APIs that k8s.io/api does not list: those that it
// dropped after their removal, or whose end it does not state, and those of the
// API server's own extension groups. Source: https://kubernetes.io/docs/reference/using-api/deprecation-guide/
// and, for alpha versions, the changelogs of the versions named.
func gone() map[string]Life {
	return map[string]Life{
		"autoscaling/v2beta1 HorizontalPodAutoscaler": {8, 22, 25, "autoscaling/v2"},
		"autoscaling/v2beta2 HorizontalPodAutoscaler": {12, 23, 26, "autoscaling/v2"},

		"policy/v1beta1 PodSecurityPolicy":     {10, 21, 25, ""},
		"extensions/v1beta1 PodSecurityPolicy": {3, 10, 16, ""},

		"batch/v2alpha1 CronJob":                      {4, 8, 21, "batch/v1"},
		"settings.k8s.io/v1alpha1 PodPreset":          {6, 11, 20, ""},
		"auditregistration.k8s.io/v1alpha1 AuditSink": {13, 18, 19, ""},

		"rbac.authorization.k8s.io/v1alpha1 Role":               {5, 20, 23, "rbac.authorization.k8s.io/v1"},
		"rbac.authorization.k8s.io/v1alpha1 RoleBinding":        {5, 20, 23, "rbac.authorization.k8s.io/v1"},
		"rbac.authorization.k8s.io/v1alpha1 ClusterRole":        {5, 20, 23, "rbac.authorization.k8s.io/v1"},
		"rbac.authorization.k8s.io/v1alpha1 ClusterRoleBinding": {5, 20, 23, "rbac.authorization.k8s.io/v1"},

		"scheduling.k8s.io/v1alpha1 PriorityClass": {8, 14, 23, "scheduling.k8s.io/v1"},
		"networking.k8s.io/v1alpha1 ClusterCIDR":   {25, 0, 29, ""},

		"apiextensions.k8s.io/v1 CustomResourceDefinition":      {16, 0, 0, ""},
		"apiextensions.k8s.io/v1beta1 CustomResourceDefinition": {7, 16, 22, "apiextensions.k8s.io/v1"},
		"apiregistration.k8s.io/v1 APIService":                  {10, 0, 0, ""},
		"apiregistration.k8s.io/v1beta1 APIService":             {7, 19, 22, "apiregistration.k8s.io/v1"},
	}
}
