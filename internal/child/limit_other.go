//go:build !unix || race

package child

// limitAddressSpace does nothing where there is no such limit, and under the
// race detector, which maps far more address space than it uses.
func limitAddressSpace(int64) {}
