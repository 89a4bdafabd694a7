package decode

import (
	"encoding/json"
	"fmt"
	"math"
	"testing"

	sigs "sigs.k8s.io/yaml"
)

// scalars are the words and numbers on which YAML 1.1, YAML 1.2 and their
// readers differ.
var scalars = []string{
	"y", "Y", "n", "N", "yes", "Yes", "YES", "yEs", "no", "No", "NO", "on", "On", "ON", "off", "Off", "OFF", "oFF",
	"true", "True", "TRUE", "tRUE", "false", "False", "FALSE", "t", "f", "T", "F",
	"~", "null", "Null", "NULL", "nULL", "nil", "none", "None",
	"0", "-0", "+0", "1", "+1", "-1", "00", "01", "007", "08", "09", "0644", "0755", "-0755", "+0755", "0o644", "0O644", "-0o17",
	"0x1F", "0X1f", "-0x1f", "0xg", "0x", "0b101", "0B101", "-0b101", "0b2", "0b", "0o", "0o8",
	"1_000", "1__0", "_1", "1_", "0_7", "0x_1f", "-_1", "1_000.5", "_", "+_",
	"9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809", "18446744073709551615", "18446744073709551616",
	"0xffffffffffffffff", "0x7fffffffffffffff", "-0x8000000000000000", "0777777777777777777777", "1777777777777777777777", "01777777777777777777777",
	"1.0", "1.", ".5", "-.5", "+.5", "-1.5", "1.5.2", "1,000", ".", "..", "-", "+", "--1", "+-1", "-+1", "- 1",
	"1e3", "1E3", "1e+3", "1e-3", "1.5e3", ".5e1", "1.e1", "1e", "e1", "1e1.5", "0e0", "1e400", "-1e400", "1e-400", "00e1", "012e2", "0x1p-2", "0x1.8p1", "1_0e1_0", "1p3",
	"1d", "100m", "1Gi", "50%", "1:30", "190:20:30", "12:30:45.5", "2001-12-14", "2001-12-14t21:59:43.10-05:00", "1.2.3", "v1", "1a", "0a",
	".inf", ".Inf", ".INF", "+.inf", "-.inf", "-.INF", ".iNF", "inf", "Inf", "Infinity", "-Infinity", ".nan", ".NaN", ".NAN", ".Nan", "nan", "NaN", "+.nan",
	"=", "<<", "a", "abc", "yes please", "true ", "on call", "0 1", "\u0661", "１",
}

// TestScalarsAsKubernetesReadsThem compares every scalar with what
// sigs.k8s.io/yaml, Kubernetes' own reader, makes of it, bare, quoted, and with a tag.
func TestScalarsAsKubernetesReadsThem(t *testing.T) {
	for _, text := range scalars {
		forms := []string{text, "'" + text + "'", `"` + text + `"`, "!!str " + text}
		if text != "<<" {
			forms = append(forms, "|-\n  "+text)
		}
		for _, tag := range []string{"!!int", "!!float", "!!bool", "!!null"} {
			forms = append(forms, tag+" "+text, tag+" '"+text+"'")
		}
		for _, form := range forms {
			data := []byte("v: " + form + "\n")
			want, err := sigs.YAMLToJSON(data)
			if err != nil {
				continue // what Kubernetes cannot read has no meaning to compare
			}
			node, problem := Document{File: "f", Line: 1, Data: data}.Parse()
			if problem != nil {
				t.Errorf("%s: %s", form, problem.Message)
				continue
			}
			d := decoder{budget: maxNodes}
			got, err := json.Marshal(d.plain(node, 0))
			if err != nil {
				got = []byte(err.Error())
			}
			if string(got) != string(want) && !sameNumber(got, want) {
				t.Errorf("%q: got %s, Kubernetes reads %s", form, got, want)
			}
		}
	}
}

// sameNumber allows numbers that differ only in how they are written.
func sameNumber(a, b []byte) bool {
	var x, y struct{ V *float64 }
	if json.Unmarshal(a, &x) != nil || json.Unmarshal(b, &y) != nil || x.V == nil || y.V == nil {
		return false
	}
	return *x.V == *y.V
}

// TestNumbersBeyondJSON holds those that JSON cannot carry: Kubernetes refuses
// them, so they must not pass as numbers either.
func TestNumbersBeyondJSON(t *testing.T) {
	for text, want := range map[string]float64{".inf": math.Inf(1), "-.inf": math.Inf(-1)} {
		if got := resolvePlain(text); got.Kind != FloatScalar || got.Float != want {
			t.Errorf("%s is %+v", text, got)
		}
		for _, field := range []string{"replicas", "share", "name"} {
			_, mismatches := into(t, fmt.Sprintf("%s: %s\n", field, text), true)
			if len(mismatches) != 1 {
				t.Errorf("%s: %s is taken", field, text)
			}
		}
	}
}
