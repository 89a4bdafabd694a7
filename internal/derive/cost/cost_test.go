package cost

import (
	"encoding/csv"
	"strings"
	"testing"
	"time"

	"seaworthy.dev/seaworthy/internal/fact"
)

func TestBuiltInBook(t *testing.T) {
	b := Default()
	for class, want := range map[string]float64{
		"m5.large": 0.096, "m5.xlarge": 0.192, "m5.24xlarge": 4.608, "t3.micro": 0.0104, "db.r7g.2xlarge": 0.956, "cache.m6g.large": 0.149,
	} {
		if got, listed := b.Class("aws", class); !listed || got < want-1e-9 || got > want+1e-9 {
			t.Errorf("an hour of %s costs %v (listed: %v), not %v", class, got, listed, want)
		}
	}
	if got, listed := b.Class("google", "e2-standard-4"); !listed || got < 0.134 || got > 0.1341 {
		t.Errorf("an hour of e2-standard-4 costs %v (listed: %v)", got, listed)
	}
	for _, class := range []string{"", "m5.metal", "m5.0xlarge", "m5.-2xlarge", "x9.large", "m5", "e2-standard-0"} {
		if got, listed := b.Class("aws", class); listed {
			t.Errorf("%q is in no book, and costs %v", class, got)
		}
	}
}

func TestBookOfOnesOwn(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"a typo":          {"name: a\ndate: 2026-01-01\ncurrency: EUR\nsource: us\ncompuet: {}\n", "compuet"},
		"no date":         {"name: a\ncurrency: EUR\nsource: us\n", "date on which they held"},
		"below zero":      {"name: a\ndate: 2026-01-01\ncurrency: EUR\nsource: us\nflat: {aws_lb: -1}\n", "flat.aws_lb is below zero"},
		"a long month":    {"name: a\ndate: 2026-01-01\ncurrency: EUR\nsource: us\nhours: 9000\n", "no 9000 hours"},
		"no YAML":         {"\tname: [", "not valid YAML"},
		"no name":         {"date: 2026-01-01\ncurrency: EUR\nsource: us\n", "has a name"},
		"nothing at all":  {"", "date"},
		"a list of lists": {"- []\n", "list"},
	} {
		b, problems := Read("own.yaml", []byte(c.text))
		if b != nil || len(problems) == 0 {
			t.Errorf("%s: it is taken for a book", name)
			continue
		}
		all := ""
		for _, p := range problems {
			all += p.Message + "\n"
		}
		if !strings.Contains(all, c.want) {
			t.Errorf("%s: says %q, and nothing of %q", name, all, c.want)
		}
	}
	b, problems := Read("own.yaml", []byte("name: a\ndate: 2026-01-01\ncurrency: EUR\nsource: us\ncompute: {kubernetes: {cpu: 1}}\n"))
	if len(problems) > 0 || b.Currency != "EUR" || b.Hours != 730 || len(b.Digest) != 64 {
		t.Errorf("a small book is read as %+v with %v", b, problems)
	}
}

func container(role fact.Role, cpu, limit int64) fact.Container {
	none := fact.Resources{MilliCPU: -1, Memory: -1}
	c := fact.Container{Name: "c", Role: role, Requests: none, Limits: none}
	c.Requests.MilliCPU, c.Limits.MilliCPU = cpu, limit
	return c
}

func TestAsks(t *testing.T) {
	for name, c := range map[string]struct {
		containers []fact.Container
		want       int64
		lacks      bool
	}{
		"the sum of what runs together":               {[]fact.Container{container(fact.Main, 100, -1), container(fact.Sidecar, 50, -1)}, 150, false},
		"a larger one before":                         {[]fact.Container{container(fact.Init, 900, -1), container(fact.Main, 100, -1)}, 900, false},
		"a native sidecar runs beside those after it": {[]fact.Container{container(fact.Sidecar, 50, -1), container(fact.Init, 900, -1), container(fact.Main, 100, -1)}, 950, false},
		"a limit stands for the request":              {[]fact.Container{container(fact.Main, -1, 250)}, 250, false},
		"one that says nothing":                       {[]fact.Container{container(fact.Main, 100, -1), container(fact.Main, -1, -1)}, 0, true},
		"one before the work that says nothing":       {[]fact.Container{container(fact.Init, -1, -1), container(fact.Main, 100, -1)}, 100, false},
		"none":                                        {nil, 0, true},
	} {
		got, lacking := asks(&fact.Workload{Name: "w", Containers: c.containers}, "cpu")
		if got != c.want || (lacking != "") != c.lacks {
			t.Errorf("%s: asks for %d (lacks %q), not %d", name, got, lacking, c.want)
		}
	}
}

// service returns a set with one workload of 1 CPU and 1 GiB.
func service(bundle, variant string, replicas int) *fact.Set {
	c := container(fact.Main, 1000, -1)
	c.Requests.Memory = gib
	return &fact.Set{Bundle: bundle, Variant: variant, ProductionLike: true, Workloads: []*fact.Workload{{
		Ref: fact.Ref{Subject: "apps/v1/Deployment web"}, Platform: fact.Kubernetes, Name: "web", Replicas: replicas, Containers: []fact.Container{c},
	}}}
}

