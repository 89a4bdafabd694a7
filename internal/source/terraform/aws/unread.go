package aws

import (
	_ "embed"
	"sync"

	"seaworthy.dev/seaworthy/internal/source/terraform/reading"
)

//go:embed types.txt
var typesTable string

// Types says what types hide that no reader here reads. It reads the table once: a
// cache of pure values.
var Types = sync.OnceValues(func() (reading.Types, error) { return reading.ParseTypes(typesTable) })

// unread leaves holes for what is neither read nor harmless. It comes last.
func (r *reader) unread() {
	types, err := Types()
	if err != nil {
		panic(err)
	}
	r.Rest("aws_", types)
}
