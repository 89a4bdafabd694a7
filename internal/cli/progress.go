package cli

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
)

// patience is how long a run may take before it says what it is doing.
const patience = time.Second

// progress says on a terminal what a long run is doing, in one line that is
// gone in the end. It may be called from several places at once.
type progress struct {
	out     io.Writer // nil where nobody watches
	width   int
	started time.Time
	now     func() time.Time

	lock  sync.Mutex
	doing string
	shown bool
}

// step says what is being done now, and how much of it is done.
func (p *progress) step(doing string, done, total int, what string) {
	p.lock.Lock()
	line := []rune(fmt.Sprintf("%s %d of %d: %s", doing, done+1, total, what))
	if limit := max(p.width-1, 20); len(line) > limit {
		line = append(line[:limit-1], '…')
	}
	p.doing = strings.Map(printable, string(line))
	p.lock.Unlock()
	p.show()
}

// show writes the line once the run takes long.
func (p *progress) show() {
	p.lock.Lock()
	defer p.lock.Unlock()
	if p.out == nil || p.doing == "" || p.now().Sub(p.started) < patience {
		return
	}
	fmt.Fprint(p.out, "\r\x1b[K"+p.doing)
	p.shown = true
}

// printable drops what could move the cursor.
func printable(r rune) rune {
	if r < ' ' || r == 0x7f {
		return -1
	}
	return r
}

// clear takes the line away for good.
func (p *progress) clear() {
	p.lock.Lock()
	defer p.lock.Unlock()
	if p.shown {
		fmt.Fprint(p.out, "\r\x1b[K")
	}
	p.doing, p.shown = "", false
}
