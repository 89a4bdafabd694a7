// Package deeds tells what a command line or an action of a pipeline does: lint,
// check schemas, judge by policy, deploy and so on. It judges by the words of
// the command, never by text that happens to stand in it.
package deeds

import (
	"path"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/script"
	"seaworthy.dev/seaworthy/internal/fact"
)

// Result is what is known of one command.
type Result struct {
	Deeds []fact.Deed
	// OwnCluster is true where the command makes a cluster for the job alone.
	OwnCluster bool
	// ByOutput is true where what the command lists is looked at, and its exit code
	// is not.
	ByOutput bool
	// Follow leads into the repository; nil where nothing is to be followed.
	Follow *Follow
	// Opaque says what cannot be read, where something cannot.
	Opaque *fact.Opaque
}

// Follow is a way into the repository: what a command runs is written there.
type Follow struct {
	// Runner is make, npm, script, task, just, tox, pre-commit or inline.
	Runner string
	// Names are targets, scripts, environments; for a script its path, and
	// inline the script's text.
	Names []string
	// Dir is the folder in which it runs, relative to that of the command.
	Dir string
	// File is the file of rules where it is named.
	File string
	// Shell as the runner starts it.
	Shell script.Shell
	// Else is what is known of the command where the way leads nowhere.
	Else []fact.Deed
	// Remote is true where it runs on another machine.
	Remote bool
}

// Book recognises commands and actions.
type Book struct {
	programs map[string][]*rule
	actions  map[string][]*action
}

// New returns a book of what is known.
func New() *Book { return &Book{programs: byProgram(), actions: byAction()} }

// Command tells what a command of a script does.
func (b *Book) Command(c script.Command) Result {
	out := b.words(c.Words, 0)
	for i := range out.Deeds { // what only lists may still fail by what it lists
		if d := &out.Deeds[i]; c.Captured && strings.HasSuffix(d.Soft, lists) {
			d.Soft, out.ByOutput = "", true
		}
	}
	return out
}

// lists is why programs that only list what they find fail nothing by themselves.
const lists = "exits with 0 whatever it lists"

func (b *Book) words(words []string, depth int) Result {
	words = unwrap(words)
	if len(words) == 0 || depth > 8 {
		return Result{}
	}
	name := b.program(words[0])
	args := words[1:]
	if slices.ContainsFunc(args, func(a string) bool { return a == "--version" || a == "--help" }) || len(args) == 1 && (args[0] == "version" || args[0] == "help" || args[0] == "-v" && name != "pytest") {
		return Result{}
	}
	if inner, found := inside(name, args); found {
		return b.words(inner, depth+1)
	}
	out := Result{Deeds: b.known(name, args)}
	out.Deeds = slices.DeleteFunc(out.Deeds, func(d fact.Deed) bool {
		out.OwnCluster = out.OwnCluster || d.Kind == ownCluster
		return d.Kind == ownCluster
	})
	if name == "curl" || name == "wget" {
		out.OwnCluster = slices.ContainsFunc(args, func(a string) bool { return strings.Contains(a, "get.k3s.io") })
	}
	out.Follow = follow(name, words[0], args)
	if out.Follow != nil {
		out.Follow.Else, out.Deeds = out.Deeds, nil
		if f := out.Follow; f.Runner == "npm" && f.Dir == "" && len(args) > 0 && args[0] == f.Names[0] && args[0] != "test" {
			out.Follow.Else = b.words(args, depth+1).Deeds // a program of a package, such as `yarn eslint .`
		}
		return out
	}
	if out.Opaque = opaque(name, words); out.Opaque == nil && len(out.Deeds) == 0 && isScript(words[0]) {
		out.Opaque = &fact.Opaque{What: brief(words), Why: "it is a program of the repository"}
	}
	if out.Opaque == nil {
		out.Opaque = stages(name, words)
	}
	if out.Opaque == nil && len(out.Deeds) == 0 {
		out.Opaque = b.handed(name, words, depth)
	}
	return out
}

