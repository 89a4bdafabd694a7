package fact

// Remedy is automation that repairs a known failure without a person. What a platform
// does anyway, such as starting a container again, is none.
type Remedy struct {
	Ref
	// Engine is argo-events, machine-health-check, node-health-check, cloudwatch,
	// autoheal.
	Engine, Namespace, Name string
	// Trigger is what starts it, Action what it does, as people read it.
	Trigger, Action string
	// Limited is whether something bounds how often or on how many it acts.
	Limited Truth
	// Failing are the beginnings of metrics that tell that it fails; nil where its
	// engine has none.
	Failing []string
}
