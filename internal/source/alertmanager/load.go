package alertmanager

import (
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"github.com/prometheus/alertmanager/config"
	"github.com/prometheus/alertmanager/featurecontrol"
	"github.com/prometheus/alertmanager/matcher/compat"
	"gopkg.in/yaml.v2"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/derive/routes"
	"seaworthy.dev/seaworthy/internal/fact"
)

// dialect has matchers read as Alertmanager reads them unless it is told
// otherwise: by the new grammar, and by the old one where that fails.
var dialect = sync.OnceFunc(func() {
	compat.InitFromFlags(slog.New(slog.DiscardHandler), featurecontrol.NoopFlags{})
})

// load says why Alertmanager would refuse the text; nil where it would not.
func load(doc decode.Document, root *decode.Node) (refusal *fact.Problem) {
	dialect()
	defer func() {
		if r := recover(); r != nil {
			refusal = &fact.Problem{Location: doc.At(root), Message: "cannot be read: Alertmanager's own reader gives up on it"}
		}
	}()
	_, err := config.Load(string(doc.Data))
	if err == nil {
		return nil
	}
	return explain(doc, root, err)
}

var (
	lineOf   = regexp.MustCompile(`^line (\d+): (.*)$`)
	noField  = regexp.MustCompile(`^field (\S+) not found in type \S+$`)
	twice    = regexp.MustCompile(`^field (\S+) already set in type \S+$`)
	quoted   = regexp.MustCompile(`"(?:[^"\\]|\\.)*"` + "|`[^`]*`")
	intoType = regexp.MustCompile(`^cannot unmarshal (!!\w+) .*into (.*)$`)
	missing  = regexp.MustCompile(`^undefined (receiver|time interval) "(.*)" used in route$`)
	again    = regexp.MustCompile(`^(?:notification config name|(?:mute )?time interval) "(.*)" is not unique$`)
)

// explain turns the library's error into a problem with its place and without the
// values that it quotes, for they may be secret.
func explain(doc decode.Document, root *decode.Node, err error) *fact.Problem {
	const refuses = ", so Alertmanager refuses the file"
	at, message := doc.At(decode.KeyOf(root, "route")), err.Error()
	if at.Line == 0 {
		at = doc.At(root)
	}
	var typed *yaml.TypeError
	if errors.As(err, &typed) && len(typed.Errors) > 0 {
		message = typed.Errors[0]
	}
	message = strings.TrimPrefix(message, "yaml: ")
	if m := lineOf.FindStringSubmatch(message); m != nil {
		line, _ := strconv.Atoi(m[1])
		at, message = doc.At(&decode.Node{Line: line, Column: 1}), m[2]
		at.Column = 0
	}
	switch {
	case noField.MatchString(message):
		message = fmt.Sprintf("there is no field %s here", noField.FindStringSubmatch(message)[1])
	case twice.MatchString(message):
		message = fmt.Sprintf("the field %s stands twice", twice.FindStringSubmatch(message)[1])
	case intoType.MatchString(message):
		message = "a value has the wrong type: " + strings.TrimPrefix(intoType.FindStringSubmatch(message)[1], "!!")
	case missing.MatchString(message):
		m := missing.FindStringSubmatch(message)
		known := names(root, "receivers")
		if m[1] != "receiver" {
			known = append(names(root, "time_intervals"), names(root, "mute_time_intervals")...)
		}
		message = fmt.Sprintf("a route names the %s %q, which is not defined%s", m[1], m[2], routes.Meant(m[2], known))
		if n := naming(decode.Child(root, "route"), m[2], 0); n != nil {
			at = doc.At(n)
		}
	case again.MatchString(message):
		message = fmt.Sprintf("the name %q stands twice", again.FindStringSubmatch(message)[1])
	default:
		shown := append(append(names(root, "receivers"), names(root, "time_intervals")...), names(root, "mute_time_intervals")...)
		message = quoted.ReplaceAllStringFunc(message, func(q string) string {
			for _, name := range shown {
				if q[1:len(q)-1] == name {
					return q
				}
			}
			return "(a value)"
		})
	}
	return &fact.Problem{Location: at, Message: message + refuses}
}

// names lists the names of what stands in one of the top lists.
func names(root *decode.Node, list string) (out []string) {
	for _, item := range decode.Items(decode.Child(root, list)) {
		if name := decode.Text(decode.Child(item, "name")); name != "" {
			out = append(out, name)
		}
	}
	return out
}

// naming returns the first place in a tree of routes that names a receiver or an
// interval.
func naming(route *decode.Node, name string, depth int) *decode.Node {
	if depth > maxDepth {
		return nil
	}
	if n := decode.Child(route, "receiver"); decode.Text(n) == name {
		return n
	}
	for _, key := range []string{"mute_time_intervals", "active_time_intervals"} {
		for _, item := range decode.Items(decode.Child(route, key)) {
			if decode.Text(item) == name {
				return item
			}
		}
	}
	for _, child := range decode.Items(decode.Child(route, "routes")) {
		if n := naming(child, name, depth+1); n != nil {
			return n
		}
	}
	return nil
}

// blank matches the values of addresses, one a line.
var blank = regexp.MustCompile(`(?m)^([ \t]*(?:-[ \t]+)?["']?(\w*url|\w*smarthost)["']?:[ \t]*)(\S.*?)([ \t\r]*)$`)

// stand matches what stands for a value that is filled in later: ${SLACK_URL},
// <url>, {{ url }}, @url@, __URL__, SLACK_URL.
var stand = regexp.MustCompile(`^(.*\$[{(\w].*|<.*>|.*\{\{.*\}\}.*|@\w+@|__\w+__|[A-Z][A-Z0-9_]*|%\w+%)$`)

// fill puts an address where one is filled in only when the file is deployed: what
// it says of routes is there already. Lines stay what they are.
func fill(data []byte) []byte {
	return blank.ReplaceAllFunc(data, func(line []byte) []byte {
		m := blank.FindSubmatch(line)
		value := strings.Trim(string(m[3]), `"'`)
		if !stand.MatchString(value) || strings.HasPrefix(value, "http://") || strings.HasPrefix(value, "https://") {
			return line
		}
		with := "http://filled-in-later.invalid/"
		if strings.HasSuffix(string(m[2]), "smarthost") {
			with = "filled-in-later.invalid:25"
		}
		return []byte(string(m[1]) + with + string(m[4]))
	})
}
