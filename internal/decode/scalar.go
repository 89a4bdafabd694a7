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

// Resolve tells what a scalar means by YAML 1.1, as Kubernetes' own reader
// (sigs.k8s.io/yaml) does: plain yes, no, on, off, y and n are booleans, 0644
// is octal, 1_000 is a number. Quoted scalars are strings.
func Resolve(n *Node) Scalar {
	if n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
		return Scalar{}
	}
	if n.Style&yaml.TaggedStyle != 0 {
		switch n.ShortTag() {
		case "!!str", "!!binary":
			return Scalar{}
		}
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
	plain := strings.ReplaceAll(text, "_", "")
	sign, digits := int64(1), plain
	if digits != "" && (digits[0] == '+' || digits[0] == '-') {
		if digits[0] == '-' {
			sign = -1
		}
		digits = digits[1:]
	}
	base := 10
	switch {
	case strings.HasPrefix(digits, "0x"):
		base, digits = 16, digits[2:]
	case strings.HasPrefix(digits, "0b"):
		base, digits = 2, digits[2:]
	case strings.HasPrefix(digits, "0o"):
		base, digits = 8, digits[2:]
	case len(digits) > 1 && digits[0] == '0' && strings.Trim(digits, "01234567") == "":
		base, digits = 8, digits[1:]
	}
	if v, err := strconv.ParseInt(digits, base, 64); err == nil && digits[0] != '+' && digits[0] != '-' {
		return Scalar{Kind: IntScalar, Int: sign * v, Float: float64(sign * v)}
	}
	if floats(plain) {
		if v, err := strconv.ParseFloat(plain, 64); err == nil {
			return Scalar{Kind: FloatScalar, Float: v}
		}
	}
	return Scalar{}
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
