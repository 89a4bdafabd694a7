package assess

import (
	"fmt"
	"testing"

	"seaworthy.dev/seaworthy/internal/source/manifest"
)

// TestTerritory: a path belongs to the services that name it most closely; what a
// manifest lists for one technology narrows that one alone.
func TestTerritory(t *testing.T) {
	land := territory{
		{Name: "root", Folder: ".", Alone: true, Sources: manifest.Sources{Exclude: []string{"old", "**/testdata"}}},
		{Name: "cart", Folder: "services/cart", Alone: true},
		{Name: "pay", Folder: "services/pay", Alone: true, Sources: manifest.Sources{Helm: []manifest.Chart{{Dir: "charts/generic"}}, Manifests: []string{"services/pay/k8s"}}},
		{Name: "mail", Folder: "services/mail", Alone: true, Sources: manifest.Sources{Helm: []manifest.Chart{{Dir: "charts/generic"}}}},
		{Name: "one of two", Folder: ".", Sources: manifest.Sources{Paths: []string{"shared", "jobs/*.yaml"}}},
		{Name: "none", Folder: "none", Alone: true, Sources: manifest.Sources{Manifests: []string{}}},
	}
	for _, tt := range []struct {
		file string
		how  technique
		want string
	}{
		{"deploy/web.yaml", ofManifests, "[0]"},
		{"old/web.yaml", ofManifests, "[]"},
		{"a/testdata/web.yaml", ofManifests, "[]"},
		{"services/cart/web.yaml", ofManifests, "[1]"},
		{"services/cart", ofCharts, "[1]"},
		{"services/cartoon/web.yaml", ofManifests, "[0]"},
		{"charts/generic", ofCharts, "[2 3]"},
		{"charts/other", ofCharts, "[0]"},
		{"services/pay/k8s/web.yaml", ofManifests, "[2]"},
		{"services/pay/other.yaml", ofManifests, "[0]"},
		{"services/pay/infra", ofModules, "[2]"},
		{"shared/a.yaml", ofManifests, "[4]"},
		{"jobs/a.yaml", ofManifests, "[4]"},
		{"jobs/deep/a.yaml", ofManifests, "[0]"},
		{"none/a.yaml", ofManifests, "[0]"},
		{"none/chart", ofCharts, "[5]"},
	} {
		if got := fmt.Sprint(land.of(tt.file, tt.how)); got != tt.want {
			t.Errorf("%s belongs to %s, want %s", tt.file, got, tt.want)
		}
	}
}
