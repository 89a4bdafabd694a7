package aws

import (
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
)

// identified notes as which role a workload runs.
func (r *reader) identified(w *fact.Workload, from *model.Resource, role model.Value) {
	no := false
	switch found := r.one(from, role, "arn", "aws_iam_role"); {
	case found != nil:
		w.Account = name(found)
	case role.Present() && text(role) != "":
		w.Account = text(role)[strings.LastIndexByte(text(role), '/')+1:]
		w.Unknown = append(w.Unknown, fact.Unknown{Part: fact.Identity, Why: "the role " + w.Account + " is not among these files", At: role.At})
	case !role.Known():
		w.Account = "(not known)"
		w.Unknown = append(w.Unknown, fact.Unknown{Part: fact.Identity, Why: why(role), At: role.At})
	default:
		w.MountsToken = &no
	}
}

// access reads roles, users and groups with what they may do, the keys that
// stay valid, and policies on resources.
func (r *reader) access() {
	permissions := kinds(fact.Permissions, fact.Accounts)
	for _, role := range r.of(permissions, "aws_iam_role") {
		r.into.Accounts = append(r.into.Accounts, &fact.Account{Ref: role.Ref(), Name: name(role), CloudIdentity: role.Address})
		r.statements(role, role.Body.Get("assume_role_policy"), fact.Grant{Policy: name(role), Holders: []string{name(role)}, Trust: true})
		for _, p := range nested(role.Body.Get("inline_policy")) {
			r.statements(role, p.Get("policy"), fact.Grant{Policy: text(p.Get("name")), Holders: []string{name(role)}})
		}
		for _, arn := range role.Body.Get("managed_policy_arns").Each() {
			r.managed(role, arn, []string{name(role)}, false)
		}
		for _, field := range []string{"inline_policy", "managed_policy_arns"} {
			v := role.Body.Get(field)
			if v.Known() {
				continue
			}
			for _, certain := range v.Items {
				if field == "inline_policy" {
					r.statements(role, certain.Get("policy"), fact.Grant{Policy: text(certain.Get("name")), Holders: []string{name(role)}})
				} else {
					r.managed(role, certain, []string{name(role)}, false)
				}
			}
			r.into.Grants = append(r.into.Grants, &fact.Grant{Ref: role.Ref(), Policy: "more of " + name(role), Holders: []string{name(role)}, Unknown: why(v), At: v.At})
		}
	}
	holders := []struct{ policy, attachment, field, owner string }{
		{"aws_iam_role_policy", "aws_iam_role_policy_attachment", "role", "aws_iam_role"},
		{"aws_iam_user_policy", "aws_iam_user_policy_attachment", "user", "aws_iam_user"},
		{"aws_iam_group_policy", "aws_iam_group_policy_attachment", "group", "aws_iam_group"},
	}
	for _, h := range holders {
		for _, p := range r.of(permissions, h.policy) {
			r.statements(p, p.Body.Get("policy"), fact.Grant{Policy: name(p), Holders: r.holder(p, p.Body.Get(h.field), h.owner), People: h.field == "group"})
		}
		for _, a := range r.of(permissions, h.attachment) {
			r.managed(a, a.Body.Get("policy_arn"), r.holder(a, a.Body.Get(h.field), h.owner), h.field == "group")
		}
	}
	for _, a := range r.of(permissions, "aws_iam_policy_attachment") {
		var names []string
		for _, h := range holders {
			for _, v := range a.Body.Get(h.field + "s").Each() {
				names = append(names, r.holder(a, v, h.owner)...)
			}
		}
		r.managed(a, a.Body.Get("policy_arn"), names, false)
	}
	for _, a := range r.of(permissions, "aws_ssoadmin_managed_policy_attachment") {
		r.managed(a, a.Body.Get("managed_policy_arn"), []string{"a permission set"}, true)
	}
	for _, a := range r.of(permissions, "aws_ssoadmin_permission_set_inline_policy") {
		r.statements(a, a.Body.Get("inline_policy"), fact.Grant{Policy: name(a), Holders: []string{"a permission set"}, People: true})
	}
	for _, k := range r.of(kinds(fact.Secrets), "aws_iam_access_key") {
		r.into.Credentials = append(r.into.Credentials, &fact.Credential{Ref: k.Ref(), Kind: "an access key", Holder: strings.Join(r.holder(k, k.Body.Get("user"), "aws_iam_user"), "")})
	}
}

// holder returns the name of the role, user or group that a value means.
func (r *reader) holder(from *model.Resource, v model.Value, owner string) []string {
	if found := r.one(from, v, "name", owner); found != nil {
		return []string{name(found)}
	}
	if t := text(v); t != "" {
		return []string{t}
	}
	for _, ref := range v.AllRefs() {
		return []string{ref}
	}
	return []string{"somebody (" + why(v) + ")"}
}

// managed reads a policy that is attached: one of this configuration, or one of
// which only the name is known.
func (r *reader) managed(at *model.Resource, arn model.Value, holders []string, people bool) {
	if p := r.one(at, arn, "arn", "aws_iam_policy"); p != nil {
		if p.Data {
			r.into.Grants = append(r.into.Grants, &fact.Grant{Ref: at.Ref(), Policy: name(p), Managed: name(p), Holders: holders, People: people, At: arn.At})
			return
		}
		r.statements(p, p.Body.Get("policy"), fact.Grant{Policy: name(p), Holders: holders, People: people})
		return
	}
	g := &fact.Grant{Ref: at.Ref(), Holders: holders, People: people, At: arn.At}
	switch t := text(arn); {
	case strings.Contains(t, ":aws:policy/"):
		g.Managed = t[strings.LastIndexByte(t, '/')+1:]
		g.Policy = g.Managed
	case t != "":
		g.Policy = t[strings.LastIndexByte(t, '/')+1:]
		g.Unknown = "it is not among these files"
	default:
		g.Policy, g.Unknown = "a policy", why(arn)
	}
	r.into.Grants = append(r.into.Grants, g)
}

