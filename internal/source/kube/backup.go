package kube

import (
	"strconv"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
)

// backupKinds lists what copies data, and the databases that operators run.
func backupKinds() map[string]kind {
	table := databaseKinds()
	for name, read := range map[string]func(Reader, *object, *Fragment){
		"velero.io/Schedule":                     Reader.velero,
		"k8up.io/Schedule":                       Reader.k8up,
		"backup.appuio.ch/Schedule":              Reader.k8up, // K8up's former group
		"snapscheduler.backube/SnapshotSchedule": Reader.snapscheduler,
		"longhorn.io/RecurringJob":               Reader.longhorn,
		"stash.appscode.com/BackupConfiguration": Reader.stash,
		"postgresql.cnpg.io/ScheduledBackup":     Reader.cnpgSchedule,
		"barmancloud.cnpg.io/ObjectStore":        Reader.barmanStore,
		"velero.io/BackupStorageLocation":        Reader.veleroLocation,
		"k8s.mariadb.com/Backup":                 Reader.mariadbBackup,
		"k8s.mariadb.com/PhysicalBackup":         Reader.mariadbBackup,
		"core.kubestash.com/BackupConfiguration": Reader.kubestash,
	} {
		table[name] = kind{yields(fact.Backups), read}
	}
	return table
}

func (o *object) backup(engine string) *fact.Backup {
	return &fact.Backup{
		Ref: o.ref(), Namespace: o.meta.Namespace, Name: o.meta.Name, Engine: engine,
		At: o.key(decode.Child(o.node, "spec"), "schedule"),
	}
}

func (f *Fragment) add(b *fact.Backup) { f.Facts.Backups = append(f.Facts.Backups, b) }

func (r Reader) velero(o *object, into *Fragment) {
	var in struct {
		Spec struct {
			Schedule string `json:"schedule"`
			Paused   bool   `json:"paused"`
			Template struct {
				IncludedNamespaces []string                `json:"includedNamespaces"`
				ExcludedNamespaces []string                `json:"excludedNamespaces"`
				IncludedResources  []string                `json:"includedResources"`
				ExcludedResources  []string                `json:"excludedResources"`
				LabelSelector      *metav1.LabelSelector   `json:"labelSelector"`
				OrLabelSelectors   []*metav1.LabelSelector `json:"orLabelSelectors"`
				SnapshotVolumes    *bool                   `json:"snapshotVolumes"`
				FsBackup           *bool                   `json:"defaultVolumesToFsBackup"`
				Restic             *bool                   `json:"defaultVolumesToRestic"`
				TTL                string                  `json:"ttl"`
			} `json:"template"`
		} `json:"spec"`
	}
	if !o.fit(into, o.node, &in, false) {
		return
	}
	t := in.Spec.Template
	b := o.backup("velero")
	b.Schedule, b.Suspended, b.Retention = in.Spec.Schedule, in.Spec.Paused, t.TTL
	if b.Retention == "" {
		b.Retention = "720h0m0s" // Velero's default: --default-backup-ttl
	}
	b.Namespaces, b.Excluded = t.IncludedNamespaces, t.ExcludedNamespaces
	b.Everything = len(b.Namespaces) == 0
	if t.LabelSelector != nil {
		s := selector(t.LabelSelector)
		b.Selects = &s
	}
	b.Narrowed = len(t.OrLabelSelectors) > 0
	files := t.FsBackup != nil && *t.FsBackup || t.Restic != nil && *t.Restic
	switch {
	case t.SnapshotVolumes != nil && !*t.SnapshotVolumes && !files:
		b.Without = "snapshotVolumes is false"
	case len(t.IncludedResources) > 0 && !names(t.IncludedResources, "*", "persistentvolumeclaims", "persistentvolumes", "pods", "pvc", "pv"):
		b.Without = "includedResources names no volumes"
	case names(t.ExcludedResources, "persistentvolumeclaims", "persistentvolumes", "pvc", "pv"):
		b.Without = "excludedResources names the volumes"
	}
	into.add(b)
}

