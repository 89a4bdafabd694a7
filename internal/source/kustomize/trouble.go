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
	{regexp.MustCompile(`id resid\.ResId\{.*?Kind:"([^"]+)".*?Name:"([^"]+)".*? exists; behavior must be merge or replace`), "generates $1 $2, which is there already; set its behavior to merge or replace"},
	{regexp.MustCompile(`behavior must be merge or replace`), "generates an object that is there already; set its behavior to merge or replace"},
	{regexp.MustCompile(`id resid\.ResId\{.*?Kind:"([^"]+)".*?Name:"([^"]+)".*? does not exist; cannot (merge|replace)`), "is to $3 $1 $2, which is not there"},
	{regexp.MustCompile(`does not exist; cannot (merge|replace)`), "is to $1 an object that is not there"},
	{regexp.MustCompile(`no (?:resource )?matches for Id ([^\s;'"\\]+)`), "changes $1, which is not among its objects"},
	{regexp.MustCompile(`multiple matches for Id ([^\s;'"\\]+)`), "changes $1, which stands for several of its objects"},
	{regexp.MustCompile(`unable to find (?:one )?(?:patch )?target|no resource matches strategic merge patch`), "changes an object that is not among its objects"},
	{regexp.MustCompile(`unable to parse SM or JSON patch`), "is neither a strategic merge patch nor a JSON patch"},
	{regexp.MustCompile(`must specify a target for (?:JSON )?patch`), "is a JSON patch without a target; name the objects that it changes"},
	{regexp.MustCompile(`trouble configuring builtin PatchTransformer.*must specify one of patch and path`), "has neither a patch nor a path"},
	{regexp.MustCompile(`(?:replace|remove|add|copy|move|test) operation does not apply: doc is missing (?:key|path)?:? ?"?([/\w~.-]+)`), "changes $1, which the object does not have"},
	{regexp.MustCompile(`doc is missing key: ([/\w~.-]+)`), "changes $1, which the object does not have"},
	{regexp.MustCompile(`doc is missing path: "?([/\w~.-]+)`), "changes $1, which the object does not have"},
	{regexp.MustCompile(`testing value [^:]*failed`), "tests for a value that the object does not have"},
	{regexp.MustCompile(`nothing selected by ([\w.\-/~\[\]:]+)`), "takes a value from $1, which is not among its objects"},
	{regexp.MustCompile(`multiple matches for selector ([\w.\-/~\[\]:]+)`), "takes a value from $1, which stands for several of its objects"},
	{regexp.MustCompile(`fieldPath .([\w.\-/~\[\]=]+). is missing for replacement source`), "takes the value of $1, which its source does not have"},
	{regexp.MustCompile(`unable to find field "?([\w.\-/~\[\]=]+)"? in replacement target`), "puts a value into $1, which its target does not have; set options.create to add it"},
	{regexp.MustCompile(`var '?([\w.-]+)'? (?:cannot be mapped|already encountered)`), "has a variable $1 that stands for nothing or stands twice"},
	{regexp.MustCompile(`external plugins disabled|only builtin`), "asks for a plugin, which is not run"},
	{regexp.MustCompile(`must specify --enable-helm|helm`), "asks for a Helm chart, which is not rendered inside a kustomization"},
	{regexp.MustCompile(`nothing is fetched|executable file not found`), "asks for something remote, which is not fetched"},
	{regexp.MustCompile(`already has '[^']*' as a? ?key|cannot add key`), "generates the same key twice"},
	{regexp.MustCompile(`label name '([\w./-]+)' exists in both`), "sets the label $1 in both commonLabels and labels"},
	{regexp.MustCompile(`conflicting? fieldspecs?`), "sets a field list that contradicts another"},
	{regexp.MustCompile(`security; file`), "names a file outside its own folder"},
	{regexp.MustCompile(`invalid (?:literal source|env)|literal source .*expected`), "has a literal that is not of the form key=value"},
	{regexp.MustCompile(`wrong node kind|wrong Node Kind`), "changes a field as if it had another type, for instance a list as if it were a mapping"},
	{regexp.MustCompile(`yaml: |MalformedYAML|json: cannot unmarshal`), "holds YAML that kustomize cannot read"},
	{regexp.MustCompile(`^panic:`), "makes kustomize panic"},
}

// explain says in one sentence why kustomize refuses.
func explain(reason, folder string) string {
	flat := strings.ReplaceAll(reason, "\n", " ")
	for _, r := range reasons {
		m := r.match.FindStringSubmatchIndex(flat)
		if m == nil {
			continue
		}
		return string(r.match.ExpandString(nil, r.say, flat, m))
	}
	return "makes kustomize refuse the build; `kustomize build " + folder + "` says why"
}
