package deeds

import (
	"path"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/script"
	"seaworthy.dev/seaworthy/internal/fact"
)

// inside returns the command that a command holds in its words.
func inside(name string, args []string) (words []string, found bool) {
	switch name {
	case "docker", "podman", "nerdctl":
		if len(args) > 0 && args[0] == "container" {
			args = args[1:]
		}
		if len(args) > 0 && args[0] == "run" {
			return container(args[1:])
		}
	case "find", "fd":
		at := slices.IndexFunc(args, func(a string) bool { return a == "-exec" || a == "-execdir" || a == "-x" || a == "--exec" })
		if at >= 0 {
			return slices.DeleteFunc(slices.Clone(args[at+1:]), func(a string) bool { return a == ";" || a == "+" || a == "{}" }), true
		}
	case "python", "python3", "py":
		if at := slices.Index(args[:min(3, len(args))], "-m"); at >= 0 && at+1 < len(args) {
			return args[at+1:], true
		}
	case "go":
		if len(args) > 1 && args[0] == "tool" {
			switch args[1] {
			case "cover", "compile", "link", "pprof", "trace", "dist", "nm", "objdump":
				return nil, false
			}
			return args[1:], true
		}
		if len(args) > 1 && args[0] == "run" {
			rest := dropFlags(args[1:], "-tags", "-ldflags", "-mod", "-modfile", "-C")
			if len(rest) > 0 && strings.Contains(rest[0], ".") && !strings.HasPrefix(rest[0], ".") && !strings.HasSuffix(rest[0], ".go") {
				pkg, _, _ := strings.Cut(rest[0], "@")
				base := path.Base(pkg)
				if len(base) > 1 && base[0] == 'v' && strings.Trim(base[1:], "0123456789") == "" {
					base = path.Base(path.Dir(pkg))
				}
				return append([]string{base}, rest[1:]...), true
			}
		}
	case "dotnet":
		if len(args) > 2 && args[0] == "tool" && args[1] == "run" {
			return args[2:], true
		}
	case "composer":
		if len(args) > 1 && args[0] == "exec" {
			return afterDashes(args[1:]), true
		}
	case "minikube":
		if len(args) > 2 && args[0] == "kubectl" {
			return append([]string{"kubectl"}, afterDashes(args[1:])...), true
		}
	}
	return nil, false
}

// runFlags are flags of docker run that take the next word.
var runFlags = []string{"-v", "--volume", "-e", "--env", "-w", "--workdir", "-u", "--user", "--name", "--network", "--net", "--mount", "--platform", "--env-file", "-p", "--publish",
	"--entrypoint", "--pull", "--volumes-from", "-l", "--label", "--add-host", "--cpus", "-m", "--memory", "--shm-size", "--tmpfs", "--device", "--ulimit", "--security-opt", "--cap-add", "-h", "--hostname", "--gpus", "--log-driver"}

// byImage are the programs of images that are not called after them.
var byImage = map[string]string{
	"lint": "ct", "chart-testing": "ct", "node": "", "python": "", "golang": "", "alpine": "", "ubuntu": "", "debian": "", "busybox": "",
	"kubectl": "kubectl", "k8s": "", "alpine-helm": "helm", "helm-kubectl": "", "dind": "", "codeql": "", "gcloud": "", "aws-cli": "aws", "azure-cli": "az", "docker-ansible": "", "kaniko": "executor",
	"eslint": "eslint", "tools": "", "toolbox": "", "zap2docker-stable": "", "zaproxy": "", "megalinter": "megalinter", "pre-commit-terraform": "pre-commit",
}

// container returns the command that a container runs: that after the image, led
// by the program that the image is called after.
func container(args []string) (words []string, found bool) {
	entry := ""
	for i, a := range args {
		if value, given := strings.CutPrefix(a, "--entrypoint="); given {
			entry = value
		}
		if a == "--entrypoint" && i+1 < len(args) {
			entry = args[i+1]
		}
	}
	rest := dropFlags(args, runFlags...)
	if len(rest) == 0 {
		return nil, true
	}
	image, command := rest[0], rest[1:]
	name := path.Base(image)
	name, _, _ = strings.Cut(name, "@")
	name, _, _ = strings.Cut(name, ":")
	program, known := byImage[name]
	if !known {
		program = name
	}
	switch {
	case entry != "":
		return append([]string{entry}, command...), true
	case len(command) > 0 && (program == "" || command[0] == program || slices.Contains([]string{"sh", "bash", "/bin/sh", "/bin/bash", "make", "npm", "yarn"}, command[0])):
		return command, true
	case program == "":
		return nil, true
	case len(command) > 0 && lints[command[0]] != "":
		return command, true
	}
	return append([]string{program}, command...), true
}

// shells run scripts.
func isShell(name string) bool {
	switch name {
	case "sh", "bash", "zsh", "dash", "ash", "ksh":
		return true
	}
	return false
}

// yarnOwn are words after yarn, pnpm, bun and npm that are no scripts.
var managerOwn = strings.Fields(`install i add remove rm uninstall up upgrade update ci publish pack link unlink config cache set why info list ls outdated
	init create login logout whoami version versions audit dedupe import node store fetch rebuild prune root bin exec dlx x run workspaces workspace plugin
	patch constraints explain npm global help deploy outdated approve-builds self-update env setup doctor ping view search access owner token team org dist-tag pm changeset`)

