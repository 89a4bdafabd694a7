package graph

import (
	"path"
	"regexp"
	"strings"

	"seaworthy.dev/seaworthy/internal/decode"
)

// nodes parses the documents of a YAML file; one that cannot be parsed makes its
// folder depend on everything.
func (r *reader) nodes(file string) []*decode.Node {
	data, ok := r.load(file)
	if !ok {
		return nil
	}
	var out []*decode.Node
	for _, doc := range decode.Split(file, data) {
		root, problem := doc.Parse()
		if problem != nil {
			r.unread(file, errorOf(problem.Message))
			continue
		}
		if root != nil {
			out = append(out, root)
		}
	}
	return out
}

type errorOf string

func (e errorOf) Error() string { return "it " + string(e) }

// chart reads the charts of the repository on which a chart depends.
func (r *reader) chart(file, dir string) {
	for _, root := range r.nodes(file) {
		for _, d := range decode.Items(decode.Child(root, "dependencies")) {
			if local, found := strings.CutPrefix(decode.Text(decode.Child(d, "repository")), "file://"); found {
				r.link(dir, local, "a dependency of")
			}
		}
	}
}

// kustomization takes every text of a kustomization that names a file or a folder
// for one that it uses: there are some twenty fields in which they stand.
func (r *reader) kustomization(file, dir string) {
	for _, root := range r.nodes(file) {
		texts(root, 0, func(text string) {
			if _, after, found := strings.Cut(text, "="); found && !strings.ContainsAny(text, " \n") {
				text = after // files: ["key=path"]
			}
			if text != "" && text != "." && text != "/" && !strings.ContainsAny(text, "\n:") {
				r.link(dir, text, "included by")
			}
		})
	}
}

// texts calls with every scalar below a node.
func texts(n *decode.Node, depth int, call func(string)) {
	if n == nil || depth > 50 {
		return
	}
	if decode.Text(n) != "" {
		call(decode.Text(n))
	}
	if n.Alias != nil {
		return // it stands elsewhere too
	}
	for _, child := range n.Content {
		texts(child, depth+1, call)
	}
}

var moduleSource = regexp.MustCompile(`(?m)^\s*source\s*=\s*"(\.{1,2}(?:/[^"]*)?)"`)

// terraform reads the modules of the repository that a folder calls.
func (r *reader) terraform(file, dir string) {
	data, ok := r.load(file)
	if !ok {
		return
	}
	for _, m := range moduleSource.FindAllSubmatch(data, -1) {
		r.link(dir, string(m[1]), "called by")
	}
}

func isCompose(name string) bool {
	ext := path.Ext(name)
	stem := strings.TrimSuffix(name, ext)
	stem, _, _ = strings.Cut(stem, ".") // compose.override.yaml
	return (ext == ".yaml" || ext == ".yml") && (stem == "compose" || stem == "docker-compose")
}

// compose reads what a compose file includes and builds.
func (r *reader) compose(file, dir string) {
	for _, root := range r.nodes(file) {
		for _, key := range []string{"include", "configs", "secrets"} {
			texts(decode.Child(root, key), 0, func(text string) {
				if strings.ContainsAny(text, "./") {
					r.link(dir, text, "used by")
				}
			})
		}
		services := decode.Child(root, "services")
		for _, key := range decode.Keys(services) {
			service := decode.Child(services, key.Value)
			for _, used := range []string{"env_file", "extends"} {
				texts(decode.Child(service, used), 0, func(text string) {
					if strings.ContainsAny(text, "./") {
						r.link(dir, text, "used by")
					}
				})
			}
			build := decode.Child(service, "build")
			context := decode.Text(build)
			if decode.IsMapping(build) {
				context = decode.Text(decode.Child(build, "context"))
				if context == "" {
					context = "."
				}
			}
			if build == nil || strings.Contains(context, "://") {
				continue
			}
			dockerfile := decode.Text(decode.Child(build, "dockerfile"))
			if dockerfile == "" {
				dockerfile = "Dockerfile"
			}
			at := path.Join(dir, context)
			if r.link(dir, path.Join(context, dockerfile), "built by") {
				if r.contexts == nil {
					r.contexts = map[string][]string{}
				}
				built := path.Join(at, dockerfile)
				r.contexts[built] = append(r.contexts[built], at)
				if path.Dir(built) != dir { // the image is as much this folder's as the Dockerfile's
					r.copies(built, dir, at)
				}
			}
		}
	}
}

func isDockerfile(name string) bool {
	return strings.HasPrefix(name, "Dockerfile") || strings.HasSuffix(name, ".Dockerfile") || strings.HasSuffix(name, ".dockerfile") || strings.HasPrefix(name, "Containerfile")
}

// dockerfile reads what an image is built from. It is built in the folder that a
// compose file names, else in its own where that holds all that it copies, else
// in the root.
func (r *reader) dockerfile(file, dir string) {
	contexts := r.contexts[file]
	if len(contexts) == 0 {
		contexts = []string{dir}
		for _, source := range r.copied(file) {
			if at := path.Join(dir, fixed(source)); !r.files[at] && !r.folders[at] {
				contexts = []string{"."}
				break
			}
		}
	}
	for _, context := range contexts {
		r.copies(file, dir, context)
	}
}

// copies makes a folder depend on what a Dockerfile copies from its context.
func (r *reader) copies(file, from, context string) {
	for _, source := range r.copied(file) {
		on := path.Join(context, fixed(source))
		if rel := relative(from, on); rel != "" {
			r.link(from, rel, "copied by")
		}
	}
}

// relative returns the way from one folder to a path; both are below the root.
func relative(from, to string) string {
	if from == "." {
		return to
	}
	return strings.Repeat("../", strings.Count(from, "/")+1) + to
}

// fixed returns the folders in front of the first pattern or variable.
func fixed(source string) string {
	source = strings.TrimPrefix(source, "/")
	if at := strings.IndexAny(source, "*?[$"); at >= 0 {
		source = path.Dir(source[:at] + "x")
	}
	return path.Clean(source)
}

// copied lists the sources of COPY and ADD that come from the context.
func (r *reader) copied(file string) (out []string) {
	data, ok := r.load(file)
	if !ok {
		return nil
	}
	text := strings.NewReplacer("\\\r\n", " ", "\\\n", " ").Replace(string(data))
	for _, line := range strings.Split(text, "\n") {
		words := strings.Fields(strings.NewReplacer("[", " ", "]", " ", `",`, " ", `"`, " ").Replace(line))
		if len(words) < 3 || !strings.EqualFold(words[0], "COPY") && !strings.EqualFold(words[0], "ADD") {
			continue
		}
		other := false
		sources := words[1 : len(words)-1]
		for len(sources) > 0 && strings.HasPrefix(sources[0], "--") {
			other = other || strings.HasPrefix(sources[0], "--from=")
			sources = sources[1:]
		}
		for _, s := range sources {
			if !other && !strings.Contains(s, "://") && !strings.HasPrefix(s, "<<") {
				out = append(out, s)
			}
		}
	}
	return out
}
