package terraform

import (
	"bytes"
	"encoding/json"
	"path"

	"seaworthy.dev/seaworthy/internal/derive/secrecy"
	"seaworthy.dev/seaworthy/internal/fact"
)

// maxState is how large a state file is that is looked into.
const maxState = 32 << 20

// state reports a state file that lies among the files. Its values are counted
// and never kept.
func state(out *Reading, tree Tree, file string) {
	shown := tree.Show(file)
	at := fact.Location{File: shown}
	f := &fact.StateFile{Ref: fact.Ref{Subject: "state " + file, Location: at}}
	set := &fact.Set{Bundle: path.Dir(file), Source: Source, Rung: fact.Configured, ProductionLike: true, StateFiles: []*fact.StateFile{f}}
	out.Sets = append(out.Sets, set)
	data, err := tree.Open(file, maxState)
	if err != nil {
		out.Problems = append(out.Problems, fact.Problem{Location: at, Message: "cannot be read: " + err.Error()})
		return
	}
	var content struct {
		Version   int             `json:"version"`
		Encrypted json.RawMessage `json:"encrypted_data"`
		Resources []struct {
			Instances []struct {
				Attributes map[string]any `json:"attributes"`
			} `json:"instances"`
		} `json:"resources"`
		Modules []struct {
			Resources map[string]struct{} `json:"resources"`
		} `json:"modules"`
	}
	if json.NewDecoder(bytes.NewReader(data)).Decode(&content) != nil {
		if len(bytes.TrimSpace(data)) == 0 {
			out.Sets = out.Sets[:len(out.Sets)-1]
			return
		}
		out.Problems = append(out.Problems, fact.Problem{Location: at, Message: "is no valid state: it is not JSON; delete it, or take it out of version control"})
		return
	}
	f.Format = "tfstate"
	f.Encrypted = len(content.Encrypted) > 0
	f.Resources = len(content.Resources)
	for _, m := range content.Modules {
		f.Resources += len(m.Resources)
	}
	for _, r := range content.Resources {
		for _, i := range r.Instances {
			f.Secrets += secretsIn(i.Attributes, 0)
		}
	}
}

// secretsIn counts the values that are secret by name or form.
func secretsIn(fields map[string]any, depth int) int {
	n := 0
	for name, v := range fields {
		switch v := v.(type) {
		case string:
			if secrecy.Of(name, v) != "" {
				n++
			}
		case map[string]any:
			if depth < 20 {
				n += secretsIn(v, depth+1)
			}
		}
	}
	return n
}