// follow tells where in the repository the work of a command is written.
func follow(name, word string, args []string) *Follow {
	switch name {
	case "make", "gmake", "mingw32-make":
		return makes(args)
	case "npm", "pnpm", "yarn", "bun":
		return managed(name, args)
	case "task", "go-task":
		return targets("task", args, "-d", "--dir", "-t", "--taskfile", "-o", "-C")
	case "just":
		return targets("just", args, "-d", "--working-directory", "-f", "--justfile")
	case "tox":
		return toxed(args)
	case "pre-commit", "prek":
		if len(args) > 0 && args[0] == "run" {
			return &Follow{Runner: "pre-commit", Names: dropFlags(args[1:], "--config", "-c", "--hook-stage", "--from-ref", "--to-ref", "--files")}
		}
	case "source", ".":
		if len(args) > 0 && !strings.HasPrefix(args[0], "/") && !strings.ContainsAny(args[0], "$~") {
			return &Follow{Runner: "script", Names: args[:1]}
		}
	case "ssh":
		rest := dropFlags(args, "-i", "-p", "-o", "-l", "-F", "-J")
		if len(rest) > 1 {
			return &Follow{Runner: "inline", Names: []string{strings.Join(rest[1:], " ")}, Remote: true}
		}
	}
	if isShell(name) {
		return shelled(args)
	}
	if strings.Contains(word, "/") && !strings.HasPrefix(word, "/") && !strings.ContainsAny(word, "$~") && !script.Filled(word) {
		switch name {
		case "gradlew", "mvnw":
			return nil
		}
		return &Follow{Runner: "script", Names: []string{word}}
	}
	return nil
}

func makes(args []string) *Follow {
	f := &Follow{Runner: "make"}
	for i := 0; i < len(args); i++ {
		a := args[i]
		switch {
		case (a == "-C" || a == "--directory") && i+1 < len(args):
			f.Dir = args[i+1]
			i++
		case (a == "-f" || a == "--file" || a == "--makefile") && i+1 < len(args):
			f.File = args[i+1]
			i++
		case strings.HasPrefix(a, "-C") && len(a) > 2:
			f.Dir = a[2:]
		case strings.HasPrefix(a, "--directory="):
			f.Dir = strings.TrimPrefix(a, "--directory=")
		case a == "-j" || a == "-l" || a == "-o":
			if i+1 < len(args) && digits(args[i+1]) {
				i++
			}
		case strings.HasPrefix(a, "-") || strings.Contains(a, "="):
		default:
			f.Names = append(f.Names, a)
		}
	}
	return f
}

// managed follows the package managers of JavaScript.
func managed(name string, args []string) *Follow {
	f := &Follow{Runner: "npm"}
	for len(args) > 0 && strings.HasPrefix(args[0], "-") {
		flag, value, given := strings.Cut(args[0], "=")
		takes := slices.Contains([]string{"--prefix", "-C", "--cwd", "--dir", "--filter", "-F", "-w", "--workspace"}, flag)
		if takes && !given && len(args) > 1 {
			value, args = args[1], args[1:]
		}
		switch flag {
		case "--prefix", "-C", "--cwd", "--dir":
			f.Dir = value
		case "--filter", "-F", "-w", "--workspace", "--filter-prod":
			f.Dir = "?" // some package of the repository, by its name
		}
		args = args[1:]
	}
	if len(args) == 0 {
		return nil
	}
	first := args[0]
	rest := args[1:]
	for len(rest) > 0 && strings.HasPrefix(rest[0], "-") && first == "run" {
		flag, value, given := strings.Cut(rest[0], "=")
		if !given && (flag == "--prefix" || flag == "-w" || flag == "--workspace" || flag == "--filter") && len(rest) > 1 {
			value, rest = rest[1], rest[1:]
		}
		switch flag {
		case "--prefix":
			f.Dir = value
		case "-w", "--workspace", "--filter", "--workspaces", "-ws":
			f.Dir = "?"
		}
		rest = rest[1:]
	}
	switch {
	case first == "run" || first == "run-script" || first == "rum":
		if len(rest) == 0 {
			return nil
		}
		f.Names = rest[:1]
		for i, a := range rest {
			if a == "--prefix" && i+1 < len(rest) {
				f.Dir = rest[i+1]
			}
		}
		return f
	case first == "test" || first == "t" || first == "tst" || first == "start" || first == "stop":
		if name == "bun" {
			return nil
		}
		if first != "start" && first != "stop" {
			first = "test"
		}
		f.Names = []string{first}
		return f
	case first == "workspace" && len(rest) > 1:
		f.Dir, f.Names = "?", rest[1:2]
		if f.Names[0] == "run" && len(rest) > 2 {
			f.Names = rest[2:3]
		}
		return f
	case first == "recursive" || first == "workspaces":
		f.Dir = "?"
		if at := slices.Index(rest, "run"); at >= 0 && at+1 < len(rest) {
			f.Names = rest[at+1 : at+2]
			return f
		}
		return nil
	case name == "npm" || slices.Contains(managerOwn, first):
		return nil
	}
	f.Names = []string{first}
	return f
}

