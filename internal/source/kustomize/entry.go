//lint:file-ignore SA1019 Kustomizations of today still hold the fields that kustomize deprecates.

package kustomize

import (
	"encoding/json"
	"strconv"
	"strings"

	"sigs.k8s.io/kustomize/api/types"

	"seaworthy.dev/seaworthy/internal/decode"
)

// role is what an entry of a kustomization is for.
type role int

const (
	resource  role = iota // objects: a file, or a folder with a kustomization
	component             // a folder with a component
	plugin                // the configuration of a generator or transformer
	patch                 // changes to objects
	settings              // schemas, field lists, replacements
	data                  // becomes a value of a generated object
	refused               // what is never run
)

// entry is one thing that a kustomization names or does.
type entry struct {
	// key tells the entry apart within its kustomization: "resources/2",
	// "configMapGenerator/0/files/1".
	key  string
	role role
	// text names the file or folder; where inline is set, it is the content
	// itself, and where both are empty nothing is named.
	text   string
	inline bool
	// node is where the entry stands.
	node *decode.Node
}

// edits maps a folder to the entries that are left out of its kustomization.
type edits map[string]map[string]bool

func (e edits) cut(folder, key string) {
	if e[folder] == nil {
		e[folder] = map[string]bool{}
	}
	e[folder][key] = true
}

func (e edits) with(folder, key string) edits {
	out := make(edits, len(e)+1)
	for f, keys := range e {
		for k := range keys {
			out.cut(f, k)
		}
	}
	out.cut(folder, key)
	return out
}

// list returns what the kustomization names, in the order in which kustomize
// reads it.
func (k *kustomization) list() []entry {
	var out []entry
	add := func(r role, text string, inline bool, path ...any) {
		var parts []string
		for _, step := range path {
			switch s := step.(type) {
			case string:
				parts = append(parts, s)
			case int:
				parts = append(parts, strconv.Itoa(s))
			}
		}
		key := strings.Join(parts, "/")
		// Of a patch or a setting, the whole entry goes, not its path alone.
		for _, whole := range []string{"/path", "/patch"} {
			key = strings.TrimSuffix(key, whole)
		}
		node := decode.Dig(k.node, path...)
		if node == nil {
			node = decode.Dig(k.node, path[0])
		}
		out = append(out, entry{key: key, role: r, text: text, inline: inline, node: node})
	}
	names := func(r role, field string, list []string) {
		for i, text := range list {
			inline := r == plugin && isContent(text)
			add(r, text, inline, field, i)
		}
	}
	t := &k.typed
	names(resource, "resources", t.Resources)
	names(resource, "bases", t.Bases)
	if path, found := t.OpenAPI["path"]; found {
		add(settings, path, false, "openapi", "path")
	}
	names(settings, "configurations", t.Configurations)
	names(settings, "crds", t.Crds)
	names(plugin, "generators", t.Generators)
	for i := range t.ConfigMapGenerator {
		sources(add, "configMapGenerator", i, &t.ConfigMapGenerator[i].KvPairSources)
	}
	for i := range t.SecretGenerator {
		sources(add, "secretGenerator", i, &t.SecretGenerator[i].KvPairSources)
	}
	names(component, "components", t.Components)
	patches := func(field string, list []types.Patch) {
		for i, p := range list {
			if p.Path != "" {
				add(patch, p.Path, false, field, i, "path")
			} else {
				add(patch, p.Patch, true, field, i, "patch")
			}
		}
	}
	patches("patches", t.Patches)
	for i, p := range t.PatchesStrategicMerge {
		add(patch, string(p), isContent(string(p)), "patchesStrategicMerge", i)
	}
	patches("patchesJson6902", t.PatchesJson6902)
	for i, r := range t.Replacements {
		if r.Path != "" {
			add(settings, r.Path, false, "replacements", i, "path")
		}
	}
	names(plugin, "transformers", t.Transformers)
	names(plugin, "validators", t.Validators)
	for i, c := range t.HelmCharts {
		add(refused, c.Name, false, "helmCharts", i)
	}
	for i, c := range t.HelmChartInflationGenerator {
		add(refused, c.ChartName, false, "helmChartInflationGenerator", i)
	}
	return out
}

// isContent reports whether a text that may name a file is YAML itself.
func isContent(text string) bool {
	return strings.Contains(text, "\n") || strings.HasPrefix(strings.TrimSpace(text), "{")
}

func sources(add func(role, string, bool, ...any), field string, i int, from *types.KvPairSources) {
	for j, text := range from.FileSources {
		if _, name, found := strings.Cut(text, "="); found {
			text = name
		}
		add(data, text, false, field, i, "files", j)
	}
	for j, text := range from.EnvSources {
		add(data, text, false, field, i, "envs", j)
	}
	if from.EnvSource != "" {
		add(data, from.EnvSource, false, field, i, "env")
	}
}

