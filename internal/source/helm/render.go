package helm

import (
	"context"
	"fmt"
	"path"
	"regexp"
	"sort"
	"strings"
	"text/template/parse"

	"helm.sh/helm/v4/pkg/chart/common"
	"helm.sh/helm/v4/pkg/chart/common/util"
	chart "helm.sh/helm/v4/pkg/chart/v2"
	"helm.sh/helm/v4/pkg/engine"
)

// MaxOutput bounds the text that one variant of a chart may yield.
const MaxOutput = 32 << 20

var errOutput = fmt.Errorf("yields more than %d MiB of text", MaxOutput>>20)

// maxFaults is how many templates may fail until the rest is given up: each
// costs one more rendering.
const maxFaults = 10

// maxOrphans is the same for templates that fail for want of a chart that is
// not there: a library is wanted by all.
const maxOrphans = 40

// namespace is the release's namespace while templates run. Kubernetes puts
// objects that name no namespace into the release's, so in the output it is
// taken out again wherever a field "namespace" holds it: objects that name it
// and objects that do not then join, as they do in a cluster.
const namespace = "release-namespace"

var namesNamespace = regexp.MustCompile(`(?m)(\bnamespace["']?:[ \t]*)(?:"` + namespace + `"|'` + namespace + `'|` + namespace + `)([ \t]*(?:#[^\n]*)?\r?$|[ \t]*[,}])`)

// part is a template under its whole name.
type part struct {
	name, shown string
	source      string
	index       int // its number, from 1
	// dropped templates failed: only what they define remains.
	dropped string
	failed  bool
}

// renderer renders a chart as it is, and once more with marks.
type renderer struct {
	load   *load
	chart  *chart.Chart
	values map[string]any
	caps   *common.Capabilities
	own    map[*chart.Chart][]*common.File
	parts  map[string]*part
	// byIndex holds the parts by their number, from 1.
	byIndex map[int]*part
	// with ends each message: it names the variant.
	with string
	// release is the release's name.
	release string
}

func newRenderer(l *load, c *chart.Chart, values map[string]any, caps *common.Capabilities) *renderer {
	r := &renderer{load: l, chart: c, values: values, caps: caps, own: map[*chart.Chart][]*common.File{}, parts: map[string]*part{}, byIndex: map[int]*part{}, release: c.Name()}
	r.visit(c)
	names := make([]string, 0, len(r.parts))
	for name := range r.parts {
		names = append(names, name)
	}
	sort.Strings(names)
	for i, name := range names {
		r.parts[name].index = i + 1
		r.byIndex[i+1] = r.parts[name]
	}
	return r
}

// visit collects the templates. Charts under an alias share their files with
// others, so each gets a list of its own.
func (r *renderer) visit(c *chart.Chart) {
	r.own[c] = c.Templates
	for _, f := range c.Templates {
		name := path.Join(c.ChartFullPath(), f.Name)
		r.parts[name] = &part{name: name, shown: r.load.shown[f], source: string(f.Data)}
	}
	for _, sub := range c.Dependencies() {
		r.visit(sub)
	}
}

// dress gives each template the text that source returns for it.
func (r *renderer) dress(source func(*part) string) {
	for c, files := range r.own {
		c.Templates = make([]*common.File, len(files))
		for i, f := range files {
			p := r.parts[path.Join(c.ChartFullPath(), f.Name)]
			c.Templates[i] = &common.File{Name: f.Name, Data: []byte(source(p))}
		}
	}
}

// all renders the chart, without those templates that fail, and returns what
// each template yields, by name.
func (r *renderer) all() []rendered {
	texts, ok := r.original()
	if !ok {
		return nil
	}
	marked := r.marked()
	names := make([]string, 0, len(texts))
	for name := range texts {
		names = append(names, name)
	}
	sort.Strings(names)
	var out []rendered
	for _, name := range names {
		p, text := r.parts[name], texts[name]
		if p == nil || p.failed || path.Base(name) == "NOTES.txt" || strings.TrimSpace(text) == "" {
			continue
		}
		out = append(out, rendered{
			File: p.shown, Text: namesNamespace.ReplaceAll([]byte(text), []byte(`$1""$2`)),
			Lines: lines(text, marked[name]),
		})
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].File < out[j].File })
	return out
}

