package compose

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/override"
	"github.com/compose-spec/compose-go/v2/paths"
	"github.com/compose-spec/compose-go/v2/transform"
	"github.com/compose-spec/compose-go/v2/types"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
)

// file reads one file into compose-go's model: defaults put in, services
// extended, other files included. The stack names the files on the way to it.
func (r *reader) file(rel string, stack []string) (model map[string]any, resets [][]string, ok bool) {
	documents, ok := r.documents(rel, stack, false)
	if !ok {
		return nil, nil, false
	}
	dict := map[string]any{}
	for _, d := range documents {
		model := d.model
		resets = append(resets, d.resets...)
		forget(dict, d.resets)
		r.extendAll(model, rel)
		r.sift(model, rel)
		r.include(model, rel, append(stack, rel))
		dict = r.merge(dict, model, rel)
	}
	return dict, resets, true
}

// document is one of a file, with the paths of what it has forgotten of the
// files below it.
type document struct {
	model  map[string]any
	resets [][]string
}

// documents parses a file. Keys that the specification does not have are
// reported and left out; docker compose would refuse the whole file. Below is
// true for a file that others extend: what they say themselves counts first.
func (r *reader) documents(rel string, stack []string, below bool) ([]document, bool) {
	at := fact.Location{File: r.Show(rel)}
	if slices.Contains(stack, rel) {
		r.lost(fact.Location{File: r.Show(stack[len(stack)-1])}, "includes itself by way of %s", r.Show(rel))
		return nil, false
	}
	if r.loads++; r.loads > maxFiles {
		if r.loads == maxFiles+1 {
			r.lost(at, "is one of more than %d files that stand for one another; the rest is not read", maxFiles)
		}
		return nil, false
	}
	data, err := r.Read(rel)
	if err != nil {
		r.lost(at, "cannot be read: %v", err)
		return nil, false
	}
	if len(data) > MaxFile {
		r.lost(at, "has %d KB; compose files above %d KB are not read", len(data)>>10, MaxFile>>10)
		return nil, false
	}
	var out []document
	for _, doc := range decode.Split(r.Show(rel), data) {
		node, problem := doc.Parse()
		if problem != nil {
			r.lost(problem.Location, "%s", problem.Message)
			return nil, false
		}
		if node == nil {
			continue
		}
		if !decode.IsMapping(node) {
			r.lost(doc.At(node), "is %s, but a compose file is a mapping with `services`", decode.Shape(node))
			return nil, false
		}
		if decode.KeyOf(node, "services") == nil && decode.KeyOf(node, "include") == nil && len(decode.Keys(node)) > 0 && oldStyle(node) {
			r.lost(doc.At(node), "has its services at the top level; docker compose reads them below `services:` only")
			return nil, false
		}
		c := converter{r: r, doc: doc, budget: 200_000}
		for _, s := range strangers(node) {
			r.stranger(doc, s)
			c.drop(s.key)
		}
		model, _ := c.value(node, nil, 0).(map[string]any)
		if c.budget < 0 {
			r.lost(doc.At(node), "stands for more than 200000 values once its aliases are followed")
			return nil, false
		}
		delete(model, "version")
		if below {
			r.nodes = append([]source{{doc, node}}, r.nodes...)
		} else {
			r.nodes = append(r.nodes, source{doc, node})
		}
		out = append(out, document{model, c.resets})
	}
	return out, true
}

// oldStyle reports whether a file names services at its top level, as the first
// version of the format did.
func oldStyle(n *decode.Node) bool {
	for _, key := range decode.Keys(n) {
		if v := decode.Child(n, key.Value); decode.Child(v, "image") != nil || decode.Child(v, "build") != nil {
			return true
		}
	}
	return false
}

