package pipeline

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
)

// scheduledThere is said of what a schedule starts that stands in the settings of
// CircleCI.
const scheduledThere = "whether one does stands in the settings of CircleCI"

// circleFacts are what CircleCI says on each occasion, in the order of occasions.
// A value that is not listed is open.
var circleFacts = []map[string]value{
	nil, nil,
	{"pipeline.trigger_source": text("webhook"), "pipeline.git.branch": text("\x00default"), "pipeline.git.tag": text(""), "pipeline.schedule.name": text("")},
	{"pipeline.trigger_source": text("webhook"), "pipeline.git.branch": text("\x00other"), "pipeline.git.tag": text(""), "pipeline.schedule.name": text("")},
	{"pipeline.trigger_source": text("webhook"), "pipeline.git.branch": text(""), "pipeline.git.tag": text("v1.2.3"), "pipeline.schedule.name": text("")},
	{"pipeline.trigger_source": text("scheduled_pipeline")},
	{"pipeline.trigger_source": text("api")},
}

// starts narrows the occasions of a workflow by its triggers and its condition, and
// says what limits it to some changes.
func (c *circle) starts(w *decode.Node, when fact.Occasions) (fact.Occasions, string) {
	if len(decode.Items(decode.Child(w, "triggers"))) > 0 {
		return fact.Occasions{Schedule: true}, ""
	}
	holds, scope := func(map[string]value) value { return truth(true) }, ""
	switch yes, no := decode.Follow(decode.Child(w, "when")), decode.Follow(decode.Child(w, "unless")); {
	case yes != nil:
		holds = func(facts map[string]value) value { return c.says(yes, facts, 0) }
		if c.asks(yes, 0) {
			scope = "the mapping of path-filtering"
		}
	case no != nil:
		holds = func(facts map[string]value) value { return opposite(c.says(no, facts, 0)) }
	default:
		return when, ""
	}
	on := func(i int) value {
		facts := map[string]value{}
		for name, v := range circleFacts[i] {
			facts[name] = v
		}
		if i < 5 { // a schedule and a person may give others
			for name, v := range c.parameters() {
				facts[name] = v
			}
		}
		return holds(facts)
	}
	may := func(i int) bool { v := on(i); return !v.known || v.truth }
	when.Push, when.AnyBranch = when.Push && may(2), when.AnyBranch && may(3)
	if !when.Push && !when.AnyBranch {
		if v := on(5); v.known && v.truth {
			when.Schedule, when.ScheduleOpen = true, scheduledThere
		} else {
			when.Manual = may(6)
		}
	}
	return when, scope
}

// maxParameters bounds the parameters that conditions are put to.
const maxParameters = 300

// parameters returns what parameters say where neither a person nor path filtering
// sets them.
func (c *circle) parameters() map[string]value {
	if c.defaults != nil {
		return c.defaults
	}
	c.defaults = map[string]value{}
	list := decode.Child(c.root, "parameters")
	for i, key := range decode.Keys(list) {
		if n := decode.Dig(list, key.Value, "default"); n != nil && !c.mapped[key.Value] && i < maxParameters {
			c.defaults["pipeline.parameters."+strings.ToLower(key.Value)] = written(n)
		}
	}
	return c.defaults
}

// written is what a scalar of the file counts as.
func written(n *decode.Node) value {
	switch s := decode.Text(n); s {
	case "true", "false":
		return truth(s == "true")
	default:
		return text(s)
	}
}

func opposite(v value) value {
	if !v.known {
		return v
	}
	return truth(!v.truth)
}

