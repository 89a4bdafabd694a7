package report

import (
	"encoding/json"
	"io"
	"math"

	"seaworthy.dev/seaworthy/internal/derive/cost"
)

// costsJSON is the estimate for programs.
type costsJSON struct {
	Estimate bool       `json:"estimate"` // always: nothing here was billed
	Book     bookJSON   `json:"priceBook"`
	Services []costJSON `json:"services"`
	Holes    []string   `json:"notRead"`
	Base     *costDiff  `json:"base,omitempty"`
	Owners   []costSum  `json:"owners"`
	Sum      costSum    `json:"sum"`
}

type bookJSON struct {
	Name     string            `json:"name"`
	Date     string            `json:"date"`
	Source   string            `json:"source"`
	SHA256   string            `json:"sha256"`
	Currency string            `json:"currency"`
	Regions  map[string]string `json:"regions,omitempty"`
}

type costSum struct {
	Name    string   `json:"name,omitempty"`
	Low     float64  `json:"low"`
	High    *float64 `json:"high"` // null where nothing bounds it
	Unknown int      `json:"unknown"`
}

type costJSON struct {
	costSum
	Budget *Budget    `json:"budget,omitempty"`
	Lines  []lineJSON `json:"lines"`
}

type lineJSON struct {
	Subject string `json:"subject"`
	File    string `json:"file,omitempty"`
	Line    int    `json:"line,omitempty"`
	Name    string `json:"name"`
	Kind    string `json:"kind"`
	Owner   string `json:"owner,omitempty"`
	Amount  string `json:"amount,omitempty"`
	Unit    string `json:"unit,omitempty"`
	// Price of one unit, and money a month; absent where it is not known.
	Price   *float64 `json:"unitPrice,omitempty"`
	Low     *float64 `json:"low,omitempty"`
	High    *float64 `json:"high,omitempty"`
	Added   bool     `json:"added"`
	Unknown string   `json:"unknown,omitempty"`
	Close   string   `json:"close,omitempty"`
}

type costDiff struct {
	Revision string       `json:"revision"`
	Commit   string       `json:"commit"`
	Changes  []changeJSON `json:"changes"`
}

type changeJSON struct {
	Service string  `json:"service"`
	Name    string  `json:"name"`
	New     bool    `json:"new,omitempty"`
	Gone    bool    `json:"gone,omitempty"`
	Then    costSum `json:"then"`
	Now     costSum `json:"now"`
}

func sumOf(name string, r cost.Range) costSum {
	s := costSum{Name: name, Low: cents(r.Low), Unknown: r.Unknown}
	if !r.Unbounded {
		high := cents(r.High)
		s.High = &high
	}
	return s
}

func cents(f float64) float64 { return math.Round(f*10000) / 10000 }

// JSON writes the estimate for programs.
func (c *Costs) JSON(w io.Writer) error {
	b := c.Book
	out := costsJSON{
		Estimate: true, Holes: append([]string{}, c.Holes...), Services: []costJSON{}, Owners: []costSum{},
		Book: bookJSON{b.Name, b.Date, b.Source, b.Digest, b.Currency, b.Regions},
	}
	var all cost.Range
	for _, e := range c.Estimates {
		r := e.Sum()
		all = cost.Range{Low: all.Low + r.Low, High: all.High + r.High, Unbounded: all.Unbounded || r.Unbounded, Unknown: all.Unknown + r.Unknown}
		s := costJSON{costSum: sumOf(e.Service, r), Lines: []lineJSON{}}
		if budget, set := c.Budgets[s.Name]; set {
			s.Budget = &budget
		}
		for _, l := range e.Lines {
			j := lineJSON{Subject: l.Subject, File: l.File, Line: l.Line, Name: l.Name, Kind: l.Kind, Owner: l.Owner, Amount: l.Says, Unit: l.Unit, Unknown: l.Unknown, Close: l.Mend, Added: l.Unknown == "" && !l.Capacity}
			if l.Unknown == "" {
				low, high, price := cents(l.Low), cents(l.High), l.UnitPrice
				j.Low, j.Price = &low, &price
				if !l.Unbounded {
					j.High = &high
				}
			}
			s.Lines = append(s.Lines, j)
		}
		out.Services = append(out.Services, s)
	}
	out.Sum = sumOf("", all)
	owners, sums := cost.Group(c.lines(), func(l cost.Line) string { return l.Owner })
	for _, name := range owners {
		out.Owners = append(out.Owners, sumOf(name, sums[name]))
	}
	if c.Base != "" {
		out.Base = &costDiff{Revision: c.Base, Commit: c.Commit, Changes: []changeJSON{}}
		for _, ch := range c.Changes {
			out.Base.Changes = append(out.Base.Changes, changeJSON{ch.Service, ch.Name, ch.New, ch.Gone, sumOf("", ch.Then), sumOf("", ch.Now)})
		}
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(out)
}
