package assess

import (
	"context"
	"fmt"
	"path"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/repo"
)

// unreadSource is the source of sets that hold nothing but what is not read.
const unreadSource = "unread"

// deployed are the kinds of facts that what deploys a service may hold.
func deployed() []fact.Kind {
	return []fact.Kind{fact.Workloads, fact.Services, fact.Budgets, fact.Autoscalers, fact.Rollouts, fact.Policies, fact.Accounts, fact.Permissions,
		fact.Secrets, fact.Settings, fact.Certificates, fact.Meshes, fact.Scrapes, fact.Alerts, fact.Dashboards, fact.Reconcilers, fact.Backups, fact.Namespaces,
		fact.Storage, fact.Cloud, fact.LogStores, fact.Routings, fact.Shippers, fact.AccessLogs}
}

// readUnread makes a hole of what deploys by a tool whose files are not read: what
// it runs keeps what was found from being met, and nothing from being a gap. Of
// each tool one file in a folder stands for all.
func readUnread(_ context.Context, tree *repo.Tree, _ Options) reading {
	var out reading
	seen := map[repo.Tool]bool{}
	for _, name := range tree.Files[repo.Unread] {
		tool, _, _ := repo.ToolOf(name)
		if aside(name) || seen[tool] {
			continue
		}
		seen[tool] = true
		at := fact.Location{File: tree.Show(name)}
		says := fmt.Sprintf("is for %s, which is not read, so what it deploys is not judged", tool.Name)
		remedy := "; `sources.exclude` of a seaworthy.yaml leaves out what is no part of the service"
		if tool.Shows != "" {
			remedy = fmt.Sprintf("; `%s` writes it in a form that is", tool.Shows)
		}
		out.problems = append(out.problems, fact.Problem{Location: at, Message: says + remedy})
		set := &fact.Set{Bundle: path.Dir(name), Source: unreadSource, Rung: fact.Configured, ProductionLike: true}
		set.Coverage.Holes = []fact.Hole{{Kinds: deployed(), Location: at, Why: path.Base(name) + " is for " + tool.Name + ", which is not read"}}
		out.sets = append(out.sets, set)
	}
	return out
}
