package page

import (
	"regexp"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
)

// Recovery is what a page says of bringing a store back.
type Recovery struct {
	// Backup: where the copy is, Restore: the commands, Verify: how one sees that the
	// result is right, Targets: how long it may take and how much may be lost, Keys:
	// what is needed to get in.
	Backup, Restore, Verify, Targets, Keys Part
}

var (
	restoring = words(`restor\w*|recover\w*|disaster recovery|dr|point[- ]in[- ]time|pitr|bring(?:ing)? back`)
	// restores are commands that bring data back.
	restores = regexp.MustCompile(`(?i)\bpg_restore\b|\bpsql\b[^\n]*<|\bpgbackrest\b[^\n]*\brestore\b|\bwal-g\s+backup-fetch|\bbarman(?:-cloud-restore|\s+recover)|\brestic\b[^\n]*\brestore\b|\bkopia\b[^\n]*\brestore\b|\bborg\s+extract|\bvelero\b[^\n]*\brestore\b|\bmysql\b[^\n]*<|\bxtrabackup\b[^\n]*--(?:copy-back|prepare)|\bmariabackup\b|\bmongorestore\b|\bredis-cli\b[^\n]*--pipe|\betcdctl\b[^\n]*snapshot restore|\betcdutl\b[^\n]*restore|(?s:bootstrap:\s*\n\s*recovery:)|\brestore-db-\w+|\brestore-table-\w+|\bcockroach\b[^\n]*restore|\brestore\s+(?:database|table|from)\b|\bgcloud\s+sql\s+(?:backups\s+restore|instances\s+clone)|\baz\s+\S+(?:\s+\S+)?\s+(?:flexible-server\s+)?restore\b|\b_snapshot/\S+/_restore|\binfluxd?\s+restore|\bclickhouse-backup\s+restore|\bnodetool\s+refresh|\bsstableloader\b|\baws\s+s3\s+(?:cp|sync)\s+s3://|\bgsutil\s+(?:cp|rsync)\s+\S*gs://|\brclone\s+(?:copy|sync)|\brsync\b|\bdropdb\b|\brestore[\w.-]*\.sh\b|\bmake\s+restore|\bcontents?\s+restore|\bCREATE DATABASE\b[^\n]*\bTEMPLATE\b`)
	copies   = regexp.MustCompile(`(?i)\b(?:back-?ups?|snapshots?|dumps?|archives?|bucket|s3://|gs://|wal|base ?backup|barman|stanza|recovery point)\b`)
	verifies = regexp.MustCompile(`(?i)\bselect\s+count|\bcount\s*\(|\bverif\w+|\bis it right\b|\bcheck (?:that|whether|the)\b|\bcompare\b|\bsmoke test|\bsanity\b|\bqueries\b|\brow counts?\b|\bmust (?:say|return|be|show)\b|\bvalidate\b|\bchecksum|\bnewest\b[^.\n]*\b(?:row|order|record|entry)`)
	targets  = regexp.MustCompile(`(?i)\brto\b|\brpo\b|\btargets?\b|\bwithin\b|\bat most\b|\btakes?\b|\bexpected? (?:duration|time)\b|\bdata loss\b|\blose\b|\blost\b|\bobjectives?\b`)
	keys     = regexp.MustCompile(`(?i)\b(?:credentials?|passwords?|keys?|secrets?|vault|roles?|permissions?|access|service account|kms|token|iam|sudo|1password|bitwarden|log ?in)\b`)
)

// RecoveryOf returns what a page says of bringing data back; ok is false where it
// is no such page. It is one where its title or a heading says so and commands that
// restore stand below, or at least three of its parts do.
func RecoveryOf(d *fact.Document) (r Recovery, ok bool) {
	named := restoring.titled(d)
	scope := d.Sections
	if !named {
		scope = nil
		for _, s := range d.Sections {
			if s.Level > 1 && restoring.heads(s) {
				named = true
				scope = append(scope, d.Under(s)...)
			}
		}
	}
	if !named || forOthers.titled(d) || strings.HasPrefix(d.Path, ".github/") {
		return r, false
	}
	seen := false
	for _, s := range scope {
		for _, b := range s.Blocks {
			at := Part{State: Present, Line: b.Line}
			if r.Restore.State != Present && restores.MatchString(b.Text) {
				r.Restore = at
			}
			if r.Verify.State != Present && r.Restore.State == Present && verifies.MatchString(b.Text) {
				r.Verify = at
			}
			if r.Backup.State != Present && copies.MatchString(b.Text) {
				r.Backup = at
			}
		}
		for _, t := range s.Texts {
			if unwritten(t.Text) {
				continue
			}
			at := Part{State: Present, Line: t.Line}
			mark := func(p *Part, holds bool) {
				if holds && p.State != Present {
					*p = at
				}
			}
			mark(&r.Backup, copies.MatchString(t.Text))
			mark(&r.Restore, strings.Contains(t.Text, "`") && restores.MatchString(t.Text))
			mark(&r.Targets, targets.MatchString(t.Text) && len(Spans(t.Text)) > 0)
			mark(&r.Keys, keys.MatchString(t.Text))
			mark(&r.Verify, verifies.MatchString(t.Text) && (seen || r.Restore.State == Present))
		}
		for _, t := range s.Tables {
			for _, row := range t.Rows {
				line := strings.Join(t.Header, " ") + " " + strings.Join(row, " ")
				if r.Targets.State != Present && targets.MatchString(line) && len(Spans(line)) > 0 {
					r.Targets = Part{State: Present, Line: t.Line}
				}
			}
		}
		seen = seen || restoring.heads(s)
		if s.Level > 0 && verifyHead.heads(s) && r.Verify.State != Present && !Unwritten([]*fact.Section{s}) {
			r.Verify = Part{State: Present, Line: s.Line}
		}
	}
	n := 0
	for _, p := range []Part{r.Backup, r.Targets, r.Verify, r.Keys} {
		if p.State == Present {
			n++
		}
	}
	return r, r.Restore.State == Present && n >= 1 || n >= 3
}

var verifyHead = words(`verif\w+|validat\w+|is it right|sanity checks?|smoke tests?|check(?:s|ing)?(?: the)? (?:result|data|restore)`)

// Missing lists what a recovery procedure does not say, in words.
func (r Recovery) Missing() (out []string) {
	for _, one := range []struct {
		Part
		says string
	}{
		{r.Backup, "which backup is used"}, {r.Restore, "the commands that restore it"}, {r.Verify, "how to see that the data is right"},
		{r.Targets, "how long it takes and how much may be lost"}, {r.Keys, "which credentials or keys it takes"},
	} {
		if one.State != Present {
			out = append(out, one.says)
		}
	}
	return out
}

// Covers reports whether a page is about a store: it names it, or its kind where
// that is the only store of that kind.
func Covers(prose, name, kind string, only bool) bool {
	return name != "" && Names(prose, name) || only && NamesKind(prose, kind)
}
