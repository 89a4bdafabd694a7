// Package draft writes the first manifest of a service, from what was found of it:
// what could be found stands there, what only people know is asked for in comments
// that show how to write it.
package draft

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	yaml "go.yaml.in/yaml/v3"

	"seaworthy.dev/seaworthy/internal/assess"
	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/derive/discovered"
	form "seaworthy.dev/seaworthy/internal/manifest"
)

// Schema is where the JSON Schema of the manifest is published, for editors.
const Schema = "https://seaworthy.dev/schema/seaworthy.v1.json"

// most bounds lists: a longer one is not read, and says that its owner has to find
// another way.
const most = 40

// Choice is what the user says on the command line; zero values leave it to what
// was found.
type Choice struct {
	Name, Owner string
	Tier        int
}

// Write returns the manifest of a candidate.
func Write(c *assess.Candidate, choice Choice) []byte {
	w := &writer{}
	w.head(c, choice)
	w.owner(c, choice)
	w.sources(c)
	w.endpoints(c)
	w.stores(c)
	w.parties(c)
	w.evidence(c)
	return []byte(w.text.String())
}

type writer struct{ text strings.Builder }

func (w *writer) line(format string, args ...any) {
	text := format
	if len(args) > 0 {
		text = fmt.Sprintf(format, args...)
	}
	w.text.WriteString(strings.TrimRight(text, " ") + "\n")
}

func (w *writer) head(c *assess.Candidate, choice Choice) {
	name, tier := choice.Name, choice.Tier
	if name == "" {
		name = c.Name
	}
	if tier == 0 {
		tier = 3
	}
	w.line("# yaml-language-server: $schema=%s", Schema)
	w.line("")
	w.line("# What Seaworthy should know of this service and cannot find out by itself. It was")
	w.line("# drafted by `seaworthy init` from what stands here: read it once, strike out what")
	w.line("# is wrong, and fill in what the comments ask for. docs/manifest.md has every field.")
	if c.Rest {
		w.line("#")
		w.line("# This one is for what belongs to none of the services below, each of which has a")
		w.line("# seaworthy.yaml of its own.")
	}
	w.line("apiVersion: %s", form.APIVersion)
	w.line("kind: %s", form.Kind)
	w.line("metadata:")
	w.line("  name: %s", scalar(name))
	w.line("  # description: what it does and for whom, in a sentence")
	w.line("spec:")
	w.line("  # How much depends on it. 1: its loss stops the business. 2: customers notice within")
	w.line("  # the hour. 3: everything else. The lower, the stronger the evidence that is asked.")
	w.line("  tier: %d", tier)
	w.line("")
}

func (w *writer) owner(c *assess.Candidate, choice Choice) {
	w.line("  # The one team that owns it, as catalogs and labels call it, and how to reach it.")
	switch {
	case choice.Owner != "":
		w.line("  owner: %s", scalar(choice.Owner))
	case c.Owner != "":
		w.line("  owner: %s # as %s says", scalar(c.Owner), c.OwnerFrom)
	default:
		w.line("  # owner: team-name")
	}
	w.line("  # contact: \"#channel\"")
	w.line("  # onCall: the rotation that is called at night")
	w.line("")
}

// sources shows in comments what was found: left out, all of the folder is judged.
func (w *writer) sources(c *assess.Candidate) {
	w.line("  # Where it stands: everything below this folder, as long as nothing is named here.")
	if len(c.Manifests)+len(c.Charts)+len(c.Kustomize)+len(c.Terraform)+len(c.Dockerfiles)+len(c.Compose) == 0 {
		w.line("  # Nothing was found yet that Seaworthy can judge.")
		w.line("  # sources: {paths: [deploy]}")
		w.line("")
		return
	}
	w.line("  # This was found; to judge only a part of it, take the signs away and the rest out.")
	w.line("  # sources:")
	w.names("manifests", c, c.Manifests)
	if len(c.Charts) > 0 {
		w.line("  #   helm:")
		for i, k := range c.Charts {
			if i == most {
				w.line("  #     # and %d more", len(c.Charts)-most)
				break
			}
			values := files(k.Variants)
			switch {
			case len(values) == 1:
				w.line("  #     - {chart: %s, values: [%s]}", scalar(below(c, k.Dir)), scalar(values[0]))
			case len(values) > 1:
				w.line("  #     - {chart: %s, values: [%s]} # also judged with %s", scalar(below(c, k.Dir)), scalar(values[0]), few(values[1:]))
			default:
				w.line("  #     - chart: %s", scalar(below(c, k.Dir)))
			}
		}
	}
	w.names("kustomize", c, c.Kustomize)
	w.names("terraform", c, c.Terraform)
	w.names("dockerfiles", c, c.Dockerfiles)
	w.names("compose", c, c.Compose)
	w.line("")
}

