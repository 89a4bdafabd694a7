// Package dockerfile reads Dockerfiles into builds of images: stages with their
// bases, and what the image that runs says of its process.
package dockerfile

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/command"
	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
	"github.com/moby/buildkit/frontend/dockerfile/shell"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
)

// Bounds on what is read: a Dockerfile is written by hand.
const (
	MaxFile         = 1 << 20
	maxInstructions = 5000
	maxStages       = 200
)

// Reading is what one file yields.
type Reading struct {
	// Build is nil where nothing could be read, or where the file only looks
	// like a Dockerfile by its name.
	Build    *fact.ImageBuild
	Problems []fact.Problem
	Holes    []fact.Hole
}

// Read takes a Dockerfile apart. The file is the name at which it is reported.
func Read(file string, data []byte) (out Reading) {
	r := reader{file: file, out: &out}
	defer func() {
		if p := recover(); p != nil { // the parser is not ours
			out.Build = nil
			r.lost(0, "cannot be read: the parser gave up (%v)", p)
		}
	}()
	if len(data) > MaxFile {
		r.lost(0, "has %d KB; Dockerfiles above %d KB are not read", len(data)>>10, MaxFile>>10)
		return out
	}
	if bytes.IndexByte(data, 0) >= 0 {
		r.lost(0, "is binary and no Dockerfile")
		return out
	}
	result, err := parser.Parse(bytes.NewReader(data))
	if err != nil {
		line, text := explain(err)
		r.lost(line, "is no valid Dockerfile: %s", text)
		return out
	}
	r.lex = shell.NewLex(result.EscapeToken)
	r.read(result.AST)
	return out
}

type reader struct {
	file  string
	out   *Reading
	lex   *shell.Lex
	build *fact.ImageBuild
	// global holds the arguments before the first stage; scope those and the
	// variables that the current stage may use.
	global, scope map[string]value
	shell         []string
	// scopes and shells keep what stages leave for those that continue them.
	scopes []map[string]value
	shells [][]string
	entry  line
	cmd    line
	lines  []lines
}

// value is a build argument's default or a variable's value.
type value struct {
	text string
	// open names the argument without a default on which it rests.
	open string
}

// line is a command line as written.
type line struct {
	words []string
	set   bool
	at    fact.Location
}

type lines struct{ entry, cmd line }

func (r *reader) read(ast *parser.Node) {
	r.build = &fact.ImageBuild{Name: r.file, Ref: fact.Ref{Subject: "Dockerfile " + r.file, Location: fact.Location{File: r.file, Line: 1}}}
	r.global = map[string]value{}
	if len(ast.Children) > maxInstructions {
		r.lost(0, "has more than %d instructions; the rest is not read", maxInstructions)
		ast.Children = ast.Children[:maxInstructions]
	}
	for _, node := range ast.Children {
		if len(r.build.Stages) == 0 && !strings.EqualFold(node.Value, command.From) && !strings.EqualFold(node.Value, command.Arg) {
			if isKnown(node.Value) {
				r.lost(node.StartLine, "starts with %s, but a Dockerfile starts with FROM", strings.ToUpper(node.Value))
				return
			}
		}
		parsed, err := instructions.ParseInstruction(node)
		if err != nil {
			r.refused(node, err)
			if strings.EqualFold(node.Value, command.From) || near(node.Value) == "FROM" {
				return // what follows belongs to a stage that is not known
			}
			continue
		}
		at := r.at(node.StartLine)
		switch c := parsed.(type) {
		case *instructions.Stage:
			if len(r.build.Stages) == maxStages {
				r.lost(node.StartLine, "has more than %d stages; the rest is not read", maxStages)
				return
			}
			r.stage(c, at)
		case *instructions.ArgCommand:
			r.arguments(c, at)
		default:
			if len(r.build.Stages) > 0 {
				r.instruction(parsed, node, at)
			}
		}
	}
	if len(r.build.Stages) == 0 {
		r.lost(0, "has no FROM, so nothing is built from it")
		return
	}
	r.out.Build = r.build
}

func isKnown(name string) bool {
	_, found := command.Commands[strings.ToLower(name)]
	return found
}

// refused reports an instruction that the parser does not take.
func (r *reader) refused(node *parser.Node, err error) {
	if !isKnown(node.Value) {
		says := fmt.Sprintf("%s is no instruction of a Dockerfile", shown(node.Value))
		if best := near(node.Value); best != "" {
			says += "; did you mean " + best + "?"
		}
		r.lost(node.StartLine, "%s", says)
		return
	}
	_, text := explain(err)
	r.lost(node.StartLine, "%s is not valid: %s", strings.ToUpper(node.Value), text)
}

func shown(word string) string {
	if len(word) > 40 {
		return word[:40] + "..."
	}
	return word
}

// near returns the instruction of almost that name, or an empty string.
func near(word string) string {
	best, distance := "", 3
	for name := range command.Commands {
		// The shorter name wins a draw, and then the alphabet, for maps have no order.
		if d := decode.Distance(strings.ToLower(word), name); d < distance || d == distance && best != "" && strings.ToUpper(name) < best {
			best, distance = strings.ToUpper(name), d
		}
	}
	if distance >= len(word) {
		return ""
	}
	return best
}

// explain returns the line of an error, 0 where it has none, and its text in
// one line.
func explain(err error) (int, string) {
	at := 0
	var placed *parser.LocationError
	if errors.As(err, &placed) {
		for _, ranges := range placed.Locations {
			for _, one := range ranges {
				if at == 0 || one.Start.Line < at {
					at = one.Start.Line
				}
			}
		}
	}
	text, _, _ := strings.Cut(err.Error(), "\n")
	return at, text
}

func (r *reader) at(line int) fact.Location { return fact.Location{File: r.file, Line: line} }

// lost reports what could not be read and records the hole.
func (r *reader) lost(line int, format string, args ...any) {
	at := fact.Location{File: r.file, Line: line}
	says := fmt.Sprintf(format, args...)
	r.out.Problems = append(r.out.Problems, fact.Problem{Location: at, Message: says})
	says, _, _ = strings.Cut(says, "; did you mean")
	r.out.Holes = append(r.out.Holes, fact.Hole{Kinds: []fact.Kind{fact.Images}, Location: at, Why: r.file[strings.LastIndexByte(r.file, '/')+1:] + " could not be read whole: " + says})
}
