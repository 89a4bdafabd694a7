package kube

// secretKinds: to be filled.
func secretKinds() map[string]kind { return map[string]kind{} }
