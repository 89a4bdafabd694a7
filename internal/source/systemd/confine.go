package systemd

import (
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/baseimage"
	"seaworthy.dev/seaworthy/internal/fact"
)

// filters are settings that install a filter of system calls, which systemd
// does with NoNewPrivileges where the service is not root: systemd.exec(5).
var filters = []string{
	"SystemCallFilter", "SystemCallArchitectures", "SystemCallLog", "RestrictAddressFamilies", "RestrictNamespaces", "RestrictRealtime",
	"RestrictSUIDSGID", "MemoryDenyWriteExecute", "LockPersonality", "PrivateDevices", "ProtectClock", "ProtectKernelTunables",
	"ProtectKernelModules", "ProtectKernelLogs", "ProtectHostname",
}

// confinement lists in which ways a service is not confined.
func (u *unit) confinement(w *fact.Workload) {
	breach := func(rule, detail string, keys ...string) {
		at := w.Location
		for _, key := range keys {
			if _, place := u.last("Service", key); place.Line > 0 {
				at = place
			}
		}
		w.Breaches = append(w.Breaches, fact.Breach{Check: strings.TrimPrefix(rule, "unit-"), Rule: rule, Detail: detail, At: at})
	}
	user, _ := u.last("Service", "User")
	dynamic := u.yes("DynamicUser")
	personal := strings.Contains("/"+u.shown, "/user/") // a unit of a user's own manager
	root := !dynamic && !personal && (user == "" || baseimage.IsRoot(user))
	switch {
	case root && user == "":
		breach("unit-root", "runs as root: it sets neither User nor DynamicUser")
	case root:
		breach("unit-root", "runs as root (User="+user+")", "User")
	}
	filtered := slices.ContainsFunc(filters, func(key string) bool {
		value, _ := u.last("Service", key)
		yes, isBool := boolean(value)
		return value != "" && (yes || !isBool)
	})
	if !u.yes("NoNewPrivileges") && !dynamic && (root || !filtered) {
		breach("unit-escalation", "may gain privileges (no NoNewPrivileges=yes)", "NoNewPrivileges")
	}
	if kept := u.bounding(); kept != "" {
		breach("unit-capabilities", "keeps capabilities ("+kept+")", "CapabilityBoundingSet")
	}
	if system, _ := u.last("Service", "ProtectSystem"); system != "strict" && !dynamic {
		if system == "" {
			breach("unit-writable", "may write to the system's files (no ProtectSystem=strict)")
		} else {
			breach("unit-writable", "may write to some of the system's files (ProtectSystem="+system+")", "ProtectSystem")
		}
	}
	if len(u.list("Service", "SystemCallFilter")) == 0 {
		breach("unit-system-calls", "may make every system call (no SystemCallFilter)", "SystemCallFilter")
	}
}

// bounding says which capabilities the service keeps beyond the one for low
// ports; empty where there are none.
func (u *unit) bounding() string {
	kept, all, set := map[string]bool{}, true, false
	for _, a := range u.lines {
		if a.section != "Service" || a.key != "CapabilityBoundingSet" {
			continue
		}
		names, inverted := strings.CutPrefix(a.value, "~")
		switch {
		case a.value == "":
			kept, all = map[string]bool{}, false
		case inverted && names == "":
			all = true
		case inverted:
			for _, name := range strings.Fields(names) {
				delete(kept, name)
			}
		default:
			if !set {
				all = false
			}
			for _, name := range strings.Fields(names) {
				kept[name] = true
			}
		}
		set = true
	}
	switch {
	case !set:
		return "no CapabilityBoundingSet"
	case all:
		return "CapabilityBoundingSet only takes some away"
	}
	delete(kept, "CAP_NET_BIND_SERVICE")
	var names []string
	for name := range kept {
		names = append(names, name)
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}