// suspects lists every entry that can make a build fail, those that add the
// most to what is lost last.
func (k *kustomization) suspects() []entry {
	var out []entry
	t := &k.typed
	all := func(field string, n int) {
		for i := n - 1; i >= 0; i-- { // of two that clash, the later one goes
			node := decode.Dig(k.node, field, i)
			e := entry{key: field + "/" + strconv.Itoa(i), node: node}
			if node != nil {
				e.text = decode.Text(node)
				for _, name := range []string{"path", "name"} {
					if text := decode.Text(decode.Child(node, name)); text != "" && e.text == "" {
						e.text = text
					}
				}
			}
			out = append(out, e)
		}
	}
	all("patchesJson6902", len(t.PatchesJson6902))
	all("patches", len(t.Patches))
	all("patchesStrategicMerge", len(t.PatchesStrategicMerge))
	all("replacements", len(t.Replacements))
	all("vars", len(t.Vars))
	all("validators", len(t.Validators))
	all("transformers", len(t.Transformers))
	all("replicas", len(t.Replicas))
	all("generators", len(t.Generators))
	all("configMapGenerator", len(t.ConfigMapGenerator))
	all("secretGenerator", len(t.SecretGenerator))
	if t.OpenAPI != nil {
		out = append(out, entry{key: "openapi", text: t.OpenAPI["path"], node: decode.Dig(k.node, "openapi")})
	}
	all("configurations", len(t.Configurations))
	all("crds", len(t.Crds))
	all("components", len(t.Components))
	all("resources", len(t.Resources))
	all("bases", len(t.Bases))
	return out
}

// render returns the kustomization as the child gets it: without what was cut,
// with folders under the names that they have once links are followed, and
// with a note of each object's origin. It is written anew from what was
// understood, so nothing that was overlooked here can reach kustomize.
func (k *kustomization) render(cut map[string]bool) ([]byte, error) {
	out := k.typed
	gone := func(key string) bool { return cut[key] || k.cut[key] }
	strings := func(field string, list []string) []string {
		var kept []string
		for i, text := range list {
			key := field + "/" + strconv.Itoa(i)
			if gone(key) {
				continue
			}
			if renamed, found := k.renamed[key]; found {
				text = renamed
			}
			kept = append(kept, text)
		}
		return kept
	}
	out.Resources = strings("resources", out.Resources)
	out.Bases = strings("bases", out.Bases)
	out.Components = strings("components", out.Components)
	out.Configurations = strings("configurations", out.Configurations)
	out.Crds = strings("crds", out.Crds)
	out.Generators = strings("generators", out.Generators)
	out.Transformers = strings("transformers", out.Transformers)
	out.Validators = strings("validators", out.Validators)
	out.Patches = keep(gone, "patches", out.Patches)
	out.PatchesJson6902 = keep(gone, "patchesJson6902", out.PatchesJson6902)
	out.PatchesStrategicMerge = keep(gone, "patchesStrategicMerge", out.PatchesStrategicMerge)
	out.Replacements = keep(gone, "replacements", out.Replacements)
	out.Replicas = keep(gone, "replicas", out.Replicas)
	out.Vars = keep(gone, "vars", out.Vars)
	if gone("openapi") {
		out.OpenAPI = nil
	}
	out.ConfigMapGenerator = append(out.ConfigMapGenerator[:0:0], out.ConfigMapGenerator...)
	for i := range out.ConfigMapGenerator {
		out.ConfigMapGenerator[i].KvPairSources = keepSources(strings, gone, "configMapGenerator", i, out.ConfigMapGenerator[i].KvPairSources)
	}
	out.ConfigMapGenerator = keep(gone, "configMapGenerator", out.ConfigMapGenerator)
	out.SecretGenerator = append(out.SecretGenerator[:0:0], out.SecretGenerator...)
	for i := range out.SecretGenerator {
		out.SecretGenerator[i].KvPairSources = keepSources(strings, gone, "secretGenerator", i, out.SecretGenerator[i].KvPairSources)
	}
	out.SecretGenerator = keep(gone, "secretGenerator", out.SecretGenerator)
	out.HelmCharts, out.HelmChartInflationGenerator, out.HelmGlobals = nil, nil, nil
	// A kustomization that is left with nothing is refused as empty, and one
	// of another version than it should be as a whole; both were reported.
	out.APIVersion = ""
	out.BuildMetadata = []string{types.OriginAnnotations}
	for _, option := range k.typed.BuildMetadata {
		if option == types.ManagedByLabelOption {
			out.BuildMetadata = append(out.BuildMetadata, option)
		}
	}
	return json.Marshal(out)
}

func keep[T any](gone func(string) bool, field string, list []T) []T {
	var kept []T
	for i, item := range list {
		if !gone(field + "/" + strconv.Itoa(i)) {
			kept = append(kept, item)
		}
	}
	return kept
}

func keepSources(strings func(string, []string) []string, gone func(string) bool, field string, i int, from types.KvPairSources) types.KvPairSources {
	at := field + "/" + strconv.Itoa(i)
	from.FileSources = strings(at+"/files", from.FileSources)
	from.EnvSources = strings(at+"/envs", from.EnvSources)
	if gone(at + "/env") {
		from.EnvSource = ""
	}
	return from
}
