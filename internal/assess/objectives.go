package assess

import (
	"path"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/derive/bundles"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/kube"
	"seaworthy.dev/seaworthy/internal/source/objective"
)

// objectiveSource is the technology of files of objectives.
const objectiveSource = "objectives"

// objectiveGuests are the readers of objects that declare objectives.
func objectiveGuests() map[string]func(kube.Guest) (fact.Set, []fact.Problem) {
	reads := func(read func(objective.Object) (fact.Set, []fact.Problem)) func(kube.Guest) (fact.Set, []fact.Problem) {
		return func(g kube.Guest) (fact.Set, []fact.Problem) {
			return read(objective.Object{Ref: g.Ref, Node: g.Node, At: g.At})
		}
	}
	out := map[string]func(kube.Guest) (fact.Set, []fact.Problem){
		"sloth.slok.dev/PrometheusServiceLevel": reads(objective.Sloth), "pyrra.dev/ServiceLevelObjective": reads(objective.Pyrra),
	}
	for _, group := range []string{"openslo", "openslo.com"} {
		for _, kind := range []string{"SLO", "SLI", "DataSource", "AlertPolicy", "AlertCondition"} {
			out[group+"/"+kind] = reads(objective.OpenSLO)
		}
	}
	return out
}

// objectiveFile reads a document of a plain file as objectives; nil where it holds
// none. It is looked at where manifests are, for nothing but its content tells.
func objectiveFile(rel string, doc decode.Document) (*fact.Set, []fact.Problem) {
	if !objective.Sniff(doc) {
		return nil, nil
	}
	facts, problems, ok := objective.Read(rel, doc)
	if !ok {
		return nil, nil
	}
	set := &fact.Set{
		Bundle: path.Dir(rel), Source: objectiveSource, Rung: fact.Configured,
		ProductionLike: !bundles.OtherEnvironment(strings.Split(path.Dir(rel), "/")...) && !bundles.OtherEnvironment(stemOf(rel)),
	}
	set.Add(&facts)
	return set, problems
}

// aims gives files of objectives to those whom they concern. Files of one folder
// refer to each other and make one set.
func (f *found) aims(sets []*fact.Set) {
	var whole []*fact.Set
	for _, s := range sets {
		i := slices.IndexFunc(whole, func(w *fact.Set) bool { return w.Bundle == s.Bundle && w.ProductionLike == s.ProductionLike })
		if i < 0 {
			whole = append(whole, s)
			continue
		}
		whole[i].Add(s)
	}
	for _, s := range whole {
		f.groups[0].files++
		keep(s, f.concerned(path.Join(s.Bundle, "objectives")))
	}
}
