package hcl

import (
	"path"
	"slices"
	"sort"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
)

// variant is a root module with one choice of variable files.
type variant struct {
	// name is that of the file beyond those that always count, without ending.
	name  string
	files []string
}

// always reports whether Terraform takes a variable file without being told.
func always(file string) bool {
	base := strings.TrimSuffix(strings.ToLower(path.Base(file)), ".json")
	return base == "terraform.tfvars" || strings.HasSuffix(base, ".auto.tfvars")
}

// variants returns the choices of variable files of a root: those that always
// count, and each of the others that sets one of its variables. Files stand
// beside the root, or in folders below it that hold no module themselves.
func (r *reader) variants(dir string) []variant {
	src := r.source(dir)
	var base, more []string
	for _, f := range r.folders[dir] {
		if isVars(f) && always(f) {
			base = append(base, f)
		}
	}
	sort.SliceStable(base, func(i, j int) bool { // terraform.tfvars first, then by name
		a, b := strings.HasPrefix(path.Base(base[i]), "terraform.tfvars"), strings.HasPrefix(path.Base(base[j]), "terraform.tfvars")
		return a && !b || a == b && base[i] < base[j]
	})
	if given := r.tree.Given[dir]; len(given) > 0 {
		return chosen(base, given)
	}
	for _, f := range r.tree.Files {
		if !isVars(f) || slices.Contains(base, f) || path.Dir(f) != dir && !r.belongs(path.Dir(f), dir) {
			continue
		}
		for name := range r.parse(f).body.Attributes {
			if src.variables[name] != nil || near(name, src.variables) != "" {
				more = append(more, f)
				break
			}
		}
	}
	if len(more) == 0 {
		return []variant{{files: base}}
	}
	var out []variant
	for _, f := range more {
		name := strings.TrimPrefix(strings.TrimPrefix(f, dir), "/")
		name = strings.TrimSuffix(strings.TrimSuffix(name, ".json"), ".tfvars")
		out = append(out, variant{name: name, files: append(slices.Clone(base), f)})
	}
	return out[:min(len(out), maxVariants)]
}

// chosen returns the variants that somebody says are applied. The only one needs no
// name.
func chosen(base []string, given [][]string) (out []variant) {
	for _, files := range given[:min(len(given), maxVariants)] {
		v := variant{files: slices.Concat(base, files)}
		if len(given) > 1 {
			v.name = strings.Join(files, " ")
		}
		out = append(out, v)
	}
	return out
}

// belongs reports whether variable files of a folder are meant for the root: it
// stands below it, and no module stands between.
func (r *reader) belongs(folder, root string) bool {
	if !below(folder, root) {
		return false
	}
	for d := folder; d != root; d = path.Dir(d) {
		if r.source(d) != nil {
			return false
		}
	}
	return true
}

// given reads the variable files of a variant. Later ones win.
func (r *run) given(m *module, v variant) map[string]value {
	out := map[string]value{}
	for _, f := range v.files {
		p := r.r.parse(f)
		for _, problem := range p.problems {
			r.problem(problem.Location, "%s", problem.Message)
		}
		if p.lost != "" {
			r.hole(fact.Location{File: p.name}, nil, "%s", p.lost)
		}
		for _, b := range p.body.Blocks {
			r.problem(place(b.TypeRange), "a variable file holds no blocks; write %s = {...}, or move the block into a .tf file", b.Type)
		}
		for _, name := range sortedKeys(p.body.Attributes) {
			a := p.body.Attributes[name]
			if m.src.variables[name] == nil {
				if near(name, m.src.variables) != "" { // others may be meant for other modules
					r.problem(place(a.NameRange), "%s is set and no variable is called so%s; mend the name", name, near(name, m.src.variables))
				}
				continue
			}
			val := m.eval(a.Expr, &scope{only: true})
			if val.Kind == model.Unknown && val.Why == "" {
				val.Why = "its file cannot be parsed"
			}
			out[name] = val
		}
	}
	return out
}
