// Package schedule reads cron expressions with the parser that Kubernetes,
// Velero and CloudNativePG use themselves.
package schedule

import (
	"fmt"
	"strings"
	"time"

	"github.com/robfig/cron/v3"
)

// Fires returns when the expression fires next. With seconds, its first of six
// fields counts them. The error says why it never does.
func Fires(text string, seconds bool, after time.Time) (time.Time, error) {
	// K8up picks the time of "@daily-random" itself.
	text = strings.TrimSuffix(strings.TrimSpace(text), "-random")
	fields := cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow | cron.Descriptor
	if seconds {
		fields |= cron.Second
	}
	parsed, err := parse(cron.NewParser(fields), text)
	if err != nil {
		return time.Time{}, err
	}
	next := parsed.Next(after.UTC())
	if next.IsZero() {
		return time.Time{}, fmt.Errorf("no such date comes within five years")
	}
	return next, nil
}

// parse keeps a panic of the parser, which an odd time zone causes, from
// ending the run.
func parse(p cron.Parser, text string) (s cron.Schedule, err error) {
	defer func() {
		if recover() != nil {
			err = fmt.Errorf("it is no cron expression")
		}
	}()
	return p.Parse(text)
}
