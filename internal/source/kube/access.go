package kube

// accessKinds: to be filled.
func accessKinds() map[string]kind { return map[string]kind{} }
