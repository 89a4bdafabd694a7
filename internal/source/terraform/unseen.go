package terraform

import (
	_ "embed"
	"fmt"
	"strings"
	"sync"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
	"seaworthy.dev/seaworthy/internal/source/terraform/reading"
)

//go:embed providers.txt
var providersTable string

// providers reads the table once: a cache of pure values.
var providers = sync.OnceValues(func() (reading.Types, error) { return reading.ParseTypes(providersTable) })

// mapped are the first words of the types that a cloud's own mapping decides about.
var mapped = map[string]bool{"aws": true, "google": true, "azurerm": true, "azuread": true, "azapi": true}

// unseen leaves a hole for what other providers run, keep or guard: nothing of it
// is read. Of a provider that nobody knows, it is one hole.
func unseen(c *model.Config, into *fact.Set) {
	types, err := providers()
	if err != nil {
		panic(err)
	}
	leave := func(list []*model.Resource, kinds []fact.Kind, why string) {
		into.Coverage.Holes = append(into.Coverage.Holes, fact.Hole{Kinds: kinds, Location: list[0].At, Why: why, Unread: true})
	}
	var order []string
	groups := map[string][]*model.Resource{}
	for _, r := range c.Resources {
		provider, _, _ := strings.Cut(r.Type, "_")
		if r.Data || r.Part || mapped[provider] || strings.Contains(r.Type, "::") {
			continue
		}
		group := r.Type
		if kinds, known := types.Of(r.Type); known && len(kinds) == 0 {
			continue
		} else if !known && !types.Knows(provider+"_") {
			group = provider
		}
		if groups[group] == nil {
			order = append(order, group)
		}
		groups[group] = append(groups[group], r)
	}
	for _, group := range order {
		list := groups[group]
		kinds, known := types.Of(list[0].Type)
		switch chart := list[0].Body.Get("chart"); {
		case !known && group != list[0].Type:
			leave(list, reading.Anything(), fmt.Sprintf("resources of the provider %s, such as %s, are not read", group, list[0].Base))
		case !known:
			leave(list, reading.Anything(), reading.NotRead(list))
		case group == "helm_release" && chart.Text != "" && len(list) == 1:
			leave(list, kinds, fmt.Sprintf("%s installs chart %s, which is not read", list[0].Base, chart.Text))
		default:
			leave(list, kinds, reading.NotRead(list))
		}
	}
}
