// Package browser drives a Chromium over its DevTools protocol, through the two
// pipes that it opens for whoever started it: no port, no library, and it ends
// with its test.
package browser

import (
	"bufio"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"
)

// patience bounds every answer of the browser.
const patience = 60 * time.Second

// Browser is a Chromium that runs.
type Browser struct {
	t    *testing.T
	to   io.Writer
	mu   sync.Mutex
	next int
	// waiting are the calls without an answer yet, by number; pages hear the events.
	waiting map[int]chan message
	pages   map[string]*Page
	broken  error
}

// message is what goes through the pipes: a call, its answer, or an event.
type message struct {
	ID      int             `json:"id,omitempty"`
	Session string          `json:"sessionId,omitempty"`
	Method  string          `json:"method,omitempty"`
	Params  json.RawMessage `json:"params,omitempty"`
	Result  json.RawMessage `json:"result,omitempty"`
	Error   *struct {
		Message string `json:"message"`
	} `json:"error,omitempty"`
}

// Start starts a browser with a profile of its own; it ends with the test.
func Start(t *testing.T, program string) *Browser {
	t.Helper()
	in, to, err := os.Pipe()
	must(t, err)
	from, out, err := os.Pipe()
	must(t, err)
	cmd := exec.Command(program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking",
		"--disable-component-update", "--disable-sync", "--no-first-run", "--hide-scrollbars", "--remote-debugging-pipe", "--user-data-dir="+t.TempDir(), "about:blank")
	cmd.ExtraFiles = []*os.File{in, out} // 3 and 4 over there
	must(t, cmd.Start())
	in.Close()
	out.Close()
	b := &Browser{t: t, to: to, waiting: map[int]chan message{}, pages: map[string]*Page{}}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		b.listen(from)
	}()
	t.Cleanup(func() {
		to.Close() // it ends when nobody speaks to it any more
		late := time.AfterFunc(10*time.Second, func() { _ = cmd.Process.Kill() })
		_ = cmd.Wait()
		late.Stop()
		from.Close()
		<-ended
	})
	return b
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// listen hands out what the browser says: messages, each ended by a zero.
func (b *Browser) listen(from io.Reader) {
	lines := bufio.NewReader(from)
	for {
		text, err := lines.ReadBytes(0)
		b.mu.Lock()
		if err != nil {
			b.broken = fmt.Errorf("the browser is gone: %w", err)
			for _, w := range b.waiting {
				close(w)
			}
			b.waiting = nil
			b.mu.Unlock()
			return
		}
		var m message
		if err := json.Unmarshal(text[:len(text)-1], &m); err == nil {
			if w := b.waiting[m.ID]; w != nil {
				delete(b.waiting, m.ID)
				w <- m
			} else if p := b.pages[m.Session]; p != nil && m.Method != "" {
				p.events = append(p.events, m)
				select {
				case p.heard <- struct{}{}:
				default:
				}
			}
		}
		b.mu.Unlock()
	}
}

// call asks the browser, and fills its answer into a value.
func (b *Browser) call(session, method string, params, into any) {
	b.t.Helper()
	args, err := json.Marshal(params)
	must(b.t, err)
	answer := make(chan message, 1)
	b.mu.Lock()
	if b.broken != nil {
		b.mu.Unlock()
		b.t.Fatalf("%s: %v", method, b.broken)
	}
	b.next++
	m := message{ID: b.next, Session: session, Method: method, Params: args}
	b.waiting[m.ID] = answer
	text, err := json.Marshal(m)
	if err == nil {
		_, err = b.to.Write(append(text, 0))
	}
	b.mu.Unlock()
	must(b.t, err)
	select {
	case got, open := <-answer:
		if !open {
			b.t.Fatalf("%s: the browser is gone", method)
		}
		if got.Error != nil {
			b.t.Fatalf("%s: %s", method, got.Error.Message)
		}
		if into != nil {
			must(b.t, json.Unmarshal(got.Result, into))
		}
	case <-time.After(patience):
		b.t.Fatalf("%s: no answer within %s", method, patience)
	}
}

// Page is one tab.
type Page struct {
	b       *Browser
	target  string
	session string
	events  []message
	heard   chan struct{}
}

type object map[string]any

// Open opens an empty tab that tells all that it asks for and complains of.
func (b *Browser) Open() *Page {
	b.t.Helper()
	var made struct{ TargetID, SessionID string }
	b.call("", "Target.createTarget", object{"url": "about:blank"}, &made)
	p := &Page{b: b, target: made.TargetID, heard: make(chan struct{}, 1)}
	b.call("", "Target.attachToTarget", object{"targetId": p.target, "flatten": true}, &made)
	p.session = made.SessionID
	b.mu.Lock()
	b.pages[p.session] = p
	b.mu.Unlock()
	for _, domain := range []string{"Page", "Runtime", "Log", "Network", "Accessibility"} {
		p.call(domain+".enable", object{}, nil)
	}
	return p
}

// Close closes the tab.
func (p *Page) Close() { p.b.call("", "Target.closeTarget", object{"targetId": p.target}, nil) }

func (p *Page) call(method string, params, into any) {
	p.b.t.Helper()
	p.b.call(p.session, method, params, into)
}

