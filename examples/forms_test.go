package examples_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
	"helm.sh/helm/v4/pkg/chart/common"
	"helm.sh/helm/v4/pkg/chart/common/util"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
	"helm.sh/helm/v4/pkg/engine"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
)

// The ready shop stands in three forms that must not part: whoever repairs one
// of them and forgets the others is told here.
func TestFormsAgree(t *testing.T) {
	for _, c := range []struct {
		name        string
		left, right []object
	}{
		{"production: manifests and overlay", folder(t, "ready/deploy"), kustomized(t, "ready/kustomize/overlays/production")},
		{"production: manifests and chart", folder(t, "ready/deploy"), rendered(t, "values-production.yaml")},
		{"staging: overlay and chart", kustomized(t, "ready/kustomize/overlays/staging"), rendered(t, "values-staging.yaml")},
		{"development: base and chart", kustomized(t, "ready/kustomize/base"), rendered(t, "values.yaml")},
	} {
		t.Run(c.name, func(t *testing.T) {
			left, right := normalised(c.left), normalised(c.right)
			names := maps.Clone(left)
			maps.Copy(names, right)
			for _, name := range slices.Sorted(maps.Keys(names)) {
				if !reflect.DeepEqual(left[name], right[name]) {
					t.Errorf("%s differs:\n%s", name, difference(left[name], right[name]))
				}
			}
		})
	}
}

// difference returns the first lines in which the two part.
func difference(left, right object) string {
	l, r := lines(left), lines(right)
	for i := range min(len(l), len(r)) {
		if l[i] != r[i] {
			return fmt.Sprintf("line %d\n\t- %s\n\t+ %s", i+1, l[i], r[i])
		}
	}
	return fmt.Sprintf("%d lines against %d", len(l), len(r))
}

func lines(o object) []string {
	if o == nil {
		return []string{"(missing)"}
	}
	b, err := yaml.Marshal(o)
	if err != nil {
		return []string{err.Error()}
	}
	return strings.Split(string(b), "\n")
}

// normalised names objects, and takes out what has to differ: the tool that
// manages them, and the folder that Argo CD reads.
func normalised(list []object) map[string]object {
	named := map[string]object{}
	for _, o := range list {
		for _, labels := range []any{at(o, "metadata", "labels"), at(o, "spec", "template", "metadata", "labels")} {
			if l, ok := labels.(object); ok {
				delete(l, "app.kubernetes.io/managed-by")
			}
		}
		if o["kind"] == "Application" {
			source := at(o, "spec", "source").(object)
			delete(source, "path")
			delete(source, "helm")
		}
		named[text(o, "kind")+" "+text(o, "metadata", "namespace")+"/"+text(o, "metadata", "name")] = o
	}
	return named
}

func kustomized(t *testing.T, folder string) []object {
	t.Helper()
	result, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), folder)
	if err != nil {
		t.Fatal(err)
	}
	stream, err := result.AsYaml()
	if err != nil {
		t.Fatal(err)
	}
	return objects(t, folder, stream)
}

func rendered(t *testing.T, valuesFile string) (all []object) {
	t.Helper()
	chart, err := loader.Load("ready/chart")
	if err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(filepath.Join("ready/chart", valuesFile))
	if err != nil {
		t.Fatal(err)
	}
	var given map[string]any
	if err := yaml.Unmarshal(content, &given); err != nil {
		t.Fatal(err)
	}
	values, err := util.ToRenderValues(chart, given, common.ReleaseOptions{Name: "shop", Namespace: "shop"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	files, err := engine.Render(chart, values)
	if err != nil {
		t.Fatal(err)
	}
	for name, stream := range files {
		if filepath.Ext(name) == ".yaml" {
			all = append(all, objects(t, name, []byte(stream))...)
		}
	}
	return all
}
