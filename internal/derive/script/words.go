package script

import (
	"bytes"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// fails reports whether a statement ends the script as failed, or hands the
// failure on.
func fails(s *syntax.Stmt) bool {
	if s == nil {
		return false
	}
	switch x := s.Cmd.(type) {
	case *syntax.CallExpr:
		if len(x.Args) == 0 {
			// rc=$? keeps the code for later.
			for _, a := range x.Assigns {
				if strings.Contains(text(a.Value), "$?") || a.Value != nil && text(a.Value) == "1" {
					return true
				}
			}
			return false
		}
		switch text(x.Args[0]) {
		case "exit", "return":
			return len(x.Args) == 1 || text(x.Args[1]) != "0"
		case "false", "die", "fail", "fatal", "error_exit":
			return true
		}
	case *syntax.BinaryCmd:
		return fails(x.Y) || fails(x.X)
	case *syntax.Block:
		return anyFails(x.Stmts)
	case *syntax.Subshell:
		return anyFails(x.Stmts)
	case *syntax.IfClause:
		for i := x; i != nil; i = i.Else {
			if anyFails(i.Then) {
				return true
			}
		}
	}
	return false
}

func anyFails(list []*syntax.Stmt) bool {
	for _, s := range list {
		if fails(s) {
			return true
		}
	}
	return false
}

// asksForStatus reports whether a statement looks at the last exit code.
func asksForStatus(s *syntax.Stmt) bool {
	found := false
	syntax.Walk(s, func(n syntax.Node) bool {
		if p, is := n.(*syntax.ParamExp); is && p.Param != nil && p.Param.Value == "?" {
			found = true
		}
		return !found
	})
	return found
}

// text is a word without its quotes.
func text(word *syntax.Word) string {
	if word == nil {
		return ""
	}
	if lit := word.Lit(); lit != "" {
		return unescape(lit)
	}
	var b strings.Builder
	parts(&b, word.Parts)
	return b.String()
}

func parts(b *strings.Builder, list []syntax.WordPart) {
	for _, part := range list {
		switch x := part.(type) {
		case *syntax.Lit:
			b.WriteString(unescape(x.Value))
		case *syntax.SglQuoted:
			b.WriteString(x.Value)
		case *syntax.DblQuoted:
			parts(b, x.Parts)
		case *syntax.ParamExp:
			b.WriteString("$")
			if x.Param != nil {
				b.WriteString(x.Param.Value)
			}
		case *syntax.CmdSubst:
			b.WriteString("$(...)")
		default:
			b.WriteString("$...")
		}
	}
}

func unescape(text string) string {
	if !strings.Contains(text, `\`) {
		return text
	}
	return strings.ReplaceAll(strings.ReplaceAll(text, "\\\n", ""), `\`, "")
}

// brief is a statement in a few words.
func (w *walker) brief(s *syntax.Stmt) string {
	var b bytes.Buffer
	if syntax.NewPrinter(syntax.SingleLine(true)).Print(&b, s) != nil {
		return "..."
	}
	line := strings.ReplaceAll(strings.TrimSpace(b.String()), filled, "${{ ... }}")
	if len(line) > 32 {
		line = strings.ToValidUTF8(line[:29], "") + "..."
	}
	return line
}
