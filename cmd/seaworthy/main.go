// Command seaworthy says whether a service would survive 3 a.m. on a holiday
// weekend, proves it, and closes what is missing.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"seaworthy.dev/seaworthy/internal/assess"
	"seaworthy.dev/seaworthy/internal/child"
	"seaworthy.dev/seaworthy/internal/cli"
)

func main() {
	if child.Serve(assess.Jobs()) {
		return
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := cli.Run(ctx, os.Args[1:], cli.System())
	stop()
	os.Exit(code)
}
