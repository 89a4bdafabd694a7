package main

import "net/http"

// nobody is the principal of a request that brings no identity.
const nobody = "anonymous"

// principalOf returns who asks: the name in the client certificate (its SPIFFE
// id where it has one), or what the gateway found in the caller's token and
// passes on in a header. That header counts only where a setting names it,
// because anyone who reaches this port directly can write one.
func principalOf(r *http.Request, header string) string {
	if r.TLS != nil && len(r.TLS.VerifiedChains) > 0 {
		leaf := r.TLS.VerifiedChains[0][0]
		if len(leaf.URIs) > 0 {
			return leaf.URIs[0].String()
		}
		if leaf.Subject.CommonName != "" {
			return leaf.Subject.CommonName
		}
	}
	if header != "" {
		if id := r.Header.Get(header); id != "" {
			return id
		}
	}
	return nobody
}
