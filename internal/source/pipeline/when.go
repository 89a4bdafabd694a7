package pipeline

import (
	"strings"

	"github.com/rhysd/actionlint"

	"seaworthy.dev/seaworthy/internal/fact"
)

// occasion is one kind of event, with what the host's variables say on it.
type occasion struct {
	has   func(*fact.Occasions) *bool
	facts map[string]value
}

// value is what an expression yields; known is false where that is open.
type value struct {
	known bool
	text  string
	// truth is what the value counts as in a condition.
	truth bool
}

func text(s string) value { return value{known: true, text: s, truth: s != ""} }

func truth(b bool) value {
	if b {
		return value{known: true, text: "true", truth: true}
	}
	return value{known: true, text: "false"}
}

// narrow returns the occasions on which a condition can hold.
func narrow(when fact.Occasions, holds func(map[string]value) value) fact.Occasions {
	out := when
	for _, o := range occasions {
		if flag := o.has(&out); *flag {
			v := holds(o.facts)
			*flag = !v.known || v.truth
		}
	}
	// What runs on the default branch is tried with its usual names.
	return out
}

// proposal and others are what GitHub's context says on each occasion.
var occasions = []occasion{
	{func(o *fact.Occasions) *bool { return &o.Merge }, map[string]value{
		"github.event_name": text("pull_request"), "github.ref": text("refs/pull/1/merge"), "github.ref_name": text("1/merge"), "github.ref_type": text("branch"),
		"github.base_ref": text("\x00default"), "github.event.repository.default_branch": text("\x00default"), "github.event.pull_request.merged": truth(false), "github.event.schedule": text(""),
	}},
	{func(o *fact.Occasions) *bool { return &o.MergePrivileged }, map[string]value{
		"github.event_name": text("pull_request_target"), "github.ref": text("refs/heads/\x00default"), "github.ref_name": text("\x00default"),
		"github.base_ref": text("\x00default"), "github.event.repository.default_branch": text("\x00default"), "github.event.pull_request.merged": truth(false),
	}},
	{func(o *fact.Occasions) *bool { return &o.Push }, map[string]value{
		"github.event_name": text("push"), "github.ref": text("refs/heads/\x00default"), "github.ref_name": text("\x00default"), "github.ref_type": text("branch"),
		"github.base_ref": text(""), "github.head_ref": text(""), "github.event.repository.default_branch": text("\x00default"), "github.event.schedule": text(""),
	}},
	{func(o *fact.Occasions) *bool { return &o.AnyBranch }, map[string]value{
		"github.event_name": text("push"), "github.ref": text("refs/heads/\x00other"), "github.ref_name": text("\x00other"), "github.ref_type": text("branch"),
		"github.base_ref": text(""), "github.head_ref": text(""), "github.event.repository.default_branch": text("\x00default"),
	}},
	{func(o *fact.Occasions) *bool { return &o.Tag }, map[string]value{
		"github.event_name": text("\x00tagged"),
		"github.ref":        text("refs/tags/v1.2.3"), "github.ref_name": text("v1.2.3"), "github.ref_type": text("tag"),
		"github.base_ref": text(""), "github.head_ref": text(""), "github.event.repository.default_branch": text("\x00default"),
	}},
	{func(o *fact.Occasions) *bool { return &o.Schedule }, map[string]value{
		"github.event_name": text("schedule"), "github.ref": text("refs/heads/\x00default"), "github.ref_name": text("\x00default"), "github.ref_type": text("branch"),
		"github.base_ref": text(""), "github.head_ref": text(""), "github.event.repository.default_branch": text("\x00default"),
	}},
	{func(o *fact.Occasions) *bool { return &o.Manual }, map[string]value{
		"github.event_name": text("workflow_dispatch"), "github.base_ref": text(""), "github.head_ref": text(""),
	}},
}

// condition evaluates an `if:` of GitHub Actions as far as the occasion tells.
// What else it asks for (outputs, inputs, secrets) is open.
func condition(source string) func(map[string]value) value {
	inner := strings.TrimSpace(source)
	if strings.HasPrefix(inner, "${{") && strings.HasSuffix(inner, "}}") && strings.Count(inner, "${{") == 1 {
		inner = strings.TrimSuffix(strings.TrimPrefix(inner, "${{"), "}}")
	} else if strings.Contains(inner, "${{") {
		inner = strings.ReplaceAll(strings.ReplaceAll(inner, "${{", "("), "}}", ")")
	}
	if len(inner) > 8192 || strings.Count(inner, "(")+strings.Count(inner, "[")+strings.Count(inner, "!") > 500 {
		return func(map[string]value) value { return value{} }
	}
	node, err := actionlint.NewExprParser().Parse(actionlint.NewExprLexer(inner + "}}"))
	if err != nil {
		return func(map[string]value) value { return value{} }
	}
	return func(facts map[string]value) value { return evaluate(node, facts) }
}

