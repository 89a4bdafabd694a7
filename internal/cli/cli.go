// Package cli is the command line: each command is one file.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"
)

// Exit codes of every command.
const (
	OK      = 0 // fine
	Broke   = 1 // something went wrong that is nobody's gap
	Usage   = 2 // the command line could not be understood
	Refuses = 3 // a gap at or above --fail-on
	Unclear = 4 // an unknown at or above --fail-on
)

// exit is an error that carries an exit code. A nil error inside means that
// everything was said already.
type exit struct {
	code int
	err  error
}

func (e exit) Error() string {
	if e.err == nil {
		return ""
	}
	return e.err.Error()
}

func (e exit) Unwrap() error { return e.err }

// usage returns an error for a command line that cannot be understood.
func usage(format string, args ...any) error { return exit{Usage, fmt.Errorf(format, args...)} }

// Streams are the program's input and output.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
	// Width is the terminal's width in columns; 0 where there is none.
	Width int
	// Terminal is true where Out is a terminal, Watched where Err is one.
	Terminal, Watched bool
	Env               func(string) string
}

// Run runs one command line and returns the exit code.
func Run(ctx context.Context, args []string, s Streams) int {
	root := command(s)
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	var e exit
	switch {
	case err == nil:
		return OK
	case errors.As(err, &e):
		if e.err != nil {
			fmt.Fprintf(s.Err, "seaworthy: %v\n", e.err)
		}
		return e.code
	}
	if errors.Is(err, context.Canceled) {
		err = errors.New("interrupted before all was judged; nothing was written")
	}
	fmt.Fprintf(s.Err, "seaworthy: %v\n", err)
	return Broke
}

func command(s Streams) *cobra.Command {
	root := &cobra.Command{
		Use:   "seaworthy",
		Short: "Says whether a service would survive 3 a.m. on a holiday weekend, and proves it",
		Long: `Seaworthy judges a service by 68 expectations in 17 sections and says which it
meets, which it does not, where, why it matters, and how to close it.

Start with:  seaworthy check .`,
		SilenceErrors: true, SilenceUsage: true,
		SuggestionsMinimumDistance: 2,
		CompletionOptions:          cobra.CompletionOptions{HiddenDefaultCmd: true},
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) > 0 {
				meant := ""
				if near := c.SuggestionsFor(args[0]); len(near) > 0 {
					meant = " (did you mean " + near[0] + "?)"
				}
				return usage("there is no command %q%s; `seaworthy --help` lists them", args[0], meant)
			}
			return c.Help()
		},
		Args: cobra.ArbitraryArgs,
	}
	root.SetIn(s.In)
	root.SetOut(s.Out)
	root.SetErr(s.Err)
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return usage("%v; `%s --help` lists the flags", err, c.CommandPath())
	})
	root.AddCommand(checkCommand(s), alertsCommand(s), planCommand(s), affectedCommand(s), initCommand(s), explainCommand(s), costCommand(s), risksCommand(s), standardCommand(s), versionCommand(s), completionCommand(s))
	return root
}

// System returns the streams of the process.
func System() Streams {
	s := Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Env: os.Getenv}
	s.Width, s.Terminal = terminal(os.Stdout)
	_, s.Watched = terminal(os.Stderr)
	return s
}
