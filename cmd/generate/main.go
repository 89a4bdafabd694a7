// Command generate brings what is derived from standard/ up to date: the
// registry, the pages of the standard and the table of coverage. With
// "new section/name" it makes the folder of a new expectation first.
package main

import (
	"fmt"
	"os"

	"seaworthy.dev/seaworthy/internal/generate"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) == 2 && args[0] == "new" {
		made, err := generate.Scaffold(".", args[1])
		for _, path := range made {
			fmt.Println("made", path)
		}
		if err != nil {
			return err
		}
	} else if len(args) > 0 {
		return fmt.Errorf("usage: generate [new section/name]")
	}
	changed, err := generate.Write(".")
	for _, path := range changed {
		fmt.Println("wrote", path)
	}
	return err
}