// stranger reports a key that does not exist. What it was meant to say may
// matter, so nothing that rests on workloads is met beside it.
func (r *reader) stranger(doc decode.Document, s stranger) {
	where := "of a compose file"
	if n := len(s.path); n > 1 {
		where = "of " + strings.TrimSuffix(strings.Join(s.path[:n-1], "."), ".[]")
	}
	says := fmt.Sprintf("%s is no key %s", s.key.Value, where)
	hint := ""
	if s.near != "" {
		hint = "; did you mean " + s.near + "?"
	}
	r.problem(doc.At(s.key), "%s%s", says, hint)
	kinds := map[string][]fact.Kind{"services": {fact.Workloads}, "networks": {fact.Policies}, "volumes": {fact.Storage, fact.Backups}, "secrets": {fact.Secrets}, "configs": {fact.Settings}}
	r.hole(doc.At(s.key), path.Base(r.Show(doc.File))+": "+says, kinds[s.path[0]]...)
}

// merge puts a model over another one, as docker compose does with several
// files. What the schema refuses is reported and left out.
func (r *reader) merge(dict, model map[string]any, rel string) map[string]any {
	merged, err := override.Merge(dict, model)
	if err == nil {
		merged, err = override.EnforceUnicity(merged)
	}
	if err == nil {
		merged, err = transform.Canonical(merged, true)
	}
	if err == nil {
		merged, err = override.EnforceUnicity(loader.OmitEmpty(merged))
	}
	if err != nil {
		r.lost(fact.Location{File: r.Show(rel)}, "cannot be put together: %s", plain(err))
		return dict
	}
	return merged
}

// forget removes what a later file resets.
func forget(dict map[string]any, resets [][]string) {
	for _, steps := range resets {
		at := dict
		for _, key := range steps[:len(steps)-1] {
			at, _ = at[key].(map[string]any)
		}
		delete(at, steps[len(steps)-1])
	}
}

// sift takes out of a model what the schema of the specification refuses.
func (r *reader) sift(model map[string]any, rel string) {
	for _, name := range slices.Collect(maps.Keys(model)) {
		if model[name] == nil && name != "services" {
			delete(model, name)
		}
	}
	if validate(model) == nil {
		return
	}
	for _, section := range []string{"services", "networks", "volumes", "secrets", "configs", "models"} {
		entries, ok := model[section].(map[string]any)
		if model[section] != nil && !ok {
			r.lost(r.at(section), "%s is %s but must be a mapping", section, shape(model[section]))
			delete(model, section)
			continue
		}
		for _, name := range slices.Sorted(maps.Keys(entries)) {
			for tries := 0; tries < 5; tries++ {
				err := validate(map[string]any{section: map[string]any{name: entries[name]}})
				if err == nil {
					break
				}
				where := r.at(append([]string{section, name}, refusedKeys(err, section, name)...)...)
				if where.File != r.Show(rel) && where.Line == 0 {
					where.File = r.Show(rel)
				}
				r.lost(where, "%s", plain(err))
				if !cut(entries, name, refusedKeys(err, section, name)) {
					break
				}
			}
		}
	}
	if err := validate(model); err != nil {
		for key := range model {
			if validate(map[string]any{key: model[key]}) != nil {
				r.lost(r.at(key), "%s", plain(err))
				delete(model, key)
			}
		}
	}
}

// refusedKeys returns the keys below services.NAME that a refusal names.
func refusedKeys(err error, section, name string) []string {
	text, _, _ := strings.Cut(plain(err), " ")
	rest, found := strings.CutPrefix(text, section+"."+name+".")
	if !found {
		return nil
	}
	return strings.Split(rest, ".")[:1]
}

// cut removes what was refused: a key of the entry, or the entry itself.
func cut(entries map[string]any, name string, keys []string) bool {
	entry, ok := entries[name].(map[string]any)
	if !ok || len(keys) == 0 {
		delete(entries, name)
		return false
	}
	if _, found := entry[keys[0]]; !found {
		delete(entries, name)
		return false
	}
	delete(entry, keys[0])
	return true
}

func shape(v any) string {
	switch v.(type) {
	case []any:
		return "a list"
	case string:
		return "a string"
	case map[string]any:
		return "a mapping"
	}
	return "a scalar"
}

