package terraform

import (
	"fmt"
	"path"
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/script"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
	"seaworthy.dev/seaworthy/internal/source/terraform/reading"
)

// provisioners leaves a hole for each resource that runs commands of its own when
// it is applied: a line of kubectl or a script may bring anything. Commands that
// only pack files or wait leave none.
// https://developer.hashicorp.com/terraform/language/provisioners
func provisioners(c *model.Config, into *fact.Set) {
	said := map[string]bool{}
	for _, r := range c.Resources {
		for _, p := range r.Body.Get("provisioner").Each() {
			what, harmless := brought(p)
			if r.Data || harmless || said[r.Base] {
				continue
			}
			said[r.Base] = true
			into.Coverage.Holes = append(into.Coverage.Holes, fact.Hole{
				Kinds: append(reading.Anything(), fact.Autoscalers, fact.Rollouts, fact.Accounts, fact.Permissions, fact.Secrets, fact.Settings), Location: reading.Place(p, r), Unread: true,
				Why: fmt.Sprintf("%s, which %s runs when it is applied, is not read", what, r.Base),
			})
		}
	}
}

// brought names what a provisioner runs that may bring something.
func brought(p model.Value) (what string, harmless bool) {
	if p.Get("file").Kind == model.Object {
		return "", true // copies a file to a machine
	}
	for _, kind := range []string{"local-exec", "remote-exec"} {
		body := p.Get(kind)
		if body.Kind != model.Object {
			continue
		}
		if reading.Text(body.Get("when")) == "destroy" {
			return "", true
		}
		texts := append(body.Get("inline").Each(), body.Get("command"))
		if body.Get("script").Present() || body.Get("scripts").Present() || body.Get("interpreter").Present() {
			return "a script", false
		}
		for _, v := range texts {
			if v.Kind == model.Absent {
				continue
			}
			commands, err := script.Commands(v.Text, script.Shell{})
			if !v.Known() || err != nil {
				return "a command that is not known", false
			}
			for _, cmd := range commands {
				if len(cmd.Words) > 0 && !idle(cmd.Words) {
					return "`" + strings.Join(cmd.Words[:min(2, len(cmd.Words))], " ") + "`", false
				}
			}
		}
		return "", true
	}
	return "a command that is not known", false
}

// idle reports whether a command does nothing beyond the disk on which it runs.
func idle(words []string) bool {
	if strings.Contains(strings.Join(words, " "), "$(") {
		return false // what another command writes, which is not told here
	}
	switch path.Base(words[0]) {
	case "echo", "printf", "sleep", "true", ":", "test", "[", "exit", "cd", "set", "export", "date", "mkdir", "cp", "mv", "rm", "touch", "chmod", "ln", "cat", "ls", "head", "tail",
		"grep", "sed", "awk", "jq", "sort", "cut", "tr", "wc", "tee", "zip", "unzip", "tar", "gzip", "base64", "sha256sum", "md5sum", "pip", "pip3", "uv", "poetry", "mvn", "which":
		return true
	case "npm", "yarn", "pnpm", "go", "cargo", "dotnet":
		return len(words) > 1 && (words[1] == "ci" || words[1] == "install" || words[1] == "build" || words[1] == "i")
	case "docker":
		return len(words) > 1 && (words[1] == "build" || words[1] == "pull" || words[1] == "tag" || words[1] == "push" || words[1] == "login")
	}
	return false
}
