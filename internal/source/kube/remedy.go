package kube

import (
	"fmt"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
)

// remedy reads automation that repairs: what Argo Events runs when something
// happens, and checks that replace nodes. A sensor repairs only where it runs, patches
// or calls something; one that only sends a message does not.
// https://argoproj.github.io/argo-events/sensors/trigger-conditions/
// https://cluster-api.sigs.k8s.io/tasks/automated-machine-management/healthchecking
func (o *object) remedy(engine string, into *Fragment) {
	spec := decode.Child(o.node, "spec")
	m := &fact.Remedy{Ref: o.ref(), Engine: engine, Namespace: o.meta.Namespace, Name: o.meta.Name, Limited: fact.No(o.at(spec))}
	if engine != "argo-events" {
		m.Trigger, m.Action = "a node that is not healthy", "replaces it"
		m.Failing = []string{"mapi_machinehealthcheck_", "capi_machinehealthcheck_", "nodehealthcheck_"}
		for _, key := range []string{"maxUnhealthy", "minHealthy", "unhealthyRange", "remediationTemplate"} {
			if n := decode.Child(spec, key); n != nil && key != "remediationTemplate" {
				m.Limited = fact.Yes(o.at(n))
			}
		}
		into.Facts.Remedies = append(into.Facts.Remedies, m)
		return
	}
	for _, t := range decode.Items(decode.Child(spec, "triggers")) {
		template := decode.Child(t, "template")
		for _, key := range []string{"k8s", "argoWorkflow", "awsLambda", "http", "openWhisk"} {
			if decode.Child(template, key) == nil {
				continue
			}
			if limit := decode.Child(t, "rateLimit"); limit != nil {
				m.Limited = fact.Yes(o.at(limit))
			}
			if m.Action == "" {
				m.Action = fmt.Sprintf("triggers %s (%s)", decode.Text(decode.Child(template, "name")), key)
			}
		}
	}
	if m.Action == "" {
		return
	}
	m.Trigger = "an event"
	if d := decode.Items(decode.Child(spec, "dependencies")); len(d) > 0 {
		m.Trigger = "an event of " + decode.Text(decode.Child(d[0], "eventSourceName"))
	}
	m.Failing = []string{"argo_events_action_failed_total", "argo_events_action_retries_failed_total", "argo_workflows_error_count", "argo_workflows_count", "argo_workflows_gauge"}
	into.Facts.Remedies = append(into.Facts.Remedies, m)
}
