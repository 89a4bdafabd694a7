package compose

import (
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"

	"seaworthy.dev/seaworthy/internal/derive/secrecy"
	"seaworthy.dev/seaworthy/internal/fact"
)

// dataFolder matches names of folders that hold data or settings and no source.
var dataFolder = regexp.MustCompile(`(?i)^(?:data|db|logs?|uploads?|media|storage|config|conf|certs?|ssl|secrets?|backups?|tmp|static|assets|public)$`)

// topSecrets reads where secrets and configs come from. A file of the
// repository is the secret itself, in plain text for everyone who may read it.
func (r *reader) topSecrets(p *types.Project) {
	for _, name := range slices.Sorted(maps.Keys(p.Secrets)) {
		s := p.Secrets[name]
		rel, inside := strings.CutPrefix(path.Clean(s.File), root+"/")
		if s.File == "" || !inside || r.Kept == nil || !r.Kept(rel) {
			continue // made elsewhere
		}
		at := r.at("secrets", name)
		secret := &fact.Secret{Ref: fact.Ref{Subject: "compose/secret " + name, Location: at}, Name: name, Type: "file", Keys: []string{path.Base(rel)}, At: at}
		data, err := r.Read(rel)
		switch text := strings.TrimSpace(string(data)); {
		case err != nil:
			continue
		case strings.Contains(text, "ENC[AES256_GCM") || strings.HasPrefix(text, "age-encryption.org/") || strings.HasPrefix(text, "-----BEGIN AGE"):
			secret.Sealed = true
		case secrecy.Placeholder(text) || text == "":
			secret.Placeholders = true
		default:
			smell := secrecy.Of("", text)
			if smell == "" {
				smell = "the value of a secret"
			}
			secret.Plain = []fact.Leak{{Key: path.Base(rel), Smell: smell, At: fact.Location{File: r.Show(rel), Line: 1}}}
			secret.PrivateKey = smell == secrecy.PrivateKey
		}
		r.out.Facts.Secrets = append(r.out.Facts.Secrets, secret)
	}
	for _, name := range slices.Sorted(maps.Keys(p.Configs)) {
		c := p.Configs[name]
		if c.Content == "" {
			continue
		}
		setting := &fact.Setting{Ref: fact.Ref{Subject: "compose/config " + name, Location: r.at("configs", name)}, Name: name, Keys: []string{"content"}}
		if smell := secrecy.Of("", c.Content); smell != "" {
			setting.Leaks = append(setting.Leaks, fact.Leak{Key: "content", Smell: smell, At: r.at("configs", name, "content")})
		}
		r.out.Facts.Settings = append(r.out.Facts.Settings, setting)
	}
}

// copiers are images that copy a store on a schedule of their own, with the
// variables that say when and for how long, and their defaults
// (https://github.com/prodrigestivill/docker-postgres-backup-local,
// https://github.com/offen/docker-volume-backup).
var copiers = map[string]struct{ tool, schedule, standard, kept, keptStandard, host string }{
	"postgres-backup-local": {"pg_dump", "SCHEDULE", "@daily", "BACKUP_KEEP_DAYS", "7 days", "POSTGRES_HOST"},
	"docker-volume-backup":  {"", "BACKUP_CRON_EXPRESSION", "@daily", "BACKUP_RETENTION_DAYS", "", ""},
}

// backup reads services that copy stores by themselves.
func (r *reader) backup(w *fact.Workload, s *types.ServiceConfig) {
	known, found := copiers[w.Containers[0].Image.Base()]
	if !found {
		return
	}
	value := func(name, standard string) string {
		if v := s.Environment[name]; v != nil && *v != "" && open(*v) == "" {
			return *v
		}
		return standard
	}
	b := &fact.Backup{
		Ref: fact.Ref{Subject: "compose/backup " + w.Name, Location: w.Location}, Name: w.Name, Engine: "cronjob",
		Schedule: value(known.schedule, known.standard), Retention: known.keptStandard, At: w.Location,
	}
	if days := value(known.kept, ""); days != "" {
		b.Retention = days + " days"
	}
	b.Seconds = len(strings.Fields(b.Schedule)) == 6
	if known.tool != "" {
		b.Tools = []string{known.tool}
	}
	if host := value(known.host, ""); known.host != "" && host != "" {
		b.Hosts = []string{host}
	}
	for _, v := range w.Volumes {
		if v.Claim != "" && known.tool == "" {
			b.Claims = append(b.Claims, v.Claim)
		}
	}
	r.out.Facts.Backups = append(r.out.Facts.Backups, b)
}
