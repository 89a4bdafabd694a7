// Package child runs hostile work in a process of its own: the same binary,
// with a deadline for each request and a limit on memory. A template that
// loops or grows without end costs one request and never the run.
package child

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime/debug"
	"runtime/metrics"
	"strconv"
	"strings"
	"time"
)

// The environment variables that turn the binary into a child.
const (
	jobVariable    = "SEAWORTHY_CHILD"
	memoryVariable = "SEAWORTHY_CHILD_MEMORY"
)

// exhausted is the exit code of a child that outgrew its memory.
const exhausted = 86

// Handler answers one request in the child. It must not write to standard
// output, which carries the answers.
type Handler func(request json.RawMessage) (response any, err error)

// Limits bound a child.
type Limits struct {
	// Deadline for each request; the first one includes the child's start.
	Deadline time.Duration
	// Memory in bytes that the child may hold.
	Memory int64
}

// reply is one line of a child's output.
type reply struct {
	Response json.RawMessage `json:"response,omitempty"`
	Error    string          `json:"error,omitempty"`
}

// Serve answers requests until its input ends, if this process was started as
// a child; otherwise it returns false at once. Call it first thing in main.
func Serve(jobs map[string]Handler) bool {
	job := os.Getenv(jobVariable)
	if job == "" {
		return false
	}
	handler, found := jobs[job]
	if !found {
		fmt.Fprintf(os.Stderr, "there is no job %q\n", job)
		os.Exit(2)
	}
	if limit, err := strconv.ParseInt(os.Getenv(memoryVariable), 10, 64); err == nil && limit > 0 {
		restrict(limit)
	}
	out := bufio.NewWriter(os.Stdout)
	in := json.NewDecoder(bufio.NewReaderSize(os.Stdin, 1<<16))
	for {
		var request json.RawMessage
		if err := in.Decode(&request); err != nil {
			return true // the parent closed the pipe
		}
		if err := json.NewEncoder(out).Encode(answer(handler, request)); err != nil {
			return true
		}
		if out.Flush() != nil {
			return true
		}
	}
}

func answer(handler Handler, request json.RawMessage) (r reply) {
	defer func() {
		if p := recover(); p != nil {
			r = reply{Error: fmt.Sprintf("panic: %v", p)}
		}
	}()
	response, err := handler(request)
	if err != nil {
		return reply{Error: err.Error()}
	}
	data, err := json.Marshal(response)
	if err != nil {
		return reply{Error: err.Error()}
	}
	return reply{Response: data}
}

// restrict ends the process when it outgrows its memory: the system's limit
// stops a single huge allocation, the watch stops slow growth.
func restrict(limit int64) {
	debug.SetMemoryLimit(limit * 3 / 4)
	limitAddressSpace(limit)
	go func() {
		sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
		for range time.Tick(20 * time.Millisecond) {
			if metrics.Read(sample); int64(sample[0].Value.Uint64()) > limit {
				os.Exit(exhausted)
			}
		}
	}()
}

// Worker talks to one child, which it starts when it is first needed and
// again after one was lost. It serves one request at a time.
type Worker struct {
	job    string
	limits Limits
	cmd    *exec.Cmd
	in     io.WriteCloser
	out    *json.Decoder
	stderr *bytes.Buffer
}

// New returns a worker for a job that Serve knows in the child.
func New(job string, limits Limits) *Worker { return &Worker{job: job, limits: limits} }

// Failure says why a request got no answer though the request itself was
// delivered: the handler's own error, or the loss of the child.
type Failure struct {
	// Lost is true where the child had to be ended or ended by itself.
	Lost   bool
	Reason string
}

// Error returns the reason.
func (f *Failure) Error() string { return f.Reason }

// Do sends a request and fills the response. The error is a *Failure where the
// work itself failed.
func (w *Worker) Do(ctx context.Context, request, response any) error {
	ctx, cancel := context.WithTimeout(ctx, w.limits.Deadline)
	defer cancel()
	if w.cmd == nil {
		if err := w.start(); err != nil {
			return err
		}
	}
	done := make(chan error, 1)
	var r reply
	go func() {
		if err := json.NewEncoder(w.in).Encode(request); err != nil {
			done <- err
			return
		}
		done <- w.out.Decode(&r)
	}()
	select {
	case <-ctx.Done():
		w.kill()
		<-done
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			return &Failure{Lost: true, Reason: fmt.Sprintf("took longer than %s and was stopped", w.limits.Deadline)}
		}
		return ctx.Err()
	case err := <-done:
		if err != nil {
			return w.lost()
		}
	}
	if r.Error != "" {
		return &Failure{Reason: r.Error}
	}
	return json.Unmarshal(r.Response, response)
}

// Close ends the child.
func (w *Worker) Close() {
	if w.cmd == nil {
		return
	}
	w.in.Close()
	w.kill()
}

func (w *Worker) start() error {
	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find the program itself: %w", err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), jobVariable+"="+w.job, memoryVariable+"="+strconv.FormatInt(w.limits.Memory, 10))
	w.stderr = &bytes.Buffer{}
	cmd.Stderr = &capped{to: w.stderr, room: 4096}
	in, err := cmd.StdinPipe()
	if err != nil {
		return fmt.Errorf("start %s: %w", w.job, err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return fmt.Errorf("start %s: %w", w.job, err)
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start %s: %w", w.job, err)
	}
	w.cmd, w.in, w.out = cmd, in, json.NewDecoder(bufio.NewReaderSize(out, 1<<16))
	return nil
}

func (w *Worker) kill() {
	_ = w.cmd.Process.Kill() // by its own handle; it may have ended already
	_ = w.cmd.Wait()
	w.cmd = nil
}

// lost says why the child ended in the middle of a request.
func (w *Worker) lost() error {
	_ = w.in.Close()
	err := w.cmd.Wait()
	w.cmd = nil
	said := strings.TrimSpace(w.stderr.String())
	var ended *exec.ExitError
	switch {
	case errors.As(err, &ended) && ended.ExitCode() == exhausted, strings.Contains(said, "out of memory"), strings.Contains(said, "cannot allocate memory"):
		return &Failure{Lost: true, Reason: fmt.Sprintf("needed more than %d MiB of memory and was stopped", w.limits.Memory>>20)}
	case strings.Contains(said, "stack overflow") || strings.Contains(said, "stack exceeds"):
		return &Failure{Lost: true, Reason: "called itself without end and was stopped"}
	}
	first, _, _ := strings.Cut(said, "\n")
	return &Failure{Lost: true, Reason: strings.TrimSpace(fmt.Sprintf("ended unexpectedly (%v) %s", err, first))}
}

// capped keeps the first bytes that a child says and drops the rest.
type capped struct {
	to   *bytes.Buffer
	room int
}

func (c *capped) Write(p []byte) (int, error) {
	if n := min(len(p), c.room); n > 0 {
		c.to.Write(p[:n])
		c.room -= n
	}
	return len(p), nil
}
