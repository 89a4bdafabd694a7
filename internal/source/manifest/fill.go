package manifest

import (
	"cmp"
	"fmt"
	"strings"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
	form "seaworthy.dev/seaworthy/internal/manifest"
)

// Sources are where a service stands, as paths below the root. A nil list means
// that nothing was written, an empty one that there is none.
type Sources struct {
	Paths, Manifests, Kustomize, Dockerfiles, Compose, Systemd, Pipelines, Exclude, Scans, Results []string

	Helm      []Chart
	Terraform []Terraform
}

// Chart is a chart with the values with which it is installed.
type Chart struct {
	fact.Location
	// Dir is the chart's folder below the root; Values are relative to it.
	Dir                string
	Values             []string
	Set                map[string]string
	Release, Namespace string
}

// Terraform is a root module with the variable files with which it is applied.
type Terraform struct {
	fact.Location
	// Dir is the module's folder below the root; VarFiles are relative to it.
	Dir      string
	VarFiles []string
}

// fill turns the document into the service.
func (r *reader) fill(root *decode.Node, in *form.Service) {
	s, spec := r.service, decode.Child(root, "spec")
	if serviceName.MatchString(in.Metadata.Name) {
		s.Name, s.Subject = in.Metadata.Name, "Service "+in.Metadata.Name
		if name := decode.Dig(root, "metadata", "name"); name != nil {
			s.Location = r.doc.At(name)
		}
	}
	s.Description = in.Metadata.Description
	if in.Spec.Tier >= 1 && in.Spec.Tier <= 3 {
		s.Tier = in.Spec.Tier
	}
	s.Owner, s.Contact, s.OnCall = in.Spec.Owner, in.Spec.Contact, in.Spec.OnCall
	s.Registries = in.Spec.Registries
	s.KubeVersion, _ = fact.ParseVersion(in.Spec.KubeVersion)
	r.sources(decode.Child(spec, "sources"), &in.Spec.Sources)
	r.declare(spec, &in.Spec)
	s.Unused = unused(spec)
}

// unused lists the parts that are written and that nothing judges yet.
func unused(spec *decode.Node) (out []string) {
	for _, key := range []string{"drills", "tls", "tracing"} {
		if !decode.IsNull(decode.Child(spec, key)) {
			out = append(out, key)
		}
	}
	for _, key := range []string{"exceptions", "logRetention"} {
		if !decode.IsNull(decode.Dig(spec, "privacy", key)) {
			out = append(out, "privacy."+key)
		}
	}
	for _, key := range []string{"cluster", "prometheus", "alertmanager", "grafana", "logs", "traces"} {
		if !decode.IsNull(decode.Dig(spec, "sources", key)) {
			out = append(out, "sources."+key)
		}
	}
	return out
}

func (r *reader) sources(n *decode.Node, in *form.Sources) {
	out := &r.service.Sources
	for _, list := range []struct {
		in  []string
		out *[]string
	}{
		{in.Paths, &out.Paths}, {in.Manifests, &out.Manifests}, {in.Kustomize, &out.Kustomize}, {in.Dockerfiles, &out.Dockerfiles}, {in.Compose, &out.Compose},
		{in.Systemd, &out.Systemd}, {in.Pipelines, &out.Pipelines}, {in.Scans, &out.Scans},
	} {
		*list.out = r.all(list.in)
	}
	for _, pattern := range in.Results { // they need not be there yet
		out.Results = append(out.Results, r.below(pattern))
	}
	for _, pattern := range in.Exclude {
		out.Exclude = append(out.Exclude, r.below(pattern))
	}
	if in.Helm != nil {
		out.Helm = []Chart{}
	}
	for i, c := range in.Helm {
		item := decode.Dig(n, "helm", i)
		dir := r.below(c.Chart)
		_, lost := r.resolve(c.Chart)
		if lost == "" && c.Chart != "" {
			if _, none := r.resolve("/" + dir + "/Chart.yaml"); none != "" {
				r.wrong(decode.Child(item, "chart"), "spec.sources.helm[%d].chart is %s, which is no chart: it has no Chart.yaml", i, c.Chart)
			}
		}
		for j, v := range c.Values {
			if _, missing := r.resolve("/" + dir + "/" + v); missing != "" && lost == "" && !isURL(v) {
				r.wrong(decode.Dig(item, "values", j), "spec.sources.helm[%d].values[%d] names %s", i, j, strings.Replace(missing, "/"+dir+"/"+v, v, 1))
			}
		}
		out.Helm = append(out.Helm, Chart{Location: r.doc.At(item), Dir: dir, Values: c.Values, Set: c.Set, Release: c.Release, Namespace: c.Namespace})
	}
	if in.Terraform != nil {
		out.Terraform = []Terraform{}
	}
	for i, t := range in.Terraform {
		item := decode.Dig(n, "terraform", i)
		dir := r.below(t.Dir)
		_, lost := r.resolve(t.Dir)
		if lost == "" && t.Dir != "" && !r.modules(dir) {
			r.wrong(decode.Child(item, "dir"), "spec.sources.terraform[%d].dir is %s, which holds no file of Terraform", i, t.Dir)
		}
		var files []string
		for j, v := range t.VarFiles {
			switch _, missing := r.resolve("/" + dir + "/" + v); {
			case missing == "":
				files = append(files, v)
			case lost == "":
				r.wrong(decode.Dig(item, "varFiles", j), "spec.sources.terraform[%d].varFiles[%d] names %s", i, j, strings.Replace(missing, "/"+dir+"/"+v, v, 1))
			}
		}
		out.Terraform = append(out.Terraform, Terraform{Location: r.doc.At(item), Dir: dir, VarFiles: files})
	}
}

