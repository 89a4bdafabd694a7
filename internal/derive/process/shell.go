package process

import (
	"regexp"
	"strings"
)

// execs matches a shell line that hands its process over to the program, or
// passes signals on by a trap.
var execs = regexp.MustCompile(`(?:^|[;&|\n]|\bthen\b|\bdo\b|\belse\b)\s*exec\s|\btrap\b|\b(?:tini|dumb-init)\b`)

func handsOver(line string) bool {
	for _, word := range []string{"exec", "trap", "tini", "dumb-init"} { // scripts are long, and few have one
		if strings.Contains(line, word) {
			return execs.MatchString(line)
		}
	}
	return false
}

// joined matches shell lines of several commands.
var joined = regexp.MustCompile(`[;&|\n]`)

// quoted matches what is no command of the line itself: quoted text and the
// commands whose output is put in.
var quoted = regexp.MustCompile(`'[^']*'|"[^"]*"|\$\([^()]*\)|` + "`[^`]*`")

// redirects matches where output goes, which may be written with an ampersand.
var redirects = regexp.MustCompile(`[0-9]?>&[0-9-]|&>>?`)

// shellKeeps tells what becomes of a signal to a shell that runs a line:
// stays is true where the shell is still there when the program runs,
// whichever shell it is; may is true where shells differ, for some replace
// themselves by the last command and others wait for it.
func shellKeeps(shell, line string) (stays, may bool) {
	if handsOver(line) {
		return false, false
	}
	line = strings.TrimRight(redirects.ReplaceAllString(quoted.ReplaceAllString(line, "x"), ""), " \t\n;")
	last := line[strings.LastIndexAny(line, ";\n")+1:]
	last = last[strings.LastIndexByte(last, '&')+1:]
	if at := strings.LastIndex(last, "||"); at >= 0 {
		last = last[at+2:]
	}
	words := strings.Fields(last)
	switch {
	case len(words) == 0:
		return false, true
	case words[len(words)-1] == "done", words[0] == "wait", strings.Contains(last, "|"):
		return true, false
	}
	// bash hands over to a command that stands alone.
	return false, shell != "bash" || joined.MatchString(line)
}
