package catalog

import (
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/derive/owner"
	"seaworthy.dev/seaworthy/internal/fact"
)

// compass reads a compass.yml of Atlassian Compass, which names teams by id.
func (d *document) compass() {
	var c struct {
		Name    string `json:"name"`
		TypeID  string `json:"typeId"`
		OwnerID string `json:"ownerId"`
		Links   []link `json:"links"`
		Fields  any    `json:"fields"`
	}
	if !d.fit(d.root, &c) {
		return
	}
	claim := &fact.OwnerClaim{Source: "compass", Kind: "service", Of: c.Name, ByID: c.OwnerID != ""}
	switch strings.ToUpper(c.TypeID) {
	case "LIBRARY", "UI_ELEMENT":
		claim.Kind = "part"
	case "CAPABILITY", "CLOUD_RESOURCE", "DATA_PIPELINE", "MACHINE_LEARNING_MODEL", "WEBSITE", "APPLICATION", "SERVICE", "OTHER", "":
	}
	for _, l := range c.Links {
		switch l.Type {
		case "ON_CALL":
			claim.OnCall = first(claim.OnCall, l.URL)
		case "CHAT_CHANNEL":
			claim.Contact = first(claim.Contact, l.URL)
		}
	}
	d.claim(claim, d.place(d.root, "ownerId"), []string{c.OwnerID}, nil)
	claim.Team = "" // an identifier is no name
}

// cortex reads a descriptor of Cortex: OpenAPI with extensions below info.
func (d *document) cortex() {
	var c struct {
		Info struct {
			Tag    string `json:"x-cortex-tag"`
			Type   string `json:"x-cortex-type"`
			Owners []struct {
				Type    string `json:"type"`
				Name    string `json:"name"`
				Email   string `json:"email"`
				Channel string `json:"channel"`
			} `json:"x-cortex-owners"`
			Slack  any            `json:"x-cortex-slack"`
			OnCall map[string]any `json:"x-cortex-oncall"`
		} `json:"info"`
	}
	if !d.fit(d.root, &c) {
		return
	}
	info := decode.Child(d.root, "info")
	claim := &fact.OwnerClaim{Source: "cortex", Kind: "service", Of: c.Info.Tag}
	switch strings.ToLower(c.Info.Type) {
	case "team":
		claim.Kind = "team"
		d.claim(claim, d.place(info, "x-cortex-tag"), []string{c.Info.Tag}, nil)
		return
	case "domain":
		claim.Kind = "system"
	}
	var teams, people []string
	for _, o := range c.Info.Owners {
		switch strings.ToLower(o.Type) {
		case "group", "team":
			teams = append(teams, o.Name)
		case "email", "user":
			people = append(people, first(o.Email, o.Name))
		case "slack":
			claim.Contact = first(claim.Contact, "#"+strings.TrimPrefix(o.Channel, "#"))
		}
	}
	if c.Info.Slack != nil && claim.Contact == "" {
		claim.Contact = "x-cortex-slack"
	}
	var pagers []string
	for name, value := range c.Info.OnCall {
		if value != nil {
			pagers = append(pagers, name)
		}
	}
	slices.Sort(pagers)
	claim.OnCall = first(pagers...)
	d.claim(claim, d.place(info, "x-cortex-owners"), teams, people)
}

// opslevel reads an opslevel.yml, which describes a component (formerly a
// service), a repository, or both.
func (d *document) opslevel() {
	type part struct {
		Name  string `json:"name"`
		Owner string `json:"owner"`
		Tools []struct {
			Category string `json:"category"`
			Name     string `json:"name"`
			URL      string `json:"url"`
		} `json:"tools"`
	}
	for _, key := range []string{"component", "service", "repository"} {
		node := decode.Child(d.root, key)
		if !decode.IsMapping(node) {
			continue
		}
		var p part
		if !d.fit(node, &p) {
			return
		}
		claim := &fact.OwnerClaim{Source: "opslevel", Kind: "service", Of: p.Name}
		if key == "repository" {
			claim.Kind = "repository"
		}
		for _, t := range p.Tools {
			switch t.Category {
			case "incidents", "on_call", "oncall":
				claim.OnCall = first(claim.OnCall, t.URL)
			case "chat", "messaging":
				claim.Contact = first(claim.Contact, t.URL)
			}
		}
		d.claim(claim, d.place(node, "owner"), []string{p.Owner}, nil)
	}
}

type contact struct {
	Name    string `json:"name"`
	Type    string `json:"type"`
	Contact string `json:"contact"`
}

// reach sorts contacts and links into ways to talk and ways to wake.
func reach(c *fact.OwnerClaim, contacts []contact, links []link, integrations map[string]any) {
	for _, way := range contacts {
		c.Contact = first(c.Contact, way.Contact)
	}
	for _, pager := range []string{"pagerduty", "opsgenie", "jiraServiceManagementOps", "servicenow"} {
		if integrations[pager] != nil {
			c.OnCall = first(c.OnCall, pager)
		}
	}
	for _, l := range links {
		if strings.EqualFold(l.Type, "oncall") {
			c.OnCall = first(c.OnCall, l.URL)
		}
	}
}

// datadog reads a service definition of Datadog, versions 2 to 2.2.
func (d *document) datadog() {
	var s struct {
		Service      string         `json:"dd-service"`
		Team         string         `json:"team"`
		DDTeam       string         `json:"dd-team"`
		Contacts     []contact      `json:"contacts"`
		Links        []link         `json:"links"`
		Integrations map[string]any `json:"integrations"`
	}
	if !d.fit(d.root, &s) {
		return
	}
	claim := &fact.OwnerClaim{Source: "datadog", Kind: "service", Of: s.Service}
	reach(claim, s.Contacts, s.Links, s.Integrations)
	key := "team"
	if s.Team == "" {
		key = "dd-team"
	}
	d.claim(claim, d.place(d.root, key), []string{first(s.Team, s.DDTeam)}, nil)
}

func isDatadogEntity(api string) bool { return api == "v3" }

// datadogEntity reads an entity of Datadog's version 3.
func (d *document) datadogEntity() {
	var e struct {
		Kind     string `json:"kind"`
		Metadata struct {
			Name     string    `json:"name"`
			Owner    string    `json:"owner"`
			Contacts []contact `json:"contacts"`
			Links    []link    `json:"links"`
		} `json:"metadata"`
		Integrations map[string]any `json:"integrations"`
	}
	if !d.fit(d.root, &e) {
		return
	}
	claim := &fact.OwnerClaim{Source: "datadog", Kind: "part", Of: e.Metadata.Name}
	switch e.Kind {
	case "service":
		claim.Kind = "service"
	case "system":
		claim.Kind = "system"
	}
	reach(claim, e.Metadata.Contacts, e.Metadata.Links, e.Integrations)
	// Additional owners own nothing: they operate it, or are asked.
	teams, people := []string{e.Metadata.Owner}, []string(nil)
	if owner.IsAddress(e.Metadata.Owner) {
		teams, people = nil, teams
	}
	d.claim(claim, d.place(decode.Child(d.root, "metadata"), "owner"), teams, people)
}