// files keeps of a chart's variants those that are its own values files.
func files(variants []string) []string {
	return slices.DeleteFunc(slices.Clone(variants), func(v string) bool { return strings.Contains(v, " ") || !strings.Contains(v, ".") })
}

// names writes a list of paths as a comment.
func (w *writer) names(key string, c *assess.Candidate, list []string) {
	if len(list) == 0 {
		return
	}
	out := make([]string, 0, len(list))
	for _, name := range list {
		out = append(out, scalar(below(c, name)))
	}
	if len(out) <= 4 && len(strings.Join(out, ", ")) < 70 {
		w.line("  #   %s: [%s]", key, strings.Join(out, ", "))
		return
	}
	w.line("  #   %s:", key)
	for i, name := range out {
		if i == 8 {
			w.line("  #     # and %d more", len(out)-i)
			break
		}
		w.line("  #     - %s", name)
	}
}

// below returns a path relative to the candidate's folder.
func below(c *assess.Candidate, name string) string {
	if c.Folder == "." {
		return name
	}
	if name == c.Folder {
		return "."
	}
	if rest, found := strings.CutPrefix(name, c.Folder+"/"); found {
		return rest
	}
	return "/" + name
}

// endpoint is an address to write, with the first object that opens it.
type endpoint struct {
	url, by string
	more    int
}

func (w *writer) endpoints(c *assess.Candidate) {
	w.line("  # Where it is meant to be reached. What is open to the outside and not named here is")
	w.line("  # a gap; strike out what should not be open, and close it.")
	list := endpoints(c)
	if len(list) == 0 {
		w.line("  # endpoints:")
		w.line("  #   - url: https://shop.example.com")
		w.line("")
		return
	}
	w.line("  endpoints:")
	for i, e := range list {
		if i == most {
			w.line("    # and %d more: `seaworthy check -v --only security/network-segmentation` names them", len(list)-most)
			break
		}
		more := ""
		if e.more > 0 {
			more = fmt.Sprintf(" and %d more", e.more)
		}
		w.line("    - url: %s # %s%s", scalar(e.url), e.by, more)
	}
	w.line("")
}

// Endpoints counts the endpoints of a candidate.
func Endpoints(c *assess.Candidate) int { return len(endpoints(c)) }

// endpoints lists what is open to everyone, each address once.
func endpoints(c *assess.Candidate) (list []endpoint) {
	for _, a := range c.Addresses {
		if len(a.Ranges) > 0 {
			continue // open to named networks only
		}
		for _, url := range urls(c, a) {
			if i := slices.IndexFunc(list, func(e endpoint) bool { return e.url == url }); i >= 0 {
				list[i].more++
				continue
			}
			list = append(list, endpoint{url: url, by: a.Kind + " " + a.Name})
		}
	}
	return list
}

// urls returns how the address is written: its hosts, or its own name where the
// platform gives the host.
func urls(c *assess.Candidate, a discovered.Address) []string {
	var out []string
	for _, h := range a.Hosts {
		switch {
		case !hostname.MatchString(h):
			return []string{a.Name}
		case c.TLS[h] && !strings.HasPrefix(h, "*"):
			out = append(out, "https://"+h)
		default:
			out = append(out, h)
		}
	}
	if len(out) == 0 {
		return []string{a.Name}
	}
	return out
}

var hostname = regexp.MustCompile(`^(\*\.)?[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$`)

func (w *writer) stores(c *assess.Candidate) {
	w.line("  # What it keeps its data in, with the kinds of personal data (words of fideslang, or")
	w.line("  # none). A store that is found and not named here is a gap.")
	sure, unsure := 0, 0
	for _, s := range c.Stores {
		if s.Sure {
			sure++
		} else {
			unsure++
		}
	}
	if sure == 0 {
		w.line("  # stores:")
		if unsure == 0 {
			w.line("  #   - {name: orders-db, kind: postgresql, categories: [user.contact.email]}")
		}
	} else {
		w.line("  stores:")
	}
	written := 0
	for _, s := range c.Stores {
		switch {
		case !s.Sure:
			continue
		case written == most:
			w.line("    # and %d more: `seaworthy check -v --only backup/schedule` names them", sure-most)
		case written < most:
			w.line("    - name: %s # %s", scalar(s.Name), place(s))
			w.line("      kind: %s", scalar(s.Kind))
			w.line("      # categories: [user.contact.email]")
		}
		written++
	}
	written = 0
	for _, s := range c.Stores {
		if !s.Sure && written < 8 {
			w.line("  #   - {name: %s, kind: ...} # %s has a volume; what is on it?", scalar(s.Name), place(s))
			written++
		}
	}
	if unsure > 8 {
		w.line("  #   # and %d more with a volume", unsure-8)
	}
	w.line("")
}

func place(s discovered.Store) string {
	return s.Ref.Kind() + " in " + path.Join(path.Base(path.Dir(s.File)), path.Base(s.File))
}

