package catalog

import (
	"fmt"
	"strings"
	"testing"

	"seaworthy.dev/seaworthy/internal/decode"
)

// read returns what a file says, a line for each claim.
func read(name, text string) (string, *Reading) {
	var r Reading
	own, _ := Documents(decode.Split(name, []byte(text)))
	r.Read(own)
	var b strings.Builder
	for _, c := range r.Owners {
		fmt.Fprintf(&b, "%s %s %s: %s team=%s people=%s contact=%s oncall=%s line=%d\n", c.Source, c.Kind, c.Of,
			strings.Join(c.Owners, ","), c.Team, strings.Join(c.People, ","), c.Contact, c.OnCall, c.Line)
	}
	return strings.TrimSpace(b.String()), &r
}

// TestFormats reads each catalog's own words.
func TestFormats(t *testing.T) {
	for name, c := range map[string]struct{ file, text, want string }{
		"a component with a pager and a chat": {"catalog-info.yaml", `
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: checkout
  annotations: {pagerduty.com/integration-key: 0123456789, slack.com/channel: C1}
spec: {type: service, owner: "group:default/team-payments"}
`, "backstage service checkout: group:default/team-payments team=team-payments people= contact=slack.com/channel C1 oncall=pagerduty.com/integration-key line=7"},
		"a library, an API, a system, a domain": {"catalog-info.yaml", `
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: lib}
spec: {type: library, owner: a}
---
apiVersion: backstage.io/v1beta1
kind: API
metadata: {name: api}
spec: {owner: a}
---
apiVersion: backstage.io/v1alpha1
kind: System
metadata: {name: sys}
spec: {owner: user:jane}
---
apiVersion: backstage.io/v1alpha1
kind: Domain
metadata: {name: dom}
spec: {owner: a}
`, `backstage part lib: a team=a people= contact= oncall= line=5
backstage part api: a team=a people= contact= oncall= line=10
backstage system sys: user:jane team= people=user:jane contact= oncall= line=15`},
		"a group and a user": {"org.yaml", `
apiVersion: backstage.io/v1alpha1
kind: Group
metadata: {name: team-payments}
spec: {type: team, profile: {email: p@acme.com}, children: []}
---
apiVersion: backstage.io/v1alpha1
kind: User
metadata: {name: jane}
spec: {memberOf: [team-payments]}
`, `backstage team team-payments: team-payments team=team-payments people= contact=p@acme.com oncall= line=4
backstage person jane: jane team= people=jane contact= oncall= line=9`},
		"Score writes it beside the name": {"score.yaml", `
apiVersion: score.dev/v1b1
metadata:
  name: web
  annotations: {acme.com/team: payments}
containers: {main: {image: a}}
`, "score service web: payments team=payments people= contact= oncall= line=5"},
		"Datadog before version 3": {"service.datadog.yaml", `
schema-version: v2
dd-service: web
dd-team: payments
contacts: [{type: email, contact: p@acme.com}]
integrations: {pagerduty: "https://acme.pagerduty.com/service-directory/P1"}
---
schema-version: v2.2
dd-service: api
team: payments
links: [{name: On-call, type: oncall, url: "https://x"}]
`, `datadog service web: payments team=payments people= contact=p@acme.com oncall=pagerduty line=4
datadog service api: payments team=payments people= contact= oncall=https://x line=10`},
		"Datadog from version 3": {"entity.datadog.yaml", `
apiVersion: v3
kind: datastore
metadata: {name: db, owner: dba}
---
apiVersion: v3
kind: service
metadata: {name: web, owner: jane@acme.com}
`, `datadog part db: dba team=dba people= contact= oncall= line=4
datadog service web: jane@acme.com team= people=jane@acme.com contact= oncall= line=8`},
		"Cortex": {"cortex.yaml", `
openapi: 3.0.1
info:
  x-cortex-tag: web
  x-cortex-owners: [{type: group, name: Pay, provider: OKTA}, {type: email, email: a@b.cc}]
  x-cortex-slack: {channels: [{name: pay}]}
  x-cortex-oncall: {opsgenie: {id: 1}}
`, "cortex service web: Pay,a@b.cc team=pay people=a@b.cc contact=x-cortex-slack oncall=opsgenie line=5"},
		"OpsLevel": {"opslevel.yml", `
version: 1
service: {name: web, owner: pay, tools: [{category: incidents, url: "https://pager"}]}
repository: {owner: pay}
`, `opslevel service web: pay team=pay people= contact= oncall=https://pager line=3
opslevel repository : pay team=pay people= contact= oncall= line=4`},
		"Compass": {"compass.yml", `
configVersion: 1
name: web
typeId: SERVICE
ownerId: ari:cloud:identity::team/1
links: [{type: ON_CALL, url: "https://pager"}]
`, "compass service web: ari:cloud:identity::team/1 team= people= contact= oncall=https://pager line=5"},
		"something else": {"compass.yml", "http_path: /\n", ""},
		"scalars, nulls": {"catalog-info.yaml", "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\nspec:\n---\nhello\n---\n- a\n", "backstage service :  team= people= contact= oncall= line=4"},
	} {
		t.Run(name, func(t *testing.T) {
			got, r := read(c.file, c.text)
			if got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
			if len(r.Problems) > 0 {
				t.Errorf("problems: %v", r.Problems)
			}
		})
	}
}

// TestObjects: a file may bear a catalog's name and hold what runs.
func TestObjects(t *testing.T) {
	own, objects := Documents(decode.Split("cortex.yaml", []byte("apiVersion: v1\nkind: ConfigMap\n---\napiVersion: backstage.io/v1alpha1\nkind: Component\n")))
	if len(own) != 1 || !objects {
		t.Errorf("%d documents of a catalog, objects: %v", len(own), objects)
	}
}

// TestBroken: what cannot be read is a problem with its place, and a hole.
func TestBroken(t *testing.T) {
	got, r := read("catalog-info.yaml", "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: a}\nspec: [x]\n---\na: [\n")
	if got != "" || len(r.Problems) != 2 || len(r.Holes) != 2 || r.Problems[0].Line != 4 {
		t.Errorf("%q, problems %v, holes %v", got, r.Problems, r.Holes)
	}
}

// TestMisspelt: an entity of a mistyped kind is not passed over in silence.
func TestMisspelt(t *testing.T) {
	_, r := read("catalog-info.yaml", "apiVersion: backstage.io/v1alpha1\nkind: Compnent\nmetadata: {name: a}\nspec: {owner: b}\n---\napiVersion: backstage.io/v1alpha1\nkind: Pipeline\nmetadata: {name: c}\n")
	if len(r.Problems) != 1 || r.Problems[0].Line != 2 || !strings.Contains(r.Problems[0].Message, "did you mean Component?") || len(r.Holes) != 1 {
		t.Errorf("problems %v, holes %v", r.Problems, r.Holes)
	}
}

// TestTargets: files of the repository are named, addresses are not fetched.
func TestTargets(t *testing.T) {
	_, r := read("catalog-info.yaml", "apiVersion: backstage.io/v1alpha1\nkind: Location\nspec:\n  type: url\n  targets: [./a.yaml, 'https://x/y.yaml', /etc/passwd]\n  target: b/*.yaml\n")
	if len(r.Targets) != 2 || r.Targets[0].Path != "./a.yaml" || r.Targets[1].Path != "b/*.yaml" || r.Targets[0].Line != 5 {
		t.Errorf("targets: %+v", r.Targets)
	}
}
