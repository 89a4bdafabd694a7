package kube

import (
	"regexp"
	"slices"
	"strings"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/derive/process"
	"seaworthy.dev/seaworthy/internal/fact"
)

var (
	// sideTools are called for other ends too; they count in a job that is
	// called a backup.
	sideTools  = []string{"redis-cli", "rclone", "etcdctl", "influx", "influxd", "velero"}
	backupName = regexp.MustCompile(`(?i)\b(backups?|dump|snapshots?)\b`)
	hostName   = regexp.MustCompile(`(?i)(^|_)(host|hostname|server|addr|address|endpoint|endpoints|service)$`)
	hostForm   = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$`)
	hostFlag   = regexp.MustCompile(`(?:^|\s)(?:-h|--host|--hostname)(?:[ =]|\s+)([a-z0-9][a-z0-9.-]*)`)
	// retentions are the ways in which scripts of backups drop old copies.
	retentions = []*regexp.Regexp{
		regexp.MustCompile(`--keep-(?:last|hourly|daily|weekly|monthly|yearly|within)[ =]+\w+`),
		regexp.MustCompile(`-mtime\s+\+\d+`),
		regexp.MustCompile(`-mmin\s+\+\d+`),
		regexp.MustCompile(`--min-age[ =]+\w+`),
		regexp.MustCompile(`\bdelete (?:--confirm )?retain \w+ \d+`),
		regexp.MustCompile(`--retention[-a-z]*[ =]+\w+`),
	}
	retentionName = regexp.MustCompile(`(?i)(^|_)(keep|retention)(_(days|hours|weeks|months|count|last))?$|BACKUP_KEEP_`)
)

// cronJobBackup adds what a CronJob copies, where its tools or its name say
// that it is a backup. The values of variables are not kept, save for hosts.
func cronJobBackup(o *object, c *batchv1.CronJob, w *fact.Workload, into *Fragment) {
	pod := &c.Spec.JobTemplate.Spec.Template.Spec
	called := backupName.MatchString(strings.NewReplacer("_", " ", "-", " ").Replace(w.Name))
	b := o.backup("cronjob")
	strong := false
	for i := range pod.Containers {
		container := &pod.Containers[i]
		image := fact.ParseImage(container.Image)
		called = called || backupName.MatchString(strings.NewReplacer("_", " ", "-", " ").Replace(image.Base()))
		text := strings.Join(append(append([]string(nil), container.Command...), container.Args...), " ")
		for _, tool := range process.Command(container.Command, container.Args, fact.Location{}).Tools {
			if !slices.Contains(b.Tools, tool) {
				b.Tools = append(b.Tools, tool)
			}
			strong = strong || !slices.Contains(sideTools, tool)
		}
		for _, m := range hostFlag.FindAllStringSubmatch(text, 10) {
			b.Hosts = append(b.Hosts, m[1])
		}
		for _, form := range retentions {
			if b.Retention == "" {
				b.Retention = strings.TrimSpace(form.FindString(text))
			}
		}
		jobEnvironment(container, b)
	}
	if !strong && !called {
		return
	}
	for _, one := range w.Main() {
		for _, a := range one.Dials {
			b.Hosts = append(b.Hosts, a.Host)
		}
	}
	for _, v := range w.Volumes {
		if v.Claim != "" {
			b.Claims = append(b.Claims, v.Claim)
		}
	}
	slices.Sort(b.Hosts)
	b.Hosts = slices.Compact(b.Hosts)
	b.Schedule, b.At = c.Spec.Schedule, o.key(decode.Child(o.node, "spec"), "schedule")
	b.Suspended = c.Spec.Suspend != nil && *c.Spec.Suspend
	into.add(b)
}

func jobEnvironment(c *corev1.Container, b *fact.Backup) {
	for _, e := range c.Env {
		name := strings.ReplaceAll(e.Name, "-", "_")
		switch {
		case e.Value == "":
		case (hostName.MatchString(name) || name == "PGHOST") && hostForm.MatchString(e.Value):
			b.Hosts = append(b.Hosts, e.Value)
		case b.Retention == "" && retentionName.MatchString(name) && len(e.Value) <= 10:
			b.Retention = e.Name + "=" + e.Value
		}
	}
}
