package kustomize

import (
	"regexp"
	"strings"
	"sync"
)

// recursion is how kustomize says which folder it is in; the last one is
// where it failed.
var recursion = regexp.MustCompile(`(?:recursed accumulation of path|couldn't make target for path|recursed merging from path) \\*'` + mount + `/?([^']*?)\\*'`)

// faulty returns the folder whose kustomization failed.
func faulty(reason, root string) string {
	all := recursion.FindAllStringSubmatch(reason, -1)
	if len(all) == 0 {
		return root
	}
	last := all[len(all)-1][1]
	if last == "" {
		return "."
	}
	return last
}

// notThere ends a reason that may follow from another.
const notThere = ", which is not among its objects"

// reasons are the refusals that users meet, in words of ours. kustomize's own
// texts are never passed on as they are: they hold whole patches and literals,
// and with them secrets.
var reasons = []struct{ match, say string }{
	{`may not add resource with an already registered id: ([^\s'"\\]+)`, "brings in $1, which is there already; kustomize refuses two objects of the same kind, name and namespace"},
	{`Kind:"(\w+)"[^}]*}, Name:"([^"]*)"[^}]*} exists; can not use behavior`, "generates $1 $2, which is there already; set its behavior to merge or replace"},
	{`Kind:"(\w+)"[^}]*}, Name:"([^"]*)"[^}]*} does not exist; cannot merge or replace`, "changes $1 $2, which is not there; set its behavior to create"},
	{`namespace transformation produces ID conflict`, "moves two objects of the same kind and name into one namespace"},
	{`no (?:resource )?matches for Id ([^\s;'"\\]+)`, "changes $1" + notThere},
	{`multiple matches for Id ([^\s;'"\\]+)`, "changes $1, which stands for several of its objects"},
	{`resource with name ([\w.-]+) does not match a config`, "sets the replicas of $1" + notThere},
	{`unable to parse SM or JSON patch`, "holds a patch that is neither a strategic merge patch nor a JSON patch"},
	{`must specify a target for`, "holds a JSON patch without a target; name the objects that it changes"},
	{`must specify one of patch and path`, "has neither a patch nor a path here"},
	{`patch and path can't be set at the same time`, "has both a patch and a path here; remove one"},
	{`error in remove for path: \\*'([/\w~.-]+)`, "removes $1, which the object does not have"},
	{`doc is missing (?:path|key): \\*"?([/\w~.-]+)`, "changes $1, which the object does not have"},
	{`testing value ([/\w~.-]+) failed`, "tests $1 for a value that the object does not have"},
	{`Unexpected kind: (\w+)`, "asks for the operation $1, which JSON patches do not have"},
	{`error parsing regexp`, "has a selector that is no regular expression"},
	{`nothing selected by ([^\s'"\\]+)`, "takes a value from $1" + notThere},
	{`multiple matches for selector ([^\s'"\\]+)`, "takes a value from $1, which stands for several of its objects"},
	{"fieldPath .([\\w.\\-/~\\[\\]=]+). is missing for replacement source ([^\\s'\"\\\\]+)", "takes the value of $1 from $2, which does not have it"},
	{`unable to find field \\*"?([\w.\-/~\[\]=]+)\\*"? in replacement target`, "puts a value into $1, which its target does not have; set options.create to add it"},
	{"illegally repeats the key .([\\w.-]+)", "generates the key $1 twice"},
	{`a (configmap|secret) must have a name`, "generates a $1 without a name"},
	{`invalid literal source|literal source`, "has a literal that is not of the form key=value"},
	{`unable to load builtin (\w+)`, "asks for the builtin plugin $1, which kustomize does not have"},
	{`OpenAPI version is not built in`, "asks for a version of the API schema that kustomize does not have"},
	{`sortOptions\.order`, "has a sortOptions.order that is neither fifo nor legacy"},
	{`label name '([\w./-]+)' exists in both`, "sets the label $1 in both commonLabels and labels"},
	{`external plugins disabled`, "asks for a plugin, which is not run"},
	{`--enable-helm`, "asks for a Helm chart, which is not rendered inside a kustomization"},
	{`nothing is fetched|executable file not found|no 'git' program`, "asks for something remote, which is not fetched"},
	{`security; file`, "names a file outside its own folder"},
	{`json: unknown field \\*"(\w+)`, "names a file with the field $1, which kustomize does not know there"},
	{`(?i)wrong node kind`, "changes a field as if it had another type, for instance a list as if it were a mapping"},
	{`yaml: |MalformedYAML|json: cannot unmarshal`, "holds YAML that kustomize cannot read"},
	{`^panic:`, "makes kustomize panic"},
}

// patterns compiles the table, which costs too much for the start of a program
// that seldom needs it.
var patterns = sync.OnceValue(func() []*regexp.Regexp {
	out := make([]*regexp.Regexp, len(reasons))
	for i, r := range reasons {
		out[i] = regexp.MustCompile(r.match)
	}
	return out
})

// pointer is what makes two texts of the same failure differ.
var pointer = regexp.MustCompile(`0x[0-9a-f]+`)

// identity is how kustomize writes what an object is: Kind.version.group/name.namespace.
var identity = regexp.MustCompile(`\b([A-Z]\w*)\.(?:\w+|\[noVer\])\.[^/\s]+/([^\s,;]+)\.(\[noNs\]|[^.\s,;]+)`)

// explain says in one sentence why kustomize refuses.
func explain(reason, folder string) string {
	flat := strings.ReplaceAll(reason, "\n", " ")
	for i, pattern := range patterns() {
		m := pattern.FindStringSubmatchIndex(flat)
		if m == nil {
			continue
		}
		text := string(pattern.ExpandString(nil, reasons[i].say, flat, m))
		text = identity.ReplaceAllString(text, "$1 $3/$2")
		return strings.ReplaceAll(text, "[noNs]/", "")
	}
	return "makes kustomize refuse the build; `kustomize build " + folder + "` says why"
}
