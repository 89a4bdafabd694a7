package dockerfile

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/parser"

	"seaworthy.dev/seaworthy/internal/derive/process"
	"seaworthy.dev/seaworthy/internal/fact"
)

// predefined are arguments that BuildKit fills in by itself.
var predefined = map[string]string{
	"TARGETPLATFORM": "linux/amd64", "TARGETOS": "linux", "TARGETARCH": "amd64", "TARGETVARIANT": "",
	"BUILDPLATFORM": "linux/amd64", "BUILDOS": "linux", "BUILDARCH": "amd64", "BUILDVARIANT": "", "TARGETSTAGE": "default",
}

// stage starts a stage: on an earlier one, on nothing, or on an image.
func (r *reader) stage(c *instructions.Stage, at fact.Location) {
	index := len(r.build.Stages)
	title := "stage " + strconv.Itoa(index+1)
	if c.Name != "" {
		title = "stage " + c.Name
	}
	s := fact.BuildStage{Ref: r.build.Ref.Within(title), Name: c.Name, Continues: -1}
	s.Location = at
	r.scope, r.shell = map[string]value{}, nil
	r.entry, r.cmd = line{}, line{}
	base, open := r.expand(c.BaseName, r.global)
	switch earlier := r.named(base); {
	case open != "":
		s.Open, s.Base = open, fact.Image{Raw: c.BaseName, At: at}
	case earlier >= 0:
		s.Continues = earlier
		s.Config = r.build.Stages[earlier].Config
		s.Config.Ports = slices.Clone(s.Config.Ports)
		r.scope, r.shell = maps.Clone(r.scopes[earlier]), r.shells[earlier]
		r.entry, r.cmd = r.lines[earlier].entry, r.lines[earlier].cmd
	case base == "scratch":
		s.Scratch = true
	default:
		s.Base = fact.ParseImage(base)
		s.Base.At = at
	}
	r.build.Stages = append(r.build.Stages, s)
	r.scopes, r.shells = append(r.scopes, r.scope), append(r.shells, r.shell)
	r.lines = append(r.lines, lines{r.entry, r.cmd})
}

// named returns the index of the earlier stage of that name, or -1.
func (r *reader) named(name string) int {
	for i := len(r.build.Stages) - 1; i >= 0; i-- {
		if r.build.Stages[i].Name != "" && strings.EqualFold(r.build.Stages[i].Name, name) {
			return i
		}
	}
	return -1
}

// scopeEnv looks variables up and remembers the first one without a value.
type scopeEnv struct {
	scope map[string]value
	open  string
}

func (e *scopeEnv) Get(name string) (string, bool) {
	v, found := e.scope[name]
	if !found {
		if text, known := predefined[name]; known {
			return text, true
		}
	}
	if (!found || v.open != "") && e.open == "" {
		if e.open = name; v.open != "" {
			e.open = v.open
		}
	}
	return v.text, found && v.open == ""
}

func (e *scopeEnv) Keys() []string {
	return slices.Sorted(maps.Keys(e.scope))
}

// expand puts values in. It returns the name of an argument that has none and
// on which the result rests: what has a default of its own, as in ${X:-y},
// rests on nothing.
func (r *reader) expand(word string, scope map[string]value) (text, open string) {
	if !strings.Contains(word, "$") {
		text, _, err := r.lex.ProcessWord(word, &scopeEnv{scope: scope})
		if err != nil {
			return word, ""
		}
		return text, ""
	}
	env := &scopeEnv{scope: scope}
	text, _, err := r.lex.ProcessWord(word, env)
	switch {
	case err != nil:
		return word, word
	case env.open != "" && (strings.TrimSpace(text) == "" || !defaulted(word, env.open)):
		return text, env.open
	}
	return text, ""
}

// defaulted reports whether a word gives the variable a default of its own.
func defaulted(word, name string) bool {
	return strings.Contains(word, "${"+name+":-") || strings.Contains(word, "${"+name+"-")
}

// arguments declares build arguments. Those before the first stage serve the
// FROM lines, and a stage sees them only where it names them again.
func (r *reader) arguments(c *instructions.ArgCommand, at fact.Location) {
	for _, a := range c.Args {
		scope, stage := r.global, len(r.build.Stages)-1
		if stage >= 0 {
			scope = r.scope
		}
		v := value{open: a.Key}
		switch known, found := r.global[a.Key]; {
		case a.Value != nil:
			text, open := r.expand(*a.Value, scope)
			v = value{text: text, open: open}
		case stage >= 0 && found:
			v = known
		}
		scope[a.Key] = v
		r.argument(a, stage, at)
	}
}

