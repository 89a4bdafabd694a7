package page

import (
	"regexp"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
)

// State says whether a part of a page is there.
type State int

// The states of a part.
const (
	Absent State = iota
	// Empty: its heading is there, and below it nothing or a placeholder.
	Empty
	// Elsewhere: it is a link to what was not read.
	Elsewhere
	Present
)

// Part is a part of a page.
type Part struct {
	State State
	// Line of its heading, or of the text that stands for it; 0 where it is absent.
	Line int
	// Heading as written; empty where text without one stands for it.
	Heading string
}

// Runbook is what a page tells whoever was woken.
type Runbook struct {
	Check, Try, Escalate Part
}

var (
	checking   = words(`check(?:s|ing|list)?|diagnos\w*|investigat\w*|triage|symptoms?|verif(?:y|ication)|debug(?:ging)?|assess(?:ment)?|identif\w+|analy[sz]\w*|troubleshoot\w*|how to (?:tell|see|know)|what to (?:look at|look for|see)|detect\w*|first look|observ\w+|signs?|questions|causes?|possible causes|is it real`)
	trying     = words(`try|what to do|mitigat\w*|remediat\w*|resol(?:ve|ution|ving)|fix(?:es|ing)?|actions?|recover\w*|repair\w*|solutions?|workarounds?|steps?|restor\w+|respon(?:se|d)|roll ?back\w*|procedures?|first aid|how to|instructions|playbook|countermeasures?|stop the bleeding|handling|options|immediate`)
	escalating = words(`escalat\w*|who to (?:call|contact|page|ask)|whom to (?:call|page|ask)|contacts?|when to (?:call|page|wake|ask)|on-?call|get(?:ting)? help|further help|support|if (?:all|this|that|nothing) (?:else )?(?:fails|helps|does not help|doesn't help)|still (?:broken|stuck|failing)|stuck`)

	// reading are commands that look and change nothing.
	reading = regexp.MustCompile(`(?im)\b(?:kubectl\s+(?:-\S+\s+(?:\S+\s+)?)*(?:get|describe|logs|top|events|cnpg\s+status|cnpg\s+psql|argo\s+rollouts\s+get|rollout\s+(?:status|history)|auth\s+can-i|explain|api-resources|diff)|curl|dig|nslookup|ping|mtr|traceroute|select\s|show\s|explain\s|tail|grep|journalctl|systemctl\s+(?:status|list)|docker\s+(?:ps|logs|inspect|stats)|docker\s+compose\s+(?:ps|logs)|df|du|free|top|ps|ss|netstat|lsof|openssl\s+(?:s_client|x509)|git\s+(?:log|diff|show)|helm\s+(?:status|history|list|get)|argocd\s+app\s+(?:get|diff|history)|aws\s+\S+\s+(?:describe|get|list|tail|filter)\S*|gcloud\s.*\b(?:list|describe|read)|az\s.*\b(?:show|list)|redis-cli\s+(?:info|ping|--stat|-h\s+\S+\s+info)|rabbitmqctl\s+(?:list|status)|kafka-consumer-groups|terraform\s+(?:plan|show|state)|vault\s+(?:status|read)|istioctl\s+(?:proxy-status|analyze|proxy-config)|cilium\s+status|promtool\s+query|amtool\s+(?:alert|silence)\s+query|logcli|cmctl\s+status|pg_isready|etcdctl\s+endpoint|rate\(|histogram_quantile|sum\s*(?:by)?\s*\()`)
	// changing are words of sentences and commands that do something.
	changing = regexp.MustCompile(`(?im)(?:\b(?:restart|re-?start|scale|roll(?:ing)? ?back|undo|revert|increase|raise|decrease|lower|delete|remove|drain|cordon|uncordon|kill|terminate|promote|fail ?over|switch|move|redeploy|re-?run|retry|re-?create|create|re-?sync|restore|rotate|renew|disable|enable|turn (?:on|off)|flush|purge|clean|truncate|resize|grow|shrink|add|block|allow|throttle|shed|stop|start|pause|resume|apply|deploy|release|silence|patch|annotate|taint|rebuild|upgrade|downgrade|downsize|reload|replace|reset|evict|expand|extend|trigger|redirect|shift|set|update|edit|open|close|re-?issue|clear)\b)`)
	// looking are words of sentences that send the reader to look.
	looking = regexp.MustCompile(`(?im)\?|\b(?:look (?:at|for|in)|check|see (?:whether|if|which|that|the)|compare|inspect|is (?:it|the|there)|are (?:the|there)|does|did|verify|find out|open the (?:dashboard|logs?|panel)|watch|note|dashboard|logs?|metrics?|panel|graph|query|status page|expect)\b`)
	// when is a condition on which something is to be done.
	when = regexp.MustCompile(`(?i)\b(?:after|when(?:ever)?|if|once|as soon as|at once|immediately|before|within|until|unless|longer than|more than|not (?:urgent|resolved|seen)|at any (?:hour|time)|in (?:office|business|working) hours|for (?:more than )?\d+|next (?:working|business) day|\d+ ?(?:min|minutes|h|hours))\b`)
	// calling are words by which somebody is told.
	calling = regexp.MustCompile(`(?i)\b(?:page|call|contact|escalate|notify|tell|inform|wake|ask|reach(?: out)?|ping|alert|involve|engage|bring in|hand (?:over|off)|goes? to|raise|open a (?:ticket|case|incident)|declare|phone|message|takes? it)\b`)
)

