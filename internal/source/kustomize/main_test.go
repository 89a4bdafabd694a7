package kustomize

import (
	"os"
	"testing"

	"seaworthy.dev/seaworthy/internal/child"
)

// TestMain lets the test binary be the child that renders.
func TestMain(m *testing.M) {
	if child.Serve(map[string]child.Handler{Job: Handle}) {
		return
	}
	os.Exit(m.Run())
}
