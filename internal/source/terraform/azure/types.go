package azure

import (
	_ "embed"
	"strings"
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
	r.Rest("azurerm_", t)
	r.Rest("azuread_", t)
	r.anything(t)
}

// anything leaves holes for resources of azapi, which can be whatever Azure has:
// by the type that they name.
// https://registry.terraform.io/providers/Azure/azapi/latest/docs/resources/resource
func (r *reader) anything(t reading.Types) {
	for _, res := range r.Config.Resources {
		if res.Data || !strings.HasPrefix(res.Type, "azapi_") {
			continue
		}
		v := res.Body.Get("type")
		named, _, _ := strings.Cut(v.Text, "@")
		kinds, known := t.Of(strings.ToLower(strings.ReplaceAll(named, "/", "::")))
		switch {
		case known && named != "" && len(kinds) == 0:
		case !v.Known() && !strings.Contains(v.Text, "@"), named == "":
			r.Hole(res, reading.Anything(), "what "+res.Address+" is"+reading.Because(v))
		case known:
			r.Hole(res, kinds, res.Base+" ("+named+") is not read")
		default:
			r.Hole(res, reading.Anything(), res.Base+" ("+named+") is not read")
		}
	}
}