// RunbookOf returns which parts of a runbook stand in a page, or below one of its
// sections where an alert links to that. Headings decide together with what stands
// below them; a part without a heading of its own is recognised by what it says
// alone, where several signs agree.
func RunbookOf(d *fact.Document, anchor string) Runbook {
	scope := d.Sections
	whole := anchor == ""
	if s := SectionAt(d, anchor); s != nil && !whole {
		scope = d.Under(s)
		whole = len(scope) == len(d.Sections)
	}
	r := Runbook{
		Check:    partOf(d, scope, checking, checks),
		Try:      partOf(d, scope, trying, tries),
		Escalate: partOf(d, scope, escalating, escalates),
	}
	if !whole && r.Escalate.State != Present {
		// What holds for every alert of a page stands once, beside them.
		var common []*fact.Section
		for _, s := range d.Sections {
			if escalating.heads(s) && s.Level <= scope[0].Level {
				common = append(common, d.Under(s)...)
			}
		}
		if part := partOf(d, common, escalating, escalates); part.State > r.Escalate.State {
			r.Escalate = part
		}
	}
	return r
}

// SectionAt returns the section that an anchor names, by the rules of GitHub or by
// those of generators of sites; nil where there is none.
func SectionAt(d *fact.Document, anchor string) *fact.Section {
	if s := d.Section(anchor); s != nil || anchor == "" {
		return s
	}
	for _, s := range d.Sections {
		if Bare(s.Anchor) == Bare(anchor) || Bare(s.Heading) == Bare(anchor) {
			return s
		}
	}
	return nil
}

// partOf looks for a part among sections.
func partOf(d *fact.Document, scope []*fact.Section, names family, holds func(*fact.Section) State) (best Part) {
	for i, s := range scope {
		if s.Level <= 1 && i == 0 && len(scope) > 1 || !names.heads(s) {
			continue // the title names the subject, not a part
		}
		below := d.Under(s)
		state := Empty
		if !Unwritten(below) {
			for _, one := range below {
				if !Unwritten([]*fact.Section{one}) {
					state = max(state, holds(one))
				}
			}
			if state == Empty { // written, under its heading, in words of its own
				state = written(below)
			}
		}
		if state > best.State || best.Line == 0 {
			best = Part{State: state, Line: s.Line, Heading: s.Heading}
		}
	}
	if best.State == Present {
		return best
	}
	for _, s := range scope { // without a heading of its own
		if names.heads(s) && s.Level > 1 || Unwritten([]*fact.Section{s}) {
			continue
		}
		if holds(s) == Present && best.State == Absent {
			return Part{State: Present, Line: s.Line}
		}
	}
	return best
}

// written judges what stands under a heading of a part and shows no sign of it:
// at least a sentence's worth of text under that heading is that part in other
// words; a few words are not.
func written(below []*fact.Section) State {
	n := 0
	for _, s := range below {
		for _, t := range s.Texts {
			if !unwritten(t.Text) {
				n += len(strings.Fields(t.Text))
			}
		}
		n += 8 * len(s.Blocks)
		for _, t := range s.Tables {
			n += 4 * len(t.Rows)
		}
		for _, l := range s.Links {
			if l.Leads == fact.ToOutside && n < 8 {
				return Elsewhere
			}
		}
	}
	if n >= 8 {
		return Present
	}
	return Empty
}

