package deeds

import (
	"path"
	"slices"
	"strings"
)

// valued are flags that take the next word, by program; those under "" hold for
// every program.
var valued = map[string][]string{
	"":                 {"-n", "--namespace", "--context", "--kubeconfig", "--kube-context", "--region", "--profile", "--project", "--server", "--auth-token", "-C", "--cwd", "--prefix", "--dir", "--directory", "--working-directory", "--output", "-o", "--log-level", "--account", "--subscription", "--resource-group", "-g", "--config"},
	"kubectl":          {"-f", "--filename", "-k", "--kustomize", "-l", "--selector", "--timeout", "--as", "--user", "--cluster", "-s", "--field-manager", "-p", "--type", "--for", "-c", "--container"},
	"oc":               {"-f", "--filename", "-k", "--kustomize", "-l", "--selector", "--timeout", "-p"},
	"helm":             {"-f", "--values", "--set", "--set-string", "--set-file", "--version", "--timeout", "--repo", "--description", "--history-max", "--kube-version", "--api-versions"},
	"helmfile":         {"-f", "--file", "-e", "--environment", "-l", "--selector", "--state-values-set"},
	"trivy":            {"--exit-code", "--severity", "-s", "--format", "-f", "--ignorefile", "--timeout", "--skip-dirs", "--template", "--vuln-type", "--scanners", "--cache-dir"},
	"grype":            {"--fail-on", "-f", "-c", "--scope"},
	"gitleaks":         {"--exit-code", "--source", "-s", "--report-path", "-r", "--report-format"},
	"golangci-lint":    {"--timeout", "--issues-exit-code", "--new-from-rev", "-c"},
	"docker":           {"-H", "--host", "-f", "--file", "-t", "--tag", "--build-arg", "--platform", "--target", "--cache-from", "--cache-to", "-p", "--project-name", "--env-file", "--label", "--secret", "--builder", "--exit-code"},
	"docker-compose":   {"-f", "--file", "-p", "--project-name", "--env-file", "--profile"},
	"checkov":          {"-d", "-f", "--framework", "--check", "--skip-check", "--quiet"},
	"terraform":        {"-var", "-var-file"},
	"tofu":             {"-var", "-var-file"},
	"kubeconform":      {"-schema-location", "-kubernetes-version", "-skip", "-reject", "-n", "-cache", "-ignore-filename-pattern"},
	"conftest":         {"-p", "--policy", "--namespace", "--data", "-d", "--parser"},
	"kyverno":          {"-r", "--resource"},
	"polaris":          {"--audit-path", "--set-exit-code-below-score", "--format"},
	"semgrep":          {"--config", "-c", "--severity", "--exclude"},
	"seaworthy":        {"--fail-on", "--only", "--tier", "--kube-version"},
	"gator":            {"-f", "--filename", "-i", "--image"},
	"kube-linter":      {"--format"},
	"pluto":            {"-d", "--directory", "-t", "--target-versions", "-f"},
	"aws":              {"--cluster", "--service", "--services", "--task-definition", "--stack-name", "--template-file", "--function-name", "--capabilities", "--query"},
	"gcloud":           {"--image", "--zone", "--tag", "--config", "--project"},
	"az":               {"--name", "-n", "--image", "--template-file"},
	"argocd":           {"--grpc-web-root-path", "--timeout", "-l"},
	"go":               {"-tags", "-run", "-timeout", "-count", "-coverprofile", "-covermode", "-ldflags", "-p", "-race="},
	"pytest":           {"-m", "-k", "-n", "-c"},
	"cargo":            {"--manifest-path", "-p", "--package", "--features", "--target"},
	"ansible-playbook": {"-i", "--inventory", "-e", "--extra-vars", "-l", "--limit", "-t", "--tags", "-u", "--user", "--vault-password-file", "-f"},
	"curl":             {"-o", "-H", "-d", "-X", "--retry", "--retry-delay", "--max-time", "-m", "-w", "-u", "-s="},
	"git":              {"-c"},
	"nx":               {"-t", "--target", "--targets", "--base", "--head", "--parallel", "-p", "--projects", "--exclude"},
	"turbo":            {"--filter", "-F", "--concurrency"},
	"pnpm":             {"--filter", "-F", "--filter-prod"},
	"rsync":            {"-e", "--rsh", "--exclude"},
	"npm":              {"-w", "--workspace"},
	"pulumi":           {"-s", "--stack", "--policy-pack"},
	"kind":             {"--name", "--image", "--wait"},
	"ct":               {"--target-branch", "--charts", "--chart-dirs"},
	"hadolint":         {"-f", "--ignore", "--failure-threshold", "-t"},
}

