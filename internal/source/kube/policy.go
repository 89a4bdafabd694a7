package kube

// policyKinds: to be filled.
func policyKinds() map[string]kind { return map[string]kind{} }
