package process

import "testing"

func TestShellKeeps(t *testing.T) {
	for _, c := range []struct {
		shell, line string
		stays, may  bool
	}{
		{"sh", "exec /app", false, false},
		{"sh", "migrate && exec /app", false, false},
		{"sh", "trap 'kill $pid' TERM; /app & wait", false, false},
		{"sh", "/app", false, true},
		{"bash", "/app", false, false},
		{"bash", "migrate && /app", false, true},
		{"sh", "cat /config | envsubst > /out; /app", false, true},
		{"sh", "/app --name $(hostname | cut -d- -f2)", false, true},
		{"sh", "/app 2>&1", false, true},
		{"sh", "while true; do /app; sleep 1; done", true, false},
		{"sh", "/app | tee /log", true, false},
		{"sh", "/app & wait", true, false},
	} {
		if stays, may := shellKeeps(c.shell, c.line); stays != c.stays || may != c.may {
			t.Errorf("shellKeeps(%q, %q) = %v, %v, want %v, %v", c.shell, c.line, stays, may, c.stays, c.may)
		}
	}
}