// party is somebody to write, with all its hosts.
type party struct {
	name, by string
	hosts    []string
}

func (w *writer) parties(c *assess.Candidate) {
	w.line("  # Others outside the organisation to whom requests or data go. An entry counts once it")
	w.line("  # has purpose, categories, agreement and reviewed; move your own hosts to dependencies.")
	if world := group(c.World, domain); len(world) > 0 {
		w.line("  thirdParties:")
		for i, p := range world {
			if i == most {
				w.line("    # and %d more: `seaworthy check -v --only privacy/subprocessors` names them", len(world)-most)
				break
			}
			w.line("    - name: %s # %s calls it", scalar(p.name), p.by)
			w.line("      hosts: [%s]", quoted(p.hosts))
			w.line("      # purpose: what for")
			w.line("      # categories: [user.contact.email] # or [none]")
			w.line("      # agreement: docs/agreements/%s.md", p.name)
			w.line("      # reviewed: 2026-01-31")
		}
	} else {
		w.line("  # thirdParties:")
		w.line("  #   - {name: Stripe, hosts: [api.stripe.com], purpose: card payments}")
	}
	w.line("")
	w.line("  # Services of the organisation without which it cannot do its work.")
	if cluster := group(c.Cluster, first); len(cluster) > 0 {
		w.line("  dependencies:")
		for i, p := range cluster {
			if i == most {
				w.line("    # and %d more", len(cluster)-most)
				break
			}
			w.line("    - name: %s # %s calls it", scalar(p.name), p.by)
			w.line("      hosts: [%s]", quoted(p.hosts))
		}
	} else {
		w.line("  # dependencies:")
		w.line("  #   - {name: payments, hosts: [payments.shop.svc]}")
	}
	w.line("")
}

// group puts hosts of one party together, in the order of names.
func group(list []discovered.Party, name func(host string) string) []party {
	var out []party
	for _, p := range list {
		n := name(p.Host)
		i := slices.IndexFunc(out, func(q party) bool { return q.name == n })
		if i < 0 {
			i = len(out)
			out = append(out, party{name: n, by: p.Client})
		}
		if !slices.Contains(out[i].hosts, p.Host) {
			out[i].hosts = append(out[i].hosts, p.Host)
		}
	}
	slices.SortFunc(out, func(a, b party) int { return strings.Compare(a.name, b.name) })
	for _, p := range out {
		slices.Sort(p.hosts)
	}
	return out
}

// domain names a host of the world by what stands before its ending.
func domain(host string) string {
	labels := strings.Split(host, ".")
	at := len(labels) - 2
	if at > 0 && len(labels[len(labels)-1]) == 2 && len(labels[at]) <= 3 {
		at-- // example.co.uk
	}
	return labels[max(0, at)]
}

func first(host string) string {
	name, _, _ := strings.Cut(host, ".")
	return name
}

func (w *writer) evidence(c *assess.Candidate) {
	w.line("  # What people vouch for: who, when, until when, and what shows it.")
	w.line("  # attestations:")
	w.line("  #   - expectation: launch/stakeholders")
	w.line("  #     who: ada@example.com")
	w.line("  #     second: grace@example.com # tiers 1 and 2 ask for a second person")
	w.line("  #     date: 2026-01-31")
	w.line("  #     expires: 2026-07-30")
	w.line("  #     link: docs/launch.md")
	w.line("")
	w.line("  # What it has none of. Saying nothing leaves it open; this closes it, as long as")
	w.line("  # nothing is found after all.")
	w.line("  # none:")
	switch {
	case !slices.ContainsFunc(c.Stores, func(s discovered.Store) bool { return s.Sure }):
		w.line("  #   - {what: stores, reason: keeps nothing, who: ada@example.com, date: 2026-01-31}")
	case len(c.World) == 0:
		w.line("  #   - {what: third-parties, reason: calls nobody outside, who: ada@example.com, date: 2026-01-31}")
	default:
		w.line("  #   - {what: slo/sla, reason: nobody outside the company uses it, who: ada@example.com, date: 2026-01-31}")
	}
}

func few(list []string) string {
	if len(list) > 3 {
		return strings.Join(list[:3], ", ") + fmt.Sprintf(" and %d more", len(list)-3)
	}
	return strings.Join(list, ", ")
}

func quoted(list []string) string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = scalar(s)
	}
	return strings.Join(out, ", ")
}

var plain = regexp.MustCompile(`^[A-Za-z0-9/.][A-Za-z0-9_./:@+-]*$`)

// scalar writes a text so that every reader of YAML takes it for that text.
func scalar(text string) string {
	if plain.MatchString(text) && !strings.HasSuffix(text, ":") && decode.Resolve(&decode.Node{Kind: yaml.ScalarNode, Value: text}).Kind == decode.StringScalar {
		return text
	}
	return strconv.Quote(text)
}
