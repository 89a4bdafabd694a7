package cases

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	yaml "go.yaml.in/yaml/v3"
	"golang.org/x/tools/txtar"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/derive/bundles"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/registry"
	"seaworthy.dev/seaworthy/internal/source/kube"
)

// wrongShapes are what a hostile or hasty author may write in any place.
var wrongShapes = []string{"~", "[]", "{}", "''", "x", "-1", "99999999999999999999", "[~]", "[[]]", "{a: {b: [c]}}", "true", "'${VALUE}'", "'%'", "/", "a/b/c:d@e"}

// TestNoShapeBreaksAReader puts each wrong shape into each place of every
// case's manifests, one at a time, reads what comes of it and puts every check
// to it. None may panic. One in 499 is tried, or
// one in as many as SEAWORTHY_SHAPES says.
func TestNoShapeBreaksAReader(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("..", "..", "standard", "*", "*", "testdata", "*.txtar"))
	if err != nil || len(files) == 0 {
		t.Fatal("there are no cases", err)
	}
	step := 499
	if n, err := strconv.Atoi(os.Getenv("SEAWORTHY_SHAPES")); err == nil && n > 0 {
		step = n
	}
	tried := 0
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range archive.Files {
			if !strings.HasSuffix(f.Name, ".yaml") {
				continue
			}
			docs := decode.Split(f.Name, f.Data)
			for i := range docs {
				places := 0
				if root, problem := docs[i].Parse(); problem == nil && root != nil {
					places = count(root)
				}
				for place := range places {
					for _, shape := range wrongShapes {
						if tried++; tried%step == 0 {
							try(t, file, docs, i, place, shape)
						}
					}
				}
			}
		}
	}
	t.Logf("%d shapes in places, every %d. tried", tried, step)
}

func count(n *yaml.Node) int {
	total := 1
	for _, c := range n.Content {
		total += count(c)
	}
	return total
}

// replace puts a value into the place of that number, counted depth first.
func replace(n *yaml.Node, place *int, with *yaml.Node) {
	if *place == 0 {
		*n = *with
		*place--
		return
	}
	*place--
	for _, c := range n.Content {
		if *place < 0 {
			return
		}
		replace(c, place, with)
	}
}

func try(t *testing.T, file string, docs []decode.Document, changed, place int, shape string) {
	t.Helper()
	root, _ := docs[changed].Parse()
	var with yaml.Node
	if err := yaml.Unmarshal([]byte(shape), &with); err != nil {
		t.Fatal(err)
	}
	replace(root, &place, with.Content[0])
	text, err := yaml.Marshal(root)
	if err != nil {
		return // an anchor is gone
	}
	defer func() {
		if r := recover(); r != nil {
			t.Errorf("%s: %q makes it panic: %v\n%s", file, shape, r, text)
		}
	}()
	var all kube.Fragment
	reader := kube.New(fact.Version{Major: 1, Minor: 37}, true)
	for i, doc := range docs {
		if i == changed {
			doc = decode.Document{File: doc.File, Line: 1, Data: text}
		}
		reader.Read(doc, &all)
	}
	sets := bundles.Join([]bundles.Part{{Path: "deploy.yaml", Facts: &all.Facts}}, "kube", fact.Configured)
	in := expect.Input{All: sets, AsOf: time.Date(2026, 7, 4, 3, 0, 0, 0, time.UTC), Settings: expect.Settings{KubeVersion: fact.Version{Major: 1, Minor: 37}}}
	for _, e := range registry.All() {
		for _, f := range e.Judge(1, sets, in).Findings {
			if f.Message == "" || strings.Contains(f.Message, "%!") {
				t.Errorf("%s: %s says %q of\n%s", file, e.ID, f.Message, text)
			}
		}
	}
}
