package helm

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"helm.sh/helm/v4/pkg/ignore"
)

// Limits on what is read of a chart, its subcharts unpacked. Helm itself stops
// at 100 MiB, and a release must fit into a secret of 1 MiB.
const (
	MaxFiles  = 10_000
	MaxBytes  = 64 << 20
	maxDepth  = 32
	maxValues = 4 << 20
)

// file is a file of a chart: name is its path within the chart.
type file struct {
	name string
	data []byte
}

// errTooLarge ends the reading of a chart that is out of all proportion.
var errTooLarge = fmt.Errorf("holds more than %d files or %d MiB; keep other data out of the chart's folder or list it in .helmignore", MaxFiles, MaxBytes>>20)

// budget is what may still be read.
type budget struct {
	files int
	bytes int64
}

func (b *budget) take(size int64) error {
	b.files--
	b.bytes -= size
	if b.files < 0 || b.bytes < 0 {
		return errTooLarge
	}
	return nil
}

// folder reads the files of one chart's folder.
type folder struct {
	dir, root string // root has its links resolved
	ignore    *ignore.Rules
	budget    *budget
	lost      func(name, why string)
	files     []file
}

// openFolder prepares the reading of a chart. Lost is told of everything that
// cannot be read.
func openFolder(dir, root string, b *budget, lost func(name, why string)) *folder {
	f := &folder{dir: dir, root: root, budget: b, lost: lost, ignore: ignore.Empty()}
	if info, err := os.Lstat(filepath.Join(dir, ignore.HelmIgnore)); err == nil && info.Mode().IsRegular() && info.Size() < 1<<20 {
		if data, err := os.ReadFile(filepath.Join(dir, ignore.HelmIgnore)); err == nil {
			// A pattern that cannot be read ends the list; those
			// before it count.
			if f.ignore, err = ignore.Parse(bytes.NewReader(data)); err != nil {
				lost(ignore.HelmIgnore, "cannot be used: "+err.Error())
			}
		}
	}
	f.ignore.AddDefaults()
	return f
}

// chartFiles are the files of a chart's own folder that make it a chart.
var chartFiles = []string{"Chart.yaml", "values.yaml", "values.schema.json", "requirements.yaml"}

// chartFolders are the folders that hold templates, other charts and
// definitions.
var chartFolders = []string{"templates", "charts", "crds"}

// needed reads what makes the chart; rest reads everything else, which only
// templates that use .Files can see.
func (f *folder) needed() error {
	for _, name := range chartFiles {
		if err := f.entry(name, true, 0); err != nil {
			return err
		}
	}
	for _, name := range chartFolders {
		if err := f.entry(name, true, 0); err != nil {
			return err
		}
	}
	return nil
}

func (f *folder) rest() error {
	entries, err := os.ReadDir(f.dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		name := e.Name()
		if name == ".git" || name == "node_modules" || slices.Contains(chartFiles, name) || slices.Contains(chartFolders, name) {
			continue
		}
		if err := f.entry(name, false, 0); err != nil {
			return err
		}
	}
	return nil
}

// entry reads a file or a folder and all below it. A link is followed as long
// as it stays inside the root.
func (f *folder) entry(name string, needed bool, depth int) error {
	full := filepath.Join(f.dir, filepath.FromSlash(name))
	info, err := os.Lstat(full)
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			f.lost(name, "cannot be read: "+plain(err).Error())
		}
		return nil
	}
	if info.Mode()&fs.ModeSymlink != 0 {
		target, err := filepath.EvalSymlinks(full)
		if err != nil || !within(f.root, target) {
			if needed && !f.ignore.Ignore(name, info) {
				f.lost(name, "is a link that leads nowhere or out of the tree, which is not followed")
			}
			return nil
		}
		if info, err = os.Stat(target); err != nil {
			f.lost(name, "cannot be read: "+plain(err).Error())
			return nil
		}
		full = target
	}
	if f.ignore.Ignore(name, info) {
		return nil
	}
	if !info.IsDir() {
		return f.read(name, full, info, needed)
	}
	if err := f.budget.take(0); err != nil || depth > maxDepth {
		return errTooLarge
	}
	entries, err := os.ReadDir(full)
	if err != nil {
		f.lost(name, "cannot be opened: "+plain(err).Error())
		return nil
	}
	for _, e := range entries {
		if err := f.entry(path.Join(name, e.Name()), needed, depth+1); err != nil {
			return err
		}
	}
	return nil
}

func (f *folder) read(name, full string, info fs.FileInfo, needed bool) error {
	if !info.Mode().IsRegular() {
		if needed {
			f.lost(name, "is no regular file and is not read")
		}
		return nil
	}
	if err := f.budget.take(info.Size()); err != nil {
		return err
	}
	data, err := os.ReadFile(full)
	if err != nil {
		f.lost(name, "cannot be read: "+plain(err).Error())
		return nil
	}
	f.files = append(f.files, file{name: name, data: bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))})
	return nil
}

// within reports whether a path, its links resolved, is inside a folder.
func within(root, target string) bool {
	rel, err := filepath.Rel(root, target)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}

// plain drops the path from a file system error: the place is said anyway.
func plain(err error) error {
	var pathErr *fs.PathError
	if errors.As(err, &pathErr) {
		return pathErr.Err
	}
	return err
}
