package kube

// meshKinds: to be filled.
func meshKinds() map[string]kind { return map[string]kind{} }
