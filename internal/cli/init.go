package cli

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"seaworthy.dev/seaworthy/internal/assess"
	"seaworthy.dev/seaworthy/internal/draft"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// manifestName is what the file is called that describes a service.
const manifestName = "seaworthy.yaml"

type initFlags struct {
	choice draft.Choice
	stdout bool
}

func initCommand(s Streams) *cobra.Command {
	var f initFlags
	c := &cobra.Command{
		Use:   "init [PATH]",
		Short: "Draft a seaworthy.yaml from what stands in a repository",
		Long: `Looks through the files below PATH (default: here) and writes a seaworthy.yaml that
holds what was found: name, owner, addresses, data stores, third parties. Comments ask
for what only people know. Where PATH has a folder of applications, each of them that
runs something gets a manifest of its own. Nothing is ever overwritten.`,
		Example: `  seaworthy init
  seaworthy init services/checkout --tier 1 --owner team-payments
  seaworthy init --stdout`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usage("init takes one path, and there are %d", len(args))
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			if c.Flags().Changed("tier") && (f.choice.Tier < 1 || f.choice.Tier > 3) {
				return usage("--tier is %d; tiers are 1, 2 and 3", f.choice.Tier)
			}
			name := "."
			if len(args) == 1 {
				name = args[0]
			}
			return initialise(c.Context(), s, f, name)
		},
	}
	fl := c.Flags()
	fl.BoolVar(&f.stdout, "stdout", false, "print what would be written")
	fl.StringVar(&f.choice.Name, "name", "", "name of the service")
	fl.IntVar(&f.choice.Tier, "tier", 0, "tier of the service, 1 (most critical) to 3")
	fl.StringVar(&f.choice.Owner, "owner", "", "team that owns the service")
	return c
}

func initialise(ctx context.Context, s Streams, f initFlags, name string) error {
	if info, err := os.Stat(name); err != nil || !info.IsDir() {
		return usage("%s is no folder; name the one in which the service stands", name)
	}
	found, err := assess.Discover(ctx, name, assess.Options{Settings: expect.Settings{KubeVersion: newestKube}})
	if err != nil {
		return err
	}
	if len(found.Manifests) > 0 {
		return usage("%s describes a service already, and nothing is overwritten; change it by hand, or name the folder of a service that has none, as in `seaworthy init services/web`", found.Manifests[0])
	}
	if f.choice.Name != "" && len(found.Candidates) > 1 {
		return usage("%s holds %d services, and --name names one; run init in the folder of each", name, len(found.Candidates))
	}
	for i := range found.Candidates {
		c := &found.Candidates[i]
		to := filepath.Join(name, filepath.FromSlash(c.Folder), manifestName)
		text := draft.Write(c, f.choice)
		if f.stdout {
			if i > 0 {
				fmt.Fprintln(s.Out, "---")
			}
			if len(found.Candidates) > 1 {
				fmt.Fprintf(s.Out, "# %s\n", filepath.ToSlash(to))
			}
			if _, err := s.Out.Write(text); err != nil {
				return fmt.Errorf("print the manifest: %w", err)
			}
			continue
		}
		if err := create(to, text); err != nil {
			return err
		}
		fmt.Fprintf(s.Out, "wrote %s: %s\n", filepath.ToSlash(to), said(c))
	}
	if !f.stdout {
		if n := len(found.Problems); n > 0 {
			fmt.Fprintf(s.Out, "%s with what stands here, the first one: %s %s\n", verdict.Count(n, "problem"), found.Problems[0].File, found.Problems[0].Message)
		}
		fmt.Fprintf(s.Out, "\nRead what the comments ask for, then run `seaworthy check%s`.\n", strings.TrimSuffix(" "+filepath.ToSlash(name), " ."))
	}
	return nil
}

// create writes a file that is not there yet.
func create(name string, text []byte) (err error) {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, fs.FileMode(0o644))
	if os.IsExist(err) {
		return usage("%s is there already, and nothing is overwritten", filepath.ToSlash(name))
	}
	if err != nil {
		return fmt.Errorf("write the manifest: %w", err)
	}
	defer func() {
		if closed := f.Close(); err == nil {
			err = closed
		}
	}()
	if _, err = f.Write(text); err != nil {
		return fmt.Errorf("write the manifest: %w", err)
	}
	return nil
}

// said sums up what was found of a service.
func said(c *assess.Candidate) string {
	hosts := len(c.World) + len(c.Cluster)
	parts := []string{verdict.Count(c.Workloads, "workload"), verdict.Count(draft.Endpoints(c), "endpoint"), verdict.Count(len(c.Stores), "store"), verdict.Count(hosts, "host") + " that it calls"}
	return strings.Join(parts, ", ")
}
