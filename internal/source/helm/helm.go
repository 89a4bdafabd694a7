// Package helm renders Helm charts and yields their documents with the places
// of the templates that wrote them. Charts are hostile until rendered: Handle
// does the work in a process of its own (see internal/child), and Render talks
// to it. Nothing reaches the network or a cluster, no link is followed out of
// the judged tree, and two renderings of a chart are the same to the byte.
package helm

import (
	"context"
	"errors"
	"path"
	"time"

	"seaworthy.dev/seaworthy/internal/child"
	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
)

// Job is the name under which a child serves Handle.
const Job = "helm"

// Limits for one variant of a chart.
const (
	// Deadline is ample: a chart that yields 300,000 lines takes two seconds
	// of processor time.
	Deadline = 20 * time.Second
	// Memory holds a chart of MaxBytes, its values and MaxOutput twice over.
	Memory = 512 << 20
)

// Limits returns the limits of a worker for charts.
func Limits() child.Limits { return child.Limits{Deadline: Deadline, Memory: Memory} }

// Chart is a chart to render.
type Chart struct {
	// Dir is the chart's folder on disk.
	Dir string
	// Root is the folder that links and file:// dependencies may not leave;
	// empty means Dir.
	Root string
	// Shown is how reports name Dir; empty for the working directory.
	Shown string
	// KubeVersion is the version of Kubernetes that templates are told.
	KubeVersion fact.Version
	// APIVersions lists API versions beyond Kubernetes' own that the cluster
	// serves, as templates ask for them: "monitoring.coreos.com/v1" or
	// "monitoring.coreos.com/v1/ServiceMonitor".
	APIVersions []string
}

// Rendering is one variant of a chart, rendered.
type Rendering struct {
	// Documents are placed at the templates that wrote them. Definitions in
	// crds/ are among them, as Helm installs these too.
	Documents []decode.Document
	Problems  []fact.Problem
	Holes     []fact.Hole
	// Withheld lists what the chart yields only on other clusters.
	Withheld []Withheld
	// Library is true for a chart that only lends templates to others; it
	// yields nothing of its own.
	Library bool
}

// Render renders one variant. What goes wrong with the chart is among the
// problems; the error says that rendering was not possible at all, for instance
// because the context ended.
func Render(ctx context.Context, w *child.Worker, c Chart, v Variant) (Rendering, error) {
	var a answer
	err := w.Do(ctx, request{Chart: c, Variant: v}, &a)
	var failure *child.Failure
	switch {
	case errors.As(err, &failure):
		at := fact.Location{File: path.Join(c.Shown, "Chart.yaml")}
		message := "cannot be rendered: " + failure.Reason
		if failure.Lost {
			message = "cannot be rendered: the work " + failure.Reason
		}
		message += v.with()
		return Rendering{
			Problems: []fact.Problem{{Location: at, Message: message}},
			Holes:    []fact.Hole{{Location: at, Why: "the chart " + message}},
		}, nil
	case err != nil:
		return Rendering{}, err
	}
	out := Rendering{Problems: a.Problems, Holes: a.Holes, Library: a.Library, Withheld: a.Withheld}
	for _, r := range a.Rendered {
		out.Documents = append(out.Documents, r.documents()...)
	}
	return out, nil
}

// rendered is the text that one template, or one file of definitions, yields.
type rendered struct {
	// File is the shown path.
	File string
	Text []byte // not a string, which JSON would correct to UTF-8
	// Lines holds the template's line for each line of Text, 0 where it is
	// not known.
	Lines []int `json:",omitempty"`
	// Plain is true for a file that is no template: its lines are its own.
	Plain bool `json:",omitempty"`
}

// documents splits the text. Document lines count from the document's start.
func (r rendered) documents() []decode.Document {
	docs := decode.SplitRendered(r.File, r.Text)
	if r.Plain {
		return docs
	}
	for i := range docs {
		before := docs[i].Line - 1
		docs[i].Lines = func(line int) int {
			if at := before + line - 1; line > 0 && at < len(r.Lines) {
				return r.Lines[at]
			}
			return 0
		}
	}
	return docs
}
