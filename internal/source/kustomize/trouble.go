package kustomize

import (
	"regexp"
	"strings"
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

// reasons are the refusals that users meet, in words of ours. kustomize's own
// texts are never passed on as they are: they hold whole patches and literals,
// and with them secrets.
var reasons = []struct {
	match *regexp.Regexp
	say   string
}{
	{regexp.MustCompile(`may not add resource with an already registered id: ([^\s'"\\]+)`), "brings in $1, which is there already; kustomize refuses two objects of the same kind, name and namespace"},
	{regexp.MustCompile(`Kind:"(\w+)"[^}]*}, Name:"([^"]*)"[^}]*} exists; can not use behavior`), "generates $1 $2, which is there already; set its behavior to merge or replace"},
	{regexp.MustCompile(`Kind:"(\w+)"[^}]*}, Name:"([^"]*)"[^}]*} does not exist; cannot merge or replace`), "changes $1 $2, which is not there; set its behavior to create"},
	{regexp.MustCompile(`namespace transformation produces ID conflict`), "moves two objects of the same kind and name into one namespace"},
	{regexp.MustCompile(`no (?:resource )?matches for Id ([^\s;'"\\]+)`), "changes $1, which is not among its objects"},
	{regexp.MustCompile(`multiple matches for Id ([^\s;'"\\]+)`), "changes $1, which stands for several of its objects"},
	{regexp.MustCompile(`resource with name ([\w.-]+) does not match a config`), "sets the replicas of $1, which is not among its objects"},
	{regexp.MustCompile(`unable to parse SM or JSON patch`), "holds a patch that is neither a strategic merge patch nor a JSON patch"},
	{regexp.MustCompile(`must specify a target for`), "holds a JSON patch without a target; name the objects that it changes"},
	{regexp.MustCompile(`must specify one of patch and path`), "has neither a patch nor a path here"},
	{regexp.MustCompile(`patch and path can't be set at the same time`), "has both a patch and a path here; remove one"},
	{regexp.MustCompile(`error in remove for path: \\*'([/\w~.-]+)`), "removes $1, which the object does not have"},
	{regexp.MustCompile(`doc is missing (?:path|key): \\*"?([/\w~.-]+)`), "changes $1, which the object does not have"},
	{regexp.MustCompile(`testing value ([/\w~.-]+) failed`), "tests $1 for a value that the object does not have"},
	{regexp.MustCompile(`Unexpected kind: (\w+)`), "asks for the operation $1, which JSON patches do not have"},
	{regexp.MustCompile(`error parsing regexp`), "has a selector that is no regular expression"},
	{regexp.MustCompile(`nothing selected by ([^\s'"\\]+)`), "takes a value from $1, which is not among its objects"},
	{regexp.MustCompile(`multiple matches for selector ([^\s'"\\]+)`), "takes a value from $1, which stands for several of its objects"},
	{regexp.MustCompile("fieldPath .([\\w.\\-/~\\[\\]=]+). is missing for replacement source ([^\\s'\"\\\\]+)"), "takes the value of $1 from $2, which does not have it"},
	{regexp.MustCompile(`unable to find field \\*"?([\w.\-/~\[\]=]+)\\*"? in replacement target`), "puts a value into $1, which its target does not have; set options.create to add it"},
	{regexp.MustCompile("illegally repeats the key .([\\w.-]+)"), "generates the key $1 twice"},
	{regexp.MustCompile(`a (configmap|secret) must have a name`), "generates a $1 without a name"},
	{regexp.MustCompile(`invalid literal source|literal source`), "has a literal that is not of the form key=value"},
	{regexp.MustCompile(`unable to load builtin (\w+)`), "asks for the builtin plugin $1, which kustomize does not have"},
	{regexp.MustCompile(`OpenAPI version is not built in`), "asks for a version of the API schema that kustomize does not have"},
	{regexp.MustCompile(`sortOptions\.order`), "has a sortOptions.order that is neither fifo nor legacy"},
	{regexp.MustCompile(`label name '([\w./-]+)' exists in both`), "sets the label $1 in both commonLabels and labels"},
	{regexp.MustCompile(`external plugins disabled`), "asks for a plugin, which is not run"},
	{regexp.MustCompile(`--enable-helm`), "asks for a Helm chart, which is not rendered inside a kustomization"},
	{regexp.MustCompile(`nothing is fetched|executable file not found|no 'git' program`), "asks for something remote, which is not fetched"},
	{regexp.MustCompile(`security; file`), "names a file outside its own folder"},
	{regexp.MustCompile(`json: unknown field \\*"(\w+)`), "names a file with the field $1, which kustomize does not know there"},
	{regexp.MustCompile(`(?i)wrong node kind`), "changes a field as if it had another type, for instance a list as if it were a mapping"},
	{regexp.MustCompile(`yaml: |MalformedYAML|json: cannot unmarshal`), "holds YAML that kustomize cannot read"},
	{regexp.MustCompile(`^panic:`), "makes kustomize panic"},
}

// pointer is what makes two texts of the same failure differ.
var pointer = regexp.MustCompile(`0x[0-9a-f]+`)

// identity is how kustomize writes what an object is: Kind.version.group/name.namespace.
var identity = regexp.MustCompile(`\b([A-Z]\w*)\.(?:\w+|\[noVer\])\.[^/\s]+/([^\s,;]+)\.(\[noNs\]|[^.\s,;]+)`)

// explain says in one sentence why kustomize refuses.
func explain(reason, folder string) string {
	flat := strings.ReplaceAll(reason, "\n", " ")
	for _, r := range reasons {
		m := r.match.FindStringSubmatchIndex(flat)
		if m == nil {
			continue
		}
		text := string(r.match.ExpandString(nil, r.say, flat, m))
		text = identity.ReplaceAllString(text, "$1 $3/$2")
		return strings.ReplaceAll(text, "[noNs]/", "")
	}
	return "makes kustomize refuse the build; `kustomize build " + folder + "` says why"
}
