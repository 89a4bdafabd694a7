package cloudformation

import (
	_ "embed"
	"sync"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/reading"
)

//go:embed types.txt
var unreadTable string

// unread reads the table once: a cache of pure values.
var unread = sync.OnceValues(func() (reading.Types, error) { return reading.ParseTypes(unreadTable) })

// holds returns the kinds of facts that a type may hold that is not read; none
// where it is harmless.
func holds(kind string) []fact.Kind {
	table, err := unread()
	if err != nil {
		panic(err)
	}
	kinds, known := table.Of(kind)
	switch {
	case !known: // Custom:: and third parties among them
		return append([]fact.Kind{fact.Cloud}, everything...)
	case len(kinds) == 0:
		return nil
	}
	return append([]fact.Kind{fact.Cloud}, kinds...)
}

// everything are the kinds of facts that infrastructure may hold.
var everything = []fact.Kind{
	fact.Workloads, fact.Services, fact.Autoscalers, fact.Rollouts, fact.Policies, fact.Accounts, fact.Permissions, fact.Secrets, fact.Settings,
	fact.Certificates, fact.Alerts, fact.Dashboards, fact.Backups, fact.Storage, fact.Images, fact.LogStores,
}