// says evaluates a logic statement.
func (c *circle) says(n *decode.Node, facts map[string]value, depth int) value {
	n = decode.Follow(n)
	if n == nil || depth > 20 {
		return value{}
	}
	if !decode.IsMapping(n) {
		return c.yields(n, facts)
	}
	keys := decode.Keys(n)
	if len(keys) != 1 {
		return value{}
	}
	inner := decode.Follow(decode.Child(n, keys[0].Value))
	switch keys[0].Value {
	case "not":
		return opposite(c.says(inner, facts, depth+1))
	case "and", "or":
		decides := keys[0].Value == "or"
		out := truth(!decides)
		for _, item := range decode.Items(inner) {
			switch v := c.says(item, facts, depth+1); {
			case v.known && v.truth == decides:
				return truth(decides)
			case !v.known:
				out = v
			}
		}
		return out
	case "equal":
		items := decode.Items(inner)
		for i := 1; i < len(items); i++ {
			a, b := c.yields(items[0], facts), c.yields(items[i], facts)
			if !a.known || !b.known {
				return value{}
			}
			if same, sure := equal(a.text, b.text); !sure {
				return value{}
			} else if !same {
				return truth(false)
			}
		}
		return truth(len(items) > 0)
	case "matches":
		v := c.yields(decode.Child(inner, "value"), facts)
		e, err := regexp.Compile("^(?:" + decode.Text(decode.Child(inner, "pattern")) + ")$")
		if !v.known || err != nil {
			return value{}
		}
		switch v.text {
		case "\x00default":
			return truth(e.MatchString("main") || e.MatchString("master"))
		case "\x00other":
			return truth(e.MatchString("feature/x"))
		}
		return truth(e.MatchString(v.text))
	}
	return value{}
}

// yields evaluates a scalar: a value of the pipeline, an expression, or a text.
func (c *circle) yields(n *decode.Node, facts map[string]value) value {
	source := strings.TrimSpace(decode.Text(n))
	if inner, found := strings.CutPrefix(source, "<<"); found && strings.HasSuffix(inner, ">>") {
		return facts[strings.ToLower(strings.TrimSpace(strings.TrimSuffix(inner, ">>")))]
	}
	if strings.Contains(source, "pipeline.") && !strings.Contains(source, "<<") {
		return condition(words2signs(source))(facts)
	}
	return written(n)
}

// operator matches the words of CircleCI's expressions for which others have signs.
var operator = regexp.MustCompile(`\b(and|or|not)\b`)

// words2signs writes an expression of CircleCI as GitHub would.
func words2signs(source string) string {
	source = operator.ReplaceAllStringFunc(source, func(word string) string {
		return map[string]string{"and": "&&", "or": "||", "not": "!"}[word]
	})
	return strings.ReplaceAll(source, `"`, "'")
}

// parameterNamed matches a parameter of the pipeline.
var parameterNamed = regexp.MustCompile(`pipeline\.parameters\.([\w-]+)`)

// asks reports whether a statement holds only where path filtering found that a
// change touches something.
func (c *circle) asks(n *decode.Node, depth int) bool {
	n = decode.Follow(n)
	if n == nil || depth > 20 || len(c.mapped) == 0 {
		return false
	}
	if !decode.IsMapping(n) {
		source := decode.Text(n)
		named := parameterNamed.FindAllStringSubmatch(source, 20)
		plain := !strings.ContainsAny(source, "!") && !slices.ContainsFunc(strings.Fields(source), func(w string) bool { return w == "or" || w == "not" })
		return plain && slices.ContainsFunc(named, func(fit []string) bool { return c.mapped[fit[1]] })
	}
	for _, key := range decode.Keys(n) {
		items := decode.Items(decode.Child(n, key.Value))
		one := func(item *decode.Node) bool { return c.asks(item, depth+1) }
		switch key.Value {
		case "and":
			return slices.ContainsFunc(items, one)
		case "equal":
			return slices.ContainsFunc(items, one) && !slices.ContainsFunc(items, func(item *decode.Node) bool { return decode.Text(item) == "false" })
		case "or":
			return len(items) > 0 && !slices.ContainsFunc(items, func(item *decode.Node) bool { return !one(item) })
		}
	}
	return false
}

