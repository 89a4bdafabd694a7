// Package promql says what a query asks, without data: which metrics it reads,
// whether it parses once a dashboard's variables are filled in, whether it is a
// share of good events among all, and whether a rule on it can ever or must
// always fire.
package promql

import (
	"errors"
	"fmt"
	"strings"

	"github.com/prometheus/prometheus/promql/parser"
)

// MaxLength bounds a query in bytes, maxOperators the signs of arithmetic in it;
// what has more was not written by a person, and the parser takes long over it.
const (
	MaxLength    = 32 << 10
	maxOperators = 2000
)

// Query is a query that parses.
type Query struct {
	// Text as it was written.
	Text string
	// Expr is its syntax tree; it is shared and never changed.
	Expr parser.Expr
	// Experimental is true where it uses functions that Prometheus evaluates only
	// with a feature flag.
	Experimental bool
}

// Mistake is why a query does not parse.
type Mistake struct {
	// Line and Column within the query, from 1; zero where they are not known.
	Line, Column int
	Message      string
}

// Error returns the message with its place.
func (m *Mistake) Error() string {
	if m.Line == 0 {
		return m.Message
	}
	return fmt.Sprintf("%d:%d: %s", m.Line, m.Column, m.Message)
}

// The two ways in which a server may be set up: most know no experiments.
var (
	plain       = parser.NewParser(parser.Options{})
	experiments = parser.NewParser(parser.Options{EnableExperimentalFunctions: true, EnableBinopFillModifiers: true})
)

// Parse reads a query as Prometheus does. The error is a *Mistake.
func Parse(text string) (q *Query, err error) {
	if len(text) > MaxLength {
		return nil, &Mistake{Message: fmt.Sprintf("the query has %d bytes; up to %d are read", len(text), MaxLength)}
	}
	if n := operators(text); n > maxOperators {
		return nil, &Mistake{Message: fmt.Sprintf("the query has %d operators; up to %d are read", n, maxOperators)}
	}
	defer func() {
		if r := recover(); r != nil {
			q, err = nil, &Mistake{Message: fmt.Sprintf("the parser gave up: %v", r)}
		}
	}()
	expr, err := plain.ParseExpr(text)
	if err == nil {
		return &Query{Text: text, Expr: expr}, nil
	}
	if expr, again := experiments.ParseExpr(text); again == nil {
		return &Query{Text: text, Expr: expr, Experimental: true}, nil
	}
	return nil, mistake(text, err)
}

// operators counts signs of arithmetic outside of quotes.
func operators(text string) (n int) {
	var quote byte
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quote != 0:
			if c == '\\' && quote != '`' {
				i++
			} else if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'' || c == '`':
			quote = c
		case strings.IndexByte("+-*/%^<>=", c) >= 0:
			n++
		}
	}
	return n
}

// mistake turns the parser's errors into the first of them.
func mistake(text string, err error) *Mistake {
	var list parser.ParseErrors
	if !errors.As(err, &list) || len(list) == 0 {
		return &Mistake{Message: err.Error()}
	}
	line, column := Place(text, int(list[0].PositionRange.Start))
	return &Mistake{Line: line, Column: column, Message: list[0].Err.Error()}
}

// Place returns line and column of a byte in the text, from 1.
func Place(text string, offset int) (line, column int) {
	offset = max(0, min(offset, len(text)))
	before := text[:offset]
	return 1 + strings.Count(before, "\n"), offset - strings.LastIndexByte(before, '\n')
}

// bare takes parentheses off.
func bare(e parser.Expr) parser.Expr {
	for {
		switch in := e.(type) {
		case *parser.ParenExpr:
			e = in.Expr
		case *parser.StepInvariantExpr:
			e = in.Expr
		default:
			return e
		}
	}
}

// Parser returns the parser that knows what every server knows.
func Parser() parser.Parser { return plain }

// Experiments returns the parser that also knows what needs a feature flag.
func Experiments() parser.Parser { return experiments }
