package pipeline

import (
	"strings"

	"github.com/rhysd/actionlint"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
)

// azureFacts are what Azure's variables say on each occasion, in the order of
// occasions. A variable that is not listed is open.
var azureFacts = []map[string]value{
	azureEvent("PullRequest", "refs/pull/1/merge", "merge", "1"),
	nil, // Azure has nothing like pull_request_target
	azureEvent("IndividualCI", "refs/heads/\x00default", "\x00default", ""),
	azureEvent("IndividualCI", "refs/heads/\x00other", "\x00other", ""),
	azureEvent("IndividualCI", "refs/tags/v1.2.3", "v1.2.3", ""),
	azureEvent("Schedule", "refs/heads/\x00default", "\x00default", ""),
	{"variables.build.reason": text("Manual"), "variables.system.pullrequest.pullrequestid": text("")},
}

func azureEvent(reason, ref, name, proposal string) map[string]value {
	return map[string]value{
		"variables.build.reason": text(reason), "variables.build.sourcebranch": text(ref), "variables.build.sourcebranchname": text(name),
		"variables.system.pullrequest.pullrequestid": text(proposal),
	}
}

// maxVariables bounds the variables that conditions are put to.
const maxVariables = 300

// define reads the variables of the pipeline, which conditions name.
func (a *azureFile) define(root *decode.Node) {
	written := map[string]string{}
	list := decode.Follow(decode.Child(root, "variables"))
	for i, key := range decode.Keys(list) {
		if i < maxVariables {
			written[strings.ToLower(key.Value)] = decode.Text(decode.Child(list, key.Value))
		}
	}
	for i, item := range decode.Items(list) {
		if name := decode.Text(decode.Child(item, "name")); name != "" && i < maxVariables {
			written[strings.ToLower(name)] = decode.Text(decode.Child(item, "value"))
		}
	}
	for _, event := range azureFacts {
		facts := map[string]value{}
		for name, source := range written {
			if inner, found := strings.CutPrefix(source, "$["); found {
				facts["variables."+name] = azureCondition(strings.TrimSuffix(inner, "]"))(event)
			} else if !strings.Contains(source, "$") {
				facts["variables."+name] = text(source)
			}
		}
		for name, v := range event { // what Azure sets itself nobody overrides
			facts[name] = v
		}
		a.facts = append(a.facts, facts)
	}
}

// inserted narrows occasions by the condition of an insertion: ${{ if ... }}.
func (a *azureFile) inserted(when fact.Occasions, key string) fact.Occasions {
	inner := strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(key, "${{"), "}}"))
	if condition, found := strings.CutPrefix(inner, "if "); found {
		return a.narrow(when, condition)
	}
	return when
}

// narrow returns the occasions on which a condition can hold. What it asks for
// besides the event (parameters, results, variables of the run) leaves open whether
// it runs there.
func (a *azureFile) narrow(when fact.Occasions, condition string) fact.Occasions {
	holds := azureCondition(condition)
	out, open := when, false
	for i, o := range occasions {
		flag := o.has(&out)
		if !*flag {
			continue
		}
		v := holds(a.facts[i])
		*flag = !v.known || v.truth
		open = open || !v.known && (i == 0 || i == 3)
	}
	switch {
	case !out.Merge && !out.AnyBranch:
		out.Unsettled = ""
	case open && out.Unsettled == "":
		out.Unsettled = "the condition `" + short(condition) + "` decides it"
	}
	return out
}

// azureCondition evaluates a condition of Azure as far as the occasion tells. What
// runs only because something failed is open.
func azureCondition(source string) func(map[string]value) value {
	if len(source) > 8192 || strings.Count(source, "(")+strings.Count(source, "[") > 500 {
		return func(map[string]value) value { return value{} }
	}
	switch strings.ToLower(strings.TrimSpace(source)) {
	case "false", "true":
		v := truth(strings.EqualFold(strings.TrimSpace(source), "true"))
		return func(map[string]value) value { return v }
	}
	node, err := actionlint.NewExprParser().Parse(actionlint.NewExprLexer(source + "}}"))
	if err != nil {
		return func(map[string]value) value { return value{} }
	}
	return func(facts map[string]value) value { return azureValue(node, facts) }
}

func azureValue(n actionlint.ExprNode, facts map[string]value) value {
	if s, is := n.(*actionlint.StringNode); is && strings.ContainsAny(s.Value, "$") {
		return value{} // filled in
	}
	call, is := n.(*actionlint.FuncCallNode)
	if !is {
		return evaluate(n, facts)
	}
	var args []value
	for _, arg := range call.Args {
		args = append(args, azureValue(arg, facts))
	}
	same := func(b value) value {
		if !args[0].known || !b.known {
			return value{}
		}
		yes, sure := equal(args[0].text, b.text)
		if !sure {
			return value{}
		}
		return truth(yes)
	}
	switch name := strings.ToLower(call.Callee); {
	case name == "succeeded" || name == "always" || name == "succeededorfailed":
		return truth(true)
	case name == "and" || name == "or":
		out := truth(name == "and")
		for _, v := range args {
			switch {
			case v.known && v.truth == (name == "or"):
				return truth(name == "or")
			case !v.known:
				out = v
			}
		}
		return out
	case name == "not" && len(args) == 1:
		return opposite(args[0])
	case name == "eq" && len(args) == 2:
		return same(args[1])
	case name == "ne" && len(args) == 2:
		return opposite(same(args[1]))
	case (name == "in" || name == "notin") && len(args) > 1:
		out := truth(false)
		for _, v := range args[1:] {
			switch s := same(v); {
			case s.known && s.truth:
				out = s
			case !s.known && !out.truth:
				out = s
			}
			if out.known && out.truth {
				break
			}
		}
		if name == "notin" {
			return opposite(out)
		}
		return out
	case name == "startswith" || name == "endswith" || name == "contains":
		return called(call, facts)
	}
	return value{}
}
