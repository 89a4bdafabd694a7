package cli

import (
	"fmt"
	"runtime/debug"

	"github.com/spf13/cobra"

	"seaworthy.dev/seaworthy/internal/registry"
)

// Version is set when a release is built.
var Version = "dev"

func versionCommand(s Streams) *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Print the version of the program and of the standard",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usage("version takes no arguments; got %q", args[0])
			}
			return nil
		},
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintf(s.Out, "seaworthy %s%s, standard %s\n", Version, revision(), registry.Version)
			return err
		},
	}
}

// revision returns the commit that the program was built from, if it is known.
func revision() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	for _, v := range info.Settings {
		if v.Key == "vcs.revision" && len(v.Value) >= 12 {
			return " (" + v.Value[:12] + ")"
		}
	}
	return ""
}