// arguments splits what follows a program into flags, those that take a word
// joined with it as flag=value, and plain words. Flags of one dash with several
// letters of a shell's habit (-euo) stay as they are.
func arguments(name string, args []string) (flags, plain []string) {
	for i := 0; i < len(args); i++ {
		a := args[i]
		switch {
		case a == "--":
			plain = append(plain, args[i+1:]...)
			return flags, plain
		case !strings.HasPrefix(a, "-") || a == "-":
			plain = append(plain, a)
		case !strings.Contains(a, "=") && i+1 < len(args) && takesWord(name, a) && !strings.HasPrefix(args[i+1], "--"):
			value := args[i+1]
			flags = append(flags, a+"="+value)
			i++
			if (a == "-t" || a == "--target" || a == "--targets") && loose(name) {
				plain = append(plain, strings.Split(value, ",")...)
			}
		default:
			if _, value, given := strings.Cut(a, "="); given && loose(name) && (strings.HasPrefix(a, "--target") || strings.HasPrefix(a, "-t=")) {
				plain = append(plain, strings.Split(value, ",")...)
			}
			flags = append(flags, a)
		}
	}
	if name == "gradle" || name == "gradlew" { // :app:lint
		for i, word := range plain {
			plain[i] = word[strings.LastIndexByte(word, ':')+1:]
		}
	}
	return flags, plain
}

func takesWord(name, flag string) bool {
	return slices.Contains(valued[name], flag) || slices.Contains(valued[""], flag) && !(flag == "-o" && name == "jest") && !(flag == "-n" && (name == "pytest" || name == "bash" || name == "clang-format"))
}

// has reports whether one of the flags is given.
func has(flags, wanted []string) bool { return which(flags, wanted) != "" }

// which returns the first flag that is given and one of the wanted. A wanted
// flag without a value fits one with any value but those that switch it off; one
// that ends with "[" or "." fits what it begins.
func which(flags, wanted []string) string {
	for _, w := range wanted {
		for _, flag := range flags {
			key, value, given := strings.Cut(flag, "=")
			switch {
			case flag == w:
				return flag
			case strings.HasSuffix(w, "[") || strings.HasSuffix(w, "."):
				if strings.HasPrefix(flag, w) {
					return flag
				}
			case key == w && given && value != "false" && value != "0" && value != "none" && value != "never":
				return flag
			}
		}
	}
	return ""
}

