package document

import (
	"io/fs"
	"net/url"
	"path"
	"path/filepath"
	"regexp"
	"strings"

	derived "seaworthy.dev/seaworthy/internal/derive/page"
	"seaworthy.dev/seaworthy/internal/fact"
)

// resolve finds out where the links of all pages lead, and reads the drawings
// that they show.
func (r *reader) resolve() {
	byPath := map[string]*page{}
	for _, p := range r.pages {
		if p != nil {
			byPath[p.doc.Path] = p
		}
	}
	there := map[string]fs.FileInfo{}
	for _, p := range r.pages {
		if p == nil {
			continue
		}
		x := resolver{reader: r, page: p, pages: byPath, there: there}
		for _, s := range p.doc.Sections {
			for _, l := range s.Links {
				x.link(l)
				if l.Leads == fact.ToNowhere {
					p.doc.Broken++
				}
				r.drawn(s, l)
			}
		}
	}
}

// resolver resolves the links of one page.
type resolver struct {
	*reader
	page  *page
	pages map[string]*page
	there map[string]fs.FileInfo // what was looked for; nil for what is not there
}

// scheme is how an address begins.
var scheme = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]*:`)

// templated is a target that somebody fills in before anybody reads it.
var templated = regexp.MustCompile(`\{\{|\{%|\$\{|\$\(|%\(|<[^>]*>|\{[a-zA-Z_]+\}|:::`)

func (x *resolver) link(l *fact.Link) {
	l.Leads = fact.ToOutside
	target := l.Target
	switch {
	case templated.MatchString(target):
		return
	case strings.HasPrefix(target, "//"):
		return
	case scheme.MatchString(target):
		if at, rest, ok := derived.Locate(x.Sites, target, x.stands); ok {
			x.to(l, at, rest, true)
		}
		return
	}
	target, anchor, _ := strings.Cut(target, "#")
	target, _, _ = strings.Cut(target, "?")
	if plain, err := url.PathUnescape(target); err == nil {
		target = plain
	}
	if plain, err := url.PathUnescape(anchor); err == nil {
		anchor = plain
	}
	if strings.ContainsRune(target, 0) {
		return
	}
	if target == "" {
		x.to(l, x.page.doc.Path, anchor, true)
		return
	}
	at := path.Join(path.Dir(x.page.doc.Path), target)
	sure := !strings.HasPrefix(target, "/") // else a site's root, which is not told
	if !sure {
		at = path.Clean(strings.TrimPrefix(target, "/"))
		for _, s := range x.Sites { // GitHub means the repository's root
			if inner, found := strings.CutPrefix(at, s.Above+"/"); found && s.Git && s.Above != "" {
				at = inner
				break
			}
		}
	}
	if at == ".." || strings.HasPrefix(at, "../") {
		return
	}
	x.to(l, at, anchor, sure)
}

// to takes down that a link leads to a path of the tree.
func (x *resolver) to(l *fact.Link, at, anchor string, sure bool) {
	found := ""
	for _, one := range []string{at, at + ".md", at + ".mdx", at + "/README.md", at + "/index.md", at + "/_index.md", at + ".rst"} {
		if info := x.stat(one); info != nil && (one == at || !info.IsDir()) {
			found = one
			break
		}
	}
	if found == "" {
		if sure && whole(at) {
			l.Leads, l.Why = fact.ToNowhere, at+" is not there"
		}
		return
	}
	if info := x.stat(found); info.IsDir() {
		for _, one := range []string{"README.md", "readme.md", "Readme.md", "index.md", "_index.md", "README.rst", "README.adoc"} {
			if x.stat(path.Join(found, one)) != nil {
				found = path.Join(found, one)
				break
			}
		}
	}
	l.Leads, l.File, l.Anchor = fact.ToTree, found, anchor
	p := x.pages[found]
	if anchor == "" || p == nil || p.has(anchor) || !sure {
		return
	}
	l.Leads, l.Why = fact.ToNowhere, found+" has no section #"+anchor
	if found == x.page.doc.Path {
		l.Why = "the page has no section #" + anchor
	}
}

func (x *resolver) stands(rel string) bool { return x.stat(rel) != nil }

// stat returns what stands at a path of the tree; nil for nothing.
func (x *resolver) stat(rel string) fs.FileInfo {
	if info, known := x.there[rel]; known {
		return info
	}
	var out fs.FileInfo
	if len(rel) < 4096 && len(x.there) < 200_000 {
		if info, err := x.root.Stat(filepath.FromSlash(rel)); err == nil {
			out = info
		}
	}
	x.there[rel] = out
	return out
}

// whole reports whether a path names a file as it stands in a repository, and not
// something that a generator of sites makes of it.
func whole(at string) bool {
	switch strings.ToLower(path.Ext(at)) {
	case ".md", ".markdown", ".rst", ".adoc", ".sh", ".bash", ".py", ".go", ".rb", ".js", ".ts", ".java", ".kt", ".rs", ".c", ".h", ".cc", ".cpp", ".cs", ".sql", ".tf",
		".yaml", ".yml", ".json", ".toml", ".ini", ".conf", ".env", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".drawio", ".puml", ".mmd", ".d2", ".dsl", ".txt", ".pdf", ".proto", ".csv":
		return true
	}
	switch path.Base(at) {
	case "Makefile", "Dockerfile", "LICENSE", "CODEOWNERS":
		return true
	}
	return false
}

// has reports whether the page has an anchor, by the rules of GitHub or by those
// of generators, which treat marks and dashes their own way.
func (p *page) has(anchor string) bool {
	anchor = strings.TrimPrefix(anchor, "user-content-")
	if p.anchors[anchor] || anchor == "top" || anchor == "" || strings.Contains(anchor, "=") || p.doc.Partly != "" {
		return true
	}
	if p.loose == nil {
		p.loose = map[string]bool{}
		for a := range p.anchors {
			p.loose[derived.Bare(a)] = true
		}
		for _, s := range p.doc.Sections {
			p.loose[derived.Bare(s.Heading)] = true
		}
	}
	return p.loose[derived.Bare(anchor)]
}
