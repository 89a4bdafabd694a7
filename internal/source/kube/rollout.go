package kube

// rolloutKinds: to be filled.
func rolloutKinds() map[string]kind { return map[string]kind{} }

func readArgoRollout(o *object, into *Fragment) {}

func (r Reader) knativeService(o *object, into *Fragment) {}