// unwrap leaves out programs that only start another one, and assignments.
func unwrap(words []string) []string {
	for range 8 {
		if len(words) == 0 {
			return nil
		}
		name := path.Base(words[0])
		rest := words[1:]
		switch name {
		case "sudo", "doas", "nohup", "exec", "command", "time", "nice", "ionice", "stdbuf", "setsid", "unbuffer", "caffeinate", "retry", "builtin", "winpty", "chronic", "watch", "noglob", "catchsegv", "chrt":
			words = dropFlags(rest, "-u", "-g", "-n", "-c", "-i", "-o", "-e", "-t", "--times", "--tries", "--delay", "--sleep")
			for len(words) > 0 && digits(words[0]) {
				words = words[1:]
			}
		case "env", "cross-env", "dotenv":
			words = dropFlags(rest, "-u", "-e", "-f")
			for len(words) > 0 && strings.Contains(words[0], "=") && !strings.HasPrefix(words[0], "-") {
				words = words[1:]
			}
		case "timeout", "gtimeout":
			if words = dropFlags(rest, "-s", "-k", "--signal", "--kill-after"); len(words) > 0 {
				words = words[1:]
			}
		case "xargs", "parallel":
			words = dropFlags(rest, "-n", "-P", "-I", "-L", "-d", "-a", "-s", "-j", "--max-args", "--max-procs", "-i")
		case "xvfb-run", "dumb-init", "tini":
			words = dropFlags(rest, "-s", "-e", "-n", "--server-args")
		case "poetry", "pipenv", "pdm", "rye", "hatch", "uv", "pixi", "conda", "mamba", "micromamba":
			if len(rest) > 0 && (rest[0] == "run" || rest[0] == "exec") {
				words = dropFlags(rest[1:], "--with", "--extra", "--group", "-p", "--python", "-n", "--directory", "--project", "-e", "--env")
				continue
			}
			return words
		case "pipx", "mise", "asdf", "rtx", "devbox", "rbenv", "nvm", "volta", "fnm":
			if len(rest) > 0 && (rest[0] == "run" || rest[0] == "exec" || rest[0] == "x") {
				if words = afterDashes(rest[1:]); len(words) == len(rest[1:]) {
					words = dropFlags(words, "--spec", "--using")
				}
				continue
			}
			return words
		case "bundle":
			if len(rest) > 0 && rest[0] == "exec" {
				words = rest[1:]
				continue
			}
			return words
		case "npx", "bunx", "uvx", "pnpx", "bunx.exe":
			words = dropFlags(rest, "-p", "--package", "--from", "--with")
			for len(words) > 1 && strings.HasPrefix(words[0], "@") && strings.Count(words[0], "/") == 1 {
				scoped := strings.SplitN(words[0][1:], "@", 2)[0]
				words = append([]string{path.Base(scoped)}, words[1:]...)
				if words[0] == "cli" { // @redocly/cli, @biomejs/cli
					words[0] = strings.TrimSuffix(path.Dir(scoped), "js")
				}
			}
		case "npm", "pnpm", "yarn", "bun":
			if len(rest) > 0 && (rest[0] == "exec" || rest[0] == "dlx" || rest[0] == "x") {
				words = dropFlags(afterDashes(rest[1:]), "-p", "--package")
				continue
			}
			return words
		case "doppler", "op", "aws-vault", "chamber", "vault-exec", "infisical", "teller", "nix", "nix-shell", "direnv", "sops", "berglas", "envconsul", "semaphore":
			if inner := afterDashes(rest); len(inner) < len(rest) {
				words = inner
				continue
			}
			if at := slices.IndexFunc(rest, func(w string) bool { return w == "-c" || w == "--command" || w == "--run" }); at >= 0 && at+1 < len(rest) && strings.HasPrefix(name, "nix") {
				if len(rest) == at+2 {
					words = append([]string{"sh", "-c"}, rest[at+1])
				} else {
					words = rest[at+1:]
				}
				continue
			}
			return words
		default:
			if strings.Contains(words[0], "=") && !strings.HasPrefix(words[0], "-") && !strings.ContainsAny(words[0], "/$ ") {
				words = rest
				continue
			}
			return words
		}
	}
	return words
}

// dropFlags leaves out the flags at the front; those named take a word.
func dropFlags(words []string, valued ...string) []string {
	for len(words) > 0 && strings.HasPrefix(words[0], "-") {
		if words[0] == "--" {
			return words[1:]
		}
		if slices.Contains(valued, words[0]) && len(words) > 1 {
			words = words[1:]
		}
		words = words[1:]
	}
	return words
}

// afterDashes returns what follows "--", or everything where there is none.
func afterDashes(words []string) []string {
	if at := slices.Index(words, "--"); at >= 0 {
		return words[at+1:]
	}
	return words
}

func digits(word string) bool {
	return word != "" && strings.Trim(word, "0123456789.smh") == ""
}
