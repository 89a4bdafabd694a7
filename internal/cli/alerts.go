package cli

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"seaworthy.dev/seaworthy/internal/assess"
	"seaworthy.dev/seaworthy/internal/derive/routes"
	"seaworthy.dev/seaworthy/internal/fact"
)

func alertsCommand(s Streams) *cobra.Command {
	c := &cobra.Command{
		Use: "alerts", Short: "Say whom alerts reach",
		Args: cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usage("alerts has no command %q%s; `seaworthy alerts --help` lists them", args[0], routes.Meant(args[0], []string{"route"}))
			}
			return c.Help()
		},
	}
	c.AddCommand(alertsRouteCommand(s))
	return c
}

func alertsRouteCommand(s Streams) *cobra.Command {
	var at, output string
	f := checkFlags{failOn: "never"}
	c := &cobra.Command{
		Use: "route [LABELS] [PATH]", Short: "Explain whom an alert with these labels reaches, or every rule's alerts",
		Long: `Sends labels through the trees of routes below PATH (default: here) and prints each
receiver with the way to it, what mutes it, and at which time. LABELS are name=value,
one each or separated by commas; without any, the alerts of every rule are sent.
Labels of a rule that are not known are tried either way.`,
		Example: "  seaworthy alerts route severity=critical,team=payments\n  seaworthy alerts route alertname=ShopDown severity=critical monitoring/\n  seaworthy alerts route --at '2026-12-24 23:00'",
		Args:    cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error {
			labels, path, err := labelsAndPath(args)
			if err != nil {
				return err
			}
			moments, err := momentsOf(at)
			if err != nil {
				return err
			}
			if output != "text" && output != "json" {
				return usage("-o is %q; it must be text or json%s", output, routes.Meant(output, []string{"text", "json"}))
			}
			f.given = c.Flags().Changed
			return alertsRoute(c.Context(), s, f, labels, path, moments, output == "json")
		},
	}
	f.judging(c)
	c.Flags().StringVar(&at, "at", "", "`TIME`: 2026-12-24 23:00 (on each interval's own clock), or 2026-12-24T23:00:00Z; default Sunday 03:00 and Wednesday 10:00")
	c.Flags().StringVarP(&output, "output", "o", "text", "text or json")
	return c
}

// labelsAndPath tells arguments apart: what holds a "=" are labels.
func labelsAndPath(args []string) (labels map[string]string, path string, err error) {
	path = "."
	paths := 0
	for _, arg := range args {
		if _, err := os.Stat(arg); err == nil || !strings.Contains(arg, "=") {
			path = arg
			if paths++; paths > 1 {
				return nil, "", usage("alerts route takes one path; got %q too (labels are written name=value)", arg)
			}
			continue
		}
		for part := range strings.SplitSeq(strings.Trim(arg, "{} "), ",") {
			name, value, found := strings.Cut(part, "=")
			name = strings.TrimSpace(name)
			if !found || name == "" || strings.ContainsAny(name, "!~ ") || strings.HasPrefix(value, "~") {
				return nil, "", usage("%q is no label; write name=value", part)
			}
			if labels == nil {
				labels = map[string]string{}
			}
			labels[name] = strings.Trim(strings.TrimSpace(value), `"'`)
		}
	}
	return labels, path, nil
}

// momentsOf returns the times at which is routed.
func momentsOf(at string) ([]routes.Moment, error) {
	if at == "" {
		now := time.Now()
		return []routes.Moment{routes.Night(now), routes.Office(now)}, nil
	}
	if t, err := time.Parse(time.RFC3339, at); err == nil {
		return []routes.Moment{{Name: "at " + at, Time: t}}, nil
	}
	for _, form := range []string{"2006-01-02 15:04", "2006-01-02T15:04"} {
		if t, err := time.Parse(form, at); err == nil {
			return []routes.Moment{{Name: "on " + t.Format("Monday 2006-01-02 15:04"), Time: t, Wall: true}}, nil
		}
	}
	return nil, usage("--at is %q; write 2026-12-24 23:00 or 2026-12-24T23:00:00Z", at)
}

// routed is what is said of one alert in one tree at one time.
type routed struct {
	Alert    string            `json:"alert,omitempty"`
	Labels   map[string]string `json:"labels,omitempty"`
	Tree     string            `json:"tree"`
	At       string            `json:"at"`
	Outcomes []routedOutcome   `json:"outcomes"`
	// All is false where there are more ways than were tried.
	All bool `json:"all"`
}

type routedOutcome struct {
	Assumed  []string        `json:"assumed,omitempty"`
	Receives []routedReceive `json:"receivers"`
	Beyond   bool            `json:"beyond,omitempty"`
	// Quiet lists the inhibition rules whose target side the alert meets.
	Quiet []string `json:"mayBeInhibitedBy,omitempty"`
}

type routedReceive struct {
	Name     string   `json:"name"`
	Kinds    []string `json:"kinds"`
	Path     []string `json:"path"`
	Muted    string   `json:"muted,omitempty"`
	Inactive []string `json:"outsideOf,omitempty"`
}

