package cli

import (
	"github.com/spf13/cobra"
)

func completionCommand(s Streams) *cobra.Command {
	shells := []string{"bash", "zsh", "fish", "powershell"}
	return &cobra.Command{
		Use: "completion SHELL", Short: "Print a completion script for bash, zsh, fish or powershell",
		Long: `Prints a script that completes commands, flags and expectation ids.

  bash:  source <(seaworthy completion bash)
  zsh:   seaworthy completion zsh > "${fpath[1]}/_seaworthy"
  fish:  seaworthy completion fish | source`,
		ValidArgs: shells,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usage("name one shell: bash, zsh, fish or powershell")
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			root := c.Root()
			switch args[0] {
			case "bash":
				return root.GenBashCompletionV2(s.Out, true)
			case "zsh":
				return root.GenZshCompletion(s.Out)
			case "fish":
				return root.GenFishCompletion(s.Out, true)
			case "powershell":
				return root.GenPowerShellCompletionWithDesc(s.Out)
			}
			return usage("there is no completion for %q; name bash, zsh, fish or powershell", args[0])
		},
	}
}
