package assess

import (
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