func alertsRoute(ctx context.Context, s Streams, f checkFlags, labels map[string]string, path string, moments []routes.Moment, asJSON bool) error {
	spendMemory(s)
	o, err := f.whole()
	if err != nil {
		return err
	}
	o.Expectations, o.Standard = nil, nil
	services, err := assess.Path(ctx, path, o)
	if err != nil {
		return misused(err)
	}
	var sets []*fact.Set
	for _, service := range services {
		for _, set := range service.Sets {
			if set.ProductionLike {
				sets = append(sets, set)
			}
		}
	}
	list := trees(sets)
	if len(list) == 0 {
		return fmt.Errorf("%s holds no tree of routes: no configuration of Alertmanager that can be read (`seaworthy check --problems` lists what cannot)", path)
	}
	var all []routed
	if labels != nil {
		all = route(list, "", routes.Given(labels), labels, moments, nil, nil)
	} else {
		var alerts []*fact.Alert
		for _, set := range sets {
			for _, a := range set.Alerts {
				if a.Routes == nil && !slices.ContainsFunc(alerts, func(b *fact.Alert) bool { return a.Ref == b.Ref }) {
					alerts = append(alerts, a)
				}
			}
		}
		if len(alerts) == 0 {
			return fmt.Errorf("%s holds no alert rules; name labels, for instance `seaworthy alerts route severity=critical`", path)
		}
		var known []routes.Labels
		for _, a := range alerts {
			known = append(known, routes.OfAlert(a))
		}
		for i, a := range alerts {
			all = append(all, route(list, a.Name, known[i], nil, moments, alerts, known)...)
		}
	}
	out := bufio.NewWriter(s.Out)
	defer out.Flush()
	if asJSON {
		encoder := json.NewEncoder(out)
		encoder.SetIndent("", "  ")
		return encoder.Encode(all)
	}
	for _, tree := range list {
		asks := tree.Asks()
		for name := range labels {
			if name != "alertname" && !slices.Contains(asks, name) {
				fmt.Fprintln(out, harmless(fmt.Sprintf("no route of %s asks for the label %s%s", tree.Title, name, routes.Meant(name, asks))))
			}
		}
	}
	for _, r := range all {
		writeRouted(out, r)
	}
	return nil
}

// trees returns the trees of the sets, each once: services may share one.
func trees(sets []*fact.Set) (out []*routes.Tree) {
	for _, t := range routes.Trees(sets...) {
		if !slices.ContainsFunc(out, func(o *routes.Tree) bool { return o.Ref == t.Ref }) {
			out = append(out, t)
		}
	}
	return out
}

func route(list []*routes.Tree, alert string, l routes.Labels, given map[string]string, moments []routes.Moment, alerts []*fact.Alert, known []routes.Labels) (out []routed) {
	for _, tree := range list {
		var quiet []string
		for _, by := range tree.Inhibitors(l, known) {
			if name := alerts[by.By].Name; name != alert {
				quiet = append(quiet, fmt.Sprintf("%s (%s)", name, routes.Place(by.Rule.At)))
			}
		}
		for _, at := range moments {
			r := routed{Alert: alert, Labels: given, Tree: tree.Title, At: at.Name}
			outcomes, all := tree.Route(l, at)
			r.All = all
			for _, o := range outcomes {
				one := routedOutcome{Beyond: o.Beyond, Quiet: quiet, Receives: []routedReceive{}}
				for _, m := range o.Assumed {
					one.Assumed = append(one.Assumed, m.String())
				}
				for _, d := range o.Deliveries {
					got := routedReceive{Name: d.Name, Muted: d.Muted, Inactive: d.Inactive, Kinds: []string{}}
					if d.Receiver != nil {
						for _, c := range d.Receiver.Channels {
							got.Kinds = append(got.Kinds, c.Kind)
						}
					}
					for _, step := range d.Path {
						says := "top"
						if len(step.Matchers) > 0 {
							var texts []string
							for _, m := range step.Matchers {
								texts = append(texts, m.String())
							}
							says = strings.Join(texts, ", ")
						}
						got.Path = append(got.Path, says+" ("+routes.Place(step.At)+")")
					}
					one.Receives = append(one.Receives, got)
				}
				r.Outcomes = append(r.Outcomes, one)
			}
			out = append(out, r)
		}
	}
	return out
}

func writeRouted(out *bufio.Writer, r routed) {
	p := func(format string, args ...any) { fmt.Fprintln(out, harmless(fmt.Sprintf(format, args...))) }
	p("%s", strings.TrimSpace(fmt.Sprintf("%s %s, by %s", r.Alert, r.At, r.Tree)))
	for _, o := range r.Outcomes {
		indent := "  "
		if len(o.Assumed) > 0 {
			p("  with %s", strings.Join(o.Assumed, ", "))
			indent = "    "
		}
		for _, d := range o.Receives {
			says := "-> " + d.Name + " (" + strings.Join(d.Kinds, ", ") + ")"
			switch {
			case len(d.Kinds) == 0:
				says = "-> " + d.Name + ", which tells nobody"
			case d.Muted != "":
				says += ", muted by " + d.Muted
			case len(d.Inactive) > 0:
				says += ", held back outside of " + strings.Join(d.Inactive, ", ")
			}
			p("%s%s", indent, says)
			for i, step := range d.Path {
				p("%s   %s%s", indent, strings.Repeat("  ", i), step)
			}
		}
		if o.Beyond {
			p("%sand on to routes that were not read", indent)
		}
		for _, by := range o.Quiet {
			p("%skept quiet while %s fires", indent, by)
		}
	}
	if !r.All {
		p("  and more ways than were tried")
	}
}
