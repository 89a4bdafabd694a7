package pipeline

import (
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
)

// ruleKeys are the keys of an entry of a job's `rules`.
var ruleKeys = strings.Fields("if changes exists when allow_failure variables needs start_in interruptible")

// references reports names of stages and jobs that are nowhere: GitLab refuses the
// whole pipeline for them. Where a part of the pipeline stands elsewhere, they may
// be there.
func (g *gitlabFile) references(name string, keys map[string]*decode.Node) {
	for _, rule := range g.items(decode.Follow(keys["rules"]), 0) {
		for _, k := range decode.Keys(decode.Follow(rule)) {
			if near := nearest(k.Value, ruleKeys); near != "" && !slices.Contains(ruleKeys, k.Value) && k.Value != "<<" {
				g.r.lost(g.at(k), "there is no key `%s` in a rule: `%s` is the nearest known one; GitLab refuses the whole pipeline", k.Value, near)
			}
		}
	}
	if g.partial {
		return
	}
	stages := g.stages()
	if stage := decode.Text(keys["stage"]); stage != "" && !strings.Contains(stage, "$") && !slices.Contains(stages, stage) {
		g.r.lost(g.at(keys["stage"]), "the stage %s of job %s is none of the stages (%s)%s; GitLab refuses the whole pipeline", stage, name, strings.Join(stages[1:len(stages)-1], ", "), meant(stage, stages))
	}
	for _, key := range []string{"needs", "dependencies"} {
		for _, item := range g.items(decode.Follow(keys[key]), 0) {
			g.misses(name, key, item)
		}
	}
}

// misses reports a job that another one asks for where there is none of that name.
func (g *gitlabFile) misses(name, key string, item *decode.Node) {
	if decode.Child(item, "pipeline") != nil || decode.Child(item, "project") != nil || yes(decode.Child(item, "optional")) {
		return
	}
	wanted := either(item, "job")
	if wanted == "" || strings.Contains(wanted, "$") || g.keys[wanted] != nil || strings.Contains(wanted, ": [") { // one of a matrix
		return
	}
	g.r.lost(g.at(item), "job %s names %s under `%s`, which is no job here%s; GitLab refuses the whole pipeline", name, wanted, key, meant(wanted, g.order))
}

// stages lists the stages in their order, with those that are always there.
func (g *gitlabFile) stages() []string {
	list := g.keys["stages"]
	if list == nil {
		list = g.keys["types"]
	}
	out := []string{".pre"}
	for _, item := range g.items(decode.Follow(list), 0) {
		out = append(out, decode.Text(item))
	}
	if list == nil {
		out = append(out, "build", "test", "deploy")
	}
	return append(out, ".post")
}

// elsewhere notes that a part of the pipeline is not read.
func (g *gitlabFile) elsewhere(at fact.Location, format string, args ...any) {
	g.partial = true
	g.r.lost(at, format, args...)
}

// meant returns ", did you mean ...?" with what is almost called so, or nothing.
func meant(word string, known []string) string {
	if near := nearest(word, known); near != "" && len(word) > 2 {
		return ", did you mean " + near + "?"
	}
	return ""
}
