package stores

import (
	"testing"

	"seaworthy.dev/seaworthy/internal/fact"
)

// TestOf shows what is taken for a store: by the whole last word of the image,
// by a port only beside a volume, and never a job.
func TestOf(t *testing.T) {
	volume := []fact.Volume{{Name: "data", Source: "persistentVolumeClaim", Claim: "data"}}
	for _, c := range []struct {
		name    string
		image   string
		form    fact.Form
		port    int
		volumes []fact.Volume
		want    string // "no" where it is none
	}{
		{"official", "postgres:17", fact.Stateful, 0, nil, "postgresql"},
		{"vendor", "registry.acme.dev/bitnami/mongodb:8", fact.Stateful, 0, nil, "mongodb"},
		{"exporter", "prometheuscommunity/postgres-exporter:v1", fact.Replicated, 0, nil, "no"},
		{"operator", "acme/redis-operator:1", fact.Replicated, 0, nil, "no"},
		{"sql server", "mcr.microsoft.com/mssql/server:2022-latest", fact.Stateful, 0, nil, "sqlserver"},
		{"proxy on the port", "edoburu/pgbouncer:1", fact.Replicated, 5432, nil, "no"},
		{"own image on the port", "acme/db:1", fact.Stateful, 5432, volume, "postgresql"},
		{"volume alone", "acme/app:1", fact.Stateful, 8080, volume, ""},
		{"job", "postgres:17", fact.OneOff, 0, volume, "no"},
		{"agent with the node's files", "acme/agent:1", fact.PerNode, 0, []fact.Volume{{Name: "data", Source: "hostPath", HostPath: "/srv"}}, "no"},
		{"socket of the node", "acme/app:1", fact.Replicated, 0, []fact.Volume{{Name: "data", Source: "hostPath", HostPath: "/var/run/docker.sock"}}, "no"},
		{"secrets", "acme/app:1", fact.Replicated, 0, []fact.Volume{{Name: "data", Source: "csi", Driver: "secrets-store.csi.k8s.io"}}, "no"},
	} {
		w := &fact.Workload{Form: c.form, Volumes: c.volumes, Containers: []fact.Container{{
			Image: fact.ParseImage(c.image), Mounts: []fact.Mount{{Volume: "data", Path: "/data"}},
			Ports: []fact.Port{{Number: c.port}},
		}}}
		s, keeps := Of(w)
		if got := s.Kind; keeps != (c.want != "no") || keeps && got != c.want {
			t.Errorf("%s: got %q (%v), want %q", c.name, got, keeps, c.want)
		}
	}
}