// original renders the chart as it is. A template that fails is reported and
// left out, and the rest is tried again.
func (r *renderer) original() (texts map[string]string, ok bool) {
	for faults, orphans := 0, 0; faults <= maxFaults; {
		run := &run{parts: r.byIndex}
		r.dress(func(p *part) string { return enclose(p.index, p.body()) })
		texts, err := r.run(run)
		if err == nil {
			return texts, true
		}
		f := understand(err)
		if p := r.parts[f.name]; p != nil && f.line == 1 && f.column > len(begin(p.index)) {
			f.column -= len(begin(p.index))
		}
		culprit := r.byIndex[run.current()]
		if f.parse || culprit == nil {
			culprit = r.parts[f.name]
		}
		if culprit == nil || culprit.failed && !f.parse {
			r.load.lost(path.Join(r.load.home[r.chart.Raw[0]].shown, "Chart.yaml"), 0, "cannot be rendered: "+f.message+r.with)
			return nil, false
		}
		if r.load.missing && noTemplate.MatchString(f.message) {
			// The missing chart is reported, and with it what follows.
			if orphans++; orphans > maxOrphans {
				return nil, false
			}
		} else {
			faults++
			r.reportFault(culprit, f)
		}
		culprit.failed = true
		culprit.dropped = definitions(culprit)
		if f.parse {
			culprit.dropped = ""
			// What others include from it is gone as well.
			r.load.missing = true
		}
	}
	r.load.lost(path.Join(r.load.home[r.chart.Raw[0]].shown, "Chart.yaml"), 0,
		fmt.Sprintf("cannot be rendered: more than %d of the chart's templates fail%s", maxFaults, r.with))
	return nil, false
}

// reportFault places a fault where Helm places it, which may be a partial that
// the template includes.
func (r *renderer) reportFault(culprit *part, f fault) {
	shown := culprit.shown
	if p := r.parts[f.name]; p != nil {
		shown = p.shown
	} else {
		f.line, f.column = 0, 0
	}
	message := "cannot be rendered: " + f.message
	if shown != culprit.shown {
		message = "keeps " + path.Base(culprit.shown) + " from being rendered: " + f.message
	}
	r.load.warn(shown, f.line, message+r.with)
	problem := &r.load.Problems[len(r.load.Problems)-1]
	problem.Column = f.column
	// Notes for people hold no objects; a broken partial costs those that
	// include it.
	if path.Base(culprit.name) != "NOTES.txt" {
		r.load.hole(*problem)
	}
}

// marked renders the chart with marks. Templates that were dropped stay so.
func (r *renderer) marked() map[string]string {
	r.dress(func(p *part) string {
		if !p.failed {
			if source, ok := mark(p); ok {
				return enclose(p.index, source)
			}
		}
		return enclose(p.index, p.body())
	})
	texts, err := r.run(&run{parts: r.byIndex, marks: true})
	if err != nil {
		return nil // no line is known then
	}
	return texts
}

// run has Helm's engine render what the templates hold now.
func (r *renderer) run(run *run) (map[string]string, error) {
	options := common.ReleaseOptions{Name: r.release, Namespace: namespace, Revision: 1, IsInstall: true}
	// The schemas are checked already, and without following references to
	// other hosts and files as Helm would.
	values, err := util.ToRenderValuesWithSchemaValidation(r.chart, r.values, options, r.caps, true)
	if err != nil {
		return nil, err
	}
	e := engine.Engine{CustomTemplateFuncs: run.functions()}
	texts, err := e.RenderWithContext(context.Background(), r.chart, values)
	if err != nil {
		return nil, err
	}
	size := 0
	for _, text := range texts {
		size += len(text)
	}
	if size > MaxOutput && !run.marks {
		return nil, errOutput
	}
	return texts, nil
}

// body is the template's source, or what is left of it.
func (p *part) body() string {
	if p.failed {
		return p.dropped
	}
	return p.source
}

// definitions returns the source of the templates that a template defines, for
// others that include them.
func definitions(p *part) string {
	trees, _, err := parseTemplate(p)
	if err != nil {
		return ""
	}
	names := make([]string, 0, len(trees))
	for name := range trees {
		if name != p.name {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	var b strings.Builder
	for _, name := range names {
		fmt.Fprintf(&b, "{{define %q}}%s{{end}}", name, trees[name].Root)
	}
	return b.String()
}

// parseTemplate returns everything that a template defines, and its own tree.
func parseTemplate(p *part) (map[string]*parse.Tree, *parse.Tree, error) {
	trees := map[string]*parse.Tree{}
	tree := parse.New(p.name)
	tree.Mode = parse.SkipFuncCheck
	tree, err := tree.Parse(p.source, "", "", trees)
	return trees, tree, err
}