// instruction takes one instruction of the current stage.
func (r *reader) instruction(parsed any, node *parser.Node, at fact.Location) {
	index := len(r.build.Stages) - 1
	config := &r.build.Stages[index].Config
	switch c := parsed.(type) {
	case *instructions.EnvCommand:
		r.variables(c, index, at)
	case *instructions.UserCommand:
		config.User, config.UserOpen = r.expand(c.User, r.scope)
		config.UserAt = at
	case *instructions.StopSignalCommand:
		if signal, open := r.expand(c.Signal, r.scope); open == "" {
			config.StopSignal, config.StopAt = signal, at
		}
	case *instructions.HealthCheckCommand:
		r.health(c, config, at)
	case *instructions.ExposeCommand:
		r.expose(c, config)
	case *instructions.ShellCommand:
		r.shell = c.Shell
		r.shells[index] = c.Shell
	case *instructions.EntrypointCommand:
		r.entry = r.commandLine(c.ShellDependantCmdLine, at)
		r.cmd = line{} // an entry point resets the base's command
		r.starts(config, index)
	case *instructions.CmdCommand:
		r.cmd = r.commandLine(c.ShellDependantCmdLine, at)
		r.starts(config, index)
	case *instructions.CopyCommand:
		r.copied(c.SourcePaths, c.From, index, at)
	case *instructions.AddCommand:
		r.added(c, index, at)
	case *instructions.RunCommand:
		r.run(c, index, at)
	}
}

// commandLine returns a command line with the shell in front where the shell
// form asks for one.
func (r *reader) commandLine(c instructions.ShellDependantCmdLine, at fact.Location) line {
	words := c.CmdLine
	if c.PrependShell && len(words) > 0 {
		front := r.shell
		if len(front) == 0 {
			front = []string{"/bin/sh", "-c"}
		}
		words = append(slices.Clone(front), strings.Join(words, " "))
	}
	return line{words: words, set: true, at: at}
}

// starts works out what starts: the entry point with the command as its
// arguments, else the command. An entry point in shell form takes no arguments.
func (r *reader) starts(config *fact.ImageConfig, index int) {
	r.lines[index] = lines{r.entry, r.cmd}
	entry, args, at := r.entry.words, r.cmd.words, r.entry.at
	if len(entry) == 0 {
		entry, args, at = r.cmd.words, nil, r.cmd.at
	}
	config.Entry = process.Command(entry, args, at)
	// A command alone may serve the base's entry point, which is not known.
	config.EntryHere = len(r.entry.words) > 0 || r.build.Stages[index].Scratch
}

// health reads a health check; Docker's defaults are filled in.
func (r *reader) health(c *instructions.HealthCheckCommand, config *fact.ImageConfig, at fact.Location) {
	config.Health, config.NoHealth = nil, false
	if c.Health == nil || len(c.Health.Test) == 0 {
		return
	}
	if c.Health.Test[0] == "NONE" {
		config.NoHealth = true
		return
	}
	ref := r.build.Ref.Within("HEALTHCHECK")
	ref.Location = at
	p := &fact.Probe{Ref: ref, Method: "exec", Path: strings.Join(c.Health.Test[1:], " "), Grace: -1, Successes: 1,
		Delay: int(c.Health.StartPeriod.Seconds()), Period: int(c.Health.Interval.Seconds()), Timeout: int(c.Health.Timeout.Seconds()), Failures: c.Health.Retries}
	// https://docs.docker.com/reference/dockerfile/#healthcheck
	for value, standard := range map[*int]int{&p.Period: 30, &p.Timeout: 30, &p.Failures: 3} {
		if *value == 0 {
			*value = standard
		}
	}
	config.Health = p
}

func (r *reader) expose(c *instructions.ExposeCommand, config *fact.ImageConfig) {
	for _, word := range c.Ports {
		text, open := r.expand(word, r.scope)
		number, protocol, _ := strings.Cut(text, "/")
		n, err := strconv.Atoi(number)
		if open != "" || err != nil || n < 1 || n > 65535 {
			continue
		}
		config.Ports = append(config.Ports, fact.Port{Number: n, Protocol: strings.ToUpper(protocol)})
	}
}
