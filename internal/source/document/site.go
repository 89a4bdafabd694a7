package document

import (
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
)

// Remotes returns the addresses at which the repository around a folder is kept,
// as its own configuration says. No git is run, and nothing is followed but the
// file that a further checkout has in place of the folder .git.
func Remotes(root, shown string) (out []*fact.Site) {
	real, err := filepath.EvalSymlinks(root)
	if err != nil {
		return nil
	}
	if real, err = filepath.Abs(real); err != nil {
		return nil
	}
	top := real
	for range 64 {
		if _, err := os.Lstat(filepath.Join(top, ".git")); err == nil {
			break
		}
		up := filepath.Dir(top)
		if up == top {
			return nil
		}
		top = up
	}
	above := ""
	if rel, err := filepath.Rel(top, real); err == nil && rel != "." {
		above = filepath.ToSlash(rel)
	}
	for _, remote := range remotesOf(configuration(filepath.Join(top, ".git"))) {
		if s := SiteOf(remote); s != nil {
			s.Ref = fact.Ref{Subject: "remote " + s.Host + s.Path, Location: fact.Location{File: path.Join(shown, ".git/config")}}
			s.Above = above
			out = append(out, s)
		}
	}
	return out
}

// configuration returns what the configuration of a repository says; empty where
// it cannot be read.
func configuration(git string) string {
	if info, err := os.Lstat(git); err == nil && info.Mode().IsRegular() {
		target, found := strings.CutPrefix(strings.TrimSpace(small(git)), "gitdir: ")
		if !found {
			return ""
		}
		if !filepath.IsAbs(target) {
			target = filepath.Join(filepath.Dir(git), target)
		}
		git = filepath.Clean(target)
		if common := strings.TrimSpace(small(filepath.Join(git, "commondir"))); common != "" {
			if !filepath.IsAbs(common) {
				common = filepath.Join(git, common)
			}
			git = filepath.Clean(common)
		}
	}
	return small(filepath.Join(git, "config"))
}

// small reads a small file; empty where it is none.
func small(name string) string {
	file, err := os.Open(name)
	if err != nil {
		return ""
	}
	defer file.Close()
	data := make([]byte, 64<<10)
	n, _ := file.Read(data)
	return string(data[:n])
}

var remoteSection = regexp.MustCompile(`^\s*\[\s*remote\s+"[^"]*"\s*\]`)

// remotesOf returns the addresses of a configuration's remotes.
func remotesOf(config string) (out []string) {
	inside := false
	for line := range strings.Lines(config) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "[") {
			inside = remoteSection.MatchString(line)
			continue
		}
		key, value, _ := strings.Cut(line, "=")
		if inside && strings.EqualFold(strings.TrimSpace(key), "url") && len(out) < 16 {
			out = append(out, strings.TrimSpace(value))
		}
	}
	return out
}

// SiteOf returns the git host and the repository that an address names, as people
// clone it or look at it; nil where it names none.
func SiteOf(address string) *fact.Site {
	if !strings.Contains(address, "://") { // git@host:owner/name.git
		host, name, found := strings.Cut(address, ":")
		if !found || strings.ContainsAny(host, "/\\ ") || len(host) < 2 {
			return nil
		}
		address = "ssh://" + host + "/" + strings.TrimPrefix(name, "/")
	}
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.Scheme == "file" {
		return nil
	}
	host := strings.ToLower(strings.TrimPrefix(u.Hostname(), "www."))
	name := strings.TrimSuffix(strings.TrimSuffix("/"+strings.Trim(u.Path, "/"), ".git"), "/")
	switch {
	case host == "ssh.dev.azure.com": // /v3/org/project/name
		host, name = "dev.azure.com", strings.TrimPrefix(name, "/v3")
		if i := strings.LastIndexByte(name, '/'); i > 0 {
			name = name[:i] + "/_git" + name[i:]
		}
	case host == "ssh.github.com", host == "altssh.gitlab.com", host == "altssh.bitbucket.org":
		_, host, _ = strings.Cut(host, ".")
	}
	if name == "" || name == "/" {
		return nil
	}
	return &fact.Site{Host: host, Path: name, Folder: ".", Git: true}
}
