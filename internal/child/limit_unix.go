//go:build unix && !race

package child

import "syscall"

// reserve is address space that a Go program maps without using it.
const reserve = 3 << 30

// limitAddressSpace lets the system refuse memory beyond the limit. Where it
// cannot be set, the watch remains.
func limitAddressSpace(limit int64) {
	size := uint64(limit) + reserve
	_ = syscall.Setrlimit(syscall.RLIMIT_AS, &syscall.Rlimit{Cur: size, Max: size})
}
