package document

import (
	"errors"
	"path"
	"regexp"
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"seaworthy.dev/seaworthy/internal/derive/script"
	"seaworthy.dev/seaworthy/internal/fact"
)

// shells are the names that people give blocks for a shell.
var shells = []string{"sh", "bash", "shell", "zsh", "console", "shell-session", "sh-session", "shellsession", "bash-session", "terminal", "shellscript", "ksh", "ash", "dash"}

// prompt is what a shell shows before a command.
var prompt = regexp.MustCompile(`^\s*(?:[\w.@~:/-]*[$%#❯]|>)\s+(\S.*)$`)

// plainPrompt is the prompt that is taken for one in blocks without a language.
var plainPrompt = regexp.MustCompile(`^\s*\$\s+\S`)

// blank is what a reader has to fill in.
var blank = regexp.MustCompile(`<[A-Za-z][^<>\n]{0,80}>`)

// readBlock reads a block of code.
func readBlock(info, text string) *fact.CodeBlock {
	b := &fact.CodeBlock{Text: text, Language: language(info)}
	transcript := false
	switch {
	case slices.Contains(shells, b.Language):
		b.Shell = true
		transcript = prompted(text)
	case b.Language == "" && plainPrompt.MatchString(firstLine(text)):
		b.Shell, transcript = true, true
	}
	if !b.Shell {
		return b
	}
	commands := text
	if transcript {
		commands = typed(text)
	}
	for _, at := range blank.FindAllStringIndex(commands, -1) {
		if m := commands[at[0]:at[1]]; (at[0] == 0 || commands[at[0]-1] != '<') && !slices.Contains(b.Blanks, m) && len(b.Blanks) < 50 {
			b.Blanks = append(b.Blanks, m)
		}
	}
	if len(b.Blanks) > 0 {
		for _, m := range b.Blanks {
			commands = strings.ReplaceAll(commands, m, "BLANK")
		}
	}
	// Templates of site generators and charts are filled in before anybody reads.
	commands = strings.NewReplacer("{{", "__", "}}", "__", "[...]", "...", "…", "...").Replace(commands)
	list, err := script.Commands(commands, script.Shell{})
	for _, c := range list {
		name := program(c.Words)
		if name != "" && !slices.Contains(b.Programs, name) && len(b.Programs) < 50 {
			b.Programs = append(b.Programs, name)
		}
	}
	var wrong syntax.ParseError
	switch {
	case err == nil:
		b.Parses = fact.Truth{Known: true, Yes: true}
	case errors.As(err, &wrong) && begins(commands) && typedAt(commands, int(wrong.Pos.Line())) && !elided(commands):
		b.Parses = fact.Truth{Known: true, Why: wrong.Text}
	default:
		b.Parses = fact.Truth{Why: "it is no whole script"}
	}
	return b
}

// tools are programs that pages ask people to run.
var tools = strings.Fields("ansible ansible-playbook apk apt apt-get argocd aws az bash brew bundle cargo cat cd chmod chown cilium cmctl consul cp createdb curl " +
	"dig dnf docker docker-compose dropdb echo etcdctl export find flux gcloud gh git glab go gpg gradle grep gsutil helm if for while istioctl jq journalctl k k9s kubectl kubectx " +
	"kubens kustomize ls make mc mkdir mongo mongodump mongorestore mongosh mv mvn mysql mysqldump nc node nomad npm npx openssl pg_basebackup pg_dump pg_restore pgbackrest ping " +
	"pip pip3 pnpm podman psql pulumi python python3 rails rake redis-cli rclone restic rm rsync ruby scp sed service sh skaffold sops source ss ssh stern su sudo systemctl tail tar tee " +
	"terraform terragrunt test tofu touch unzip vault velero wget yarn yum zcat set oc oci doctl eksctl kafka-topics kafka-topics.sh nodetool cqlsh wal-g barman redis-server")

// begins reports whether what looks like a script begins with a command that
// people run: others paste what a program answers into blocks of the shell.
func begins(text string) bool {
	for line := range strings.Lines(text) {
		if words := strings.Fields(line); len(words) > 0 && !strings.HasPrefix(words[0], "#") {
			return runs(words)
		}
	}
	return false
}

func runs(words []string) bool {
	return slices.Contains(tools, words[0]) || strings.HasPrefix(words[0], "./") || len(words) > 1 && strings.Contains(words[0], "=") && !strings.Contains(words[0], ":")
}

// typedAt reports whether the line at which a script is wrong is one that a person
// types, and not what a program answers.
func typedAt(text string, number int) bool {
	lines := strings.Split(text, "\n")
	number = min(number, len(lines)) - 1
	for number > 0 && strings.HasSuffix(strings.TrimSpace(lines[number-1]), "\\") {
		number--
	}
	if number < 0 {
		return false
	}
	words := strings.Fields(lines[number])
	return len(words) > 0 && runs(words)
}

