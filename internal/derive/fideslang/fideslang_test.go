package fideslang

import "testing"

// TestTaxonomy: the file is whole. Each category stands below one that is there,
// and what replaces another stands there itself.
func TestTaxonomy(t *testing.T) {
	all := replaced()
	if len(all) < 100 {
		t.Fatalf("only %d categories", len(all))
	}
	for name, by := range all {
		for i := range name {
			if name[i] == '.' && !Known(name[:i], nil) {
				t.Errorf("%s stands below %s, which is not there", name, name[:i])
			}
		}
		if next, found := all[by]; by != "" && (!found || next != "") {
			t.Errorf("%s is replaced by %s, which does not stand", name, by)
		}
	}
}

// TestNearest: a typo, a word in the wrong place and the names of the first
// versions lead to what is meant.
func TestNearest(t *testing.T) {
	for text, want := range map[string]string{
		"user.contact.emial": "user.contact.email",
		"user.email":         "user.contact.email",
		"email":              "user.contact.email",
		"user.provided.identifiable.contact.email":    "user.contact.email",
		"user.derived.identifiable.device.ip_address": "user.device.ip_address",
		"User.Name":           "user.name",
		"customer-secrets/42": "",
	} {
		if got := Nearest(text); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}

func TestPersonal(t *testing.T) {
	for _, c := range []struct {
		list                 []string
		personal, impersonal bool
	}{
		{[]string{"user.contact.email"}, true, false},
		{[]string{"system.operations", "user"}, true, false},
		{[]string{"system"}, false, true},
		{[]string{"none"}, false, true},
		{[]string{"userdata"}, false, false},
		{nil, false, false},
	} {
		if Personal(c.list) != c.personal || Impersonal(c.list) != c.impersonal {
			t.Errorf("%v: personal %v, impersonal %v", c.list, Personal(c.list), Impersonal(c.list))
		}
	}
}