// statements reads a policy document: JSON in a text, or the data source that
// writes one.
func (r *reader) statements(at *model.Resource, document model.Value, like fact.Grant) {
	like.Ref = at.Ref()
	add := func(g fact.Grant) { r.into.Grants = append(r.into.Grants, &g) }
	if doc := document.JSON(); doc.Kind == model.Object {
		for _, s := range doc.Get("Statement").Each() {
			add(statement(s, like))
		}
		if list := doc.Get("Statement"); !list.Known() {
			like.Unknown, like.At = why(list), document.At
			add(like)
		}
		return
	}
	data := r.documents(at, document)
	for _, d := range data {
		for _, s := range nested(d.Body.Get("statement")) {
			add(written(s, like))
		}
		if list := d.Body.Get("statement"); !list.Known() {
			like.Unknown, like.At = why(list), list.At
			add(like)
		}
		for _, more := range []string{"source_policy_documents", "override_policy_documents"} {
			for _, v := range d.Body.Get(more).Each() {
				if v.RefersTo(d.Base) {
					continue
				}
				r.once(at, v, like, 0)
			}
		}
	}
	if len(data) == 0 && (document.Present() || !document.Known()) {
		like.Unknown, like.At = why(document.JSON()), document.At
		add(like)
	}
}

// once follows one document into another, not further: documents that include
// each other in a circle would never end.
func (r *reader) once(at *model.Resource, v model.Value, like fact.Grant, depth int) {
	for _, d := range r.documents(at, v) {
		for _, s := range nested(d.Body.Get("statement")) {
			g := written(s, like)
			r.into.Grants = append(r.into.Grants, &g)
		}
	}
}

func (r *reader) documents(from *model.Resource, v model.Value) []*model.Resource {
	var out []*model.Resource
	for _, d := range r.c.Resources {
		if d.Data && d.Type == "aws_iam_policy_document" && v.RefersTo(d.Base) && r.fits(from, d) {
			out = append(out, d)
		}
	}
	return out
}

// statement reads a statement of a JSON document.
func statement(s model.Value, like fact.Grant) fact.Grant {
	g := like
	g.At = s.At
	g.Deny = text(s.Get("Effect")) == "Deny"
	g.Actions = listed(&g, s.Get("Action"))
	if v := s.Get("NotAction"); v.Present() {
		g.Actions, g.ExceptActions = listed(&g, v), true
	}
	g.Resources = listed(&g, s.Get("Resource"))
	if v := s.Get("NotResource"); v.Present() {
		g.Resources, g.ExceptResources = listed(&g, v), true
	}
	for field, except := range map[string]bool{"Principal": false, "NotPrincipal": true} {
		v := s.Get(field)
		if !v.Present() && v.Known() {
			continue
		}
		g.ExceptPrincipals = except
		if v.Kind == model.Object {
			for _, kind := range v.Names() {
				if one := v.Fields[kind]; one.Kind == model.Unknown && len(one.AllRefs()) == 0 && strings.HasPrefix(one.Text, "arn:") {
					g.Principals = append(g.Principals, one.Text+"...") // somebody, and not everybody
					continue
				}
				g.Principals = append(g.Principals, listed(&g, v.Fields[kind])...)
			}
		} else {
			g.Principals = append(g.Principals, listed(&g, v)...)
		}
	}
	for _, operator := range s.Get("Condition").Names() {
		for _, key := range s.Get("Condition", operator).Names() {
			g.Conditions = append(g.Conditions, key+" "+strings.Join(listed(&g, s.Get("Condition", operator, key)), " "))
		}
	}
	slices.Sort(g.Conditions)
	return g
}

// listed returns texts, and notes in the grant what is not known of them. What
// is made of a resource here is narrower than everything.
func listed(g *fact.Grant, v model.Value) []string {
	var out []string
	if !v.Known() && len(v.AllRefs()) == 0 {
		g.Unknown = why(v)
	}
	for _, ref := range v.Refs {
		if !v.Known() {
			out = append(out, ref)
		}
	}
	for _, item := range v.Each() {
		switch {
		case item.Known():
			out = append(out, text(item))
		case len(item.Refs) > 0:
			out = append(out, item.Refs[0])
		case item.Text != "" && strings.Trim(item.Text, "*") != "":
			out = append(out, item.Text+"...")
		default:
			g.Unknown = why(item)
		}
	}
	return out
}

// written reads a statement block of aws_iam_policy_document.
func written(s model.Value, like fact.Grant) fact.Grant {
	g := like
	g.At = s.At
	g.Deny = text(s.Get("effect")) == "Deny"
	g.Actions = listed(&g, s.Get("actions"))
	if v := s.Get("not_actions"); v.Present() {
		g.Actions, g.ExceptActions = listed(&g, v), true
	}
	g.Resources = listed(&g, s.Get("resources"))
	if v := s.Get("not_resources"); v.Present() {
		g.Resources, g.ExceptResources = listed(&g, v), true
	}
	for _, p := range nested(s.Get("principals")) {
		g.Principals = append(g.Principals, listed(&g, p.Get("identifiers"))...)
	}
	for _, p := range nested(s.Get("not_principals")) {
		g.ExceptPrincipals = true
		g.Principals = append(g.Principals, listed(&g, p.Get("identifiers"))...)
	}
	for _, c := range nested(s.Get("condition")) {
		g.Conditions = append(g.Conditions, text(c.Get("variable"))+" "+strings.Join(listed(&g, c.Get("values")), " "))
	}
	slices.Sort(g.Conditions)
	return g
}