// checks reports whether a section says what to look at.
func checks(s *fact.Section) State {
	for _, b := range s.Blocks {
		if b.Language == "promql" || b.Language == "logql" || reading.MatchString(b.Text) {
			return Present
		}
	}
	if signs(s, looking) >= 2 || checking.heads(s) && signs(s, looking) >= 1 {
		return Present
	}
	return Absent
}

// tries reports whether a section says what to do.
func tries(s *fact.Section) State {
	for _, b := range s.Blocks {
		if b.Shell && changing.MatchString(b.Text) && !checking.heads(s) {
			return Present
		}
	}
	n := 0
	for _, t := range s.Texts {
		if changing.MatchString(t.Text) {
			n++
		}
	}
	if trying.heads(s) && n+len(s.Steps) >= 1 && n > 0 || len(s.Steps) >= 2 && n >= 2 {
		return Present
	}
	return Absent
}

// escalates reports whether a section says when and to whom to turn: in one
// sentence or item a condition, a word for telling, and somebody who is told.
func escalates(s *fact.Section) State {
	named := escalating.heads(s)
	state := Absent
	for _, t := range s.Texts {
		if unwritten(t.Text) {
			continue
		}
		someone := len(People(t.Text)) > 0 || pager.MatchString(t.Text) || named && person.MatchString(t.Text)
		told, condition := calling.MatchString(t.Text), when.MatchString(t.Text)
		if someone && (told && condition || named && (told || condition || t.Item)) {
			return Present
		}
	}
	for _, t := range s.Tables {
		for _, row := range t.Rows {
			line := strings.Join(row, " ")
			if (len(People(line)) > 0 || person.MatchString(line) || pager.MatchString(line)) && (named || when.MatchString(line) && escalating.MatchString(strings.Join(t.Header, " "))) {
				return Present
			}
		}
	}
	for _, l := range s.Links {
		if escalating.MatchString(l.Text) && !l.Image {
			switch l.Leads {
			case fact.ToTree:
				return Present
			case fact.ToOutside:
				state = Elsewhere
			}
		}
	}
	return state
}

// signs counts the texts of a section in which a sign shows.
func signs(s *fact.Section, sign *regexp.Regexp) (n int) {
	for _, t := range s.Texts {
		if !unwritten(t.Text) && sign.MatchString(t.Text) {
			n++
		}
	}
	return n
}

// IsRunbook reports whether a page is one, whatever it is called: two of the three
// parts stand in it under headings of their own.
func IsRunbook(d *fact.Document) bool {
	if notForNight(d) {
		return false
	}
	r := RunbookOf(d, "")
	n := 0
	for _, p := range []Part{r.Check, r.Try, r.Escalate} {
		if p.State == Present && p.Heading != "" {
			n++
		}
	}
	return n == 3 || n == 2 && r.Escalate.State == Present && r.Escalate.Heading != ""
}

// forOthers are pages for those who install, learn or contribute.
var forOthers = words(`contribut\w*|install\w*|getting started|quick ?start|tutorials?|examples?|development|developers?|style ?guide|code of conduct|faq|proposals?|design|rfc|adr|template|readme`)

// notForNight reports whether a page plainly is for others than who was woken.
func notForNight(d *fact.Document) bool {
	name := d.Path[strings.LastIndexByte(d.Path, '/')+1:]
	return forOthers.titled(d) || forOthers.MatchString(name) || strings.HasPrefix(d.Path, ".github/")
}

// Missing lists the parts of a runbook that do not stand in it, in words.
func (r Runbook) Missing() (absent, empty, elsewhere []string) {
	for _, one := range []struct {
		Part
		says string
	}{{r.Check, "what to check"}, {r.Try, "what to try"}, {r.Escalate, "when and to whom to escalate"}} {
		switch one.State {
		case Absent:
			absent = append(absent, one.says)
		case Empty:
			empty = append(empty, one.says)
		case Elsewhere:
			elsewhere = append(elsewhere, one.says)
		}
	}
	return absent, empty, elsewhere
}

// Flaws returns what would fail whoever follows a page at night:
// the links that lead nowhere and the blocks that
// no shell reads.
func Flaws(d *fact.Document, sections []*fact.Section) (links []*fact.Link, blocks []*fact.CodeBlock) {
	for _, s := range sections {
		for _, l := range s.Links {
			if l.Leads == fact.ToNowhere && !l.Image {
				links = append(links, l)
			}
		}
		for _, b := range s.Blocks {
			if b.Shell && b.Parses.IsNot() {
				blocks = append(blocks, b)
			}
		}
	}
	return links, slices.Clip(blocks)
}