// targets follows runners whose words are targets.
func targets(runner string, args []string, takes ...string) *Follow {
	f := &Follow{Runner: runner}
	for i := 0; i < len(args); i++ {
		switch a := args[i]; {
		case a == "--":
			return f
		case slices.Contains(takes, a) && i+1 < len(args):
			if a == "-d" || a == "--dir" || a == "--working-directory" {
				f.Dir = args[i+1]
			} else {
				f.File = args[i+1]
			}
			i++
		case strings.HasPrefix(a, "-") || strings.Contains(a, "="):
		default:
			f.Names = append(f.Names, a)
		}
	}
	return f
}

func toxed(args []string) *Follow {
	f := &Follow{Runner: "tox"}
	for i, a := range args {
		if (a == "-e" || a == "-m") && i+1 < len(args) {
			f.Names = append(f.Names, strings.Split(args[i+1], ",")...)
		}
		if rest, found := strings.CutPrefix(a, "-e"); found && rest != "" {
			f.Names = append(f.Names, strings.Split(strings.TrimPrefix(rest, "="), ",")...)
		}
	}
	return f
}

// shelled follows bash script.sh and bash -c '...'.
func shelled(args []string) *Follow {
	var how script.Shell
	for i := 0; i < len(args); i++ {
		a := args[i]
		switch {
		case a == "-o" || a == "-eo" || a == "-euo" || a == "-exo" || a == "-euxo":
			how.ErrExit = how.ErrExit || strings.Contains(a, "e")
			if i+1 < len(args) {
				how.PipeFail = how.PipeFail || args[i+1] == "pipefail"
				i++
			}
		case strings.HasPrefix(a, "-") && !strings.HasPrefix(a, "--") && strings.Contains(a, "c"):
			if i+1 < len(args) {
				how.ErrExit = how.ErrExit || strings.Contains(a, "e")
				return &Follow{Runner: "inline", Names: []string{args[i+1]}, Shell: how}
			}
		case a == "-s" || a == "-":
			return nil
		case strings.HasPrefix(a, "-"):
			how.ErrExit = how.ErrExit || !strings.HasPrefix(a, "--") && strings.Contains(a, "e")
		case strings.HasPrefix(a, "/") || strings.ContainsAny(a, "$~<("):
			return nil
		default:
			return &Follow{Runner: "script", Names: []string{a}, Shell: how}
		}
	}
	return nil
}

// opaque says what of a command cannot be read: programs of the repository in
// languages that are not followed, and targets of build tools.
func opaque(name string, words []string) *fact.Opaque {
	args := words[1:]
	builder := func(tool string) *fact.Opaque {
		return &fact.Opaque{What: brief(words), Why: "what " + tool + " runs there is not read", Builder: true}
	}
	first := ""
	if plain := dropFlags(args); len(plain) > 0 {
		first = plain[0]
	}
	switch name {
	case "python", "python3", "node", "ruby", "perl", "php", "Rscript", "tsx", "ts-node", "pwsh", "powershell", "lua", "groovy", "deno", "bun":
		file := first
		if plain := dropFlags(args[min(1, len(args)):]); file == "run" && len(plain) > 0 {
			file = plain[0]
		}
		switch strings.ToLower(path.Ext(file)) {
		case ".py", ".js", ".mjs", ".cjs", ".ts", ".rb", ".pl", ".php", ".r", ".ps1", ".lua", ".groovy":
			return &fact.Opaque{What: brief(words), Why: "it is a program of the repository"}
		}
	case "go":
		if len(args) > 1 && args[0] == "run" {
			return &fact.Opaque{What: brief(words), Why: "it is a program of the repository"}
		}
		if len(args) > 0 && args[0] == "generate" {
			return nil
		}
	case "gradle", "gradlew":
		for _, a := range args {
			if t := a[strings.LastIndexByte(a, ':')+1:]; t == "check" || t == "build" || t == "verify" {
				return builder("Gradle")
			}
		}
	case "mvn", "mvnw":
		for _, a := range args {
			if a == "verify" || a == "install" || a == "deploy" || a == "package" || a == "site" {
				return builder("Maven")
			}
		}
	case "bazel", "bazelisk", "pants", "buck", "buck2", "please", "plz":
		if first == "test" || first == "run" || first == "build" || first == "lint" || first == "check" {
			return builder(name)
		}
	case "nox", "invoke", "inv", "mage", "rake", "earthly", "dagger", "ant", "sbt", "scons", "cmake", "meson", "ninja", "lefthook", "husky", "devspace", "tilt", "nix", "hatch", "wireit", "grunt", "gulp", "phing", "robo", "moon", "rush", "please.sh", "trunk", "qlty", "mill", "lein", "bb":
		if name == "nix" && first != "flake" && first != "build" && first != "run" && first != "fmt" || name == "cmake" || name == "ninja" || name == "meson" {
			return nil
		}
		return builder(name)
	}
	return nil
}