// filtered narrows occasions by the filters of a workflow's job.
func (c *circle) filtered(when fact.Occasions, filters *decode.Node) fact.Occasions {
	if filters == nil {
		return when
	}
	if source := decode.Text(filters); source != "" { // an expression
		holds := condition(words2signs(source))
		for _, i := range []int{2, 3, 4} {
			flag, v := occasions[i].has(&when), holds(circleFacts[i])
			*flag = (*flag || i == 4 && strings.Contains(source, "pipeline.git.tag")) && (!v.known || v.truth)
		}
		return when
	}
	only, ignore := words(decode.Dig(filters, "branches", "only")), words(decode.Dig(filters, "branches", "ignore"))
	named := func(list []string, name string) bool {
		return slices.ContainsFunc(list, func(s string) bool { return s == name || pattern(s, name) })
	}
	if len(only) > 0 {
		when.Push = when.Push && (named(only, "main") || named(only, "master"))
		when.AnyBranch = when.AnyBranch && named(only, "feature/x")
	}
	when.Push = when.Push && !named(ignore, "main") && !named(ignore, "master")
	when.AnyBranch = when.AnyBranch && !named(ignore, "feature/x")
	when.Tag = decode.Child(filters, "tags") != nil
	return when
}

// continued reads the configurations with which a pipeline goes on: those that path
// filtering names, or what stands beside it under the usual name.
func (c *circle) continued(p *fact.Pipeline, at fact.Location) {
	mapped := map[string]bool{}
	var files []string
	take := func(name string, options *decode.Node) {
		orb, command, _ := strings.Cut(name, "/")
		source, _, _ := strings.Cut(decode.Text(decode.Dig(c.root, "orbs", orb)), "@")
		switch {
		case source == "circleci/path-filtering" && (command == "filter" || command == "set-parameters"):
			mapping := decode.Text(decode.Child(options, "mapping"))
			if whole, found := c.r.text(mapping); found && !strings.ContainsAny(strings.TrimSpace(mapping), " \n") {
				mapping = whole
			}
			for line := range strings.Lines(mapping) {
				if f := strings.Fields(line); len(f) >= 3 && !strings.HasPrefix(f[0], "#") {
					mapped[f[1]] = true
					if len(f) > 3 {
						files = append(files, f[3])
					}
				}
			}
			files = append(files, decode.Text(decode.Child(options, "config-path")), decode.Text(decode.Child(options, "config_path")))
		case source == "circleci/continuation" && command == "continue":
			files = append(files, decode.Text(decode.Child(options, "configuration_path")))
		}
	}
	for _, list := range []string{"workflows", "jobs"} {
		parent := decode.Child(c.root, list)
		for _, key := range decode.Keys(parent) {
			inner := map[string]string{"workflows": "jobs", "jobs": "steps"}[list]
			for _, item := range decode.Items(decode.Dig(parent, key.Value, inner)) {
				if keys := decode.Keys(item); len(keys) > 0 {
					take(keys[0].Value, decode.Follow(decode.Child(item, keys[0].Value)))
				}
			}
		}
	}
	files = slices.DeleteFunc(files, func(f string) bool { return f == "" })
	for i, f := range files {
		files[i] = path.Clean(f)
	}
	slices.Sort(files)
	if files = slices.Compact(files); len(files) == 0 {
		for _, name := range []string{"continue_config.yml", "continue-config.yml"} {
			if file := path.Join(path.Dir(c.file), name); c.r.is(file) {
				files = append(files, file)
			}
		}
	}
	if len(files) == 0 || len(files) > 50 {
		c.r.hole(at, "the pipeline goes on with a configuration that a job makes, which is not read")
		return
	}
	for _, file := range files {
		if !c.r.is(file) {
			c.r.hole(at, "the pipeline goes on with "+file+", which a job makes and which is not read")
			continue
		}
		if more, found := c.r.circleFile(file); found {
			more.mapped = mapped
			more.workflows(p)
		}
	}
}
