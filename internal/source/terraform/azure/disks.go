package azure

import (
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/reading"
)

// disks reads managed disks, and what copies them. A backup of the machine to
// which a disk is attached is not read, and leaves it open.
// https://learn.microsoft.com/azure/backup/disk-backup-overview
func (r *reader) disks() {
	for _, res := range r.Of(kinds(fact.Backups, fact.Storage), "azurerm_managed_disk") {
		m := r.store(res, res, "managed disk", "files").Managed
		kind := res.Body.Get("storage_account_type")
		m.MultiZone = fact.Truth{Known: kind.Known(), Yes: strings.HasSuffix(reading.Text(kind), "_ZRS"), Why: kind.Why, At: reading.Place(kind, res)}
		m.Key = res.Body.Get("disk_encryption_set_id").Present()
		m.Copies, m.Public, m.TLS = fact.No(res.At), fact.No(res.At), fact.Yes(res.At)
		if from := reading.Text(res.Body.Get("create_option")); from == "FromImage" {
			m.Copies = fact.Truth{Why: "it is made from an image, from which what it holds may be made again", At: res.At}
		}
	}
	for _, res := range r.Of(kinds(fact.Backups), "azurerm_data_protection_backup_instance_disk") {
		disk := res.Body.Get("disk_id")
		b := &fact.Backup{Ref: res.Ref(), Name: reading.Name(res), Engine: "azure-backup", At: res.At, Addresses: disk.AllRefs()}
		if policy := r.One(res, res.Body.Get("backup_policy_id"), "id", "azurerm_data_protection_backup_policy_disk"); policy == nil {
			b.Unknown = "its policy is not among these files"
		} else {
			times, _ := policy.Body.Get("backup_repeating_time_intervals").Strings()
			b.Schedule, b.Foreign = strings.Join(times, ", "), true
			if b.Schedule == "" {
				b.Unknown = reading.Why(policy.Body.Get("backup_repeating_time_intervals"))
			}
			b.Retention = reading.Text(policy.Body.Get("default_retention_duration"))
		}
		if len(b.Addresses) == 0 {
			b.Unknown = "the disk that it copies is not among these files"
		}
		r.Into.Backups = append(r.Into.Backups, b)
	}
}
