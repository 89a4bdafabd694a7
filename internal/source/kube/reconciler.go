package kube

// reconcilerKinds: to be filled.
func reconcilerKinds() map[string]kind { return map[string]kind{} }
