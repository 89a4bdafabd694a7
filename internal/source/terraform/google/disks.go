package google

import (
	"strconv"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
	"seaworthy.dev/seaworthy/internal/source/terraform/reading"
)

// disks reads disks of their own, and the schedules by which they are copied.
// https://cloud.google.com/compute/docs/disks/scheduled-snapshots
func (r *reader) disks() {
	for _, res := range r.Of(kinds(fact.Backups, fact.Storage), "google_compute_disk", "google_compute_region_disk") {
		m := r.store(res, "persistent disk", "files", res.Body.Get("labels")).Managed
		m.MultiZone = fact.Truth{Known: true, Yes: strings.Contains(res.Type, "_region_"), At: res.At}
		m.Key = res.Body.Get("disk_encryption_key").Present()
		m.Copies, m.Public, m.TLS = fact.No(res.At), fact.No(res.At), fact.Yes(res.At)
		if v := res.Body.Get("image"); v.Present() || !v.Known() {
			m.Copies = fact.Truth{Why: "it is made from an image, from which what it holds may be made again", At: res.At}
		}
		if v := res.Body.Get("resource_policies"); v.Present() || !v.Known() {
			r.copied(res, res, v)
		}
	}
	for _, a := range r.Of(kinds(fact.Backups), "google_compute_disk_resource_policy_attachment", "google_compute_region_disk_resource_policy_attachment") {
		if disk := r.One(a, a.Body.Get("disk"), "name", "google_compute_disk", "google_compute_region_disk"); disk != nil {
			r.copied(a, disk, a.Body.Get("name"))
		}
	}
}

// copied reads the policy that is attached to a disk.
func (r *reader) copied(from, disk *model.Resource, named model.Value) {
	b := &fact.Backup{Ref: from.Ref(), Name: reading.Name(from), Engine: "snapshots", At: from.At, Addresses: []string{base(disk.Address)}}
	policy := r.One(from, named, "name", "google_compute_resource_policy")
	switch {
	case policy == nil:
		b.Unknown = "its policy is not among these files"
	case !policy.Body.Get("snapshot_schedule_policy").Present():
		return // another kind of policy
	default:
		p := policy.Body.Get("snapshot_schedule_policy")
		b.Name = reading.Name(policy)
		for _, every := range []string{"hourly", "daily", "weekly"} {
			if p.Get("schedule", every+"_schedule").Present() {
				b.Schedule, b.Foreign = every, true
			}
		}
		days := p.Get("retention_policy", "max_retention_days")
		switch n, known := days.Int(0); {
		case !known:
		case n > 0:
			b.Retention = strconv.Itoa(n) + " days"
		default:
			b.Retention = "for ever"
		}
	}
	r.Into.Backups = append(r.Into.Backups, b)
}