// isScript reports whether a word leads to a program of the repository that
// somebody wrote; one without an extension was mostly built.
func isScript(word string) bool {
	return strings.Contains(word, "/") && path.Ext(word) != "" && !strings.ContainsAny(word[:1], "/~$") && !script.Filled(strings.SplitN(word, "/", 2)[0])
}

// program is the name of a program without its folder; a variable that is named
// after a known program stands for it.
func (b *Book) program(word string) string {
	name := strings.TrimSuffix(path.Base(strings.ReplaceAll(word, `\`, "/")), ".exe")
	if strings.HasPrefix(name, "$") {
		named := strings.ToLower(strings.ReplaceAll(strings.Trim(name, "$(){}"), "_", "-"))
		named = strings.TrimSuffix(strings.TrimSuffix(named, "-bin"), "-cmd")
		if b.programs[named] != nil || lints[named] != "" {
			return named
		}
	}
	if at := strings.IndexByte(name, '@'); at > 0 { // kubeconform@latest
		name = name[:at]
	}
	return name
}

// housekeeping are the commands of golangci-lint that look at no code.
var housekeeping = []string{"cache", "completion", "config", "custom", "formatters", "linters", "migrate"}

// known applies the rules to a program and its arguments.
func (b *Book) known(name string, args []string) (out []fact.Deed) {
	flags, plain := arguments(name, args)
	if name == "golangci-lint" && len(plain) > 0 && slices.Contains(housekeeping, plain[0]) {
		return nil
	}
	if over, found := lints[name]; found && writers[name] == nil || has(flags, writers[name]) || slices.ContainsFunc(writers[name], func(w string) bool { return slices.Contains(plain, w) }) {
		if !found {
			over = code
		}
		d := fact.Deed{Kind: fact.Lints, Tool: name, Over: over}
		if flag := which(flags, zeroExit); flag != "" {
			d.Soft = "`" + flag + "`"
		}
		if name == "goimports" || name == "gofumpt" || name == "shfmt" && !has(flags, []string{"-d", "--diff"}) {
			d.Soft = name + " " + lists
		}
		out = append(out, d)
	}
	for _, r := range b.programs[name] {
		words, fits := r.fits(name, flags, plain)
		if !fits {
			continue
		}
		d := fact.Deed{Kind: r.kind, Tool: words, Over: r.over}
		if r.soft != "" && !has(flags, r.unless) {
			d.Soft = r.soft
		}
		if flag := which(flags, r.softened); flag != "" {
			d.Soft = "`" + flag + "`"
		}
		adjust(&d, name, flags, plain)
		if !slices.ContainsFunc(out, func(e fact.Deed) bool { return e.Kind == d.Kind && e.Over == d.Over }) {
			out = append(out, d)
		}
	}
	return out
}

// fits reports whether a command line is one of the rule's, and returns the
// words that matter.
func (r *rule) fits(name string, flags, plain []string) (string, bool) {
	steps := strings.Split(r.words, " ")[1:]
	words, at := name, 0
	for _, step := range steps {
		found := ""
		for ; at < len(plain); at++ {
			if oneOf(step, plain[at]) {
				found = plain[at]
				at++
				break
			}
			if !loose(name) {
				return "", false
			}
		}
		if found == "" {
			return "", false
		}
		words += " " + found
	}
	if len(r.with) > 0 && !has(flags, r.with) && !slices.ContainsFunc(r.with, func(w string) bool {
		return !strings.HasPrefix(w, "-") && slices.ContainsFunc(plain, func(p string) bool { return p == w || strings.HasSuffix(w, "(") && strings.Contains(p, w) })
	}) {
		return "", false
	}
	if has(flags, r.without) || slices.ContainsFunc(r.without, func(w string) bool { return slices.Contains(plain, w) }) {
		return "", false
	}
	return words, true
}

func oneOf(step, word string) bool {
	for alternative := range strings.SplitSeq(step, "|") {
		if alternative == word {
			return true
		}
	}
	return false
}

// loose reports whether a program takes its targets in any order and number.
func loose(name string) bool {
	switch name {
	case "nx", "turbo", "lerna", "mvn", "mvnw", "gradle", "gradlew", "sbt", "rake", "copilot", "mix":
		return true
	}
	return false
}

// adjust says more of a deed: which kind of test it is, and what it names.
func adjust(d *fact.Deed, name string, flags, plain []string) {
	switch d.Kind {
	case fact.TestsUnits:
		for _, word := range append(slices.Clone(flags), plain...) {
			for part := range strings.FieldsFuncSeq(strings.ToLower(word), func(r rune) bool { return r < 'a' || r > 'z' }) {
				switch part {
				case "integration", "it", "functional", "contract":
					d.Kind = fact.TestsParts
				case "acceptance", "smoke", "endtoend":
					d.Kind = fact.TestsWhole
				}
			}
			if strings.Contains(word, "e2e") {
				d.Kind = fact.TestsWhole
			}
		}
	case fact.Deploys:
		d.Targets, d.Objects = names(name, flags, plain)
	case fact.ChecksSchema, fact.JudgesPolicy, fact.FindsOldAPIs, fact.Plans, fact.SeeksDrift:
		d.Targets, _ = names(name, flags, plain)
	}
}

// names returns the paths and the objects that a command names.
func names(name string, flags, plain []string) (paths, objects []string) {
	for _, flag := range flags {
		key, value, given := strings.Cut(flag, "=")
		if !given {
			continue
		}
		switch strings.TrimLeft(key, "-") {
		case "f", "filename", "k", "kustomize", "chdir", "values", "file", "template-file", "working-dir", "terragrunt-working-dir":
			if value != "-" && !strings.HasPrefix(value, "http") {
				paths = append(paths, value)
			}
		}
	}
	for i, word := range plain {
		switch {
		case name == "kubectl" || name == "oc":
			if i > 0 && strings.Count(word, "/") == 1 && !strings.ContainsAny(word, ".=:$") {
				objects = append(objects, word)
			}
		case name == "helm" && i == 2, name == "kubeconform" || name == "kubeval" || name == "conftest" && i > 0 || name == "kube-linter" && i > 0 || name == "ansible-playbook":
			if !strings.Contains(word, "://") {
				paths = append(paths, word)
			}
		}
	}
	return paths, objects
}

// brief is a command in a few words.
func brief(words []string) string {
	line := strings.ReplaceAll(strings.Join(words, " "), "\n", " ")
	line = strings.ReplaceAll(line, "__FILLED_IN__", "${{ ... }}")
	if len(line) > 48 {
		line = strings.ToValidUTF8(line[:45], "") + "..."
	}
	return line
}

// Rewrites returns the formatter that a command runs over files to change them;
// empty for any other command.
func Rewrites(words []string) string {
	words = unwrap(words)
	if len(words) == 0 {
		return ""
	}
	name := path.Base(words[0])
	flags, plain := arguments(name, words[1:])
	switch {
	case writers[name] != nil && !has(flags, writers[name]):
		return name
	case name == "gofmt" && has(flags, []string{"-w"}):
		return name
	case (name == "go" || name == "terraform" || name == "tofu" || name == "cargo" || name == "ruff") && len(plain) > 0 && (plain[0] == "fmt" || plain[0] == "format") && !has(flags, []string{"-check", "--check"}):
		return name + " " + plain[0]
	}
	return ""
}

// ShowsDifference reports whether a command fails, or tells, where files differ
// from what was checked out.
func ShowsDifference(c script.Command) bool {
	if len(c.Words) < 2 || path.Base(c.Words[0]) != "git" {
		return false
	}
	flags, _ := arguments("git", c.Words[2:])
	switch c.Words[1] {
	case "diff":
		return has(flags, []string{"--exit-code", "--quiet"}) || c.Captured
	case "status":
		return c.Captured
	}
	return false
}