// all returns paths relative to the root, without those that lead nowhere; nil
// stays nil, and is what a list becomes of which nothing is there.
func (r *reader) all(list []string) []string {
	if len(list) == 0 {
		return list
	}
	var out []string
	for _, text := range list {
		if rel, missing := r.resolve(text); missing == "" {
			out = append(out, rel)
		}
	}
	return out
}

// ref names a part of the manifest.
func (r *reader) ref(n *decode.Node, part string) fact.Ref {
	return r.service.Ref.Within(part).At(r.doc.At(n))
}

func (r *reader) declare(spec *decode.Node, in *form.Spec) {
	d := &r.service.Declared
	item := func(list string, i int) *decode.Node { return decode.Dig(spec, list, i) }
	for i, e := range in.Endpoints {
		since, _ := day(e.Since)
		host, port, ok := address(e.URL)
		if ok {
			d.Endpoints = append(d.Endpoints, &fact.Endpoint{
				Ref: r.ref(item("endpoints", i), "endpoint "+e.URL), Name: e.Name, URL: e.URL, Host: host, Port: port, Public: e.Public == nil || *e.Public, Since: since,
			})
		}
	}
	for i, s := range in.Stores {
		since, _ := day(s.Since)
		d.Stores = append(d.Stores, &fact.DeclaredStore{
			Ref: r.ref(item("stores", i), "store "+s.Name), Name: s.Name, Kind: s.Kind, Backup: s.Backup, Region: s.Region, Categories: s.Categories,
			Dataset: s.Dataset, Since: since,
		})
	}
	for i, p := range in.ThirdParties {
		reviewed, _ := day(p.Reviewed)
		d.ThirdParties = append(d.ThirdParties, &fact.ThirdParty{
			Ref: r.ref(item("thirdParties", i), "third party "+p.Name), Name: p.Name, Purpose: p.Purpose, Hosts: p.Hosts, Categories: p.Categories, Regions: p.Regions,
			Agreement: p.Agreement, Resolves: p.Agreement != "" && r.link(p.Agreement) == "", Reviewed: reviewed, Reviewer: p.Reviewer,
		})
	}
	for i, p := range in.Dependencies {
		d.Dependencies = append(d.Dependencies, &fact.Dependency{Ref: r.ref(item("dependencies", i), "dependency "+p.Name), Name: p.Name, Hosts: p.Hosts})
	}
	for i, a := range in.Attestations {
		d.Attestations = append(d.Attestations, r.attestation(item("attestations", i), i, a))
	}
	for i, n := range in.None {
		d.Nones = append(d.Nones, r.none(item("none", i), i, n))
	}
	for i, s := range in.Scenarios {
		out := &fact.Scenario{
			Ref: r.ref(item("scenarios", i), "scenario "+s.Name), Name: s.Name, Dependency: s.Dependency, Runbook: s.Runbook,
			Resolves: s.Runbook != "" && r.link(s.Runbook) == "", Contract: s.Contract, Beyond: strings.HasPrefix(r.below(s.Runbook), "../"), File: r.located(s.Runbook),
		}
		for _, c := range s.Escalation {
			delay, _ := length(c.Delay)
			out.Contacts = append(out.Contacts, fact.Contact{Name: c.Contact, Delay: delay})
		}
		d.Scenarios = append(d.Scenarios, out)
	}
	d.Regions = in.Regions
	r.privacy(decode.Child(spec, "privacy"), in.Privacy)
	r.logs(spec, in)
	for i, s := range in.Secrets {
		d.Shared = append(d.Shared, &fact.SecretScope{Ref: r.ref(item("secrets", i), "secret "+s.Path), Path: s.Path, Scope: s.Scope, Reason: s.Reason})
	}
	if c := in.Cost; c != nil {
		d.Cost = &fact.Cost{Ref: r.ref(decode.Child(spec, "cost"), "cost"), Monthly: c.Monthly, Surge: c.Surge, Currency: cmp.Or(c.Currency, "USD"), Owner: cmp.Or(c.Owner, in.Owner)}
	}
	if p := in.Placement; p != nil {
		date, _ := day(p.Date)
		d.Placement = &fact.PlacementDecision{Ref: r.ref(decode.Child(spec, "placement"), "placement"), Regions: p.Regions, Reason: p.Reason, Who: p.Who, Date: date}
	}
	d.Docs = r.docs(spec, in)
	d.Testing = r.testing(spec, in)
	d.Performance = r.performance(decode.Child(spec, "performance"), in.Performance)
	d.BurnIn = r.burnIn(decode.Child(spec, "burnIn"), in.BurnIn)
	d.Objectives, d.Agreement = r.objectives(spec, in.SLOs), r.agreement(decode.Child(spec, "sla"), in.SLA)
	d.Rollout = r.rollout(decode.Child(spec, "rollout"), in.Rollout)
	if owner := decode.KeyOf(spec, "owner"); in.Owner != "" {
		d.Owners = append(d.Owners, &fact.OwnerClaim{
			Ref: r.ref(owner, "owner"), Source: "manifest", Of: r.service.Name, Owners: []string{in.Owner}, Team: in.Owner, Contact: in.Contact, OnCall: in.OnCall,
		})
	}
}

