package fact

// Listener is a port at which a load balancer takes connections.
type Listener struct {
	Ref
	Port int
	// Protocol as the cloud writes it: HTTP, HTTPS, TCP, TLS, UDP.
	Protocol string
	// Forwards is false where it only sends clients elsewhere or refuses them.
	Forwards bool
	// Policy names the versions and ciphers of TLS that it takes, and Oldest is the
	// oldest of those versions, as "1.2"; empty where that is not known.
	Policy, Oldest string
	// ByDefault is true where no policy is written and the cloud's own holds.
	ByDefault bool
	// Clients says what it asks of its clients' certificates: verify,
	// passthrough, or nothing.
	Clients string
	// Unknown says why a part of it is not known; empty where all is.
	Unknown string
}

// Onward is how a load balancer reaches what stands behind it.
type Onward struct {
	Ref
	// Name of what it sends to, with the protocol in which.
	Name, Protocol string
	// Unknown says why the protocol is not known; empty where it is.
	Unknown string
}
