package cases

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"seaworthy.dev/seaworthy/internal/assess"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/registry"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// TestTwins: a service that is written for Kubernetes and for ECS gets the same
// state on each row that both platforms know. The wanted section shows both
// reasons side by side, so that a reader sees that they are the same.
func TestTwins(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("testdata", "twins", "*.txtar"))
	if err != nil || len(files) == 0 {
		t.Fatal("there are no twins", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			folder := t.TempDir()
			var rows []string
			want, at := "", len(archive.Files)
			for i, f := range archive.Files {
				switch f.Name {
				case "rows":
					rows = strings.Fields(string(f.Data))
				case "want":
					want, at = string(f.Data), i
				default:
					path := filepath.Join(folder, f.Name)
					if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
						t.Fatal(err)
					}
					if err := os.WriteFile(path, f.Data, 0o644); err != nil {
						t.Fatal(err)
					}
				}
			}
			kube, ecs := twin(t, folder, "kube"), twin(t, folder, "ecs")
			var got strings.Builder
			for _, row := range rows {
				k, e := kube[row], ecs[row]
				if k.State != e.State {
					t.Errorf("%s is %s for Kubernetes (%s)\n\tand %s for ECS (%s)", row, k.State, k.Reason, e.State, e.Reason)
				}
				fmt.Fprintf(&got, "%s %s\n  kube: %s\n  ecs:  %s\n", k.State, row, k.Reason, e.Reason)
			}
			if got.String() == want {
				return
			}
			if !*update {
				t.Errorf("%s: reasons differ (-update rewrites them)\n%s", file, Diff(want, got.String()))
				return
			}
			archive.Files = append(archive.Files[:at], txtar.File{Name: "want", Data: []byte(got.String())})
			if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// twin judges one of the twins and returns its verdicts by row.
func twin(t *testing.T, folder, name string) map[string]verdict.Verdict {
	t.Helper()
	services, err := assess.Path(t.Context(), filepath.Join(folder, name), assess.Options{
		Tier: 3, Expectations: registry.All(), AsOf: asOf, Settings: expect.Settings{KubeVersion: fact.Version{Major: 1, Minor: 37}},
	})
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]verdict.Verdict{}
	for _, v := range services[0].Verdicts {
		v.Reason = strings.ReplaceAll(v.Reason, folder+"/", "")
		out[v.Expectation] = v
	}
	if p := services[0].Problems; len(p) > 0 {
		t.Errorf("%s: %v", name, slices.Clone(p))
	}
	return out
}