func (r *reader) attestation(n *decode.Node, i int, in form.Attestation) *fact.Attestation {
	date, _ := day(in.Date)
	expires, _ := day(in.Expires)
	if !date.IsZero() && !expires.IsZero() && expires.Before(date) {
		r.mistaken(decode.Child(n, "expires"), "spec.attestations[%d] expires on %s, before its own date %s", i, in.Expires, in.Date)
	}
	r.claim(n, i, in)
	part := in.Expectation
	if in.Claim != "" {
		part += " " + in.Claim
	}
	return &fact.Attestation{
		Ref: r.ref(n, "attestation for "+part), Expectation: in.Expectation, Claim: in.Claim, By: strings.TrimSpace(in.Who), Second: strings.TrimSpace(in.Second),
		Date: date, Expires: expires, Link: in.Link, Resolves: in.Link != "" && r.link(in.Link) == "", Scope: in.Scope, Note: in.Note, File: r.located(in.Link),
	}
}

// claim reports a claim that the expectation does not have.
func (r *reader) claim(n *decode.Node, i int, in form.Attestation) {
	if in.Claim == "" {
		return
	}
	for _, e := range r.standard {
		if e.ID != in.Expectation {
			continue
		}
		var names []string
		for _, c := range e.Requires {
			if c.Name == in.Claim {
				return
			}
			names = append(names, c.Name)
		}
		at := decode.Child(n, "claim")
		if len(names) == 0 {
			r.mistaken(at, "spec.attestations[%d].claim is %q, but %s has one claim only; leave `claim` out", i, in.Claim, e.ID)
			return
		}
		r.mistaken(at, "spec.attestations[%d].claim is %q; %s has %s%s", i, in.Claim, e.ID, alternatives(names), near(in.Claim, names))
	}
}

func (r *reader) none(n *decode.Node, i int, in form.None) *fact.None {
	date, _ := day(in.Date)
	expires, _ := day(in.Expires)
	if !date.IsZero() && !expires.IsZero() && expires.Before(date) {
		r.mistaken(decode.Child(n, "expires"), "spec.none[%d] expires on %s, before its own date %s", i, in.Expires, in.Date)
	}
	return &fact.None{
		Ref: r.ref(n, "none "+in.What), What: in.What, Reason: in.Reason, By: strings.TrimSpace(in.Who), Second: strings.TrimSpace(in.Second), Date: date, Expires: expires,
		Link: in.Link, Resolves: in.Link != "" && r.link(in.Link) == "",
	}
}

// Said returns what a reader is told of the manifest: its tier where it has none,
// and what nothing judges yet.
func (s *Service) Said() (out []string) {
	if s.Tier == 0 {
		out = append(out, fmt.Sprintf("%s says no tier: judged as one of tier 3", s.File))
	}
	if len(s.Holes) > 0 {
		out = append(out, fmt.Sprintf("%s cannot be read whole: what it vouches for does not count (--problems)", s.File))
	}
	if len(s.Unused) > 0 {
		out = append(out, fmt.Sprintf("%s: read, but nothing judges it yet: %s", s.File, strings.Join(s.Unused, ", ")))
	}
	return out
}
