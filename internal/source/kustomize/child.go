package kustomize

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"path"
	"sync"

	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/api/resmap"
)

// mount is where the judged folder stands in the child's file system.
const mount = "/judged"

// request asks for one root. Files holds everything that it may read, by path
// relative to the judged folder, kustomizations already rid of what is remote.
type request struct {
	Folder string            `json:"folder"`
	Files  map[string][]byte `json:"files"`
}

type response struct {
	Objects []object `json:"objects"`
}

// object is one rendered object.
type object struct {
	YAML string `json:"yaml"`
	// Origin is the file that the object was read from, relative to the
	// judged folder; Generator is the file that had it generated, by what
	// GeneratorKind says. All are empty where kustomize does not know.
	Origin        string `json:"origin,omitempty"`
	Generator     string `json:"generator,omitempty"`
	GeneratorKind string `json:"generatorKind,omitempty"`
}

// seal makes sure that kustomize fetches nothing and starts nothing, whatever
// a kustomization manages to ask for: it clones with git and fetches over
// http.DefaultTransport. The child serves nothing else, so its globals are its
// own.
var seal = sync.OnceFunc(func() {
	http.DefaultTransport = sealed{}
	_ = os.Setenv("PATH", "/nonexistent") // an error leaves the other measures
	log.SetOutput(io.Discard)
	os.Stdout = os.Stderr // the pipe of answers is the parent's already
	if null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0); err == nil {
		os.Stderr = null // kustomize warns of fields that are out of fashion
	}
})

type sealed struct{}

// RoundTrip refuses.
func (sealed) RoundTrip(*http.Request) (*http.Response, error) {
	return nil, errors.New("nothing is fetched")
}

// Handle renders one root. It runs in the child.
func Handle(raw json.RawMessage) (any, error) {
	seal()
	var r request
	if err := json.Unmarshal(raw, &r); err != nil {
		return nil, fmt.Errorf("read request: %w", err)
	}
	// The default options run no plugins and keep each kustomization's files
	// within its folder.
	found, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(newMemory(r.Files), path.Join(mount, r.Folder))
	if err != nil {
		return nil, err
	}
	return answer(r.Folder, found)
}

func answer(folder string, found resmap.ResMap) (*response, error) {
	var out response
	for _, res := range found.Resources() {
		origin, err := res.GetOrigin()
		if err != nil {
			origin = nil // an annotation of the user's own under that name
		}
		var o object
		if origin != nil {
			if origin.Path != "" {
				o.Origin = path.Join(folder, origin.Path)
			}
			if origin.ConfiguredIn != "" {
				o.Generator, o.GeneratorKind = path.Join(folder, origin.ConfiguredIn), origin.ConfiguredBy.Kind
			}
		}
		out.Objects = append(out.Objects, o)
	}
	if err := found.RemoveOriginAnnotations(); err != nil {
		return nil, err
	}
	for i, res := range found.Resources() {
		text, err := res.AsYAML()
		if err != nil {
			return nil, err
		}
		out.Objects[i].YAML = string(text)
	}
	return &out, nil
}
