package kube

// watchKinds: to be filled.
func watchKinds() map[string]kind { return map[string]kind{} }
