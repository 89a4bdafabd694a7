package helm

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log"
	"log/slog"
	"os"
	"path"
	"path/filepath"
	"strings"

	"helm.sh/helm/v4/pkg/chart/common"
	chart "helm.sh/helm/v4/pkg/chart/v2"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
	chartutil "helm.sh/helm/v4/pkg/chart/v2/util"

	"seaworthy.dev/seaworthy/internal/decode"
)

// request asks for one variant of a chart.
type request struct {
	Chart   Chart
	Variant Variant
}

// answer is what Handle returns.
type answer struct {
	report
	Library  bool
	Rendered []rendered
	Withheld []Withheld
}

// Handle renders one variant of a chart. It is a child.Handler: it trusts the
// process to be stopped if a chart loops or grows, and silences its logs.
func Handle(message json.RawMessage) (any, error) {
	var req request
	if err := json.Unmarshal(message, &req); err != nil {
		return nil, fmt.Errorf("read the request: %w", err)
	}
	slog.SetDefault(slog.New(slog.DiscardHandler))
	log.SetOutput(io.Discard)

	dir, err := filepath.EvalSymlinks(req.Chart.Dir)
	if err != nil {
		return nil, fmt.Errorf("the chart's folder: %w", plain(err))
	}
	root := dir
	if req.Chart.Root != "" {
		if root, err = filepath.EvalSymlinks(req.Chart.Root); err != nil {
			return nil, fmt.Errorf("the tree's folder: %w", plain(err))
		}
	}
	l := &load{
		root: root, budget: budget{files: MaxFiles, bytes: MaxBytes},
		shown: map[*common.File]string{}, home: map[*common.File]home{},
	}
	out := answer{}
	if c := l.fromFolder(dir, req.Chart.Shown, 0); c != nil {
		out.Library = c.Metadata.Type == "library"
		if !out.Library {
			out.Rendered, out.Withheld = l.render(c, dir, req)
		}
	}
	if out.Library {
		l.report = report{}
	}
	out.report = l.report
	return out, nil
}

// render renders a loaded chart with its values, and says what it would yield
// besides where the cluster serves more.
func (l *load) render(c *chart.Chart, dir string, req request) ([]rendered, []Withheld) {
	shown := req.Chart.Shown
	values, ok := l.values(dir, shown, req.Variant)
	if !ok {
		return nil, nil
	}
	caps, err := capabilities(req.Chart)
	if err != nil {
		l.lost(path.Join(shown, "Chart.yaml"), 0, "cannot be rendered: "+short(err.Error()))
		return nil, nil
	}
	l.checkKubeVersion(c, caps)
	if err := chartutil.ProcessDependencies(c, values); err != nil {
		l.lost(path.Join(shown, "Chart.yaml"), 0, "cannot be rendered: "+short(err.Error())+req.Variant.with())
		return nil, nil
	}
	l.absent(c)
	l.checkSchemas(c, values, dir, req)
	r := newRenderer(l, c, values, caps)
	r.with = req.Variant.with()
	if req.Variant.Release != "" {
		r.release = req.Variant.Release
	}
	out := r.all()
	return append(out, l.definitions(c)...), r.withheld(out)
}

// readValues reads a values file of a variant.
func (l *load) readValues(dir, shown, name string) (map[string]any, bool) {
	at := path.Join(shown, name)
	full, err := filepath.EvalSymlinks(filepath.Join(dir, filepath.FromSlash(name)))
	if errors.Is(err, fs.ErrNotExist) {
		l.lost(at, 0, "is not there, and what installs the chart names it; add it, or correct the name")
		return nil, false
	}
	if err != nil {
		l.lost(at, 0, "cannot be read: "+plain(err).Error())
		return nil, false
	}
	info, err := os.Stat(full)
	if err != nil || !info.Mode().IsRegular() || !within(l.root, full) || info.Size() > maxValues {
		l.lost(at, 0, "is not read as values: it must be a regular file of up to 4 MiB inside the tree")
		return nil, false
	}
	data, err := os.ReadFile(full)
	if err != nil {
		l.lost(at, 0, "cannot be read: "+plain(err).Error())
		return nil, false
	}
	if !l.mapping(at, data) {
		return nil, false
	}
	values, err := loader.LoadValues(strings.NewReader(string(data)))
	if err != nil {
		line, message := yamlFault(err)
		l.lost(at, line, "cannot be used as values: "+message)
		return nil, false
	}
	return values, true
}

// checkKubeVersion reports a chart that Helm would refuse to install.
func (l *load) checkKubeVersion(c *chart.Chart, caps *common.Capabilities) {
	want := c.Metadata.KubeVersion
	if want == "" || chartutil.IsCompatibleRange(want, caps.KubeVersion.String()) {
		return
	}
	h := l.home[c.Raw[0]]
	line := 0
	for _, f := range c.Raw {
		if f.Name != "Chart.yaml" {
			continue
		}
		for _, doc := range decode.Split("", f.Data) {
			if root, problem := doc.Parse(); problem == nil {
				line = doc.At(decode.KeyOf(root, "kubeVersion")).Line
			}
		}
	}
	l.warn(path.Join(h.shown, "Chart.yaml"), line,
		fmt.Sprintf("asks for Kubernetes %q, but %s.%s is judged, on which Helm refuses to install the chart", want, caps.KubeVersion.Major, caps.KubeVersion.Minor))
}

// definitions returns what stands in the crds/ folders, which Helm installs
// before anything else and without rendering it.
func (l *load) definitions(c *chart.Chart) []rendered {
	var out []rendered
	seen := map[string]bool{}
	size := 0
	for _, d := range c.CRDObjects() {
		if at := l.shown[d.File]; !seen[at] {
			seen[at] = true
			if size += len(d.File.Data); size > MaxOutput {
				l.lost(at, 0, "is not read: the chart's definitions have more than 32 MiB")
				break
			}
			out = append(out, rendered{File: at, Text: d.File.Data, Plain: true})
		}
	}
	return out
}
