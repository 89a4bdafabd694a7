package google

import (
	_ "embed"
	"sync"

	"seaworthy.dev/seaworthy/internal/source/terraform/reading"
)

//go:embed types.txt
var table string

// types reads the table once: a cache of a pure value.
var types = sync.OnceValues(func() (reading.Types, error) { return reading.ParseTypes(table) })

// rest leaves a hole for what is neither read nor known to be harmless.
func (r *reader) rest() {
	t, err := types()
	if err != nil {
		panic(err)
	}
	r.Rest("google_", t)
}
