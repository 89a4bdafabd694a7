package pipeline

import (
	"regexp"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
)

// ruling is what rules say besides when a job runs.
type ruling struct {
	scoped    string
	manual    bool
	onFailure bool
	soft      *decode.Node
}

// gitlabFacts are what GitLab's variables say on each occasion, in the order of
// occasions. A variable that is not listed is open.
var gitlabFacts = []map[string]value{
	{"CI_PIPELINE_SOURCE": text("merge_request_event"), "CI_MERGE_REQUEST_IID": text("1"), "CI_MERGE_REQUEST_ID": text("1"), "CI_COMMIT_BRANCH": text(""), "CI_COMMIT_TAG": text(""),
		"CI_MERGE_REQUEST_TARGET_BRANCH_NAME": text("\x00default"), "CI_DEFAULT_BRANCH": text("\x00default"), "CI_COMMIT_REF_NAME": text("\x00other")},
	nil, // GitLab has nothing like pull_request_target
	{"CI_PIPELINE_SOURCE": text("push"), "CI_COMMIT_BRANCH": text("\x00default"), "CI_COMMIT_REF_NAME": text("\x00default"), "CI_COMMIT_REF_SLUG": text("\x00default"), "CI_COMMIT_TAG": text(""),
		"CI_MERGE_REQUEST_IID": text(""), "CI_MERGE_REQUEST_ID": text(""), "CI_DEFAULT_BRANCH": text("\x00default"), "CI_OPEN_MERGE_REQUESTS": text("")},
	{"CI_PIPELINE_SOURCE": text("push"), "CI_COMMIT_BRANCH": text("\x00other"), "CI_COMMIT_REF_NAME": text("\x00other"), "CI_COMMIT_TAG": text(""),
		"CI_MERGE_REQUEST_IID": text(""), "CI_MERGE_REQUEST_ID": text(""), "CI_DEFAULT_BRANCH": text("\x00default")},
	{"CI_PIPELINE_SOURCE": text("push"), "CI_COMMIT_BRANCH": text(""), "CI_COMMIT_REF_NAME": text("v1.2.3"), "CI_COMMIT_TAG": text("v1.2.3"),
		"CI_MERGE_REQUEST_IID": text(""), "CI_MERGE_REQUEST_ID": text(""), "CI_DEFAULT_BRANCH": text("\x00default")},
	{"CI_PIPELINE_SOURCE": text("schedule"), "CI_COMMIT_BRANCH": text("\x00default"), "CI_COMMIT_REF_NAME": text("\x00default"), "CI_COMMIT_TAG": text(""),
		"CI_MERGE_REQUEST_IID": text(""), "CI_MERGE_REQUEST_ID": text(""), "CI_DEFAULT_BRANCH": text("\x00default")},
	{"CI_PIPELINE_SOURCE": text("web"), "CI_COMMIT_TAG": text(""), "CI_MERGE_REQUEST_IID": text(""), "CI_MERGE_REQUEST_ID": text(""), "CI_DEFAULT_BRANCH": text("\x00default")},
}

// ruled returns the occasions of those given on which a list of rules lets a job
// run. The first rule that holds decides; one that may hold lets it run too.
func (g *gitlabFile) ruled(when fact.Occasions, rules []*decode.Node, keys map[string]*decode.Node) (fact.Occasions, ruling) {
	out, extra := when, ruling{}
	manual, total := 0, 0
	type parsed struct {
		holds  func(map[string]value) value
		n      *decode.Node
		scoped bool
		when   string
	}
	var list []parsed
	for _, n := range rules {
		p := parsed{n: n, when: decode.Text(decode.Child(n, "when")), holds: func(map[string]value) value { return truth(true) }}
		if source := decode.Text(decode.Child(n, "if")); source != "" {
			p.holds = gitlabCondition(source)
		}
		if c := decode.Child(n, "changes"); c != nil {
			p.scoped = true
		}
		list = append(list, p)
	}
	if len(rules) == 0 {
		return fact.Occasions{}, extra
	}
	for i, o := range occasions {
		flag := o.has(&out)
		if !*flag {
			continue
		}
		*flag = false
		facts := gitlabFacts[i]
		for _, p := range list {
			v := p.holds(facts)
			if v.known && !v.truth {
				continue
			}
			sure := v.known && !p.scoped && decode.Child(p.n, "exists") == nil
			if p.when == "never" {
				if sure {
					break
				}
				continue
			}
			*flag = true
			total++
			if p.when == "manual" || p.when == "" && decode.Text(keys["when"]) == "manual" {
				manual++
			}
			extra.onFailure = extra.onFailure || p.when == "on_failure"
			if p.scoped && (i == 0 || i == 3) {
				extra.scoped = "`rules:changes`"
			}
			if soft := decode.Follow(decode.Child(p.n, "allow_failure")); soft != nil && yes(soft) {
				extra.soft = soft
			}
			if sure {
				break
			}
		}
	}
	out.Called = when.Called
	extra.manual = total > 0 && manual == total
	return out, extra
}

