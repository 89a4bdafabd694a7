// Package script lists the commands of a shell script and says of each whether
// its failure fails the script. It runs nothing and expands nothing.
package script

import (
	"fmt"
	"regexp"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// Command is one simple command.
type Command struct {
	// Words without their quotes. Expansions stay as they are written, and
	// commands whose output is put in stand as "$(...)".
	Words []string
	// Env lists the variables that are set for this command alone, as NAME=value.
	Env []string
	// Line within the script, from 1.
	Line int
	// Soft says why a failure does not fail the script; empty where it does.
	Soft string
	// OnFailure is true where it runs because another command failed.
	OnFailure bool
	// Fed is true where it reads what another command writes.
	Fed bool
	// Captured is true where what it writes is kept or compared: a program that
	// only lists what it finds may still fail the script by that.
	Captured bool
}

// Shell is how a script is run.
type Shell struct {
	// ErrExit stops at the first command that fails (-e); PipeFail makes a pipe
	// fail with any of its commands (-o pipefail).
	ErrExit, PipeFail bool
}

// Limits: what is longer or deeper is no script that a person reads.
const (
	maxScript   = 64 << 10
	maxCommands = 4096
	maxDepth    = 16 // functions that call each other
	maxCalls    = 1024
)

// expression matches what the host fills in before the shell sees the script.
var expression = regexp.MustCompile(`\$\{\{.*?\}\}|\$\[\[.*?\]\]`)

// filled stands for such an expression in a word.
const filled = "__FILLED_IN__"

// Filled reports whether the host fills the word, or a part of it, in.
func Filled(word string) bool { return strings.Contains(word, filled) }

// Commands returns the commands of a script. Those before a mistake in its
// syntax are returned together with the error.
func Commands(text string, how Shell) ([]Command, error) {
	if len(text) > maxScript {
		return nil, fmt.Errorf("the script has %d KB; scripts above %d KB are not read", len(text)>>10, maxScript>>10)
	}
	text = strings.ReplaceAll(text, "\r\n", "\n")
	text = expression.ReplaceAllStringFunc(text, func(e string) string {
		if strings.TrimSpace(e[3:len(e)-2]) == "github.workspace" {
			return "." // where the repository is
		}
		return filled + strings.Repeat("\n", strings.Count(e, "\n"))
	})
	text = strings.NewReplacer("${GITHUB_WORKSPACE}", ".", "$GITHUB_WORKSPACE", ".", "${CI_PROJECT_DIR}", ".", "$CI_PROJECT_DIR", ".").Replace(text)
	if first, _, _ := strings.Cut(text, "\n"); strings.HasPrefix(first, "#!") {
		flags := first[strings.LastIndexByte(first, ' ')+1:]
		if strings.HasPrefix(flags, "-") && strings.Contains(flags, "e") {
			how.ErrExit = true
		}
	}
	w := walker{how: how, functions: map[string]*syntax.Stmt{}}
	statements, failure := parse(text)
	for _, s := range statements {
		w.declare(s)
	}
	w.list(statements, context{last: true})
	return w.out, failure
}

// parse returns the statements of a script up to the first mistake in its syntax.
// What the library cannot take is such a mistake.
func parse(text string) (list []*syntax.Stmt, failure error) {
	defer func() {
		if r := recover(); r != nil {
			failure = fmt.Errorf("read the shell script: %v", r)
		}
	}()
	// The parser may go on after it was told to stop, so everything is taken.
	for s, err := range syntax.NewParser(syntax.Variant(syntax.LangBash)).StmtsSeq(strings.NewReader(text)) {
		switch {
		case failure != nil:
		case err != nil:
			failure = err
		case s != nil:
			list = append(list, s)
		}
	}
	return list, failure
}

// walker goes through a script as the shell would, with the options that hold
// at each place.
type walker struct {
	how       Shell
	functions map[string]*syntax.Stmt
	depth     int
	calls     int
	out       []Command
}

// context is what holds for a command because of where it stands.
type context struct {
	// soft says why its failure is lost; last is true where its exit code is
	// that of the script.
	soft      string
	last      bool
	onFailure bool
	fed       bool
	captured  bool
}

func (w *walker) declare(s *syntax.Stmt) {
	if f, is := s.Cmd.(*syntax.FuncDecl); is && f.Name != nil {
		w.functions[f.Name.Value] = f.Body
	}
}

// list walks through statements one after the other.
func (w *walker) list(statements []*syntax.Stmt, c context) {
	for i, s := range statements {
		at := c
		at.last = c.last && i == len(statements)-1
		switch {
		case c.soft != "" || at.last || w.how.ErrExit:
		case i+1 < len(statements) && asksForStatus(statements[i+1]):
		default:
			at.soft = "the script goes on after it fails (no `set -e`)"
		}
		w.statement(s, at)
	}
}

func (w *walker) statement(s *syntax.Stmt, c context) {
	if s == nil || len(w.out) >= maxCommands {
		return
	}
	if s.Background && c.soft == "" {
		c.soft = "it runs in the background (`&`)"
	}
	if s.Negated && c.soft == "" {
		c.soft = "`!` turns its result round"
	}
	for _, r := range s.Redirs {
		w.inside(r.Word, c)
	}
	switch x := s.Cmd.(type) {
	case *syntax.CallExpr:
		w.call(x, c)
	case *syntax.BinaryCmd:
		w.binary(x, c)
	case *syntax.Block:
		w.list(x.Stmts, c)
	case *syntax.Subshell:
		outer := w.how
		w.list(x.Stmts, c)
		w.how = outer
	case *syntax.IfClause:
		w.choice(x, c)
	case *syntax.WhileClause:
		cond := c
		if cond.soft == "" {
			cond.soft = "it is the condition of a loop"
		}
		w.list(x.Cond, cond)
		w.list(x.Do, c)
	case *syntax.ForClause:
		w.list(x.Do, c)
	case *syntax.CaseClause:
		for _, item := range x.Items {
			w.list(item.Stmts, c)
		}
	case *syntax.TimeClause:
		w.statement(x.Stmt, c)
	case *syntax.DeclClause:
		for _, a := range x.Args {
			w.assigned(a, softly(c, "`"+x.Variant.Value+"` hides its exit code"))
		}
	case *syntax.TestClause:
		syntax.Walk(x, func(n syntax.Node) bool {
			if sub, is := n.(*syntax.CmdSubst); is {
				w.list(sub.Stmts, tested(c))
				return false
			}
			return true
		})
	}
}

// softly returns the context with a reason, unless it has one.
func softly(c context, why string) context {
	if c.soft == "" {
		c.soft = why
	}
	return c
}

// tested is the context of commands whose output a test judges: what they find
// fails the script through the test.
func tested(c context) context {
	c.captured = true
	return c
}

// binary walks through a && b, a || b and a | b.
func (w *walker) binary(x *syntax.BinaryCmd, c context) {
	left, right := c, c
	switch x.Op {
	case syntax.AndStmt:
		if c.soft == "" && !c.last {
			left.soft = "what fails in front of `&&` does not stop the script"
		}
	case syntax.OrStmt:
		right.onFailure = true
		if !fails(x.Y) {
			left = softly(left, "`|| "+w.brief(x.Y)+"`")
		}
	case syntax.Pipe, syntax.PipeAll:
		right.fed = true
		if !w.how.PipeFail {
			left = softly(left, "a pipe loses its exit code (no `pipefail`)")
		}
	}
	w.statement(x.X, left)
	w.statement(x.Y, right)
}

// choice walks through if, elif and else. A condition may fail; what it finds
// counts where one of the branches ends the script.
func (w *walker) choice(x *syntax.IfClause, c context) {
	ends := false
	for i := x; i != nil; i = i.Else {
		for _, s := range i.Then {
			ends = ends || fails(s)
		}
	}
	for i := x; i != nil; i = i.Else {
		cond := c
		if !ends {
			cond = softly(cond, "it is the condition of an `if`")
		}
		w.list(i.Cond, context{soft: cond.soft, last: true, onFailure: c.onFailure, fed: c.fed})
		then := c
		if len(i.Cond) == 1 && i.Cond[0].Negated {
			then.onFailure = true
		}
		w.list(i.Then, then)
	}
}

// call records a command, follows functions, and takes note of set.
func (w *walker) call(x *syntax.CallExpr, c context) {
	command := Command{Line: int(x.Pos().Line()), Soft: c.soft, OnFailure: c.onFailure, Fed: c.fed, Captured: c.captured}
	for _, a := range x.Assigns {
		if len(x.Args) == 0 {
			kept := c
			kept.captured = true
			w.assigned(a, kept) // its exit code is that of the command inside
			continue
		}
		if a.Name != nil {
			command.Env = append(command.Env, a.Name.Value+"="+text(a.Value))
		}
		w.assigned(a, softly(c, "its output is put into a variable"))
	}
	if len(x.Args) == 0 {
		return
	}
	for _, a := range x.Args {
		command.Words = append(command.Words, text(a))
	}
	inside := softly(c, "its output is put into a command line")
	switch command.Words[0] {
	case "test", "[", "diff", "cmp", "comm", "grep", "exit", "return":
		inside = tested(c)
	}
	for _, a := range x.Args {
		w.inside(a, inside)
	}
	switch name := command.Words[0]; {
	case name == "set":
		w.options(command.Words[1:])
	case name == "trap" && len(command.Words) > 2:
		w.nested(command, command.Words[1], context{soft: "a trap runs it", onFailure: strings.Contains(strings.Join(command.Words[2:], " "), "ERR")})
		return
	case name == "eval" && len(command.Words) > 1:
		w.nested(command, strings.Join(command.Words[1:], " "), c)
		return
	case w.functions[name] != nil:
		w.calls++
		if w.depth++; w.depth < maxDepth && w.calls < maxCalls {
			c.soft = command.Soft
			w.statement(w.functions[name], c)
		}
		w.depth--
		return
	}
	w.out = append(w.out, command)
}

// nested walks through a script that stands in a word of another.
func (w *walker) nested(at Command, text string, c context) {
	w.calls++
	if w.depth++; w.depth < maxDepth && w.calls < maxCalls && strings.TrimSpace(text) != "" {
		inner, _ := parse(text)
		from := len(w.out)
		c.last = true
		w.list(inner, c)
		for i := range w.out[from:] {
			w.out[from+i].Line += at.Line - 1
		}
	}
	w.depth--
}

// options takes note of set -e and its like.
func (w *walker) options(words []string) {
	for i, word := range words {
		on := strings.HasPrefix(word, "-")
		if !on && !strings.HasPrefix(word, "+") {
			continue
		}
		if strings.Contains(word[1:], "e") && !strings.HasPrefix(word, "--") {
			w.how.ErrExit = on
		}
		if strings.HasSuffix(word, "o") && i+1 < len(words) {
			switch words[i+1] {
			case "pipefail":
				w.how.PipeFail = on
			case "errexit":
				w.how.ErrExit = on
			}
		}
	}
}

func (w *walker) assigned(a *syntax.Assign, c context) {
	w.inside(a.Value, c)
	if a.Array != nil {
		for _, e := range a.Array.Elems {
			w.inside(e.Value, softly(c, "its output is put into a list"))
		}
	}
}

// inside walks through the commands whose output a word takes.
func (w *walker) inside(word *syntax.Word, c context) {
	if word == nil {
		return
	}
	syntax.Walk(word, func(n syntax.Node) bool {
		switch sub := n.(type) {
		case *syntax.CmdSubst:
			outer := w.how
			c := c
			c.last = true
			w.list(sub.Stmts, c)
			w.how = outer
			return false
		case *syntax.ProcSubst:
			if !c.captured {
				c = softly(c, "its exit code is lost in `<(...)`")
			}
			w.list(sub.Stmts, c)
			return false
		}
		return true
	})
}
