package cost

import (
	"fmt"
	"strconv"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
)

// charge prices a resource of a cloud by its size and by what it keeps. Shared is
// true where workloads of the estimate run on such machines.
func (e *Estimate) charge(c *fact.Charge, shared bool) {
	base := Line{
		Ref: c.Ref, Name: c.Name, Kind: c.Kind, Owner: named(c.Tags), Capacity: c.Capacity && shared,
		Provider: c.Provider, Region: c.Region, Class: c.Class,
	}
	n := span{low: c.Min, high: c.Max}
	switch {
	case c.ByUse:
		e.lacks(base, "it is paid for by use, which no file tells", "")
		return
	case c.CountWhy != "":
		e.lacks(base, "how many there are is not known, for "+c.CountWhy, "estimate a plan (`terraform show -json`), in which it stands")
		return
	}
	if c.Kind != "volume" {
		e.sized(c, base, n)
	}
	switch {
	case c.GiBWhy != "":
		line := base
		line.Kind = "volume"
		e.lacks(line, "how much it keeps is not known, for "+c.GiBWhy, "estimate a plan (`terraform show -json`), in which it stands")
	case c.GiB > 0:
		e.kept(c, base, n)
	case c.Kind == "volume":
		e.lacks(base, "it has no size", "")
	}
}

// sized prices the hours of a size.
func (e *Estimate) sized(c *fact.Charge, line Line, n span) {
	price, listed := e.Book.Flat[c.Type]
	line.Says = n.String() + " x " + c.Type
	switch {
	case c.ClassWhy != "":
		e.lacks(line, "its size is not known, for "+c.ClassWhy, "estimate a plan (`terraform show -json`), in which it stands")
		return
	case c.Class != "":
		price, listed = e.Book.Class(c.Provider, c.Class)
		line.Says = n.String() + " x " + c.Class
	case !listed && c.GiB > 0:
		return // paid for by what it keeps
	}
	if !listed {
		what := c.Class
		if what == "" {
			what = c.Type
		}
		e.lacks(line, "the book has no price for "+what, "add it to a book of your own (--book)")
		return
	}
	line.Unit = "instance-hour"
	e.add(line, float64(n.low)*e.Book.Hours, float64(n.high)*e.Book.Hours, price)
}

// kept prices what is kept.
func (e *Estimate) kept(c *fact.Charge, line Line, n span) {
	price, listed := e.Book.Storage[c.Provider][c.Medium]
	line.Kind, line.Class = "volume", c.Medium
	line.Says = strings.TrimSpace(fmt.Sprintf("%s x %s GiB %s", n, strconv.FormatFloat(c.GiB, 'f', -1, 64), c.Medium))
	if !listed {
		e.lacks(line, "the book has no price for a GiB of "+strings.TrimSpace(c.Provider+" "+c.Medium), "add it to a book of your own (--book)")
		return
	}
	line.Unit = "GiB-month"
	e.add(line, float64(n.low)*c.GiB, float64(n.high)*c.GiB, price)
}
