package systemd

import (
	"slices"
	"strings"
	"testing"

	"seaworthy.dev/seaworthy/internal/fact"
)

func unitOf(t *testing.T, text string, dropins ...string) (*fact.Workload, Reading) {
	t.Helper()
	files := []File{{Name: "x.service", Shown: "x.service", Data: []byte(text)}}
	for i, d := range dropins {
		name := "x.service.d/" + string(rune('a'+i)) + ".conf"
		files = append(files, File{Name: name, Shown: name, Data: []byte(d)})
	}
	got := Read(files)
	if len(got.Facts.Workloads) == 0 {
		return nil, got
	}
	return got.Facts.Workloads[0], got
}

// TestSyntax: comments, lines that go on, quotes, and keys that stand twice are
// read by systemd's rules.
func TestSyntax(t *testing.T) {
	w, got := unitOf(t, `# a comment
; another
[Service]
ExecStart=-/usr/bin/x \
  --one \
# in between
  --two
Environment="A=b c" 'D=e' F=g
Environment=
Environment=H=1 \
    I=2
TimeoutStopSec=1min 30s
Restart = on-failure
`)
	if len(got.Problems) > 0 || w == nil {
		t.Fatal(got.Problems)
	}
	c := w.Containers[0]
	var names []string
	for _, e := range c.Env {
		names = append(names, e.Name)
	}
	if c.Command.Program != "/usr/bin/x" || strings.Join(names, ",") != "H,I" || w.Grace != 90 || w.Recovery.Restarts != "on-failure" {
		t.Errorf("program %s, variables %v, grace %d, restarts %s", c.Command.Program, names, w.Grace, w.Recovery.Restarts)
	}
}

// TestDropIns: drop-ins come after the unit, in the order of their names.
func TestDropIns(t *testing.T) {
	w, _ := unitOf(t, "[Service]\nExecStart=/a\nUser=root\n", "[Service]\nExecStart=\nExecStart=/b\nUser=app\n", "[Service]\nUser=last\n")
	if w.Containers[0].User != "last" || w.Containers[0].Command.Program != "/b" {
		t.Errorf("user %s, program %s", w.Containers[0].User, w.Containers[0].Command.Program)
	}
}

// TestMistakes: a key that systemd ignores is said with its line and the nearest
// one, and leaves a hole.
func TestMistakes(t *testing.T) {
	for text, want := range map[string]string{
		"[Service]\nExecStart=/x\nResart=always\n":         "Resart is no key of [Service], and systemd ignores it; did you mean Restart?",
		"[Unit]\nRestart=always\n[Service]\nExecStart=/x":  "Restart stands in [Unit], where systemd ignores it; it belongs to [Service]",
		"[Service]\nExecStart=/x\nRestart=allways\n":       `Restart is "allways"`,
		"[Service]\nExecStart=/x\nNoNewPrivileges=maybe\n": "which is no boolean",
		"[Service]\nExecStart=/x\nTimeoutStopSec=soon\n":   "which is no time span",
		"[Service]\nExecStart=/x\nnonsense\n":              "is neither a section nor Key=value",
		"ExecStart=/x\n[Service]\nExecStart=/y\n":          "ExecStart stands before any section",
		"[Service]\nUser=x\n":                              "starts nothing: it has no ExecStart",
		"[Service]\nExecStart=/x\n[Instal]\nWantedBy=a\n":  "[Instal] is no section, and systemd ignores all that stands in it; did you mean [Install]?",
		"[Sevice]\nExecStart=/x\n":                         "has no section [Service]",
	} {
		_, got := unitOf(t, text)
		found := slices.ContainsFunc(got.Problems, func(p fact.Problem) bool { return strings.Contains(p.Message, want) && p.Line > 0 })
		if !found || got.Facts.Coverage.Complete(fact.Workloads) {
			t.Errorf("%q says %v, want %q", text, got.Problems, want)
		}
	}
}

// TestKeys: every key that systemd takes, by an older name too, is taken.
// StartLimitIntervalSec never stood in [Service]; StartLimitInterval did.
func TestKeys(t *testing.T) {
	for section, keys := range map[string][]string{
		"Unit":    {"BindTo", "PropagateReloadTo", "PropagateReloadFrom", "OnFailureIsolate", "StartLimitInterval", "ConditionKernelModuleLoaded"},
		"Service": {"StartLimitInterval", "StartLimitBurst", "RebootArgument", "StartupMemoryZSwapMax", "PrivateBPF", "ExtensionImagePolicy", "ReadOnlyDirectories", "DefaultMemoryLow"},
		"Timer":   {"DeferReactivation", "RandomizedOffsetSec"},
		"Socket":  {"DeferTrigger", "AcceptFileDescriptors"},
		"Install": {"UpheldBy"},
	} {
		for _, key := range keys {
			if says := misplaced(section, key); says != "" {
				t.Errorf("%s in [%s]: %s", key, section, says)
			}
		}
	}
	if says := misplaced("Service", "StartLimitIntervalSec"); !strings.Contains(says, "belongs to [Unit]") {
		t.Errorf("StartLimitIntervalSec in [Service]: %q", says)
	}
}

// TestOthers: other programs use the same extension.
func TestOthers(t *testing.T) {
	for _, text := range []string{"[D-BUS Service]\nName=org.x\nExec=/x\n", "<?xml version=\"1.0\"?>\n<service-group/>\n", ""} {
		if w, got := unitOf(t, text); w != nil || len(got.Problems) > 0 {
			t.Errorf("%q is taken for a unit: %v", text, got.Problems)
		}
	}
}

// TestSpans reads time spans as systemd does.
func TestSpans(t *testing.T) {
	for text, want := range map[string]float64{"5": 5, "1min 30s": 90, "500ms": 0.5, "2h": 7200, "1.5s": 1.5} {
		if got, _, ok := seconds(text); !ok || got != want {
			t.Errorf("%q is %v, want %v", text, got, want)
		}
	}
	for _, text := range []string{"soon", "5 parsecs", "", "-1"} {
		if _, _, ok := seconds(text); ok {
			t.Errorf("%q is taken for a time span", text)
		}
	}
}

// FuzzRead: no input ends the reader.
func FuzzRead(f *testing.F) {
	f.Add("[Service]\nExecStart=/x \\\n  y\nEnvironment=\"A=b\n")
	f.Add("[Unit]\n[Service]\nCapabilityBoundingSet=~CAP_X\nRestart=\n")
	f.Fuzz(func(t *testing.T, text string) {
		Read([]File{{Name: "x.service", Shown: "x.service", Data: []byte(text)}})
	})
}
