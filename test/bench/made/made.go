// Package made writes large repositories that nobody owns: Terraform, workflows,
// alert rules, dashboards, documents and manifests of many services, each time the same from the same seed, so that
// figures can be compared between machines that lack a corpus.
package made

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
)

// Size says how many files of each kind are written.
type Size struct {
	Terraform, Workflows, Manifests int
	// Rules counts alert rules, five to a file.
	Rules, Dashboards, Documents int
}

// Usual is the size that figures are stated for.
func Usual() Size { return Size{Terraform: 500, Workflows: 300, Manifests: 2000} }

// Watched is that of a repository that shows how its services are watched.
func Watched() Size { return Size{Rules: 500, Dashboards: 200, Documents: 300, Manifests: 2000} }

// String says the size in words.
func (s Size) String() string {
	var parts []string
	for _, one := range []struct {
		count int
		what  string
	}{{s.Terraform, "Terraform files"}, {s.Workflows, "workflows"}, {s.Rules, "alert rules"}, {s.Dashboards, "dashboards"}, {s.Documents, "documents"}, {s.Manifests, "manifests"}} {
		if one.count > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", one.count, one.what))
		}
	}
	return strings.Join(parts, ", ")
}

// writer writes files until something fails.
type writer struct {
	root   string
	random *rand.Rand
	bytes  int
	err    error
}

// Write fills a folder and returns how many bytes it wrote.
func Write(root string, seed uint64, size Size) (int, error) {
	w := &writer{root: root, random: rand.New(rand.NewPCG(seed, 17))}
	w.manifests(size.Manifests)
	w.terraform(size.Terraform)
	w.workflows(size.Workflows)
	w.rules(size.Rules)
	w.dashboards(size.Dashboards)
	w.documents(size.Documents)
	return w.bytes, w.err
}

func (w *writer) file(name, text string) {
	if w.err != nil {
		return
	}
	path := filepath.Join(w.root, filepath.FromSlash(name))
	if w.err = os.MkdirAll(filepath.Dir(path), 0o755); w.err == nil {
		w.err = os.WriteFile(path, []byte(text), 0o644)
	}
	w.bytes += len(text)
}

// pick returns one of the choices.
func pick[T any](w *writer, choices ...T) T { return choices[w.random.IntN(len(choices))] }

// often is true in so many of a hundred cases.
func (w *writer) often(percent int) bool { return w.random.IntN(100) < percent }

// service names the nth service.
func service(n int) string {
	first := []string{"order", "cart", "stock", "price", "user", "mail", "search", "ledger", "media", "route", "quote", "label", "claim", "visit", "batch"}
	second := []string{"api", "worker", "gateway", "sync", "web", "index", "store", "feed", "report", "proxy"}
	third := []string{"", "-eu", "-internal", "-next", "-legacy", "-batch", "-edge"}
	return first[n%len(first)] + "-" + second[n/len(first)%len(second)] + third[n/len(first)/len(second)%len(third)]
}

// hex makes a checksum up.
func (w *writer) hex(letters int) string {
	var b strings.Builder
	for range letters {
		fmt.Fprintf(&b, "%x", w.random.IntN(16))
	}
	return b.String()
}
