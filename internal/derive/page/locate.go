package page

import (
	"net/url"
	"path"
	"strings"
	"unicode"

	"seaworthy.dev/seaworthy/internal/fact"
)

// Slug returns the anchor of a heading by GitHub's rules, without a number.
func Slug(heading string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case r == '-', r == '_', unicode.IsLetter(r), unicode.IsDigit(r), unicode.Is(unicode.M, r), unicode.Is(unicode.Pc, r):
			return unicode.ToLower(r)
		}
		return -1
	}, strings.TrimSpace(strings.ReplaceAll(heading, "`", "")))
}

// Bare returns the letters and digits of an anchor: generators of sites treat
// marks and dashes each their own way.
func Bare(anchor string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("-_ `./:", r) {
			return -1
		}
		return r
	}, Slug(anchor))
}

// branch reports whether a revision of that name has the files of the tree.
func branch(name string) bool {
	switch name {
	case "main", "master", "HEAD", "trunk", "develop", "development", "default", "production", "prod":
		return true
	}
	return false
}

// Locate returns where below the judged folder an address leads by one of the
// sites, with its anchor; ok is false where it leads elsewhere. There tells what
// stands in the tree.
func Locate(sites []*fact.Site, address string, there func(rel string) bool) (rel, anchor string, ok bool) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return "", "", false
	}
	host := strings.ToLower(strings.TrimPrefix(u.Hostname(), "www."))
	if host == "raw.githubusercontent.com" {
		host = "github.com"
	}
	for _, s := range sites {
		if s.Host != host {
			continue
		}
		rest, found := strings.CutPrefix(strings.TrimSuffix(u.Path, "/")+"/", s.Path+"/")
		if !found && !s.Git {
			continue
		}
		if !found { // git hosts do not tell upper from lower case in names
			n := len(s.Path) + 1
			if n > len(u.Path) || !strings.EqualFold(u.Path[:n], s.Path+"/") {
				continue
			}
			rest = u.Path[n:]
		}
		rest = strings.Trim(rest, "/")
		if s.Git {
			if rest, found = revision(rest, u.Query()); !found {
				continue
			}
		}
		if s.Above != "" {
			inner, below := strings.CutPrefix(rest+"/", s.Above+"/")
			if !below {
				continue // beside the judged folder
			}
			rest = strings.TrimSuffix(inner, "/")
		}
		at := path.Join(s.Folder, rest)
		if at == ".." || strings.HasPrefix(at, "../") {
			continue
		}
		if there(at) {
			return at, u.Fragment, true
		}
		if s.Git {
			if !ok {
				rel, anchor, ok = at, u.Fragment, true // unless another site knows it
			}
			continue
		}
		// What publishes pages may drop their endings, or show what stands elsewhere.
		for _, ending := range []string{".md", "/index.md", "/README.md"} {
			if one := strings.TrimSuffix(at, ".html") + ending; there(one) {
				return one, u.Fragment, true
			}
		}
	}
	return rel, anchor, ok
}

// revision takes the git host's own words and the revision off a path; ok is false
// where it shows no file, or one of another revision.
func revision(rest string, query url.Values) (rel string, ok bool) {
	if at := query.Get("path"); at != "" && strings.HasPrefix(at, "/") { // Azure Repos
		return strings.Trim(at, "/"), true
	}
	rest = strings.TrimPrefix(rest, "-/") // GitLab
	kind, rest, _ := strings.Cut(rest, "/")
	switch kind {
	case "blob", "tree", "raw", "blame", "edit":
	case "src", "browse": // Gitea, Bitbucket
		rest = strings.TrimPrefix(strings.TrimPrefix(rest, "branch/"), "refs/heads/")
	case "wiki", "issues", "pull", "pulls", "merge_requests", "actions", "releases", "commit", "commits", "discussions", "projects", "settings", "milestones", "labels", "tags", "compare", "pipelines", "":
		return "", false
	default:
		if !branch(kind) { // raw.githubusercontent.com/OWNER/NAME/main/...
			return "", false
		}
		return rest, rest != ""
	}
	rest = strings.TrimPrefix(rest, "refs/heads/")
	rev, rest, _ := strings.Cut(rest, "/")
	return rest, branch(rev) && rest != ""
}
