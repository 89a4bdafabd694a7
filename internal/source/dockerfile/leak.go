package dockerfile

import (
	"path"
	"regexp"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"

	"seaworthy.dev/seaworthy/internal/derive/process"
	"seaworthy.dev/seaworthy/internal/derive/secrecy"
	"seaworthy.dev/seaworthy/internal/fact"
)

func (r *reader) leak(how, name, smell string, stage int, at fact.Location) {
	r.build.Leaks = append(r.build.Leaks, fact.BuildLeak{How: how, Name: name, Smell: smell, Stage: stage, At: at})
}

// argument judges a build argument: a default is written here, and a value that
// is given at the build lands in the image's history all the same.
func (r *reader) argument(a instructions.KeyValuePairOptional, stage int, at fact.Location) {
	if a.Value != nil && *a.Value != "" {
		if smell := secrecy.Of(a.Key, strings.Trim(*a.Value, `"'`)); smell != "" {
			r.leak("argument", a.Key, smell, stage, at)
		}
		return
	}
	if stage >= 0 && secrecy.Named(a.Key) {
		r.leak("argument", a.Key, "", stage, at)
	}
}

func (r *reader) variables(c *instructions.EnvCommand, stage int, at fact.Location) {
	for _, e := range c.Env {
		text, open := r.expand(e.Value, r.scope)
		r.scope[e.Key] = value{text: text, open: open}
		if open != "" {
			if secrecy.Named(e.Key) && r.isArgument(open) {
				r.leak("variable", e.Key, "the value of build argument "+open, stage, at)
			}
			continue
		}
		if smell := secrecy.Of(e.Key, text); smell != "" {
			r.leak("variable", e.Key, smell, stage, at)
		}
	}
}

// isArgument reports whether the current stage declares a build argument of
// that name.
func (r *reader) isArgument(name string) bool {
	v, found := r.scope[name]
	return found && v.open == name
}

// secretFiles match names of files that hold keys or credentials and nothing
// else. Templates of them, such as .env.example, hold none.
var (
	secretFiles = regexp.MustCompile(`(?i)^(?:\.env(?:\.(?:local|prod|production|live))?|id_(?:rsa|dsa|ecdsa|ed25519)|\.netrc|\.pgpass|\.npmrc\.auth|\.git-credentials|\.dockercfg|credentials\.json|service[-_]?account(?:[-_]?key)?\.json|.*\.(?:p12|pfx|jks|keystore|kdbx))$`)
	keyFiles    = regexp.MustCompile(`(?i)(?:^|[-_.])(?:key|private|privkey)[-_.]?[^/]*\.pem$|\.key$`)
	secretPaths = regexp.MustCompile(`(?i)(?:^|/)(?:\.ssh/(?:id_\w+|\*)?|\.ssh|\.aws(?:/credentials)?|\.kube/config|\.docker/config\.json)$`)
)

// copied judges files that a stage takes from the build's context by their
// names.
func (r *reader) copied(sources []string, from string, stage int, at fact.Location) {
	if from != "" {
		return // another stage's or image's file, judged there
	}
	for _, source := range sources {
		text, _ := r.expand(source, r.scope)
		base := path.Base(strings.ReplaceAll(text, `\`, "/"))
		switch {
		case secretFiles.MatchString(base), secretPaths.MatchString(strings.TrimSuffix(text, "/")):
			r.leak("file", text, "a file of credentials", stage, at)
		case keyFiles.MatchString(base):
			r.leak("file", text, "a private key", stage, at)
		}
	}
}

func (r *reader) added(c *instructions.AddCommand, stage int, at fact.Location) {
	var local []string
	for _, source := range c.SourcePaths {
		if !strings.HasPrefix(source, "http://") && !strings.HasPrefix(source, "https://") {
			local = append(local, source)
			continue
		}
		if c.Checksum == "" && !strings.HasSuffix(strings.SplitN(source, "#", 2)[0], ".git") {
			r.build.Fetches = append(r.build.Fetches, fact.Fetch{How: "add", From: host(source), At: at})
		}
		if smell := secrecy.Of("", source); smell != "" {
			r.leak("command", "ADD", smell, stage, at)
		}
	}
	r.copied(local, "", stage, at)
}

// host keeps of a URL what is no secret: scheme and host.
func host(url string) string {
	scheme, rest, _ := strings.Cut(url, "://")
	name, _, _ := strings.Cut(rest, "/")
	if at := strings.LastIndexByte(name, '@'); at >= 0 {
		name = name[at+1:]
	}
	return scheme + "://" + name
}

// piped matches a script of the network that a shell runs as it comes.
var piped = regexp.MustCompile(`(?:curl|wget)\s[^|;&\n]*?(https?://[^\s|;&"']+)[^|;&\n]*\|\s*(?:sudo\s+)?(?:-E\s+)?(?:/bin/)?(?:ba|da|z)?sh\b`)

// run judges a command line of the build. A mounted secret leaves no trace.
func (r *reader) run(c *instructions.RunCommand, stage int, at fact.Location) {
	texts := []string{strings.Join(c.CmdLine, " ")}
	for _, f := range c.Files {
		texts = append(texts, f.Data)
	}
	for _, text := range texts {
		for _, m := range piped.FindAllStringSubmatch(text, 5) {
			r.build.Fetches = append(r.build.Fetches, fact.Fetch{How: "pipe", From: host(m[1]), At: at})
		}
		for _, e := range process.Arguments([]string{text}, func(int) fact.Location { return at }) {
			name := e.Name
			if name == "" {
				name = "RUN"
			}
			r.leak("command", name, e.Smell, stage, at)
		}
	}
}
