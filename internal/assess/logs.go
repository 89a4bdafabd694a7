package assess

import (
	"bytes"
	"path"
	"strings"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/derive/bundles"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/kube"
	"seaworthy.dev/seaworthy/internal/source/logs"
)

// shipperIn reads a file within an object that configures a shipper.
func shipperIn(f kube.File) (fact.Set, []fact.Problem) { return logs.Read(logFile(f)) }

// logFile hands a file of an object on, with those beside it.
func logFile(f kube.File) logs.File {
	return logs.File{
		Ref: f.Ref, Namespace: f.Namespace, Name: f.Name, Settings: f.Name, Key: f.Key, Doc: f.Doc,
		Beside: func(pattern string) (out []logs.File) {
			if f.Beside == nil {
				return nil
			}
			for _, other := range f.Beside(pattern) {
				out = append(out, logFile(other))
			}
			return out
		},
	}
}

// logConfig reads a file of the tree that is about logs. It belongs to every
// service, for a shipper takes what all of them write.
func logConfig(rel, shown string, doc decode.Document) (*fact.Set, []fact.Problem) {
	doc.Data = bytes.Clone(doc.Data)
	f := logs.File{Ref: fact.Ref{Subject: "logs " + rel, Location: fact.Location{File: shown}}, Name: rel, Key: rel, Doc: doc}
	set := &fact.Set{Bundle: rel, Source: "logs", Rung: fact.Configured, ProductionLike: !bundles.Aside(rel) && !bundles.OtherEnvironment(strings.Split(path.Dir(rel), "/")...) && !bundles.OtherEnvironment(stemOf(rel))}
	facts, problems := logs.Read(f)
	for _, s := range facts.Shippers {
		s.Ref = s.Ref.At(doc.At(&decode.Node{Line: 1}))
	}
	for _, l := range facts.AccessLogs {
		l.Ref = l.Ref.At(doc.At(&decode.Node{Line: 1}))
	}
	for _, l := range facts.LogStores {
		l.Ref = l.Ref.At(doc.At(&decode.Node{Line: 1}))
	}
	set.Add(&facts)
	return set, problems
}