// plain is an error in one line, in the reader's words.
func plain(err error) string {
	text, rest, _ := strings.Cut(err.Error(), "\n")
	if strings.HasSuffix(text, "following error(s):") { // a head that says nothing
		text, _, _ = strings.Cut(strings.TrimSpace(rest), "\n")
	}
	return strings.ReplaceAll(text, root+"/", "")
}

// project has compose-go check the model and give it its types.
func (r *reader) project(dict map[string]any) *types.Project {
	services, _ := dict["services"].(map[string]any)
	if len(services) > maxServices {
		r.lost(fact.Location{File: r.Show(r.Files[0])}, "has %d services; more than %d are not read", len(services), maxServices)
		return nil
	}
	for _, v := range services {
		if s, ok := v.(map[string]any); ok { // what would make the library read files
			delete(s, "label_file")
			delete(s, "develop")
		}
	}
	project, err := give(dict, r.dir)
	if err == nil {
		return project
	}
	// One service that has no types must not hide the others.
	refused := false
	for _, name := range slices.Sorted(maps.Keys(services)) {
		alone := maps.Clone(dict)
		alone["services"] = map[string]any{name: services[name]}
		if _, wrong := give(alone, r.dir); wrong != nil {
			r.lost(r.at("services", name), "service %s is refused: %s", name, plain(wrong))
			delete(services, name)
			refused = true
		}
	}
	if refused {
		if project, err = give(dict, r.dir); err == nil {
			return project
		}
	}
	r.lost(fact.Location{File: r.Show(r.Files[0])}, "is refused: %s", plain(err))
	return nil
}

// give hands a model compose-go's types.
func give(dict map[string]any, dir string) (*types.Project, error) {
	details := types.ConfigDetails{WorkingDir: path.Join(root, dir), ConfigFiles: []types.ConfigFile{{Filename: "compose.yaml", Config: dict}}, Environment: types.Mapping{}}
	return loader.LoadWithContext(context.Background(), details, func(o *loader.Options) {
		o.SetProjectName("seaworthy", true)
		o.SkipValidation = true // done, file by file
		o.SkipInterpolation, o.SkipInclude, o.SkipExtends, o.SkipResolveEnvironment, o.SkipConsistencyCheck = true, true, true, true, true
		o.Profiles = []string{"prod", "production", "prd", "live"}
	})
}

// resolve makes a model's relative paths start at the tree's root.
func (r *reader) resolve(model map[string]any, dir string) map[string]any {
	canonical, err := transform.Canonical(model, true)
	if err != nil {
		return model
	}
	if paths.ResolveRelativePaths(canonical, path.Join(root, dir), nil) != nil {
		return model
	}
	return canonical
}

// within returns the path below the tree's root to which a reference leads; the
// error says why it does not lead there.
func within(dir, name string) (string, error) {
	switch {
	case open(name) != "":
		return "", fmt.Errorf("${%s} has no default", open(name))
	case strings.Contains(name, "://") || strings.HasPrefix(name, "git@") || strings.HasPrefix(name, "github.com/"):
		return "", errors.New("it stands elsewhere and is not fetched")
	case path.IsAbs(name):
		return "", errors.New("it is outside the tree")
	}
	rel := path.Join(dir, strings.ReplaceAll(name, `\`, "/"))
	if rel == ".." || strings.HasPrefix(rel, "../") {
		return "", errors.New("it is outside the tree")
	}
	return rel, nil
}

// Partial reports whether a file names a service that says neither what it runs
// nor whom it extends: such a file only adds to another one.
func Partial(file string, data []byte) bool {
	for _, doc := range decode.Split(file, data) {
		node, problem := doc.Parse()
		if problem != nil {
			return false
		}
		services := decode.Child(node, "services")
		for _, key := range decode.Keys(services) {
			s := decode.Child(services, key.Value)
			if decode.IsMapping(s) && decode.Child(s, "image") == nil && decode.Child(s, "build") == nil && decode.Child(s, "extends") == nil && decode.Child(s, "provider") == nil {
				return true
			}
		}
	}
	return false
}
