package assess

import (
	"os"
	"testing"
	"time"

	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/registry"
)

// BenchmarkPath judges the folder that CORPUS names, for profiles; `make bench`
// times whole runs.
func BenchmarkPath(b *testing.B) {
	corpus := os.Getenv("CORPUS")
	if corpus == "" {
		b.Skip("CORPUS names no folder of manifests")
	}
	o := Options{Tier: 3, Expectations: registry.All(), AsOf: time.Now(), Settings: expect.Settings{KubeVersion: fact.Version{Major: 1, Minor: 37}}}
	for b.Loop() {
		if _, err := Path(b.Context(), corpus, o); err != nil {
			b.Fatal(err)
		}
	}
}
