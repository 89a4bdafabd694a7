package logs

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
)

// Loki reads for how long Loki keeps lines: for ever, unless something deletes
// them. https://grafana.com/docs/loki/latest/operations/storage/retention/
func Loki(f File, root *decode.Node) (fact.Set, []fact.Problem) {
	limits, compactor := decode.Child(root, "limits_config"), decode.Child(root, "compactor")
	l := &fact.LogStore{Ref: f.Ref, Name: "Loki (" + f.title() + ")", Engine: "loki", At: f.Doc.At(decode.KeyOf(root, "limits_config"))}
	set := fact.Set{LogStores: []*fact.LogStore{l}}
	period := decode.Child(limits, "retention_period")
	table := decode.Child(root, "table_manager")
	deletes := on(decode.Text(decode.Child(table, "retention_deletes_enabled")))
	switch enabled := decode.Text(decode.Child(compactor, "retention_enabled")); {
	case deletes:
		period = decode.Child(table, "retention_period")
	case strings.Contains(enabled, "${"):
		l.Days, l.Why = -1, "compactor.retention_enabled is filled in when Loki starts"
	case !on(enabled):
		l.Unenforced = "its compactor has no retention_enabled"
		if period != nil {
			l.At = f.Doc.At(decode.KeyOf(limits, "retention_period"))
		}
		return set, nil
	}
	if period != nil {
		l.At = f.Doc.At(period)
		if days, ok := daysOf(decode.Text(period)); ok && l.Days == 0 {
			l.Days = days
		} else if !ok {
			l.Days, l.Why = -1, fmt.Sprintf("its retention_period %q is no duration", decode.Text(period))
		}
	}
	return set, nil
}

// Overrides reads what Loki keeps for single tenants.
func Overrides(f File, root *decode.Node) (fact.Set, []fact.Problem) {
	l := &fact.LogStore{Ref: f.Ref, Name: "Loki's overrides (" + f.title() + ")", Engine: fact.LokiOverrides, At: f.Doc.At(decode.KeyOf(root, "overrides"))}
	overrides := decode.Child(root, "overrides")
	for i, key := range decode.Keys(overrides) {
		if i == 10_000 {
			break
		}
		period := decode.Child(decode.Child(overrides, key.Value), "retention_period")
		if period == nil {
			continue
		}
		days, ok := daysOf(decode.Text(period))
		if !ok {
			days = -1
		}
		l.Tenants = append(l.Tenants, fact.TenantDays{Ref: f.Ref.At(f.Doc.At(period)).Within("tenant " + key.Value), Tenant: key.Value, Days: days})
	}
	if len(l.Tenants) == 0 {
		return fact.Set{}, nil
	}
	return fact.Set{LogStores: []*fact.LogStore{l}}, nil
}

// daysOf reads a duration as Prometheus and Loki write it; 0 keeps for ever.
func daysOf(text string) (int, bool) {
	if text == "0" || text == "0s" {
		return 0, true
	}
	if d, err := time.ParseDuration(text); err == nil {
		return int(d / (24 * time.Hour)), d >= 0
	}
	hours, rest := 0, text
	for rest != "" {
		i := strings.IndexFunc(rest, func(r rune) bool { return r < '0' || r > '9' })
		if i <= 0 {
			return 0, false
		}
		n, err := strconv.Atoi(rest[:i])
		unit := map[byte]int{'y': 365 * 24, 'w': 7 * 24, 'd': 24, 'h': 1}[rest[i]]
		if err != nil || unit == 0 || n > 100_000 {
			return 0, false
		}
		hours, rest = hours+n*unit, rest[i+1:]
	}
	return hours / 24, text != ""
}
