package compose

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
)

// listed returns the place of a "NAME=value" or "NAME" element of a list.
func (s source) listed(name string, keys ...string) (fact.Location, bool) {
	node := s.node
	for _, key := range keys {
		node = decode.Child(node, key)
	}
	for _, item := range decode.Items(node) {
		key, _, _ := strings.Cut(decode.Text(item), "=")
		if key == name {
			return s.doc.At(decode.Follow(item)), true
		}
	}
	return fact.Location{}, false
}

// security lists in which ways a container is not confined. Its user is judged
// apart, for the image may decide it.
func (r *reader) security(w *fact.Workload, s *types.ServiceConfig) {
	breach := func(rule, detail string, keys ...string) {
		w.Breaches = append(w.Breaches, fact.Breach{Check: strings.TrimPrefix(rule, "container-"), Rule: rule, Detail: detail, At: r.at(append([]string{"services", s.Name}, keys...)...)})
	}
	if s.Privileged {
		breach("container-privileged", "runs privileged", "privileged")
	}
	for _, n := range []struct{ key, value, what string }{
		{"network_mode", s.NetworkMode, "network"}, {"pid", s.Pid, "process"}, {"ipc", s.Ipc, "IPC"}, {"userns_mode", s.UserNSMode, "user"}, {"uts", s.Uts, "UTS"},
	} {
		if n.value == "host" {
			breach("container-host-namespace", fmt.Sprintf("shares the %s namespace of its host (%s: host)", n.what, n.key), n.key)
		}
	}
	if s.UseAPISocket {
		breach("container-engine-socket", "gets the Docker socket, by which it can start anything as root on its host", "use_api_socket")
	}
	for i, v := range s.Volumes {
		if v.Type != types.VolumeTypeBind {
			continue
		}
		at := r.item(i, "services", s.Name, "volumes")
		switch source := path.Clean(v.Source); {
		case strings.HasSuffix(source, "docker.sock"), strings.HasSuffix(source, "podman.sock"), strings.HasSuffix(source, "containerd.sock"):
			w.Breaches = append(w.Breaches, fact.Breach{Check: "engine-socket", Rule: "container-engine-socket", Detail: "mounts the engine's socket, by which it can start anything as root on its host", At: at})
		case system(source) && !v.ReadOnly:
			w.Breaches = append(w.Breaches, fact.Breach{Check: "host-folder " + source, Rule: "container-host-folder", Detail: "may write to " + source + " of its host", At: at})
		}
	}
	if !slices.ContainsFunc(s.CapDrop, func(c string) bool { return strings.EqualFold(c, "ALL") }) {
		breach("container-capabilities", "keeps capabilities (no `cap_drop: [ALL]`)", "cap_drop")
	}
	var added []string
	for _, c := range s.CapAdd {
		if !strings.EqualFold(strings.TrimPrefix(strings.ToUpper(c), "CAP_"), "NET_BIND_SERVICE") {
			added = append(added, c)
		}
	}
	if len(added) > 0 {
		breach("container-capabilities-added", "adds capabilities ("+strings.Join(added, ", ")+")", "cap_add")
	}
	escalates := true
	for i, o := range s.SecurityOpt {
		name, value, _ := strings.Cut(strings.ReplaceAll(o, "=", ":"), ":")
		switch {
		case name == "no-new-privileges" && (value == "" || strings.EqualFold(value, "true")):
			escalates = false
		case (name == "seccomp" || name == "apparmor" || name == "label") && (value == "unconfined" || value == "disable"):
			w.Breaches = append(w.Breaches, fact.Breach{Check: name, Rule: "container-unconfined", Detail: "runs without " + map[string]string{"seccomp": "seccomp", "apparmor": "AppArmor", "label": "SELinux"}[name] + " (" + o + ")", At: r.item(i, "services", s.Name, "security_opt")})
		}
	}
	if escalates {
		breach("container-escalation", "may gain privileges (no `no-new-privileges:true`)", "security_opt")
	}
}

// system reports whether a path is a part of the host's system that a process
// can take the host over with, or the whole of it.
func system(p string) bool {
	for _, folder := range []string{"/etc", "/root", "/boot", "/proc", "/sys", "/dev", "/usr", "/bin", "/sbin", "/lib", "/var/lib/docker", "/var/run", "/run", "/home"} {
		if p == folder {
			return true
		}
	}
	return p == "/"
}

// volumes reads mounts. A built service that mounts its own source is a
// developer's.
func (r *reader) volumes(w *fact.Workload, s *types.ServiceConfig, p *types.Project) {
	c := &w.Containers[0]
	for i, v := range s.Volumes {
		at := r.item(i, "services", s.Name, "volumes")
		name := fmt.Sprintf("mount %d", i+1)
		f := fact.Volume{Name: name, At: at}
		switch v.Type {
		case types.VolumeTypeVolume:
			f.Source, f.Claim = "volume", v.Source
			if v.Source != "" {
				f.Name = v.Source
			}
		case types.VolumeTypeBind:
			f.Source, f.HostPath = "hostPath", strings.TrimPrefix(v.Source, root+"/")
			if rel, inside := strings.CutPrefix(path.Clean(v.Source)+"/", root+"/"); inside && s.Build != nil && !v.ReadOnly && path.Ext(v.Target) == "" {
				context, _ := strings.CutPrefix(path.Clean(s.Build.Context)+"/", root+"/")
				if strings.HasPrefix(rel, context) || strings.HasPrefix(context, rel) {
					r.mounts(s.Name, strings.Trim(rel, "/"))
				}
			}
		case types.VolumeTypeTmpfs:
			f.Source = "emptyDir"
		default:
			f.Source = v.Type
		}
		w.Volumes = append(w.Volumes, f)
		c.Mounts = append(c.Mounts, fact.Mount{Volume: f.Name, Path: v.Target, ReadOnly: v.ReadOnly, At: at})
	}
}

func (r *reader) mounts(service, what string) {
	if what == "" {
		what = "the whole folder"
	}
	if r.out.Mounts == "" && !dataFolder.MatchString(path.Base(what)) {
		r.out.Mounts = service + " mounts " + what + " over its image"
	}
}

// secrets mounts the secrets and the configs that a service names.
func (r *reader) secrets(w *fact.Workload, s *types.ServiceConfig) {
	c := &w.Containers[0]
	for i, ref := range s.Secrets {
		at := r.item(i, "services", s.Name, "secrets")
		target := ref.Target
		if target == "" {
			target = "/run/secrets/" + ref.Source
		}
		w.Volumes = append(w.Volumes, fact.Volume{Name: "secret " + ref.Source, Source: "secret", Secrets: []string{ref.Source}, At: at})
		c.Mounts = append(c.Mounts, fact.Mount{Volume: "secret " + ref.Source, Path: target, ReadOnly: true, At: at})
	}
	for i, ref := range s.Configs {
		at := r.item(i, "services", s.Name, "configs")
		w.Volumes = append(w.Volumes, fact.Volume{Name: "config " + ref.Source, Source: "configMap", Settings: []string{ref.Source}, At: at})
		c.Mounts = append(c.Mounts, fact.Mount{Volume: "config " + ref.Source, Path: ref.Target, ReadOnly: true, At: at})
	}
}
