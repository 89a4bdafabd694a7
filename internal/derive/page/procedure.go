package page

import (
	"regexp"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
)

// imperative is how a step begins that tells somebody to do something.
var imperative = regexp.MustCompile(`(?i)^\W*(?:(?:first|then|next|now|finally|afterwards|once done|optionally|if [^,]{1,100}|when [^,]{1,100}|on [^,]{1,60}|in [^,]{1,60}|from [^,]{1,60}|using [^,]{1,60}|to [^,]{1,80}),?\s+)?\W*(?:please\s+)?(?:manually\s+)?(?:access|acknowledge|add|allow|append|apply|assign|attach|authenticate|back ?up|block|browse|build|cancel|change|check|choose|clean|clear|click|clone|close|collect|commit|complete|configure|confirm|connect|continue|copy|cordon|create|cut|delete|deploy|detach|disable|disconnect|download|drag|drain|drop|edit|empty|enable|ensure|enter|execute|export|extract|fetch|fill|find|flush|generate|get|give|go|grant|import|increase|insert|install|kill|launch|leave|locate|lock|log|login|look|make|mark|merge|modify|monitor|mount|move|navigate|note|open|paste|pause|pick|place|point|press|promote|provide|pull|purge|push|put|re-?run|read|reboot|recreate|redeploy|refresh|reload|remove|rename|repeat|replace|request|reset|resize|restart|restore|resume|retrieve|revert|revoke|roll|rotate|run|save|scale|scroll|search|select|send|set|shut|sign|ssh|start|stop|submit|swap|switch|sync|tag|take|test|trigger|turn|type|unlock|unmount|unpack|untar|update|upgrade|upload|use|validate|verify|visit|wait|watch|write)\b`)

// Run is a row of steps that a person takes by hand, one after the other.
type Run struct {
	Line, Length int
	// First and Last are the texts of its ends.
	First, Last string
}

// ManualRuns returns the rows of more than a number of steps between two that are
// scripted. Steps that ask for judgement are no toil and are not counted.
func ManualRuns(sections []*fact.Section, most int) (out []Run) {
	var run Run
	list := 0
	end := func() {
		if run.Length > most {
			out = append(out, run)
		}
		run = Run{}
	}
	for _, s := range sections {
		for _, step := range s.Steps {
			if step.List != list {
				end()
				list = step.List
			}
			switch {
			case step.Scripted:
				end()
			case step.Judged || !imperative.MatchString(step.Text):
			default:
				if run.Length++; run.Length == 1 {
					run.Line, run.First = step.Line, step.Text
				}
				run.Last = step.Text
			}
		}
	}
	end()
	return out
}

// Runnable counts what of sections can be run as it stands: blocks for a shell or
// a database, and steps that are commands or call scripts.
func Runnable(sections []*fact.Section) (n int) {
	for _, s := range sections {
		for _, b := range s.Blocks {
			if b.Shell && !b.Parses.IsNot() || b.Language == "sql" || b.Language == "promql" || b.Language == "powershell" || b.Language == "python" {
				n++
			}
		}
		for _, step := range s.Steps {
			if step.Scripted && len(s.Blocks) == 0 {
				n++
			}
		}
		for _, l := range s.Links {
			if l.Leads == fact.ToTree && scriptFile(l.File) {
				n++
			}
		}
		for _, t := range s.Texts {
			if strings.Contains(t.Text, "`./") || strings.Contains(t.Text, "`make ") || strings.Contains(t.Text, "`kubectl ") {
				n++
			}
		}
	}
	return n
}

func scriptFile(name string) bool {
	for _, ending := range []string{".sh", ".bash", ".py", ".rb", ".sql", ".go", ".js", ".ts", "Makefile", "Justfile", "justfile"} {
		if strings.HasSuffix(name, ending) {
			return true
		}
	}
	return strings.Contains(name, "scripts/") || strings.Contains(name, "bin/") || strings.Contains(name, ".github/workflows/")
}

// IsProcedure reports whether somebody follows a page step by step when something
// is wrong, or must be deleted, as its parts show.
func IsProcedure(d *fact.Document) bool {
	if aside(d.Path) {
		return false
	}
	if IsRunbook(d) {
		return true
	}
	if _, ok := RecoveryOf(d); ok && restoring.titled(d) {
		return true
	}
	_, ok := PurgeOf(d, false)
	return ok && deleting.titled(d)
}
