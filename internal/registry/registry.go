// Package registry lists every section and expectation of the standard. The
// list itself is generated from the folders under standard/.
package registry

// Version of the standard: its texts, asks and thresholds. It changes when a
// verdict may change though the service did not.
const Version = "2026.1"