// elided reports whether a block leaves a part out or shows a usage: nobody means
// it to be pasted.
func elided(text string) bool {
	for line := range strings.Lines(text) {
		switch t := strings.TrimSpace(line); {
		case t == "...", strings.HasPrefix(t, "... "), strings.HasPrefix(t, "Usage:"), strings.HasPrefix(t, "usage:"):
			return true
		}
	}
	return false
}

// language returns the name of a block's language: the first word of what stands
// behind the fence.
func language(info string) string {
	info = strings.TrimSpace(info)
	if rest, found := strings.CutPrefix(info, "{"); found { // {.bash .numberLines} and {code-block} bash
		info = strings.TrimLeft(strings.TrimSuffix(rest, "}"), ".")
		if _, after, found := strings.Cut(rest, "} "); found {
			info = after
		}
	}
	if end := strings.IndexAny(info, " \t,{:"); end >= 0 {
		info = info[:end]
	}
	return strings.ToLower(strings.Trim(info, ".}`"))
}

func firstLine(text string) string {
	for line := range strings.Lines(text) {
		if strings.TrimSpace(line) != "" {
			return line
		}
	}
	return ""
}

// prompted reports whether a block shows a session: its first line that is no
// comment begins with a prompt.
func prompted(text string) bool {
	for line := range strings.Lines(text) {
		t := strings.TrimSpace(line)
		if t == "" || strings.HasPrefix(t, "# ") && !strings.HasPrefix(t, "# $") {
			continue
		}
		return prompt.MatchString(t) && !strings.HasPrefix(t, "#")
	}
	return false
}

// typed returns what was typed in a session, with the lines that a backslash or
// an open quote carries on; what was answered becomes empty lines.
func typed(text string) string {
	var b strings.Builder
	more := false
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		m := prompt.FindStringSubmatch(line)
		switch {
		case m != nil:
			b.WriteString(m[1])
			more = strings.HasSuffix(m[1], "\\") || strings.Count(m[1], "'")%2 == 1 || strings.Contains(m[1], "<<")
		case more:
			b.WriteString(line)
			more = strings.HasSuffix(line, "\\") || !strings.HasSuffix(line, "'") && line != "EOF" && !strings.HasSuffix(line, "\"")
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// program returns the name of what a command runs.
func program(words []string) string {
	for _, w := range words {
		switch {
		case w == "sudo", w == "env", w == "time", w == "exec", w == "nohup", w == "watch", strings.HasPrefix(w, "-"), strings.Contains(w, "="):
			continue
		}
		return path.Base(w)
	}
	return ""
}

// codeSpan is code within a line.
var codeSpan = regexp.MustCompile("`([^`]+)`")

// commandWord is what the first word of a command looks like.
var commandWord = regexp.MustCompile(`^(?:\./|[a-z])[\w./-]*$`)

// command reports whether a text holds a command: code of several words that
// begins as a command does, or names a script.
func command(text string) bool {
	if !strings.Contains(text, "`") {
		return false
	}
	for _, m := range codeSpan.FindAllStringSubmatch(text, -1) {
		words := strings.Fields(strings.TrimPrefix(m[1], "$ "))
		if len(words) == 0 || !commandWord.MatchString(words[0]) {
			continue
		}
		if len(words) > 1 || isScript(words[0]) && (strings.Contains(words[0], "/") || strings.HasSuffix(words[0], ".sh")) {
			return true
		}
	}
	return false
}

// isScript reports whether a file of that name is run.
func isScript(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".sh", ".bash", ".zsh", ".py", ".rb", ".pl", ".js", ".ts", ".ps1", ".go", ".sql", ".mk":
		return true
	}
	base := path.Base(name)
	return base == "Makefile" || base == "Justfile" || base == "justfile" || base == "Taskfile.yml" || base == "Taskfile.yaml" ||
		strings.HasPrefix(name, "./") && path.Ext(name) == "" || strings.Contains(name, "bin/") && path.Ext(name) == "" || strings.Contains(name, "scripts/")
}

// toScript reports whether one of the links leads to what is run: a script, or a
// workflow that a person starts.
func toScript(links []*fact.Link) bool {
	return slices.ContainsFunc(links, func(l *fact.Link) bool {
		target, _, _ := strings.Cut(l.Target, "#")
		return !l.Image && (isScript(target) || strings.Contains(target, "/actions/workflows/") || strings.Contains(target, ".github/workflows/"))
	})
}

// judging are the words by which a step begins that asks a person to judge, or to
// speak with another.
var judging = regexp.MustCompile(`(?i)^(?:\W*(?:first|then|next|finally|now|if [^,]{1,80}),?\s+)?\W*(?:decide|compare|ask|agree|judge|consider|evaluate|assess|discuss|call|page|notify|tell|inform|announce|escalate|approve|confirm with|get (?:an? )?approval|get sign-?off|let \w+ know|review|think|declare)\b`)

// judged reports whether a step asks for judgement.
func judged(text string) bool { return judging.MatchString(text) }
