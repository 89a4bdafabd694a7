// Package cost estimates what a service costs a month, from what it asks for and
// a dated book of prices. What cannot be told is said, and never counts as zero.
package cost

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
)

//go:embed prices.yaml
var prices []byte

// Book is a book of prices.
type Book struct {
	// Name and source of the prices, and the day on which they held.
	Name   string `json:"name"`
	Date   string `json:"date"`
	Source string `json:"source"`
	// Currency as ISO 4217 writes it.
	Currency string `json:"currency"`
	// Hours in a month.
	Hours float64 `json:"hours"`
	// Regions to which the prices of each cloud belong.
	Regions map[string]string `json:"regions"`
	// Compute is what an hour costs of what workloads ask for, by where they run:
	// kubernetes, fargate, compose.
	Compute map[string]Compute `json:"compute"`
	// Classes is what an hour of a size costs, by cloud; "m5.*" stands for the
	// large one of the family, of which others are multiples.
	Classes map[string]map[string]float64 `json:"classes"`
	// Flat is what an hour costs of what has one size, by type of resource.
	Flat map[string]float64 `json:"flat"`
	// Storage is what a GiB costs a month, by cloud and medium.
	Storage map[string]map[string]float64 `json:"storage"`

	// File from which it was read; empty for the one that is built in. Digest is
	// the SHA-256 of its bytes, in hex.
	File, Digest string `json:"-"`
}

// Compute is what an hour costs of one vCPU, of a GiB of memory, of a GPU, and of a
// GiB kept on a volume.
type Compute struct {
	CPU     float64 `json:"cpu"`
	Memory  float64 `json:"memory"`
	GPU     float64 `json:"gpu"`
	Storage float64 `json:"storage"`
}

// Default returns the book that is built in; nobody changes it.
func Default() *Book { return builtIn() }

// builtIn reads the table once: a cache of pure values.
var builtIn = sync.OnceValue(func() *Book {
	b, problems := Read("", prices)
	if len(problems) > 0 {
		panic("the built-in prices do not parse: " + problems[0].Message) // a test reads them
	}
	return b
})

// Read understands a book. With problems, there is none.
func Read(file string, data []byte) (*Book, []fact.Problem) {
	doc := decode.Document{File: file, Line: 1, Data: data}
	root, problem := doc.Parse()
	if problem != nil {
		return nil, []fact.Problem{*problem}
	}
	b := &Book{}
	var problems []fact.Problem
	for _, m := range decode.Into(root, b, true) {
		problems = append(problems, fact.Problem{Location: doc.At(m.Node), Message: m.Message})
	}
	wrong := func(format string, args ...any) {
		problems = append(problems, fact.Problem{Location: fact.Location{File: file, Line: 1}, Message: fmt.Sprintf(format, args...)})
	}
	if _, err := time.Parse(time.DateOnly, b.Date); err != nil {
		wrong("a book of prices has a date on which they held, as `date: 2026-06-30`, not %q", b.Date)
	}
	for _, field := range []struct{ name, value string }{{"name", b.Name}, {"source", b.Source}, {"currency", b.Currency}} {
		if field.value == "" {
			wrong("a book of prices has a %s", field.name)
		}
	}
	if b.Hours == 0 {
		b.Hours = 730 // a year's hours by twelve
	}
	if b.Hours < 1 || b.Hours > 744 {
		wrong("a month has no %v hours", b.Hours)
	}
	for _, key := range b.negative() {
		wrong("%s is below zero", key)
	}
	if len(problems) > 0 {
		return nil, problems
	}
	sum := sha256.Sum256(data)
	b.File, b.Digest = file, hex.EncodeToString(sum[:])
	return b, nil
}

// negative names the prices below zero.
func (b *Book) negative() (out []string) {
	for _, where := range slices.Sorted(maps.Keys(b.Compute)) {
		if c := b.Compute[where]; c.CPU < 0 || c.Memory < 0 || c.GPU < 0 || c.Storage < 0 {
			out = append(out, "compute."+where)
		}
	}
	for name, table := range map[string]map[string]map[string]float64{"classes": b.Classes, "flat": {"": b.Flat}, "storage": b.Storage} {
		for cloud, list := range table {
			for key, price := range list {
				if price < 0 {
					out = append(out, strings.Trim(name+"."+cloud, ".")+"."+key)
				}
			}
		}
	}
	slices.Sort(out)
	return out
}

// Class returns what an hour of a size costs.
func (b *Book) Class(cloud, class string) (float64, bool) {
	list := b.Classes[cloud]
	if price, listed := list[class]; listed {
		return price, true
	}
	for _, sep := range []string{".", "-"} {
		at := strings.LastIndex(class, sep)
		if at < 0 {
			continue
		}
		price, listed := list[class[:at+1]+"*"]
		if times, known := multiple(sep, class[at+1:]); listed && known {
			return price * times, true
		}
	}
	return 0, false
}

// multiple tells how many of a family's unit a size is: AWS doubles from "large"
// on, Google counts CPUs.
func multiple(sep, size string) (float64, bool) {
	if sep == "-" {
		n, err := strconv.Atoi(size)
		return float64(n), err == nil && n > 0
	}
	switch size {
	case "large":
		return 1, true
	case "xlarge":
		return 2, true
	}
	n, err := strconv.Atoi(strings.TrimSuffix(size, "xlarge"))
	return float64(2 * n), err == nil && n > 1 && strings.HasSuffix(size, "xlarge")
}
