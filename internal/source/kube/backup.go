package kube

import (
	batchv1 "k8s.io/api/batch/v1"

	"seaworthy.dev/seaworthy/internal/fact"
)

// backupKinds: to be filled.
func backupKinds() map[string]kind { return map[string]kind{} }

func cronJobBackup(o *object, c *batchv1.CronJob, w *fact.Workload, into *Fragment) {}
