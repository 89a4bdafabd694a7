package podsecurity

import (
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
)

// Words says what a pod does that the control forbids, as the end of a
// sentence that starts with the pod's name: "runs privileged (app)". It keeps
// the names and values of the evaluator's own sentence.
func Words(b fact.Breach) string {
	who, how := apart(b.Detail)
	holders := names(who)
	switch b.Check {
	case "allowPrivilegeEscalation":
		return "does not set allowPrivilegeEscalation to false" + in(holders)
	case "appArmorProfile":
		return "turns AppArmor off" + in(holders)
	case "capabilities_baseline":
		return "adds " + strings.Join(names(how), ", ") + in(holders)
	case "capabilities_restricted":
		return capabilities(b.Detail)
	case "hostNamespaces":
		return "shares namespaces of its node (" + strings.ReplaceAll(b.Detail, "=true", "") + ")"
	case "hostPathVolumes":
		return "mounts folders of its node" + in(holders)
	case "hostPorts":
		return "opens " + strings.Replace(how, "hostPort", "port", 1) + " of its node" + in(holders)
	case "hostProbesAndHostLifecycle":
		return "asks another host in a probe or hook: " + strings.Join(names(how), ", ") + in(holders)
	case "privileged":
		return "runs privileged" + in(holders)
	case "procMount", "procMount_restricted":
		return "unmasks /proc" + in(holders)
	case "restrictedVolumes":
		return "uses a volume of type " + strings.Join(names(how), ", ") + in(holders)
	case "runAsNonRoot":
		if strings.HasPrefix(how, "set securityContext.runAsNonRoot=false") {
			return "sets runAsNonRoot to false" + in(holders)
		}
		return "may run as root: runAsNonRoot is not true" + in(holders)
	case "runAsUser":
		return "runs as user 0" + in(holders)
	case "seLinuxOptions":
		_, options, _ := strings.Cut(how, ": ")
		return "sets SELinux options that are forbidden: " + strings.ReplaceAll(options, `"`, "") + in(holders)
	case "seccompProfile_baseline":
		return "turns seccomp off" + in(holders)
	case "seccompProfile_restricted":
		return "sets no seccomp profile" + in(holders)
	case "sysctls":
		return "sets unsafe kernel parameters: " + b.Detail
	case "windowsHostProcess":
		return "runs as a process of its Windows host" + in(holders)
	}
	// A control that a newer standard adds is said in the evaluator's words.
	if b.Detail == "" {
		return "breaks " + b.Reason
	}
	return "breaks " + b.Reason + " (" + b.Detail + ")"
}

// capabilities tells what is kept from what is added: the evaluator puts both
// into one sentence.
func capabilities(detail string) string {
	var parts []string
	for _, part := range strings.Split(detail, "; ") {
		who, how, _ := strings.Cut(part, " must ")
		if strings.HasPrefix(how, "set ") {
			parts = append(parts, "does not drop all capabilities"+in(names(who)))
			continue
		}
		how, _, _ = strings.Cut(strings.TrimPrefix(how, "not include "), " in ")
		parts = append(parts, "adds "+strings.Join(names(how), ", ")+in(names(who)))
	}
	return strings.Join(parts, " and ")
}

// apart cuts the evaluator's sentence where it turns from who breaks a control
// to how.
func apart(detail string) (who, how string) {
	who = detail
	for _, verb := range []string{" must not ", " must ", " uses ", " use ", " set "} { // "must not" before "must"
		if at := strings.Index(detail, verb); at >= 0 && at < len(who) {
			who, how = detail[:at], detail[at+len(verb):]
		}
	}
	return who, how
}

// names returns what stands in quotes.
func names(text string) []string {
	var out []string
	for {
		_, behind, found := strings.Cut(text, `"`)
		name, rest, closed := strings.Cut(behind, `"`)
		if !found || !closed {
			return out
		}
		if text = rest; name != "" {
			out = append(out, name)
		}
	}
}

// in names the containers or volumes; nothing where the pod as a whole is meant.
func in(holders []string) string {
	if len(holders) == 0 {
		return ""
	}
	return " (" + strings.Join(holders, ", ") + ")"
}
