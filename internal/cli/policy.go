package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/overlay"
	"seaworthy.dev/seaworthy/internal/registry"
	"seaworthy.dev/seaworthy/internal/source/overlays"
)

// policyFlag adds --policy to a command.
func policyFlag(c *cobra.Command, dir *string) {
	c.Flags().StringVar(dir, "policy", "", "folder with the organisation's overlays of the standard and its approvals; it must stand outside of what is judged")
	_ = c.MarkFlagDirname("policy")
}

// standard returns the standard as the overlays of a policy leave it, with its
// sections; without a policy, the built-in one.
func standard(policy string) ([]*expect.Expectation, []expect.Section, error) {
	builtin, sections := registry.All(), registry.Sections()
	if policy == "" {
		return builtin, sections, nil
	}
	read, problems, err := overlays.Read(policy, builtin)
	if err != nil {
		return nil, nil, usage("--policy: %v", err)
	}
	changed, contradictions := overlay.Apply(builtin, read)
	if problems = append(problems, contradictions...); len(problems) > 0 {
		var lines []string
		for _, p := range problems {
			lines = append(lines, "  "+place(p.File, p.Line, p.Column)+p.Message)
		}
		return nil, nil, usage("--policy: nothing is judged by a standard of which a part is wrong; mend this first:\n%s", strings.Join(lines, "\n"))
	}
	for _, e := range changed[len(builtin):] {
		known := false
		for _, s := range sections {
			known = known || s.ID == e.Section()
		}
		if !known {
			sections = append(sections, expect.Section{ID: e.Section(), Title: "Own expectations: " + e.Section(), Order: len(sections) + 1})
		}
	}
	return changed, sections, nil
}

func place(file string, line, column int) string {
	switch {
	case file == "":
		return ""
	case line == 0:
		return file + ": "
	case column == 0:
		return fmt.Sprintf("%s:%d: ", file, line)
	}
	return fmt.Sprintf("%s:%d:%d: ", file, line, column)
}
