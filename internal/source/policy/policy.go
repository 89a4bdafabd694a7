// Package policy reads the folder in which an organisation keeps what a team
// must not decide about its own service: approvals of waivers.
package policy

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/risk"
)

// Policy is what the folder holds.
type Policy struct {
	// Dir is the folder as the user named it.
	Dir       string
	Approvals []fact.Approval
	// real are the folder and the files that were read, with every link
	// resolved.
	real []string
}

// The names of approvals in the folder.
var approvals = []string{"approvals.yaml", "approvals.yml"}

// Read reads the folder. Nothing in it may be wrong: who judges by a policy that
// says something else than was meant judges wrongly.
func Read(dir string) (*Policy, error) {
	info, err := os.Stat(dir)
	switch {
	case err != nil:
		return nil, fmt.Errorf("read the policy %s: %w", dir, plain(err))
	case !info.IsDir():
		return nil, fmt.Errorf("the policy %s is no folder; name the one that holds approvals.yaml", dir)
	}
	p := &Policy{Dir: dir}
	if err := p.resolve(dir); err != nil {
		return nil, err
	}
	for _, pattern := range []string{"*.yaml", "*.yml"} { // overlays of the standard among them
		files, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			return nil, fmt.Errorf("read the policy %s: %w", dir, err)
		}
		for _, file := range files {
			if err := p.resolve(file); err != nil {
				return nil, err
			}
		}
	}
	if err := p.links(); err != nil {
		return nil, err
	}
	for _, name := range approvals {
		file := filepath.Join(dir, name)
		data, err := p.read(file)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			continue
		case err != nil:
			return nil, err
		}
		for _, doc := range decode.Split(filepath.ToSlash(file), data) {
			list, problems := risk.ParseApprovals(doc)
			if len(problems) > 0 {
				return nil, wrong(problems)
			}
			p.Approvals = append(p.Approvals, list...)
		}
	}
	return p, nil
}

// links notes where the links in the folder lead, whoever reads them.
func (p *Policy) links() error {
	entries, err := os.ReadDir(p.Dir)
	if err != nil {
		return fmt.Errorf("read the policy %s: %w", p.Dir, plain(err))
	}
	for _, e := range entries {
		name := filepath.Join(p.Dir, e.Name())
		if _, err := os.Stat(name); e.Type()&fs.ModeSymlink != 0 && err == nil {
			if err := p.resolve(name); err != nil {
				return err
			}
		}
	}
	return nil
}

func (p *Policy) resolve(name string) error {
	real, err := filepath.EvalSymlinks(name)
	if err == nil {
		real, err = filepath.Abs(real)
	}
	if err != nil {
		return fmt.Errorf("read the policy: %w", err)
	}
	p.real = append(p.real, real)
	return nil
}

func (p *Policy) read(name string) ([]byte, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("read the policy: %w", err)
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, decode.MaxDocument+1))
	if err != nil {
		return nil, fmt.Errorf("read the policy: %w", err)
	}
	return data, nil
}

// wrong lists every mistake with its place.
func wrong(problems []fact.Problem) error {
	var errs []error
	for _, p := range problems {
		errs = append(errs, fmt.Errorf("%s:%d:%d: %s", p.File, p.Line, max(p.Column, 1), p.Message))
	}
	return errors.Join(errs...)
}

// Outside returns an error if the policy, or a file of it, stands in a judged
// tree, directly or through a link: nobody approves what they own.
func (p *Policy) Outside(tree string) error {
	root, err := os.Stat(tree)
	if err == nil && !root.IsDir() {
		root, err = os.Stat(filepath.Dir(tree))
	}
	if err != nil {
		return nil // there is nothing to judge, which is said elsewhere
	}
	for i, place := range p.real {
		if !within(place, root) {
			continue
		}
		what := "the policy " + p.Dir
		if i > 0 {
			what = "a file of the policy " + p.Dir
		}
		return fmt.Errorf("%s stands inside %s, which is judged by it; approvals count only from a place that the service's team does not own, so name a folder elsewhere", what, tree)
	}
	return nil
}

// within reports whether a place is a folder or stands in it. Folders are
// compared as files, not by name, so that other spellings do not hide one.
func within(place string, folder os.FileInfo) bool {
	for {
		if info, err := os.Stat(place); err == nil && os.SameFile(info, folder) {
			return true
		}
		up := filepath.Dir(place)
		if up == place {
			return false
		}
		place = up
	}
}

func plain(err error) error {
	var pathErr *fs.PathError
	if errors.As(err, &pathErr) {
		return pathErr.Err
	}
	return err
}
