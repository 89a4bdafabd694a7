package systemd

import (
	"path"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/address"
	"seaworthy.dev/seaworthy/internal/derive/process"
	"seaworthy.dev/seaworthy/internal/derive/secrecy"
	"seaworthy.dev/seaworthy/internal/fact"
)

// service turns a unit with its drop-ins into a workload.
func (r *reader) service(u *unit) {
	name := strings.TrimSuffix(u.name, ".service")
	start := u.list("Service", "ExecStart")
	kind, _ := u.last("Service", "Type")
	at := fact.Location{File: u.shown, Line: 1}
	for _, a := range u.lines {
		if a.section == "Service" && a.key == "" && a.at.File == u.shown {
			at = a.at
			break
		}
	}
	if len(start) == 0 && kind != "oneshot" {
		if stop := u.list("Service", "ExecStop"); len(stop) == 0 {
			r.lost(at, "%s starts nothing: it has no ExecStart", u.name)
			return
		}
	}
	w := &fact.Workload{
		Ref: fact.Ref{Subject: "systemd/service " + name, Location: at}, Platform: fact.Systemd, Kind: "unit", Name: name,
		Replicas: 1, ReplicasAt: at, PodAt: at, Strategy: fact.Strategy{Type: "Restart", At: at},
	}
	if kind == "oneshot" {
		w.Form = fact.OneOff
	}
	timer := r.timers[u.name]
	if timer != nil {
		w.Form = fact.Scheduled
	}
	if socket := r.sockets[u.name]; socket != nil {
		w.Socket = socket.name
	}
	c := fact.Container{Ref: w.Ref.Within("process"), Name: name, Requests: fact.Resources{MilliCPU: -1, Memory: -1}, Limits: fact.Resources{MilliCPU: -1, Memory: -1}}
	c.User, _ = u.last("Service", "User")
	if kind == "notify" || kind == "notify-reload" {
		_, place := u.last("Service", "Type")
		c.Readiness = &fact.Probe{Ref: w.Ref.At(place).Within("notification"), Method: "notify", Grace: -1}
	}
	r.commands(u, w, &c, start)
	r.environment(u, w, &c)
	r.credentials(u, w, &c)
	c.Lines = u.written()
	w.Containers = []fact.Container{c}
	u.recovery(w)
	u.stopping(w)
	u.confinement(w)
	u.awaits(w)
	for _, a := range u.list("Service", "IPAddressDeny") {
		w.Walled = w.Walled || a.value == "any" || strings.Contains(a.value, "0.0.0.0/0") && strings.Contains(a.value, "::/0")
	}
	r.out.Facts.Workloads = append(r.out.Facts.Workloads, w)
	if timer != nil {
		r.backup(u, w, timer)
	}
}

// written says where the unit's output goes; nil for the journal.
// https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#StandardOutput=
func (u *unit) written() *fact.LogOutput {
	to, at := u.last("Service", "StandardOutput")
	o := &fact.LogOutput{Engine: to, Fate: fact.Stays, At: at}
	kind, file, _ := strings.Cut(to, ":")
	switch kind {
	case "null":
		o.Fate, o.Why = fact.Dropped, "StandardOutput is null"
	case "file", "append", "truncate":
		o.Engine, o.To = "file", file
	default:
		return nil
	}
	return o
}

// commands reads what is started. Prefixes such as - and + are no part of the
// program's name.
func (r *reader) commands(u *unit, w *fact.Workload, c *fact.Container, start []assignment) {
	for i, a := range start {
		line := words(strings.TrimLeft(a.value, "-+!@:|"))
		if len(line) == 0 {
			continue
		}
		cmd := process.Command(line, nil, a.at)
		if i == 0 {
			c.Command = cmd
		} else {
			c.Command.Tools = append(c.Command.Tools, cmd.Tools...)
		}
		text := strings.Join(line, " ")
		if strings.Contains(text, "docker compose") || strings.Contains(text, "docker-compose") || strings.Contains(text, "podman-compose") {
			w.Starts = append(w.Starts, "compose")
		}
		c.Dials = append(c.Dials, address.In(text, a.at)...)
		c.Env = append(c.Env, process.Arguments(line, func(int) fact.Location { return a.at })...)
	}
}

// environment reads variables and the files that hold more of them.
func (r *reader) environment(u *unit, w *fact.Workload, c *fact.Container) {
	var vars []process.Variable
	for _, a := range u.list("Service", "Environment") {
		for _, word := range words(a.value) {
			name, value, found := strings.Cut(word, "=")
			if !found {
				continue
			}
			c.Env = append(c.Env, fact.Env{Name: name, Origin: fact.Literal, Empty: value == "", Smell: secrecy.Of(name, value), At: a.at})
			c.Dials = append(c.Dials, address.In(value, a.at)...)
			vars = append(vars, process.Variable{Name: name, Value: value, At: a.at})
		}
	}
	for _, a := range u.list("Service", "EnvironmentFile") {
		file, optional := strings.CutPrefix(a.value, "-")
		c.Env = append(c.Env, fact.Env{Name: path.Base(file), Origin: fact.Outside, From: file, Optional: optional, At: a.at})
	}
	c.Tracing = process.Tracing(vars)
}

