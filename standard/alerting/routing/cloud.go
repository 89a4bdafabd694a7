package routing

import (
	"fmt"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/owner"
	"seaworthy.dev/seaworthy/internal/derive/severity"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// clouds judges alerts that name themselves whom they tell, at any hour the same.
func clouds(out *verdict.Findings, in expect.Input) {
	for _, a := range in.Here.Alerts {
		if !sendsItself(a) {
			continue
		}
		switch g := direct(in, a); g.state {
		case good:
			out.Pass(a.Ref, g.rule, "%s %s", title(a), g.says)
		case noted:
			out.Note(a.Ref, g.rule, "%s %s", title(a), g.says)
		case open:
			out.Unclear(a.Ref, g.rule, "%s %s", title(a), g.says)
		case bad:
			out.Fail(a.Ref, g.rule, "%s %s", title(a), g.says)
		}
	}
}

// sendsItself reports whether no Alertmanager gets the alert.
func sendsItself(a *fact.Alert) bool {
	return a.Routes != nil || slices.Contains([]string{"cloudwatch", "azure-monitor", "google-monitoring", "datadog"}, a.Language)
}

// direct grades an alert by the best of those whom it tells.
func direct(in expect.Input, a *fact.Alert) grade {
	pages := severity.Pages(a.Severity)
	switch {
	case len(a.Routes) > 0:
	case pages:
		return grade{bad, "told-nobody", "tells nobody: it names no " + addressee(a.Language)}
	default: // a rule of the platform's own may pass on whatever is raised
		return grade{noted, "unheard", "names no " + addressee(a.Language) + "; as it wakes nobody, that may be meant"}
	}
	best := grade{state: -1}
	for _, name := range a.Routes {
		if g := told(in, a, receiver(in.Here, a.Language, name), name, pages); best.state < 0 || g.state < best.state {
			best = g
		}
	}
	return best
}

// addressee is what an alert of a cloud has to name so that somebody hears of it.
func addressee(language string) string {
	switch language {
	case "azure-monitor":
		return "action group"
	case "google-monitoring":
		return "notification channel"
	case "datadog":
		return "handle (@...) in its message"
	}
	return "topic (`alarm_actions`)"
}

func receiver(set *fact.Set, language, name string) *fact.Receiver {
	for _, r := range set.Routings {
		if r.Engine != language {
			continue
		}
		for _, one := range r.Receivers {
			if one.Name == name {
				return one
			}
		}
	}
	return nil
}

// told grades one of those whom an alert tells.
func told(in expect.Input, a *fact.Alert, to *fact.Receiver, name string, pages bool) grade {
	if to == nil || len(to.Channels) == 0 {
		return grade{bad, "swallowed", fmt.Sprintf("ends at %s, which tells nobody", name)}
	}
	reaches := fmt.Sprintf("reaches %s (%s)", name, channels(to))
	if to.Channels[0].Kind == "elsewhere" {
		reaches = "goes on to what is not read"
	}
	wakes, why := woken(to)
	mine := a.Owner
	if mine == "" {
		mine = in.Service.Owner
	}
	switch {
	case to.Team != "" && mine != "" && !strings.Contains(to.Team, "${") && !owner.Same(to.Team, mine):
		return grade{bad, "other-team", fmt.Sprintf("%s, which is %s's, and not its owner's, %s", reaches, to.Team, mine)}
	case wakes == good && (pages || a.Severity == ""):
		return grade{good, "reaches", reaches + " at any hour"}
	case wakes == good, wakes == bad && !pages && a.Severity != "":
		return grade{good, "heard", reaches}
	case wakes == open:
		return grade{open, "may-wake", fmt.Sprintf("%s: %s", reaches, why)}
	case !pages:
		return grade{good, "heard", reaches}
	}
	return grade{bad, "wakes-nobody", reaches + ", where nobody is woken"}
}
