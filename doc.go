// Package seaworthy holds nothing but the test of its own structure; the
// program starts in cmd/seaworthy, and docs/architecture.md shows the rooms.
package seaworthy
