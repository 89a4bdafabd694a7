// Package script runs the whole program as its users do: each txtar file in
// this folder is one story, told in commands and what they say.
package script

import (
	"context"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"seaworthy.dev/seaworthy/internal/assess"
	"seaworthy.dev/seaworthy/internal/child"
	"seaworthy.dev/seaworthy/internal/cli"
)

// TestMain lets the test binary be the program, and the program's child.
func TestMain(m *testing.M) {
	if child.Serve(assess.Jobs()) {
		return
	}
	testscript.Main(m, map[string]func(){
		"seaworthy": func() { os.Exit(cli.Run(context.Background(), os.Args[1:], cli.System())) },
	})
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: ".", RequireExplicitExec: true, RequireUniqueNames: true,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"exits": exits, "expand": expand},
		Setup: func(env *testscript.Env) error {
			now := time.Now().UTC()
			env.Setenv("TODAY", now.Format(time.DateOnly))
			env.Setenv("SOON", now.AddDate(0, 6, 0).Format(time.DateOnly))
			env.Setenv("LATE", now.AddDate(2, 0, 0).Format(time.DateOnly))
			return nil
		},
	})
}

// expand fills variables into a file: expand FILE.
func expand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: expand FILE")
	}
	text := os.Expand(ts.ReadFile(args[0]), ts.Getenv)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o644))
}

// exits runs a command and demands its exit code: exits 3 seaworthy check.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		ended, ok := err.(interface{ ExitCode() int })
		if !ok {
			ts.Fatalf("%v", err)
		}
		got = ended.ExitCode()
	}
	if got != want {
		ts.Fatalf("exits with %d, want %d", got, want)
	}
}
