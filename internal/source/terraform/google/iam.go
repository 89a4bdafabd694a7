package google

import (
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
	"seaworthy.dev/seaworthy/internal/source/terraform/reading"
)

// access reads who may do what: roles that are given at an organisation, a
// folder or a project reach everything below it; those that are given at one
// resource reach that alone.
// https://cloud.google.com/iam/docs/overview
func (r *reader) access() {
	for _, a := range r.Of(kinds(fact.Accounts), "google_service_account") {
		r.Into.Accounts = append(r.Into.Accounts, &fact.Account{Ref: a.Ref(), Name: accountName(a), CloudIdentity: a.Address})
	}
	for _, res := range r.Config.Resources {
		if res.Data || !strings.HasPrefix(res.Type, "google_") {
			continue
		}
		switch {
		case strings.HasSuffix(res.Type, "_iam_member"), strings.HasSuffix(res.Type, "_iam_binding"):
			if r.Of(kinds(fact.Permissions), res.Type); !res.Count.Known() {
				continue
			}
			r.given(res, res.Body.Get("role"), members(res.Body), res.Body.Get("condition"))
		case strings.HasSuffix(res.Type, "_iam_policy"):
			r.Of(kinds(fact.Permissions), res.Type)
			r.policy(res)
		}
	}
}

// members joins the two ways to name who gets a role.
func members(b model.Value) []model.Value {
	list := b.Get("members")
	if !list.Known() {
		return []model.Value{list}
	}
	out := list.Each()
	if one := b.Get("member"); one.Present() || !one.Known() {
		out = append(out, one)
	}
	return out
}

// policy reads a whole policy, written by a data source.
func (r *reader) policy(res *model.Resource) {
	data := res.Body.Get("policy_data")
	for _, d := range r.Config.Resources {
		if d.Data && d.Type == "google_iam_policy" && data.RefersTo(d.Base) {
			for _, b := range reading.Nested(d.Body.Get("binding")) {
				r.given(res, b.Get("role"), members(b), b.Get("condition"))
			}
			if v := d.Body.Get("binding"); v.Known() {
				return
			}
		}
	}
	r.Hole(res, kinds(fact.Permissions), "what "+res.Address+" allows"+reading.Because(data))
}

// judgedThere reports whether it is judged at the resource itself, or meant, that
// everyone may use it.
func judgedThere(kind string) bool {
	for _, family := range []string{"google_cloud_run_", "google_storage_bucket_", "google_cloudfunctions", "google_artifact_registry_"} {
		if strings.HasPrefix(kind, family) {
			return true
		}
	}
	return false
}

// wide reports whether a role that is given there reaches everything.
func wide(kind string) bool {
	for _, level := range []string{"google_project_iam_", "google_folder_iam_", "google_organization_iam_"} {
		if strings.HasPrefix(kind, level) {
			return true
		}
	}
	return false
}

// given adds a grant for each of programs and people.
func (r *reader) given(res *model.Resource, role model.Value, members []model.Value, condition model.Value) {
	at := reading.Place(role, res)
	var programs, people []string
	for _, m := range members {
		t := m.Text // of what is not known, the beginning
		switch {
		case strings.HasPrefix(t, "user:"), strings.HasPrefix(t, "group:"), strings.HasPrefix(t, "domain:"):
			people = append(people, t)
		case (t == "allUsers" || t == "allAuthenticatedUsers") && judgedThere(res.Type):
			// Who may reach a service or a bucket is judged there.
		case t == "allUsers", t == "allAuthenticatedUsers":
			g := &fact.Grant{Ref: res.Ref(), Holders: []string{t}, Everyone: true, At: at, Resources: []string{target(res)}}
			r.allows(g, res, role)
			r.Into.Grants = append(r.Into.Grants, g)
		default:
			programs = append(programs, r.holder(m)...)
		}
	}
	for i, holders := range [][]string{programs, people} {
		if len(holders) == 0 {
			continue
		}
		g := &fact.Grant{Ref: res.Ref(), Holders: holders, People: i == 1, At: at, Resources: []string{"*"}}
		if !wide(res.Type) {
			g.Resources = []string{target(res)}
		}
		for _, c := range reading.Nested(condition) {
			g.Conditions = append(g.Conditions, reading.Text(c.Get("expression")))
		}
		r.allows(g, res, role)
		r.Into.Grants = append(r.Into.Grants, g)
	}
}

// allows fills what a role lets its holder do: the role itself, or what a role
// of this configuration lists.
func (r *reader) allows(g *fact.Grant, res *model.Resource, role model.Value) {
	if own := r.One(res, role, "id", "google_project_iam_custom_role", "google_organization_iam_custom_role"); own != nil {
		list, known := own.Body.Get("permissions").Strings()
		g.Policy, g.Actions = reading.Name(own, "role_id"), list
		if !known {
			g.Unknown = reading.Why(own.Body.Get("permissions"))
		}
		return
	}
	switch t := reading.Text(role); {
	case t == "":
		g.Policy, g.Unknown = "a role", reading.Why(role)
	case !strings.HasPrefix(t, "roles/"):
		g.Policy, g.Unknown = t[strings.LastIndexByte(t, '/')+1:], "it is not among these files"
	default:
		g.Policy, g.Managed, g.Actions = t, t, []string{t}
	}
}

// target names the resource at which a role is given.
func target(res *model.Resource) string {
	for _, field := range []string{"secret_id", "bucket", "service_account_id", "topic", "subscription", "crypto_key_id", "service", "name", "instance", "dataset_id", "repository"} {
		v := res.Body.Get(field)
		for _, ref := range v.AllRefs() {
			return ref
		}
		if t := reading.Text(v); t != "" {
			return t
		}
	}
	return res.Type
}

// holder returns the name of the service account that a value means.
func (r *reader) holder(v model.Value) []string {
	if list := r.Referred(v, "email", "google_service_account"); len(list) > 0 {
		var out []string
		for _, a := range list {
			out = append(out, accountName(a))
		}
		return out
	}
	var out []string
	texts, _ := v.Strings()
	for _, t := range texts {
		switch t = strings.TrimPrefix(t, "serviceAccount:"); {
		case strings.HasSuffix(t, "-compute@developer.gserviceaccount.com"), strings.HasSuffix(t, "@appspot.gserviceaccount.com"):
			out = append(out, fact.DefaultAccount)
		case strings.Contains(t, "@"):
			name, _, _ := strings.Cut(t[strings.LastIndexByte(t, '/')+1:], "@")
			out = append(out, name)
		case t != "":
			out = append(out, t)
		}
	}
	if len(out) > 0 {
		return out
	}
	for _, ref := range v.AllRefs() {
		return []string{ref}
	}
	if !v.Known() {
		return []string{"somebody (" + reading.Why(v) + ")"}
	}
	return nil
}

// accountName returns what a service account is called.
func accountName(a *model.Resource) string { return reading.Name(a, "account_id") }
