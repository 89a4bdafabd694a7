package aws

import (
	"strconv"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
)

// backups reads plans of AWS Backup with what they select.
// https://docs.aws.amazon.com/aws-backup/latest/devguide/assigning-resources.html
func (r *reader) backups() {
	for _, sel := range r.of(kinds(fact.Backups), "aws_backup_selection") {
		plan := r.one(sel, sel.Body.Get("plan_id"), "id", "aws_backup_plan")
		b := &fact.Backup{Ref: sel.Ref(), Name: name(sel), Engine: "aws-backup", At: sel.At, Tags: map[string]string{}}
		if plan == nil {
			b.Unknown = "its plan is not among these files"
		} else {
			schedule(b, plan)
		}
		resources := sel.Body.Get("resources")
		b.Addresses = resources.AllRefs()
		b.AddressPatterns, _ = resources.Strings()
		if !resources.Known() && len(b.Addresses) == 0 {
			b.Unknown = why(resources)
		}
		for _, t := range nested(sel.Body.Get("selection_tag")) {
			b.Tags[text(t.Get("key"))] = text(t.Get("value"))
			if !t.Get("key").Known() || !t.Get("value").Known() {
				b.Unknown = why(t.Get("value"))
			}
		}
		if sel.Body.Get("condition").Present() || sel.Body.Get("not_resources").Present() {
			b.Narrowed = true
		}
		r.into.Backups = append(r.into.Backups, b)
	}
	for _, p := range r.of(kinds(fact.Backups), "aws_dlm_lifecycle_policy") {
		details := p.Body.Get("policy_details")
		b := &fact.Backup{Ref: p.Ref(), Name: name(p), Engine: "dlm", At: p.At, Tags: map[string]string{}, Suspended: text(p.Body.Get("state")) == "DISABLED"}
		s := details.Get("schedule")
		hours, _ := number(s.Get("create_rule", "interval"), 24)
		b.Schedule = "every " + strconv.Itoa(hours) + " hours"
		if n, known := number(s.Get("retain_rule", "count"), 0); known && n > 0 {
			b.Retention = strconv.Itoa(n) + " copies"
		}
		for key, v := range details.Get("target_tags").Fields {
			b.Tags[key] = text(v)
		}
		r.into.Backups = append(r.into.Backups, b)
	}
}

// schedule reads when the plan copies, for how long it keeps copies and where
// it puts them: as its first rule that runs by itself says.
func schedule(b *fact.Backup, plan *model.Resource) {
	for _, rule := range nested(plan.Body.Get("rule")) {
		at := rule.Get("schedule")
		if b.Schedule == "" {
			b.Schedule = text(at)
			if at.Present() {
				b.At = at.At
			}
			if !at.Known() {
				b.Unknown = why(at)
			}
			if on, _ := rule.Get("enable_continuous_backup").Bool(false); on && b.Schedule == "" {
				b.Schedule = "continuous"
			}
			if b.Schedule == "" && at.Known() {
				b.Schedule = "cron(0 5 ? * * *)" // AWS Backup's default
			}
			days := rule.Get("lifecycle", "delete_after")
			switch n, known := number(days, 0); {
			case !known:
				b.Retention = ""
			case n > 0:
				b.Retention = strconv.Itoa(n) + " days"
			default:
				b.Retention = "for ever"
			}
		}
	}
	if v := plan.Body.Get("rule"); !v.Known() {
		b.Unknown = why(v)
	}
}
