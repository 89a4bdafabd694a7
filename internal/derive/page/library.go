package page

import (
	"path"
	"regexp"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
)

// Library is what links can lead to: the pages of the tree, and the addresses at
// which they are read.
type Library struct {
	// Own are the service's own pages.
	Own []*fact.Document
	// Home is the set that holds the pages; nil where none was read.
	Home *fact.Set

	pages   map[string]*fact.Document
	folders map[string]bool
	sites   []*fact.Site
	shown   string
}

// LibraryOf returns what the sets of a service hold of pages.
func LibraryOf(sets []*fact.Set) *Library {
	l := &Library{pages: map[string]*fact.Document{}, folders: map[string]bool{}}
	for _, s := range sets {
		if s.Source != "documents" || l.Home != nil {
			continue
		}
		l.Home = s
		l.Own, l.sites = s.Documents, s.Sites
		for _, d := range s.Library {
			l.pages[d.Path] = d
			l.shown = strings.TrimSuffix(d.File, d.Path)
			for dir := path.Dir(d.Path); dir != "."; dir = path.Dir(dir) {
				l.folders[dir] = true
			}
		}
	}
	return l
}

// Page returns the page at a path below the judged folder; nil where none was read.
// A folder stands for the page that a reader is shown there.
func (l *Library) Page(rel string) *fact.Document {
	if rel == "" {
		return nil
	}
	rel = path.Clean(rel)
	for _, one := range []string{rel, rel + "/README.md", rel + "/index.md", rel + "/readme.md", rel + "/README.adoc", rel + "/README.rst"} {
		if d := l.pages[one]; d != nil {
			return d
		}
	}
	return nil
}

// Within returns the own and other pages in a folder, in their order.
func (l *Library) Within(folder string) (out []*fact.Document) {
	if l.Home == nil {
		return nil
	}
	for _, d := range l.Home.Library {
		if folder == "." || strings.HasPrefix(d.Path, folder+"/") {
			out = append(out, d)
		}
	}
	return out
}

// Way is where a link of something other than a page leads.
type Way struct {
	Document *fact.Document
	Anchor   string
	// Missing is the path of the tree at which no page stands.
	Missing string
	// Outside says why it was not followed.
	Outside string
}

// pageEnding is how a path of a page ends.
var pageEnding = regexp.MustCompile(`(?i)\.(?:md|mdx|markdown|rst|adoc|asciidoc)$`)

// fileHost is a path on a git host that shows a file.
var fileHost = regexp.MustCompile(`/(?:-/)?(?:blob|tree|src|raw|browse)/[^/]+/(.+)$`)

// Follow returns where a link leads that stands in a file of the tree: to a page, to
// a page that is not there, or to what is not asked.
func (l *Library) Follow(link, file string) (w Way) {
	there := func(rel string) bool { return l.pages[rel] != nil || l.folders[rel] }
	if strings.Contains(link, "://") {
		at, anchor, ok := Locate(l.sites, link, there)
		switch {
		case !ok:
			w.Outside = "it leads elsewhere"
			if m := fileHost.FindStringSubmatch(strings.SplitN(link, "#", 2)[0]); m != nil && there(m[1]) {
				w.Outside = "nothing says that its address is that of this repository (`docs.repository` of seaworthy.yaml)"
			}
		case l.Page(at) != nil:
			w.Document, w.Anchor = l.Page(at), anchor
		case l.beside(at):
			w.Outside = "it leads to " + at + " of the repository, and of what was judged no page stands in that folder"
		case pageEnding.MatchString(at):
			w.Missing = at
		default:
			w.Outside = "it leads to " + at + ", which is no page that is read"
		}
		return w
	}
	target, anchor, _ := strings.Cut(link, "#")
	if target == "" || strings.ContainsAny(target, " \t{}$<>") {
		w.Outside = "it is no address and no path"
		return w
	}
	file = strings.TrimPrefix(file, l.shown)
	var from []string
	if !strings.HasPrefix(target, "/") && len(l.pages) == 0 {
		from = []string{path.Clean(target)}
	} else if !strings.HasPrefix(target, "/") {
		for dir := path.Dir(file); ; dir = path.Dir(dir) {
			from = append(from, path.Join(dir, target))
			if dir == "." || dir == "/" {
				break
			}
		}
	} else {
		from = []string{path.Clean(strings.TrimPrefix(target, "/"))}
	}
	for _, at := range from {
		if d := l.Page(at); d != nil && at != ".." && !strings.HasPrefix(at, "../") {
			w.Document, w.Anchor = d, anchor
			return w
		}
	}
	if last := from[len(from)-1]; pageEnding.MatchString(last) && !strings.HasPrefix(last, "../") {
		w.Missing = last
		return w
	}
	w.Outside = "it is no path of a page here"
	return w
}

// beside reports whether a page of the repository may stand beside the judged
// folder: nothing in its uppermost folder was read.
func (l *Library) beside(rel string) bool {
	top, _, nested := strings.Cut(rel, "/")
	return nested && !l.folders[top]
}