// names reports whether a list names one of the resources.
func names(list []string, resources ...string) bool {
	for _, entry := range list {
		entry, _, _ = strings.Cut(strings.ToLower(entry), ".")
		for _, r := range resources {
			if entry == r || entry+"s" == r {
				return true
			}
		}
	}
	return false
}

// keep is how restic-like tools say what stays.
type keep struct {
	Last    int `json:"keepLast"`
	Hourly  int `json:"keepHourly"`
	Daily   int `json:"keepDaily"`
	Weekly  int `json:"keepWeekly"`
	Monthly int `json:"keepMonthly"`
	Yearly  int `json:"keepYearly"`
}

func (k keep) String() string {
	var out []string
	for _, one := range []struct {
		n    int
		unit string
	}{{k.Last, "last"}, {k.Hourly, "hourly"}, {k.Daily, "daily"}, {k.Weekly, "weekly"}, {k.Monthly, "monthly"}, {k.Yearly, "yearly"}} {
		if one.n > 0 {
			out = append(out, strconv.Itoa(one.n)+" "+one.unit)
		}
	}
	return strings.Join(out, ", ")
}

func (r Reader) k8up(o *object, into *Fragment) {
	var in struct {
		Spec struct {
			Backup *struct {
				Schedule       string                  `json:"schedule"`
				LabelSelectors []*metav1.LabelSelector `json:"labelSelectors"`
			} `json:"backup"`
			Prune struct {
				Retention keep `json:"retention"`
			} `json:"prune"`
		} `json:"spec"`
	}
	if !o.fit(into, o.node, &in, false) || in.Spec.Backup == nil {
		return
	}
	b := o.backup("k8up")
	b.Namespaces, b.Schedule = []string{o.meta.Namespace}, in.Spec.Backup.Schedule
	b.Retention, b.Narrowed = in.Spec.Prune.Retention.String(), len(in.Spec.Backup.LabelSelectors) > 0
	into.add(b)
}

func (r Reader) snapscheduler(o *object, into *Fragment) {
	var in struct {
		Spec struct {
			ClaimSelector *metav1.LabelSelector `json:"claimSelector"`
			Schedule      string                `json:"schedule"`
			Disabled      bool                  `json:"disabled"`
			Retention     struct {
				Expires  string `json:"expires"`
				MaxCount int    `json:"maxCount"`
			} `json:"retention"`
		} `json:"spec"`
	}
	if !o.fit(into, o.node, &in, false) {
		return
	}
	b := o.backup("snapscheduler")
	b.Namespaces, b.Schedule, b.Suspended = []string{o.meta.Namespace}, in.Spec.Schedule, in.Spec.Disabled
	b.Retention = in.Spec.Retention.Expires
	if b.Retention == "" && in.Spec.Retention.MaxCount > 0 {
		b.Retention = copies(in.Spec.Retention.MaxCount)
	}
	if in.Spec.ClaimSelector != nil {
		s := selector(in.Spec.ClaimSelector)
		b.Selects = &s
	}
	into.add(b)
}

// longhorn reads recurring jobs that copy away; snapshots stay on the volume
// that they are to save. Volumes choose a job by a label or fall into the
// group default, so which ones it copies is not known.
func (r Reader) longhorn(o *object, into *Fragment) {
	var in struct {
		Spec struct {
			Task   string   `json:"task"`
			Cron   string   `json:"cron"`
			Retain int      `json:"retain"`
			Groups []string `json:"groups"`
		} `json:"spec"`
	}
	if !o.fit(into, o.node, &in, false) || !strings.HasPrefix(in.Spec.Task, "backup") {
		return
	}
	b := o.backup("longhorn")
	b.At = o.key(decode.Child(o.node, "spec"), "cron")
	b.Everything, b.Narrowed, b.Schedule = true, true, in.Spec.Cron
	if in.Spec.Retain > 0 {
		b.Retention = copies(in.Spec.Retain)
	}
	into.add(b)
}

