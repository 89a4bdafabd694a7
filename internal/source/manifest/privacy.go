package manifest

import (
	"strings"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
	form "seaworthy.dev/seaworthy/internal/manifest"
)

// privacy takes what is said of personal data beyond the stores. How it is deleted
// is among the pages.
func (r *reader) privacy(n *decode.Node, in *form.Privacy) {
	if in == nil {
		return
	}
	d := &r.service.Declared
	if len(in.Categories) > 0 {
		d.Personal = &fact.PersonalData{Ref: r.ref(decode.Child(n, "categories"), "privacy.categories"), Categories: in.Categories}
	}
	for i, e := range in.Exceptions {
		expires, _ := day(e.Expires)
		d.RegionExceptions = append(d.RegionExceptions, &fact.RegionException{
			Ref: r.ref(decode.Dig(n, "exceptions", i), "exception for "+e.What), What: e.What, Region: e.Region,
			Reason: e.Reason, Approver: strings.TrimSpace(e.Approver), Expires: expires,
		})
	}
}
