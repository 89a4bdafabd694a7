package schedule

import (
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// cloud judges a store that a cloud runs: by the copies that it makes itself,
// else by the plans that select it.
func cloud(out *verdict.Findings, in expect.Input, d *fact.Database) {
	m := d.Managed
	ref := d.Ref.At(m.Copies.At)
	switch {
	case m.Purpose == "replica":
		out.Skip(d.Ref, "replica", "%s is a copy of another database, which is where backups are judged", d.Name)
	case m.Purpose == "cache":
		out.Skip(d.Ref, "cache", "%s (%s) is a cache, so there is nothing to copy", d.Name, d.Engine)
	case m.Purpose == "queue":
		out.Skip(d.Ref, "transient", "%s (%s) passes messages on", d.Name, d.Engine)
	case m.Copies.Is() && m.Purpose != "objects":
		out.Pass(d.Ref, "scheduled", "%s (%s) is copied by its cloud (%s, kept: %s)", d.Name, d.Engine, m.Schedule, m.Retention)
	default:
		planned(out, in, d, ref)
	}
}

// planned looks for a plan that selects the store.
func planned(out *verdict.Findings, in expect.Input, d *fact.Database, ref fact.Ref) {
	m := d.Managed
	maybe, why := (*fact.Backup)(nil), ""
	for _, b := range in.Here.Backups {
		switch reach, reason := selects(b, m); {
		case reach == whole && b.Suspended:
			out.Fail(b.Ref, "suspended", "%s, which is to copy %s, is suspended", title(b), d.Name)
			return
		case reach == whole && b.Unknown == "" && b.Retention != "":
			out.Pass(d.Ref, "scheduled", "%s copies %s (%s, kept: %s)", title(b), d.Name, b.Schedule, b.Retention)
			return
		case reach == whole && b.Unknown == "":
			maybe, why = b, "how long its copies are kept is not known before it is applied"
		case reach == whole:
			maybe, why = b, b.Unknown
		case reach == perhaps && maybe == nil:
			maybe, why = b, reason+b.Unknown
		}
	}
	switch {
	case maybe != nil:
		out.Unclear(d.Ref, "plan-unknown", "whether %s copies %s cannot be told: %s", title(maybe), d.Name, why)
	case !m.Copies.Known:
		out.Unclear(ref, "plan-unknown", "whether %s (%s) is copied is not known, for %s", d.Name, d.Engine, m.Copies.Why)
	case m.Purpose == "objects" && m.Copies.Yes:
		out.Unclear(ref, "versions-only", "%s keeps old versions of what it holds, which go with the bucket; whether what it holds can be made again is not told here", d.Name)
	case m.Purpose == "objects":
		out.Unclear(ref, "bucket", "nothing copies what %s holds, not even as versions; whether it can be made again is not told here", d.Name)
	case m.Retention == "" && m.Schedule == "daily" && m.Purpose == "records":
		out.Lacks(ref, []fact.Kind{fact.Backups}, "switched-off", "nothing copies %s (%s): its automatic backups are kept for 0 days", d.Name, d.Engine)
	default:
		out.Lacks(ref, []fact.Kind{fact.Backups}, "no-plan", "nothing copies %s (%s) on a schedule", d.Name, d.Engine)
	}
}

// selects tells whether a plan selects the store: by reference, by a pattern of
// names, or by a tag.
func selects(b *fact.Backup, m *fact.ManagedStore) (reach, string) {
	base, _, _ := strings.Cut(m.Address, "[")
	parts := strings.Split(base, ".") // module.db.aws_db_instance.orders
	kind := parts[max(len(parts)-2, 0)]
	reach := whole
	if b.Narrowed {
		reach = perhaps
	}
	for _, a := range b.Addresses {
		if a == base {
			return reach, "it leaves some out by conditions; "
		}
	}
	for _, pattern := range b.AddressPatterns {
		if pattern == "*" || strings.HasPrefix(pattern, "arn:aws:"+service(kind)+":") && strings.HasSuffix(pattern, "*") {
			return reach, "it leaves some out by conditions; "
		}
	}
	for key, value := range b.Tags {
		switch got, found := m.Tags[key]; {
		case found && got == value:
			return reach, "it leaves some out by conditions; "
		case !found && m.TagsUnknown != "":
			return perhaps, "the tags of the store are not known, for " + m.TagsUnknown
		}
	}
	if b.Unknown != "" && len(b.Addresses) == 0 && len(b.Tags) == 0 {
		return perhaps, ""
	}
	return none, ""
}

// service is the word by which names of AWS (ARNs) call a service.
func service(kind string) string {
	for word, kinds := range map[string][]string{
		"rds": {"aws_db_instance", "aws_rds_cluster", "aws_docdb_cluster", "aws_neptune_cluster"}, "dynamodb": {"aws_dynamodb_table"},
		"elasticfilesystem": {"aws_efs_file_system"}, "ec2": {"aws_ebs_volume"}, "s3": {"aws_s3_bucket"}, "redshift": {"aws_redshift_cluster"},
	} {
		if slices.Contains(kinds, kind) {
			return word
		}
	}
	return "none"
}