func (r Reader) stash(o *object, into *Fragment) {
	var in struct {
		Spec struct {
			Schedule string `json:"schedule"`
			Paused   bool   `json:"paused"`
			Target   struct {
				Ref struct {
					Kind string `json:"kind"`
					Name string `json:"name"`
				} `json:"ref"`
			} `json:"target"`
			Retention keep `json:"retentionPolicy"`
		} `json:"spec"`
	}
	if !o.fit(into, o.node, &in, false) {
		return
	}
	b := o.backup("stash")
	b.Schedule, b.Suspended, b.Retention = in.Spec.Schedule, in.Spec.Paused, in.Spec.Retention.String()
	b.Database, b.Target = in.Spec.Target.Ref.Name, in.Spec.Target.Ref.Kind
	into.add(b)
}

// kubestash reads each session; what it keeps is said by a RetentionPolicy of
// its own.
func (r Reader) kubestash(o *object, into *Fragment) {
	var in struct {
		Spec struct {
			Paused bool `json:"paused"`
			Target struct {
				Kind string `json:"kind"`
				Name string `json:"name"`
			} `json:"target"`
			Backends []struct {
				RetentionPolicy struct {
					Name string `json:"name"`
				} `json:"retentionPolicy"`
			} `json:"backends"`
			Sessions []struct {
				Scheduler struct {
					Schedule string `json:"schedule"`
				} `json:"scheduler"`
			} `json:"sessions"`
		} `json:"spec"`
	}
	if !o.fit(into, o.node, &in, false) {
		return
	}
	for i, s := range in.Spec.Sessions {
		b := o.backup("stash")
		b.At = o.at(decode.Dig(o.node, "spec", "sessions", i))
		b.Schedule, b.Suspended = s.Scheduler.Schedule, in.Spec.Paused
		b.Database, b.Target = in.Spec.Target.Name, in.Spec.Target.Kind
		for _, backend := range in.Spec.Backends {
			if b.Retention == "" && backend.RetentionPolicy.Name != "" {
				b.Retention = "by policy " + backend.RetentionPolicy.Name
			}
		}
		into.add(b)
	}
}

func (r Reader) cnpgSchedule(o *object, into *Fragment) {
	var in struct {
		Spec struct {
			Schedule string `json:"schedule"`
			Suspend  bool   `json:"suspend"`
			Cluster  struct {
				Name string `json:"name"`
			} `json:"cluster"`
		} `json:"spec"`
	}
	if !o.fit(into, o.node, &in, false) {
		return
	}
	b := o.backup("cloudnative-pg")
	b.Schedule, b.Seconds, b.Suspended = in.Spec.Schedule, true, in.Spec.Suspend
	b.Database, b.Target = in.Spec.Cluster.Name, "Cluster"
	into.add(b)
}

func (r Reader) barmanStore(o *object, into *Fragment) {
	var in struct {
		Spec struct {
			RetentionPolicy string `json:"retentionPolicy"`
		} `json:"spec"`
	}
	if !o.fit(into, o.node, &in, false) {
		return
	}
	b := o.backup("object-store")
	b.Retention = in.Spec.RetentionPolicy
	b.Places = o.barmanPlace(decode.Dig(o.node, "spec", "configuration"))
	into.add(b)
}

func (r Reader) mariadbBackup(o *object, into *Fragment) {
	var in struct {
		Spec struct {
			Ref struct {
				Name string `json:"name"`
			} `json:"mariaDbRef"`
			MaxRetention string `json:"maxRetention"`
			Schedule     struct {
				Cron    string `json:"cron"`
				Suspend bool   `json:"suspend"`
			} `json:"schedule"`
		} `json:"spec"`
	}
	if !o.fit(into, o.node, &in, false) || in.Spec.Schedule.Cron == "" {
		return // a copy that is taken once
	}
	b := o.backup("mariadb")
	b.Schedule, b.Suspended, b.Retention = in.Spec.Schedule.Cron, in.Spec.Schedule.Suspend, in.Spec.MaxRetention
	if b.Retention == "" {
		b.Retention = "30 d" // the operator's default of 720h
	}
	b.Database, b.Target = in.Spec.Ref.Name, "MariaDB"
	into.add(b)
}

func copies(n int) string { return strconv.Itoa(n) + " copies" }
