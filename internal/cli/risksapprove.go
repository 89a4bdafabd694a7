package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"seaworthy.dev/seaworthy/internal/assess"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/risk"
)

func risksApproveCommand(s Streams) *cobra.Command {
	f := checkFlags{failOn: "never", kubeVersion: newestKube.String()}
	var by string
	c := &cobra.Command{
		Use: "approve ID --policy DIR --by NAME [PATH]", Short: "Approve an entry that proposes to accept a gap",
		Long: `Writes an approval of the entry ID, in the wording that its register below PATH
(default: here) has today, into approvals.yaml of the folder DIR. That folder must stand
outside of PATH. NAME must be the approver whom the entry names, and neither the entry's
owner nor the service's. An entry that lacks a field, or has expired, is refused.`,
		Example: "  seaworthy risks approve R-12 --policy ../platform-policy --by head-of-platform",
		Args: func(_ *cobra.Command, args []string) error {
			switch {
			case len(args) == 0:
				return usage("risks approve takes the id of an entry; `seaworthy risks list` shows them")
			case len(args) > 2:
				return usage("risks approve takes an id and one path; got %d arguments", len(args))
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			switch {
			case f.policy == "":
				return usage("risks approve needs --policy: the folder that holds approvals.yaml, outside of what is judged")
			case strings.TrimSpace(by) == "":
				return usage("risks approve needs --by: who approves")
			}
			f.given = c.Flags().Changed
			return risksApprove(c.Context(), s, f, args[0], append(args[1:], ".")[0], strings.TrimSpace(by))
		},
	}
	policyFlag(c, &f.policy)
	c.Flags().StringVar(&by, "by", "", "who approves, as the entry names its approver")
	c.Flags().StringSliceVar(&f.services, "service", nil, "the service that the entry is about, where several have one of that id")
	return c
}

func risksApprove(ctx context.Context, s Streams, f checkFlags, id, root, by string) error {
	spendMemory(s)
	o, err := f.whole()
	if err != nil {
		return err
	}
	services, err := assess.Registers(ctx, root, o)
	if err != nil {
		return misused(err)
	}
	service, r, err := entryOf(services, id)
	if err != nil {
		return err
	}
	if err := approvable(r, service.Owned(), by, o.AsOf); err != nil {
		return err
	}
	if a := r.Approval; a != nil && a.Fingerprint == r.Fingerprint && expect.SamePerson(a.Approver, by) {
		fmt.Fprintln(s.Out, harmless(fmt.Sprintf("%s was approved by %s on %s; nothing was written.", r.ID, a.Approver, expect.Day(a.Date))))
		return nil
	}
	file := filepath.Join(f.policy, "approvals.yaml")
	if other := filepath.Join(f.policy, "approvals.yml"); !there(file) && there(other) {
		file = other
	}
	data, err := os.ReadFile(file)
	isNew := errors.Is(err, fs.ErrNotExist)
	if err != nil && !isNew {
		return fmt.Errorf("read the approvals: %w", err)
	}
	text, err := risk.ApproveIn(filepath.ToSlash(file), data, risk.Approval{
		Risk: r.ID, Service: service.Name, Fingerprint: r.Fingerprint, Approver: by, Date: risk.Date{Time: o.AsOf.UTC()},
	})
	if err != nil {
		return fmt.Errorf("write the approvals: %w", err)
	}
	if err := replace(file, text, isNew); err != nil {
		return fmt.Errorf("write the approvals: %w", err)
	}
	fmt.Fprintln(s.Out, harmless(fmt.Sprintf("%s: %s (%s) of %s is accepted by %s until %s: %s", filepath.ToSlash(file), r.ID, r.Fingerprint, service.Name, by, expect.Day(r.Expires), r.Title)))
	fmt.Fprintln(s.Out, harmless(fmt.Sprintf("  it covers %s#%s of %s, and counts once %s is committed", r.Expectation, r.Rule, r.About, filepath.ToSlash(file))))
	return nil
}

func there(file string) bool {
	_, err := os.Lstat(file)
	return err == nil
}

// entryOf returns the one entry of that id, and the service that it is about.
func entryOf(services []*assess.Service, id string) (service *assess.Service, found *fact.Risk, err error) {
	var ids, whose []string
	for _, s := range services {
		for _, register := range s.Declared.Registers {
			if register.Unread != "" {
				return nil, nil, fmt.Errorf("%s; mend that first (`seaworthy check --problems` says where)", harmless(register.Unread))
			}
		}
		for _, r := range s.Risks {
			if r.ID == id {
				service, found = s, r
				whose = append(whose, s.Name)
			}
			ids = append(ids, r.ID)
		}
	}
	switch {
	case len(whose) > 1:
		return nil, nil, usage("%s is an entry of several services (%s); name one with --service", id, strings.Join(whose, ", "))
	case found == nil && len(ids) == 0:
		return nil, nil, usage("there is no entry %s, for no register was found; name the folder that holds risks.yaml", id)
	case found == nil:
		slices.Sort(ids)
		return nil, nil, usage("there is no entry %s; there is %s", id, strings.Join(slices.Compact(ids), ", "))
	}
	return service, found, nil
}

// approvable returns why somebody cannot approve an entry; nil where they can.
func approvable(r *fact.Risk, owned expect.Owned, by string, asOf time.Time) error {
	if r.Decision != "accept" {
		return usage("%s proposes nothing to approve: its decision is %q, and only `decision: accept` is approved", r.ID, r.Decision)
	}
	if expect.SamePerson(by, r.Owner) || owned.Owner != "" && expect.SamePerson(by, owned.Owner) {
		return usage("%s cannot approve %s: nobody approves a gap of their own; ask somebody outside of the team", by, r.ID)
	}
	fresh := *r
	fresh.Approval = nil // an older approval may be of another wording
	if flaw := expect.FlawOf(&fresh, owned, asOf); flaw != nil && flaw.Rule != "proposal" {
		return usage("%s", flaw.Says)
	}
	if !expect.SamePerson(by, r.Approver) {
		return usage("%s names %s as its approver, and not %s; what %s approves would not count", r.ID, r.Approver, by, by)
	}
	return nil
}
