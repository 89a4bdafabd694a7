package helm

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"helm.sh/helm/v4/pkg/chart/common"
	chart "helm.sh/helm/v4/pkg/chart/v2"
)

// author writes templates at random in which everything that is written into
// the output bears the number of the line that it stands in: "L12".
type author struct {
	*rand.Rand
	text strings.Builder
	line int
	end  string
}

func (a *author) put(text string) {
	a.text.WriteString(text)
	a.line += strings.Count(text, "\n")
}

// action writes an action and trims around it at random.
func (a *author) action(body string) {
	left, right := "{{ ", " }}"
	if a.IntN(3) == 0 {
		left = "{{- "
	}
	if a.IntN(3) == 0 {
		right = " -}}"
	}
	a.put(left + body + right)
}

// gap writes white space, mostly a line end.
func (a *author) gap() {
	switch a.IntN(8) {
	case 0:
	case 1:
		a.put(" ")
	case 2:
		a.put(a.end + a.end + "\t ")
	default:
		a.put(a.end + strings.Repeat(" ", a.IntN(4)))
	}
}

func (a *author) block(depth int) {
	for range 1 + a.IntN(4) {
		a.gap()
		a.statement(depth)
	}
	a.gap()
}

func (a *author) statement(depth int) {
	own := fmt.Sprintf("L%d ", a.line)
	kind := a.IntN(16)
	if depth == 0 {
		kind = a.IntN(9)
	}
	switch kind {
	case 0, 1, 2:
		a.put("- " + own)
	case 3:
		a.action(fmt.Sprintf("print %q", own))
	case 4:
		a.action(fmt.Sprintf(`print "%s\n%s\n\n  %s"`, own, own, own))
	case 5:
		a.action(fmt.Sprintf("include \"own\" %q | nindent 4", own))
	case 6:
		a.action(fmt.Sprintf("template \"helper\" %q", own))
	case 7:
		a.action(fmt.Sprintf("tpl \"{{ . }}\\n{{ . }}\" %q", own))
	case 8:
		a.put("{{/* a comment\nover lines */}}")
	case 9, 10:
		a.action("if " + []string{"true", "false"}[a.IntN(2)])
		a.block(depth - 1)
		if a.IntN(2) == 0 {
			a.action("else if true")
			a.block(depth - 1)
		}
		a.action("else")
		a.block(depth - 1)
		a.action("end")
	case 11, 12:
		a.action("range until " + strconv.Itoa(a.IntN(4)))
		a.block(depth - 1)
		if a.IntN(3) == 0 {
			a.action("if eq . 1")
			a.action([]string{"break", "continue"}[a.IntN(2)])
			a.action("end")
			a.block(depth - 1)
		}
		a.action("else")
		a.block(depth - 1)
		a.action("end")
	case 13:
		a.action("with $x := " + []string{`"x"`, `""`}[a.IntN(2)])
		a.block(depth - 1)
		a.action(`else with "y"`)
		a.block(depth - 1)
		a.action("end")
	case 14:
		a.action("$y := 1")
		a.gap()
		a.action("$y = print `raw\n{{ text` $y")
	case 15:
		a.action(fmt.Sprintf("block \"block%d\" %q", a.line*1000+a.text.Len(), own))
		a.put("a {{ . }} b")
		a.action("end")
	}
}

var token = regexp.MustCompile(`L(\d+)`)

// TestEveryLine renders templates written at random. Every line of the output
// must be attributed to the line that its first word names.
func TestEveryLine(t *testing.T) {
	t.Parallel()
	caps, err := capabilities(Chart{})
	if err != nil {
		t.Fatal(err)
	}
	known := 0
	for seed := range uint64(400) {
		a := &author{Rand: rand.New(rand.NewPCG(seed, 1)), line: 1, end: "\n"}
		if seed%5 == 0 {
			a.end = "\r\n"
		}
		a.put("{{ define \"own\" }}{{ . }}\n\n{{ . }}{{ end }}")
		a.block(4)
		a.put(`{{- define "late" -}} x {{- end }}`)
		a.block(2)
		c := &chart.Chart{
			Metadata: &chart.Metadata{Name: "shop", Version: "1.0.0", APIVersion: "v2"},
			Templates: []*common.File{
				{Name: "templates/a.yaml", Data: []byte(a.text.String())},
				{Name: "templates/_h.tpl", Data: []byte("{{ define \"helper\" }}{{ . }}\n- {{ . }}{{ end }}")},
				{Name: "templates/b.yaml", Data: []byte(`{{ include "shop/templates/a.yaml" . | sha256sum }}`)},
			},
		}
		c.Raw = c.Templates
		l := &load{shown: map[*common.File]string{c.Templates[0]: "a.yaml", c.Templates[2]: "b.yaml"}}
		for _, r := range newRenderer(l, c, nil, caps).all() {
			if r.File != "a.yaml" {
				continue
			}
			for i, line := range strings.Split(string(r.Text), "\n") {
				if strings.TrimSpace(line) == "" {
					continue
				}
				m := token.FindStringSubmatch(line)
				if m == nil {
					continue
				}
				if want, _ := strconv.Atoi(m[1]); r.Lines == nil || r.Lines[i] != want {
					t.Fatalf("seed %d: %q is attributed to %v, of\n%s", seed, line, r.Lines[min(i, len(r.Lines)-1)], a.text.String())
				}
				known++
			}
		}
		if len(l.Problems) > 0 {
			t.Fatalf("seed %d: %v, of\n%s", seed, l.Problems, a.text.String())
		}
	}
	if known < 5000 {
		t.Errorf("only %d lines were compared", known)
	}
}