func evaluate(n actionlint.ExprNode, facts map[string]value) value {
	switch x := n.(type) {
	case *actionlint.NullNode:
		return text("")
	case *actionlint.BoolNode:
		return truth(x.Value)
	case *actionlint.StringNode:
		return text(x.Value)
	case *actionlint.IntNode:
		return value{known: x.Value == 0, text: "0", truth: x.Value != 0}
	case *actionlint.VariableNode, *actionlint.ObjectDerefNode, *actionlint.IndexAccessNode:
		return facts[strings.ToLower(dotted(n))]
	case *actionlint.NotOpNode:
		v := evaluate(x.Operand, facts)
		if !v.known {
			return v
		}
		return truth(!v.truth)
	case *actionlint.LogicalOpNode:
		return logical(x, facts)
	case *actionlint.CompareOpNode:
		left, right := evaluate(x.Left, facts), evaluate(x.Right, facts)
		if !left.known || !right.known {
			return value{}
		}
		switch same, sure := equal(left.text, right.text); {
		case !sure:
			return value{}
		case x.Kind == actionlint.CompareOpNodeKindEq:
			return truth(same)
		case x.Kind == actionlint.CompareOpNodeKindNotEq:
			return truth(!same)
		}
	case *actionlint.FuncCallNode:
		return called(x, facts)
	}
	return value{}
}

func logical(x *actionlint.LogicalOpNode, facts map[string]value) value {
	left, right := evaluate(x.Left, facts), evaluate(x.Right, facts)
	if x.Kind == actionlint.LogicalOpNodeKindAnd {
		switch {
		case left.known && !left.truth, right.known && !right.truth:
			return truth(false)
		case left.known && right.known:
			return right
		}
		return value{}
	}
	switch {
	case left.known && left.truth:
		return left
	case right.known && right.truth:
		return right
	case left.known && right.known:
		return right
	}
	return value{}
}

// equal compares two texts. The default branch is called by any of its usual
// names, and another branch by none of them; whether it is the one that is
// compared with otherwise cannot be told.
func equal(a, b string) (same, sure bool) {
	if strings.EqualFold(a, b) {
		return true, true
	}
	for _, pair := range [...][2]string{{a, b}, {b, a}} {
		prefix, mark, found := strings.Cut(pair[0], "\x00")
		if !found {
			continue
		}
		name, fits := strings.CutPrefix(pair[1], prefix)
		switch {
		case mark == "tagged": // pushed, released or created
			return false, pair[1] != "push" && pair[1] != "release" && pair[1] != "create"
		case strings.Contains(pair[1], "\x00") || !fits || name == "":
			return false, true
		case mark == "default":
			return fact.DefaultBranch(name), true // another name would be another branch
		default:
			return false, fact.DefaultBranch(name)
		}
	}
	return false, true
}

func called(x *actionlint.FuncCallNode, facts map[string]value) value {
	name := strings.ToLower(x.Callee)
	if name == "success" || name == "always" {
		return truth(true)
	}
	if len(x.Args) != 2 {
		return value{} // failure and cancelled may come
	}
	a, b := evaluate(x.Args[0], facts), evaluate(x.Args[1], facts)
	if !a.known || !b.known || name != "startswith" && name != "endswith" && name != "contains" {
		return value{}
	}
	whole, part := strings.ToLower(a.text), strings.ToLower(b.text)
	if _, mark, found := strings.Cut(whole, "\x00"); found && part != "" {
		prefix, _, _ := strings.Cut(whole, "\x00")
		switch {
		case name == "startswith" && len(part) <= len(prefix):
			return truth(strings.HasPrefix(prefix, part))
		case name == "startswith" && !strings.HasPrefix(part, prefix):
			return truth(false)
		case mark == "default":
			return truth(fact.DefaultBranch(part[strings.LastIndexByte(part, '/')+1:]))
		}
		return value{}
	}
	switch name {
	case "startswith":
		return truth(strings.HasPrefix(whole, part))
	case "endswith":
		return truth(strings.HasSuffix(whole, part))
	}
	return truth(strings.Contains(whole, part))
}

// dotted writes a chain of properties as the context's name: github.event_name.
func dotted(n actionlint.ExprNode) string {
	switch x := n.(type) {
	case *actionlint.VariableNode:
		return x.Name
	case *actionlint.ObjectDerefNode:
		return dotted(x.Receiver) + "." + x.Property
	case *actionlint.IndexAccessNode:
		if s, is := x.Index.(*actionlint.StringNode); is {
			return dotted(x.Operand) + "." + s.Value
		}
	}
	return "?"
}