// Go opens an address and waits until all of it is there.
func (p *Page) Go(url string) {
	p.b.t.Helper()
	loaded := p.count("Page.loadEventFired")
	var got struct{ ErrorText, LoaderID string }
	p.call("Page.navigate", object{"url": url}, &got)
	if got.ErrorText != "" {
		p.b.t.Fatalf("open %s: %s", url, got.ErrorText)
	}
	if got.LoaderID == "" {
		return // another place of the same page
	}
	late, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for p.count("Page.loadEventFired") == loaded {
		select {
		case <-p.heard:
		case <-late.Done():
			p.b.t.Fatalf("%s was not there within %s", url, patience)
		}
	}
}

func (p *Page) count(method string) int { return len(p.heardOf(method)) }

func (p *Page) heardOf(method string) (out []json.RawMessage) {
	p.b.mu.Lock()
	defer p.b.mu.Unlock()
	for _, e := range p.events {
		if e.Method == method {
			out = append(out, e.Params)
		}
	}
	return out
}

// Size makes the window so wide and high.
func (p *Page) Size(width, height int) {
	p.b.t.Helper()
	p.call("Emulation.setDeviceMetricsOverride", object{"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}, nil)
}

// Media shows the page as on a medium ("screen" or "print"), to who prefers a
// colour scheme ("light" or "dark").
func (p *Page) Media(medium, scheme string) {
	p.b.t.Helper()
	p.call("Emulation.setEmulatedMedia", object{"media": medium, "features": []object{{"name": "prefers-color-scheme", "value": scheme}}}, nil)
}

// Scripts says whether the page's own scripts run from the next load on.
func (p *Page) Scripts(run bool) {
	p.b.t.Helper()
	p.call("Emulation.setScriptExecutionDisabled", object{"value": !run}, nil)
}

// Ask evaluates an expression in the page.
func (p *Page) Ask(expression string, into any) {
	p.b.t.Helper()
	var got struct {
		Result           struct{ Value json.RawMessage }
		ExceptionDetails *struct {
			Text      string
			Exception struct{ Description string }
		}
	}
	p.call("Runtime.evaluate", object{"expression": expression, "returnByValue": true, "awaitPromise": true}, &got)
	if e := got.ExceptionDetails; e != nil {
		p.b.t.Fatalf("%s %s", e.Text, e.Exception.Description)
	}
	if into != nil {
		must(p.b.t, json.Unmarshal(got.Result.Value, into))
	}
}

// Press presses a key and lets it go: "Tab", "Enter" or " ".
func (p *Page) Press(key string) {
	p.b.t.Helper()
	codes := map[string]int{"Tab": 9, "Enter": 13, " ": 32}
	texts := map[string]string{"Enter": "\r", " ": " "}
	name := key
	if key == " " {
		name = "Space"
	}
	down := object{"type": "keyDown", "key": key, "code": name, "windowsVirtualKeyCode": codes[key]}
	if text := texts[key]; text != "" {
		down["text"] = text
	} else {
		down["type"] = "rawKeyDown"
	}
	p.call("Input.dispatchKeyEvent", down, nil)
	p.call("Input.dispatchKeyEvent", object{"type": "keyUp", "key": key, "code": name, "windowsVirtualKeyCode": codes[key]}, nil)
}

// Complaints lists what the page wrote to the console as an error or a warning,
// and what it threw.
func (p *Page) Complaints() (out []string) {
	for _, e := range p.heardOf("Runtime.exceptionThrown") {
		out = append(out, "threw "+string(e))
	}
	for _, e := range p.heardOf("Runtime.consoleAPICalled") {
		out = append(out, "wrote "+string(e))
	}
	for _, e := range p.heardOf("Log.entryAdded") {
		out = append(out, "logged "+string(e))
	}
	return out
}

// Requests lists what the page asked for, itself and what stands in it aside.
func (p *Page) Requests(self string) (out []string) {
	for _, e := range p.heardOf("Network.requestWillBeSent") {
		var r struct{ Request struct{ URL string } }
		must(p.b.t, json.Unmarshal(e, &r))
		url, _, _ := strings.Cut(r.Request.URL, "#")
		if url != self && !strings.HasPrefix(url, "data:") {
			out = append(out, url)
		}
	}
	return out
}

// Control is something that can be worked, as it is announced to who does not see
// it.
type Control struct{ Role, Name string }

// Controls lists what can be focused.
func (p *Page) Controls() (out []Control) {
	p.b.t.Helper()
	type value struct{ Value any }
	var got struct {
		Nodes []struct {
			Ignored    bool
			Role, Name value
			Properties []struct {
				Name  string
				Value value
			}
		}
	}
	p.call("Accessibility.getFullAXTree", object{}, &got)
	for _, n := range got.Nodes {
		for _, prop := range n.Properties {
			if prop.Name == "focusable" && prop.Value.Value == true && !n.Ignored && n.Role.Value != "RootWebArea" {
				out = append(out, Control{fmt.Sprint(n.Role.Value), strings.TrimSpace(fmt.Sprint(n.Name.Value))})
			}
		}
	}
	return out
}

// Picture takes a picture of what the window shows, as PNG.
func (p *Page) Picture() []byte {
	p.b.t.Helper()
	var got struct{ Data string }
	p.call("Page.captureScreenshot", object{"format": "png"}, &got)
	text, err := base64.StdEncoding.DecodeString(got.Data)
	must(p.b.t, err)
	return text
}
