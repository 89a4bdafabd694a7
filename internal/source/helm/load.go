package helm

import (
	"bytes"
	"path"
	"path/filepath"
	"slices"
	"sort"
	"strings"

	"helm.sh/helm/v4/pkg/chart/common"
	"helm.sh/helm/v4/pkg/chart/loader/archive"
	chart "helm.sh/helm/v4/pkg/chart/v2"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
	chartutil "helm.sh/helm/v4/pkg/chart/v2/util"

	"seaworthy.dev/seaworthy/internal/decode"
)

// load reads a chart with its subcharts. It does what Helm's loader does, but
// a subchart that is broken costs only itself, and the order never varies.
type load struct {
	report
	budget budget
	root   string
	// shown holds the shown path of each file, home that of each chart, by
	// its first file: charts are copied where they get an alias.
	shown map[*common.File]string
	home  map[*common.File]home
	// readsFiles is true where a template may read other files of the chart.
	readsFiles bool
	// missing is true where a chart was left out that templates may rest on.
	missing bool
}

// home is where a chart stands.
type home struct {
	shown string
	// manifest is the name of the file that lists the dependencies.
	manifest string
	data     []byte
}

// fromFolder loads the chart in a folder. It returns nil if the chart cannot be
// used, which is then reported.
func (l *load) fromFolder(dir, shown string, depth int) *chart.Chart {
	f := openFolder(dir, l.root, &l.budget, func(name, why string) { l.lost(path.Join(shown, name), 0, why) })
	if err := f.needed(); err != nil {
		l.lost(path.Join(shown, "Chart.yaml"), 0, "cannot be rendered: the chart "+err.Error())
		return nil
	}
	c := l.chart(f.files, dir, shown, depth)
	if c == nil || !l.readsFiles {
		return c
	}
	f.files, f.lost = nil, func(string, string) {} // templates see such a file as absent
	if err := f.rest(); err != nil {
		l.lost(path.Join(shown, "Chart.yaml"), 0, "has templates that read its files, but the chart "+err.Error())
	}
	for _, extra := range f.files {
		c.Files = append(c.Files, &common.File{Name: extra.name, Data: extra.data})
	}
	return c
}

// chart builds a chart from its files. The folder on disk is empty where the
// chart comes out of an archive.
func (l *load) chart(files []file, dir, shown string, depth int) *chart.Chart {
	var own []*archive.BufferedFile
	subs := map[string][]file{}
	h := home{shown: shown, manifest: "Chart.yaml"}
	for _, f := range files {
		if rest, found := strings.CutPrefix(f.name, "charts/"); found {
			first, below, _ := strings.Cut(rest, "/")
			subs[first] = append(subs[first], file{name: below, data: f.data})
			continue
		}
		if f.name == "Chart.yaml" || f.name == "requirements.yaml" {
			h.manifest, h.data = f.name, f.data
		}
		if strings.HasPrefix(f.name, "templates/") && bytes.Contains(f.data, []byte("Files")) {
			l.readsFiles = true
		}
		own = append(own, &archive.BufferedFile{Name: f.name, Data: f.data})
	}
	for _, f := range own {
		switch f.Name {
		case "values.yaml", "Chart.yaml", "requirements.yaml":
			if !l.mapping(path.Join(shown, f.Name), f.Data) {
				return nil
			}
		}
	}
	c, err := loader.LoadFiles(own)
	if err != nil {
		line, message := yamlFault(err)
		l.lost(path.Join(shown, "Chart.yaml"), line, "cannot be used: "+message)
		return nil
	}
	l.home[c.Raw[0]] = h
	for _, list := range [][]*common.File{c.Templates, c.Files} {
		for _, f := range list {
			l.shown[f] = path.Join(shown, f.Name)
		}
	}
	if depth > maxDepth {
		return c
	}
	l.subcharts(c, subs, dir, shown, depth)
	l.neighbours(c, dir, shown, depth)
	return c
}