func TestOnce(t *testing.T) {
	book := Default()
	one := Of("s", "", []*fact.Set{service("a", "", 2)}, book).Sum()
	if one.Low != one.High || one.Low < 52 || one.Low > 53 {
		t.Errorf("two instances cost %+v", one)
	}
	if got := Of("s", "", []*fact.Set{service("a", "", 2), service("b", "", 1)}, book); got.Sum() != one || got.Assumption == "" {
		t.Errorf("the same in two bundles costs %+v, and the dearer one %+v", got.Sum(), one)
	}
	if got := Of("s", "", []*fact.Set{service("a", "eu", 2), service("a", "us", 2)}, book).Sum(); got.Low != 2*one.Low {
		t.Errorf("the same in two variants costs %+v, not twice %+v", got, one)
	}
	aside := service("a", "dev", 2)
	aside.ProductionLike = false
	if got := Of("s", "", []*fact.Set{aside}, book); len(got.Lines) > 0 {
		t.Errorf("what is not meant for production costs %+v", got.Sum())
	}
}

func TestScaling(t *testing.T) {
	s := service("a", "", 9)
	s.Autoscalers = []*fact.Autoscaler{{Engine: "hpa", TargetName: "web", Min: 2, Max: 6}}
	if r := Of("s", "", []*fact.Set{s}, Default()).Sum(); r.High < 2.99*r.Low || r.High > 3.01*r.Low {
		t.Errorf("2 to 6 instances cost %+v", r)
	}
	s.Autoscalers[0].Max = -1
	if r := Of("s", "", []*fact.Set{s}, Default()).Sum(); !r.Unbounded {
		t.Errorf("any number of instances costs %+v", r)
	}
}

func TestNodesAreNotAdded(t *testing.T) {
	nodes := &fact.Set{Bundle: "infra", ProductionLike: true, Charges: []*fact.Charge{{
		Ref: fact.Ref{Subject: "aws_eks_node_group.a"}, Name: "aws_eks_node_group.a", Provider: "aws", Type: "aws_eks_node_group", Kind: "machine", Class: "m5.large", Min: 3, Max: 3, Capacity: true,
	}}}
	alone := Of("s", "", []*fact.Set{nodes}, Default()).Sum()
	if alone.Low < 210 || alone.Low > 211 {
		t.Errorf("three nodes cost %+v", alone)
	}
	web := service("deploy", "", 2)
	if got, want := Of("s", "", []*fact.Set{nodes, web}, Default()).Sum(), Of("s", "", []*fact.Set{web}, Default()).Sum(); got != want {
		t.Errorf("with the nodes beside it the workload costs %+v, not %+v", got, want)
	}
}

func TestFOCUS(t *testing.T) {
	s := service("a", "", 2)
	s.Workloads[0].Name = "=cmd()"
	s.Workloads = append(s.Workloads, &fact.Workload{Ref: fact.Ref{Subject: "batch/v1/CronJob n"}, Platform: fact.Kubernetes, Form: fact.Scheduled, Name: "n"})
	var out strings.Builder
	left, err := WriteFOCUS(&out, []Estimate{Of("s", "team", []*fact.Set{s}, Default())}, time.Date(2026, 12, 31, 23, 0, 0, 0, time.UTC))
	if err != nil || left != 1 {
		t.Fatalf("%d lines are left out, %v", left, err)
	}
	rows, err := csv.NewReader(strings.NewReader(out.String())).ReadAll()
	if err != nil || len(rows) != 3 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	column := func(row []string, name string) string {
		for i, c := range rows[0] {
			if c == name {
				return row[i]
			}
		}
		t.Fatalf("there is no column %s", name)
		return ""
	}
	for name, want := range map[string]string{
		"x_Estimate": "true", "BillingPeriodStart": "2026-12-01T00:00:00Z", "BillingPeriodEnd": "2027-01-01T00:00:00Z", "ResourceName": "'=cmd()", "PricingUnit": "vCPU-Hours", "PricingQuantity": "1460.0000", "x_Owner": "team",
	} {
		if got := column(rows[1], name); got != want {
			t.Errorf("%s is %q, not %q", name, got, want)
		}
	}
}

func TestCompare(t *testing.T) {
	book := Default()
	then := Of("s", "", []*fact.Set{service("a", "", 2)}, book).Lines
	now := Of("s", "", []*fact.Set{service("a", "", 3)}, book).Lines
	if got := Compare(then, then); len(got) > 0 {
		t.Errorf("nothing differs, and %+v is listed", got)
	}
	if got := Compare(then, now); len(got) != 1 || got[0].New || got[0].Gone || got[0].Now.Low <= got[0].Then.Low {
		t.Errorf("one more instance: %+v", got)
	}
	if got := Compare(nil, now); len(got) != 1 || !got[0].New {
		t.Errorf("a new workload: %+v", got)
	}
	if got := Compare(then, nil); len(got) != 1 || !got[0].Gone {
		t.Errorf("one that is gone: %+v", got)
	}
}
