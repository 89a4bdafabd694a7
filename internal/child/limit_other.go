//go:build !unix

package child

func limitAddressSpace(int64) {}
