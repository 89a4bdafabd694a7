package terraform

import (
	"encoding/json"
	"fmt"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
)

// jsonTexts are attributes whose text the provider takes for JSON.
var jsonTexts = []string{
	"policy", "assume_role_policy", "inline_policy", "policy_document", "resource_policy", "access_policies", "access_policy",
	"container_definitions", "event_pattern", "redrive_policy", "definition",
}

// badTexts lists the texts that should hold JSON and do not: the provider refuses
// them when they are applied, and what they allow or run cannot be judged.
func badTexts(c *model.Config) (out []fact.Problem) {
	for _, r := range c.Resources {
		for _, name := range jsonTexts {
			for _, v := range r.Body.Get(name).Each() {
				if v.Kind == model.Object { // a block of that name, which holds the text
					v = v.Get("policy")
				}
				if says := badJSON(v); says != "" {
					out = append(out, fact.Problem{Location: v.At, Message: fmt.Sprintf("%s of %s is no valid JSON: %s; jsonencode writes what is", name, r.Address, says)})
				}
			}
		}
	}
	return out
}

// badJSON returns what is wrong with a text that looks like JSON; nothing where it
// is right, is not known, or is something else, such as an address or a name.
func badJSON(v model.Value) string {
	text := strings.TrimSpace(v.Text)
	if v.Kind != model.Scalar || v.Encoded != nil || text == "" || text[0] != '{' && text[0] != '[' {
		return ""
	}
	var value any
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		return err.Error()
	}
	return ""
}
