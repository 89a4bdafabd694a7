package decode

import (
	"math"
	"strconv"
	"strings"

	yaml "go.yaml.in/yaml/v3"
)

// ScalarKind is what a scalar is once it is resolved.
type ScalarKind int

// The kinds of scalars.
const (
	StringScalar ScalarKind = iota
	BoolScalar
	IntScalar
	FloatScalar
	NullScalar
)

var scalarNames = [...]string{"a string", "a boolean", "a number", "a number", "null"}

// String names the kind for a message: "a boolean".
func (k ScalarKind) String() string { return scalarNames[k] }

// Scalar is a resolved scalar.
type Scalar struct {
	Kind  ScalarKind
	Bool  bool
	Int   int64
	Float float64
}

func (s Scalar) number() bool { return s.Kind == IntScalar || s.Kind == FloatScalar }

// whole returns the number as an integer; ok is false where it is none.
func (s Scalar) whole() (i int64, ok bool) {
	switch {
	case s.Kind == IntScalar:
		return s.Int, true
	case s.Kind == FloatScalar && math.Abs(s.Float) < 1<<63 && s.Float == math.Trunc(s.Float):
		return int64(s.Float), true
	}
	return 0, false
}

// Resolve tells what a scalar means by YAML 1.1, as Kubernetes' own reader
// (sigs.k8s.io/yaml) does: plain yes, no, on, off, y and n are booleans, 0644
// is octal, 1_000 is a number. Quoted scalars are strings, unless a tag says
// otherwise.
func Resolve(n *Node) Scalar {
	if n.Style&yaml.TaggedStyle != 0 {
		switch n.ShortTag() {
		case "!!int", "!!float", "!!bool", "!!null": // quoted or not
			return resolvePlain(n.Value)
		case "!!str", "!!binary":
			return Scalar{}
		}
	}
	if n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
		return Scalar{}
	}
	return resolvePlain(n.Value)
}

func resolvePlain(text string) Scalar {
	if text == "" {
		return Scalar{Kind: NullScalar}
	}
	switch c := text[0]; {
	case c >= '0' && c <= '9' || c == '+' || c == '-' || c == '.':
		return resolveNumber(text)
	case strings.IndexByte("~nNyYtTfFoO", c) >= 0:
		switch text {
		case "~", "null", "Null", "NULL":
			return Scalar{Kind: NullScalar}
		case "y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON":
			return Scalar{Kind: BoolScalar, Bool: true}
		case "n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF":
			return Scalar{Kind: BoolScalar}
		}
	}
	return Scalar{}
}

func resolveNumber(text string) Scalar {
	switch text {
	case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF":
		return Scalar{Kind: FloatScalar, Float: math.Inf(1)}
	case "-.inf", "-.Inf", "-.INF":
		return Scalar{Kind: FloatScalar, Float: math.Inf(-1)}
	case ".nan", ".NaN", ".NAN":
		return Scalar{Kind: FloatScalar, Float: math.NaN()}
	}
	if strings.IndexFunc(text, func(c rune) bool { return !numeral(c) }) >= 0 {
		return Scalar{} // a quantity such as 500Mi, for instance
	}
	plain := strings.ReplaceAll(text, "_", "")
	if v, err := strconv.ParseInt(plain, 0, 64); err == nil { // base 0 knows 0x, 0o, 0b and octal
		return Scalar{Kind: IntScalar, Int: v, Float: float64(v)}
	}
	if v, err := strconv.ParseUint(plain, 0, 64); err == nil {
		return Scalar{Kind: FloatScalar, Float: float64(v)} // beyond the integers that any field holds
	}
	if floats(plain) {
		if v, err := strconv.ParseFloat(plain, 64); err == nil {
			return Scalar{Kind: FloatScalar, Float: v}
		}
	}
	return Scalar{}
}

// numeral reports characters of which some number is written, in whatever base.
func numeral(c rune) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F' || strings.ContainsRune("+-._xXoO", c)
}

// floats reports whether the text has the form of a decimal number, so that
// words which the standard library takes for numbers, such as "0x1p-2" or
// "Infinity", stay strings.
func floats(text string) bool {
	digits := false
	for i, c := range text {
		switch {
		case c >= '0' && c <= '9':
			digits = true
		case c == '.', (c == 'e' || c == 'E') && digits:
		case c == '+' || c == '-':
			if i > 0 && text[i-1] != 'e' && text[i-1] != 'E' {
				return false
			}
		default:
			return false
		}
	}
	return digits
}