// only applies the older keys only and except.
func only(when fact.Occasions, include, exclude *decode.Node, extra *ruling) fact.Occasions {
	out := when
	refs, changes := refsOf(include)
	not, _ := refsOf(exclude)
	if changes {
		extra.scoped = "`only:changes`"
	}
	if include == nil || len(refs) == 0 {
		refs = []string{"branches", "tags"}
	}
	type kind struct {
		flag  *bool
		words []string
		name  string
	}
	for _, k := range []kind{
		{&out.Merge, []string{"merge_requests", "external_pull_requests"}, ""},
		{&out.Push, []string{"branches", "pushes"}, "main"},
		{&out.AnyBranch, []string{"branches", "pushes"}, "\x00other"},
		{&out.Tag, []string{"tags"}, ""},
		{&out.Schedule, []string{"schedules", "branches"}, ""},
		{&out.Manual, []string{"web", "branches"}, ""},
		{&out.Called, []string{"triggers", "pipelines", "api", "branches"}, ""},
	} {
		fits := func(list []string) bool {
			return slices.ContainsFunc(list, func(ref string) bool {
				if slices.Contains(k.words, ref) {
					return true
				}
				switch {
				case k.name == "main":
					return fact.DefaultBranch(ref) || ref == "$CI_DEFAULT_BRANCH" || pattern(ref, "main") || pattern(ref, "master")
				case k.name == "\x00other":
					return strings.HasPrefix(ref, "/") && pattern(ref, "feature/x")
				}
				return false
			})
		}
		*k.flag = *k.flag && fits(refs) && !fits(not)
	}
	return out
}

// pattern reports whether a reference written as /expression/ fits a name.
func pattern(ref, name string) bool {
	if len(ref) < 3 || ref[0] != '/' {
		return false
	}
	end := strings.LastIndexByte(ref, '/')
	if end == 0 {
		return false
	}
	e, err := regexp.Compile(ref[1:end])
	return err == nil && e.MatchString(name)
}

// refsOf lists the references of only or except, and whether changes count.
func refsOf(n *decode.Node) (refs []string, changes bool) {
	n = decode.Follow(n)
	if decode.IsMapping(n) {
		changes = decode.Child(n, "changes") != nil
		n = decode.Follow(decode.Child(n, "refs"))
	}
	if one := decode.Text(n); one != "" {
		return []string{one}, changes
	}
	for _, item := range decode.Items(n) {
		refs = append(refs, decode.Text(item))
	}
	return refs, changes
}

// gitlabCondition evaluates an expression of rules:if as far as the occasion
// tells.
func gitlabCondition(source string) func(map[string]value) value {
	tokens := conditionToken.FindAllString(source, 500)
	return func(facts map[string]value) value {
		p := &conditionParser{tokens: tokens, facts: facts}
		v := p.or(0)
		if p.at < len(p.tokens) {
			return value{}
		}
		return v
	}
}

var conditionToken = regexp.MustCompile(`\$\{?\w+\}?|"[^"]*"|'[^']*'|/(?:\\/|[^/\n])+/[a-z]*|==|!=|=~|!~|&&|\|\||[()]|\bnull\b|\S`)

type conditionParser struct {
	tokens []string
	at     int
	facts  map[string]value
}

func (p *conditionParser) take(token string) bool {
	if p.at < len(p.tokens) && p.tokens[p.at] == token {
		p.at++
		return true
	}
	return false
}

func (p *conditionParser) or(depth int) value {
	v := p.and(depth)
	for p.take("||") {
		w := p.and(depth)
		switch {
		case v.known && v.truth, w.known && w.truth:
			v = truth(true)
		case v.known && w.known:
			v = truth(false)
		default:
			v = value{}
		}
	}
	return v
}

func (p *conditionParser) and(depth int) value {
	v := p.compare(depth)
	for p.take("&&") {
		w := p.compare(depth)
		switch {
		case v.known && !v.truth, w.known && !w.truth:
			v = truth(false)
		case v.known && w.known:
			v = truth(true)
		default:
			v = value{}
		}
	}
	return v
}

func (p *conditionParser) compare(depth int) value {
	left := p.operand(depth)
	for _, op := range []string{"==", "!=", "=~", "!~"} {
		if !p.take(op) {
			continue
		}
		raw := ""
		if p.at < len(p.tokens) {
			raw = p.tokens[p.at]
		}
		right := p.operand(depth)
		if !left.known {
			return value{}
		}
		if op == "=~" || op == "!~" {
			fits, sure := matches(left.text, raw)
			if !sure {
				return value{}
			}
			return truth(fits == (op == "=~"))
		}
		if !right.known {
			return value{}
		}
		same, sure := equal(left.text, right.text)
		if !sure {
			return value{}
		}
		return truth(same == (op == "=="))
	}
	return left
}

// matches tries an expression on a name; the default branch has any of its usual
// names, another branch any.
func matches(name, raw string) (fits, sure bool) {
	end := strings.LastIndexByte(raw, '/')
	if len(raw) < 2 || raw[0] != '/' || end <= 0 {
		return false, false
	}
	source := raw[1:end]
	if strings.Contains(raw[end:], "i") {
		source = "(?i)" + source
	}
	e, err := regexp.Compile(strings.ReplaceAll(source, `\/`, "/"))
	if err != nil {
		return false, false
	}
	switch {
	case strings.Contains(name, "\x00default"):
		return e.MatchString("main") || e.MatchString("master"), true
	case strings.Contains(name, "\x00"):
		return false, false
	}
	return e.MatchString(name), true
}

func (p *conditionParser) operand(depth int) value {
	if p.at >= len(p.tokens) || depth > 50 {
		p.at = len(p.tokens) + 1
		return value{}
	}
	token := p.tokens[p.at]
	p.at++
	switch {
	case token == "(":
		v := p.or(depth + 1)
		if !p.take(")") {
			p.at = len(p.tokens) + 1
		}
		return v
	case token == "null":
		return text("")
	case token[0] == '$':
		return p.facts[strings.Trim(token, "${}")]
	case len(token) > 1 && (token[0] == '"' || token[0] == '\''):
		return text(token[1 : len(token)-1])
	}
	return value{}
}
