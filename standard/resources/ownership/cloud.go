package ownership

import (
	"fmt"

	"seaworthy.dev/seaworthy/internal/derive/owner"
	"seaworthy.dev/seaworthy/internal/fact"
)

// cloud judges what a cloud keeps beside what runs in it: stores, queues, networks.
// What carries no tags is left out, and so is what is judged as a workload.
func (j *judge) cloud() {
	running := map[string]bool{}
	for _, w := range j.here.Workloads {
		running[w.Subject] = true
	}
	for _, r := range j.here.Cloud {
		if running[r.Subject] {
			continue
		}
		name := fmt.Sprintf("%s.%s", r.Type, r.Name)
		named := owner.In(r.Tags)
		switch {
		case len(named) > 0 && named[0].Value == "": // a variable without a value
			j.out.Unclear(r.Ref.At(r.TagsAt), "tags-unknown", "%s has the tag %s, whose value is not written here", name, named[0].Key)
		case len(named) > 0 && named[0].Placeholder:
			j.out.Fail(r.Ref.At(r.TagsAt), "placeholder", "the owner of %s is still to come: %s is %q", name, named[0].Key, named[0].Value)
		case len(named) > 0:
			j.exists(r.Ref.At(r.TagsAt), name, named[0], named[0].Key)
		case !r.Taggable:
		case !r.TagsKnown:
			j.out.Unclear(r.Ref.At(r.TagsAt), "tags-unknown", "whether a tag of %s names an owner is known only when it is applied", name)
		default:
			j.out.Lacks(r.Ref.At(r.TagsAt), []fact.Kind{fact.Cloud}, "no-owner-tag", "no tag of %s names an owner", name)
		}
	}
}
