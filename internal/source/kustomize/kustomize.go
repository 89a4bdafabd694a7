// Package kustomize finds what kustomizations include, has the ones that
// nothing else includes rendered in a child process, and gives each rendered
// object the places of the file that it comes from. Nothing is ever fetched
// and no plugin runs: what is remote is found and left out before.
package kustomize

import (
	"path"
	"time"

	"seaworthy.dev/seaworthy/internal/child"
	"seaworthy.dev/seaworthy/internal/fact"
)

// Job is the name under which main hands Handle to child.Serve.
const Job = "kustomize"

// Limits on one root. The largest public kustomizations known to us render in
// less than two seconds and 100 MiB; a root that needs ten times as much is
// hostile or broken, and a pipeline must not wait for it.
const (
	Deadline = 20 * time.Second
	Memory   = 512 << 20
)

// Limits on what is read. A kustomization names files, it does not hold them;
// etcd refuses objects above 1.5 MiB, so a file that becomes one object cannot
// be larger; a root stands for at most as many files and bytes as kustomize
// can render within its limits.
const (
	maxKustomization = 1 << 20
	maxData          = 3 << 19
	maxRoot          = 32 << 20
	maxFiles         = 10_000
	maxVisits        = 10_000
	maxDepth         = 100
)

// maxBuilds bounds how often a root is rendered in search of the entry that
// breaks it.
const maxBuilds = 24

// Limits returns the bounds of the child that renders.
func Limits() child.Limits { return child.Limits{Deadline: Deadline, Memory: Memory} }

// Plan says which kustomizations a tree holds and how they hang together.
type Plan struct {
	// Roots lists the kustomizations that nothing else includes, by folder.
	Roots []*Root
	// Components lists folders with a component that no root includes.
	Components []string
	// Consumed holds the files that kustomizations name, by path relative to
	// the judged folder: they are no manifests of their own, whether or not
	// the kustomization renders.
	Consumed map[string]bool
	// Manifests lists files that are called like a kustomization but hold
	// another object, for instance one of Flux.
	Manifests []string
	// Problems of all kustomizations that a root includes, each once.
	Problems []fact.Problem

	shown string
}

// Root is a kustomization that is deployed as it is.
type Root struct {
	// Folder is relative to the judged folder, "." for that itself.
	Folder string
	// File is the kustomization file as reports show it.
	File string
	// Bundle is the folder that stands for the root: its own, or, where
	// siblings are built on the same base, the folder around them; Variant is
	// then the root's name in there. Where siblings fall into several such
	// families, each is called after the first base that it shares.
	Bundle, Variant string
	// Holes lists what the root includes but cannot be rendered.
	Holes []fact.Hole

	members []*member
	files   map[string]*file
	whole   map[string]bool // files that are more than resources
	cuts    edits
	reach   map[*kustomization]bool
	broken  bool
}

// show returns how a path below the judged folder is written in reports.
func (p *Plan) show(rel string) string {
	if p.shown == "" || p.shown == "." {
		return rel
	}
	return path.Join(p.shown, rel)
}