// credentials reads what systemd hands over as files.
func (r *reader) credentials(u *unit, w *fact.Workload, c *fact.Container) {
	mount := func(id string, at fact.Location) {
		w.Volumes = append(w.Volumes, fact.Volume{Name: "credential " + id, Source: "secret", Secrets: []string{id}, At: at})
		c.Mounts = append(c.Mounts, fact.Mount{Volume: "credential " + id, Path: "$CREDENTIALS_DIRECTORY/" + id, ReadOnly: true, At: at})
	}
	for _, key := range []string{"LoadCredential", "LoadCredentialEncrypted", "ImportCredential"} {
		for _, a := range u.list("Service", key) {
			id, _, _ := strings.Cut(a.value, ":")
			mount(id, a.at)
		}
	}
	for _, a := range u.list("Service", "SetCredentialEncrypted") {
		id, _, _ := strings.Cut(a.value, ":")
		mount(id, a.at)
		r.out.Facts.Secrets = append(r.out.Facts.Secrets, &fact.Secret{Ref: fact.Ref{Subject: "systemd/credential " + id, Location: a.at}, Name: id, Type: "credential", Keys: []string{id}, Sealed: true, At: a.at})
	}
	for _, a := range u.list("Service", "SetCredential") {
		id, value, _ := strings.Cut(a.value, ":")
		mount(id, a.at)
		s := &fact.Secret{Ref: fact.Ref{Subject: "systemd/credential " + id, Location: a.at}, Name: id, Type: "credential", Keys: []string{id}, At: a.at}
		if secrecy.Placeholder(value) {
			s.Placeholders = true
		} else {
			s.Plain = []fact.Leak{{Key: id, Smell: "the value of a secret", At: a.at}}
		}
		r.out.Facts.Secrets = append(r.out.Facts.Secrets, s)
	}
}

// recovery reads what brings the service back.
func (u *unit) recovery(w *fact.Workload) {
	policy, at := u.last("Service", "Restart")
	r := &fact.Recovery{Restarts: "never", At: at}
	if at.Line == 0 {
		r.At = w.Location
	}
	acts := false // on a watchdog's end
	switch policy {
	case "", "no", "on-success":
	case "always":
		r.Restarts, acts = "always", true
	case "on-failure", "on-abnormal":
		r.Restarts, acts = "on-failure", true
	case "on-watchdog":
		r.Restarts, acts = "on-failure", true
	case "on-abort":
		r.Restarts = "on-failure"
	default:
		u.r.lost(at, "Restart is %q; write no, always, on-success, on-failure, on-abnormal, on-abort or on-watchdog", policy)
		r.Restarts = ""
	}
	watch, place := u.time("Service", "WatchdogSec", 0)
	r.HangsAt = place
	if watch > 0 {
		if r.Within = max(int(watch), 1); acts {
			r.Hangs = "systemd"
		}
	}
	// systemd gives up after five starts within ten seconds unless told
	// otherwise: systemd.unit(5), StartLimitIntervalSec.
	section := "Unit"
	if v, _ := u.last("Unit", "StartLimitBurst"); v == "" {
		if v, _ := u.last("Service", "StartLimitBurst"); v != "" {
			section = "Service" // where it stood in older versions
		}
	}
	interval, _ := u.time("Unit", "StartLimitIntervalSec", 10)
	if v, _ := u.last("Unit", "StartLimitIntervalSec"); v == "" {
		// Names from before version 230, which systemd still reads:
		// load-fragment-gperf.gperf.in.
		for _, old := range []string{"Unit", "Service"} {
			if v, _ := u.last(old, "StartLimitInterval"); v != "" {
				interval, _ = u.time(old, "StartLimitInterval", 10)
				break
			}
		}
	}
	burst := 5
	if v, _ := u.last(section, "StartLimitBurst"); v != "" {
		burst = atoi(v, 5)
	}
	pause, _ := u.time("Service", "RestartSec", 0.1)
	if r.Restarts != "never" && interval > 0 && burst > 0 && pause >= 0 && pause*float64(burst) < interval {
		r.Limit, r.LimitWithin = burst, int(interval)
	}
	installed := u.list("Install", "WantedBy")
	r.AtBoot = len(installed) > 0 || len(u.list("Install", "RequiredBy")) > 0
	w.Recovery = r
}

func atoi(text string, standard int) int {
	n := 0
	for _, c := range text {
		if c < '0' || c > '9' || n > 1_000_000 {
			return standard
		}
		n = n*10 + int(c-'0')
	}
	return n
}

// stopping reads how the service is asked to stop.
func (u *unit) stopping(w *fact.Workload) {
	stop, at := u.time("Service", "TimeoutStopSec", -2)
	if stop == -2 {
		if stop, at = u.time("Service", "TimeoutSec", -2); stop == -2 {
			stop = 90 // DefaultTimeoutStopSec: systemd-system.conf(5)
		}
	}
	w.Grace, w.GraceAt = int(stop), at
	if stop == 0 {
		w.Grace = -1 // 0 switches the limit off, as infinity does
	} else if stop > 0 && stop < 1 {
		w.Grace = 1
	}
	if at.Line == 0 {
		w.GraceAt = w.Location
	}
	w.StopSignal, w.StopAt = u.last("Service", "KillSignal")
	if mode, at := u.last("Service", "KillMode"); mode == "none" {
		w.Abandons, w.StopAt = true, at
	}
}

// awaits lists the units of this folder after which the service starts.
func (u *unit) awaits(w *fact.Workload) {
	var after []string
	for _, a := range u.list("Unit", "After") {
		after = append(after, strings.Fields(a.value)...)
	}
	for _, key := range []string{"Requires", "Wants", "BindsTo"} {
		for _, a := range u.list("Unit", key) {
			for _, name := range strings.Fields(a.value) {
				if slices.Contains(after, name) && u.r.units[name] != nil {
					w.Awaits = append(w.Awaits, fact.Await{For: strings.TrimSuffix(name, ".service"), Until: "started", At: a.at})
				}
			}
		}
	}
}