// subcharts adds what stands in charts/: folders and archives.
func (l *load) subcharts(c *chart.Chart, subs map[string][]file, dir, shown string, depth int) {
	names := make([]string, 0, len(subs))
	for n := range subs {
		names = append(names, n)
	}
	sort.Strings(names)
	for _, n := range names {
		at := path.Join(shown, "charts", n)
		var sub *chart.Chart
		switch files := subs[n]; {
		case n[0] == '_' || n[0] == '.':
			continue
		case files[0].name == "" && path.Ext(n) == ".tgz":
			sub = l.archive(files[0].data, at, depth)
		case files[0].name == "":
			continue // a plain file, such as a README
		default:
			below := ""
			if dir != "" {
				below = filepath.Join(dir, "charts", n)
			}
			sub = l.chart(files, below, at, depth+1)
		}
		if sub != nil {
			c.AddDependency(sub)
		} else {
			l.missing = true
		}
	}
}

func (l *load) archive(data []byte, shown string, depth int) *chart.Chart {
	// Helm takes the limit of an archive from a variable of its package;
	// this process serves one request at a time.
	archive.MaxDecompressedChartSize = max(l.budget.bytes, 1)
	packed, err := archive.LoadArchiveFiles(bytes.NewReader(data))
	if err != nil {
		l.lost(shown, 0, "cannot be unpacked: "+err.Error())
		return nil
	}
	files := make([]file, len(packed))
	for i, p := range packed {
		files[i] = file{name: p.Name, data: p.Data}
		if err := l.budget.take(int64(len(p.Data))); err != nil {
			l.lost(shown, 0, "cannot be unpacked: with it, the chart "+err.Error())
			return nil
		}
	}
	return l.chart(files, "", shown, depth+1)
}

// neighbours adds dependencies that are not in charts/ but stand in another
// folder of the tree, as "repository: file://../common" says.
func (l *load) neighbours(c *chart.Chart, dir, shown string, depth int) {
	if dir == "" {
		return
	}
	var seen []string
	for _, d := range c.Metadata.Dependencies {
		rel, found := strings.CutPrefix(d.Repository, "file://")
		if !found || filepath.IsAbs(rel) || slices.Contains(seen, rel) || provided(c, d) {
			continue
		}
		seen = append(seen, rel)
		next := filepath.Join(dir, filepath.FromSlash(rel))
		real, err := filepath.EvalSymlinks(next)
		if err != nil || !within(l.root, real) {
			continue // reported as missing
		}
		if sub := l.fromFolder(real, path.Join(shown, rel), depth+1); sub != nil {
			c.AddDependency(sub)
		} else {
			l.missing = true
		}
	}
}

// provided reports whether charts/ holds a chart for the dependency.
func provided(c *chart.Chart, d *chart.Dependency) bool {
	for _, have := range c.Dependencies() {
		if have.Name() == d.Name && chartutil.IsCompatibleRange(d.Version, have.Metadata.Version) {
			return true
		}
	}
	return false
}

// absent reports dependencies that are switched on and not there. It runs
// after Helm has dropped those that are switched off.
func (l *load) absent(c *chart.Chart) {
	for _, d := range c.Metadata.Dependencies {
		if slices.ContainsFunc(c.Dependencies(), func(have *chart.Chart) bool { return have.Name() == d.Name }) {
			continue
		}
		h := l.home[c.Raw[0]]
		name := d.Name
		line := 0
		for _, doc := range decode.Split("", h.data) {
			root, _ := doc.Parse()
			for _, item := range decode.Items(decode.Child(root, "dependencies")) {
				if alias := decode.Text(decode.Child(item, "alias")); alias == d.Name || alias == "" && decode.Text(decode.Child(item, "name")) == d.Name {
					name = decode.Text(decode.Child(item, "name"))
					line = doc.At(decode.KeyOf(item, "name")).Line
				}
			}
		}
		if d.Version != "" {
			name += " " + d.Version
		}
		l.missing = true
		l.lost(path.Join(h.shown, h.manifest), line, "needs the chart "+name+", which is not in charts/; run \"helm dependency build\" before the chart is judged")
	}
	for _, sub := range c.Dependencies() {
		l.absent(sub)
	}
}
