package fact

import (
	"fmt"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// TestAmountRoundsAsKubernetes compares shares with intstr, by which the
// controllers round.
func TestAmountRoundsAsKubernetes(t *testing.T) {
	for total := range 12 {
		for percent := range 101 {
			for _, up := range []bool{true, false} {
				share := intstr.FromString(fmt.Sprintf("%d%%", percent))
				want, err := intstr.GetScaledValueFromIntOrPercent(&share, total, up)
				if err != nil {
					t.Fatal(err)
				}
				if got := Share(percent).Of(total, up); got != want {
					t.Errorf("%d%% of %d, up=%v: got %d, want %d", percent, total, up, got, want)
				}
			}
		}
	}
	if got := (Amount{}).Of(5, true); got != 0 {
		t.Errorf("nothing is %d", got)
	}
	if got := Count(3).Of(1, false); got != 3 {
		t.Errorf("3 of 1 is %d", got)
	}
	for a, want := range map[Amount]string{{}: "unset", Count(2): "2", Share(25): "25%"} {
		if a.String() != want {
			t.Errorf("got %s, want %s", a, want)
		}
	}
}

// TestEvictable does the disruption controller's sums: desired healthy pods
// from the budget, rounded up, and what remains may go.
func TestEvictable(t *testing.T) {
	allowed := func(b Budget, replicas int) int {
		scaled := func(a Amount) int {
			v := intstr.FromInt32(int32(a.Value))
			if a.Percent {
				v = intstr.FromString(fmt.Sprintf("%d%%", a.Value))
			}
			n, err := intstr.GetScaledValueFromIntOrPercent(&v, replicas, true)
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		desired := 1
		switch {
		case b.MaxUnavailable.Set:
			desired = max(replicas-scaled(b.MaxUnavailable), 0)
		case b.MinAvailable.Set:
			desired = scaled(b.MinAvailable)
		}
		return max(replicas-desired, 0)
	}
	amounts := []Amount{{}, Count(0), Count(1), Count(2), Count(9), Share(0), Share(1), Share(25), Share(34), Share(50), Share(99), Share(100)}
	for replicas := range 8 {
		for _, a := range amounts {
			for _, b := range []Budget{{MinAvailable: a}, {MaxUnavailable: a}} {
				if got, want := b.Evictable(replicas), allowed(b, replicas); got != want {
					t.Errorf("min %s, max %s of %d: got %d, want %d", b.MinAvailable, b.MaxUnavailable, replicas, got, want)
				}
			}
		}
	}
}

// TestSelectorMatchesAsKubernetes compares selectors with those of the API.
func TestSelectorMatchesAsKubernetes(t *testing.T) {
	carried := []map[string]string{nil, {}, {"app": "web"}, {"app": "api"}, {"app": ""}, {"app": "web", "tier": "front"}, {"tier": "front"}, {"tier": "back", "app": "web"}}
	expressions := [][]metav1.LabelSelectorRequirement{
		nil,
		{{Key: "app", Operator: "In", Values: []string{"web", "db"}}},
		{{Key: "app", Operator: "NotIn", Values: []string{"web"}}},
		{{Key: "app", Operator: "Exists"}},
		{{Key: "app", Operator: "DoesNotExist"}},
		{{Key: "app", Operator: "Exists"}, {Key: "tier", Operator: "NotIn", Values: []string{"front"}}},
	}
	for _, want := range []map[string]string{nil, {"app": "web"}, {"app": "web", "tier": "front"}, {"app": ""}} {
		for _, terms := range expressions {
			if len(want)+len(terms) == 0 {
				continue // the source decides what an empty one means
			}
			oracle, err := metav1.LabelSelectorAsSelector(&metav1.LabelSelector{MatchLabels: want, MatchExpressions: terms})
			if err != nil {
				t.Fatal(err)
			}
			s := Selector{Labels: want}
			for _, e := range terms {
				s.Terms = append(s.Terms, Term{Key: e.Key, Operator: string(e.Operator), Values: e.Values})
			}
			for _, l := range carried {
				if got, want := s.Matches(l), oracle.Matches(labels.Set(l)); got != want {
					t.Errorf("%s on %v: got %v, Kubernetes says %v", s, l, got, want)
				}
			}
		}
	}
	if (Selector{}).Matches(map[string]string{"a": "b"}) || !(Selector{Everything: true}).Matches(nil) {
		t.Error("the empty selector must match nothing, and Everything everything")
	}
	if (Selector{Terms: []Term{{Key: "a", Operator: "Gt"}}}).Matches(map[string]string{"a": "1"}) {
		t.Error("an operator that is not known must match nothing")
	}
	s := Selector{Labels: map[string]string{"b": "2", "a": "1"}, Terms: []Term{{Key: "c", Operator: "In", Values: []string{"x", "y"}}, {Key: "d", Operator: "Exists"}, {Key: "e", Operator: "DoesNotExist"}}}
	if got, want := s.String(), "!e,a=1,b=2,c in (x,y),d"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestParseImage takes names apart as container runtimes do.
func TestParseImage(t *testing.T) {
	for raw, want := range map[string]Image{
		"nginx":                                 {Registry: "docker.io", Repository: "library/nginx"},
		"nginx:1.27":                            {Registry: "docker.io", Repository: "library/nginx", Tag: "1.27"},
		"acme/web:1":                            {Registry: "docker.io", Repository: "acme/web", Tag: "1"},
		"docker.io/nginx":                       {Registry: "docker.io", Repository: "library/nginx"},
		"index.docker.io/acme/web":              {Registry: "docker.io", Repository: "acme/web"},
		"registry-1.docker.io/nginx":            {Registry: "docker.io", Repository: "library/nginx"},
		"ghcr.io/acme/web@sha256:00ff":          {Registry: "ghcr.io", Repository: "acme/web", Digest: "sha256:00ff"},
		"ghcr.io/acme/web:1@sha256:00ff":        {Registry: "ghcr.io", Repository: "acme/web", Tag: "1", Digest: "sha256:00ff"},
		"localhost/web":                         {Registry: "localhost", Repository: "web"},
		"localhost:5000/web":                    {Registry: "localhost:5000", Repository: "web"},
		"registry:5000/a/b/c:v1_2-3.4":          {Registry: "registry:5000", Repository: "a/b/c", Tag: "v1_2-3.4"},
		"REGISTRY/web:1":                        {Registry: "REGISTRY", Repository: "web", Tag: "1"},
		"123.dkr.ecr.eu-west-1.amazonaws.com/w": {Registry: "123.dkr.ecr.eu-west-1.amazonaws.com", Repository: "w"},
		// Names that no runtime takes.
		"": {}, "IMAGE": {}, "example.com/Web:1": {}, "web:": {}, "web@": {}, "web:a b": {}, "${IMAGE}": {}, "<image>": {}, "a//b": {}, "web:-1": {}, "https://example.com/web": {}, "example.com/": {},
	} {
		want.Raw = raw
		if got := ParseImage(raw); got != want {
			t.Errorf("%q: got %+v, want %+v", raw, got, want)
		}
	}
	if got := ParseImage("docker.io/library/postgres:17").Base(); got != "postgres" {
		t.Errorf("base is %q", got)
	}
	if got := ParseImage("IMAGE").Base(); got != "" {
		t.Errorf("base is %q", got)
	}
}

// TestCoverage: a hole touches the kinds that it names, or any if it names
// none; and any hole may hide an object.
func TestCoverage(t *testing.T) {
	some := Coverage{Holes: []Hole{{Kinds: []Kind{Budgets}, Why: "one"}, {Kinds: []Kind{Alerts}, Why: "two"}}}
	anything := Coverage{Holes: []Hole{{Why: "any"}}}
	for _, tt := range []struct {
		c     Coverage
		kinds []Kind
		want  string
	}{
		{Coverage{}, Kinds(), ""},
		{some, []Kind{Workloads}, ""},
		{some, []Kind{Workloads, Budgets}, "one"},
		{some, []Kind{Alerts}, "two"},
		{some, []Kind{Alerts, Budgets}, "one"},
		{some, []Kind{Objects}, "one"},
		{some, nil, ""},
		{anything, []Kind{Workloads}, "any"},
	} {
		hole, missing := tt.c.Missing(tt.kinds...)
		if hole.Why != tt.want || missing != (tt.want != "") || tt.c.Complete(tt.kinds...) == missing {
			t.Errorf("%v of %v: %q, %v", tt.kinds, tt.c, hole.Why, missing)
		}
	}
	c := Coverage{Holes: []Hole{{Location: Location{File: "b", Line: 1}}, {Location: Location{File: "a", Line: 2}}, {Location: Location{File: "a", Line: 1}}}}
	c.Sort()
	if c.Holes[0].Line != 1 || c.Holes[0].File != "a" || c.Holes[2].File != "b" {
		t.Errorf("sorted as %v", c.Holes)
	}
}

// TestRefs holds how places are narrowed and moved.
func TestRefs(t *testing.T) {
	r := Ref{Subject: "apps/v1/Deployment shop/web", Location: Location{File: "f", Line: 3}}
	if r.Kind() != "Deployment" || (Ref{Subject: "v1/Pod a/b"}).Kind() != "Pod" {
		t.Errorf("kind is %q", r.Kind())
	}
	if got := r.Within("container a").Within("port 80").Part; got != "container a, port 80" {
		t.Errorf("part is %q", got)
	}
	if got := r.At(Location{File: "f"}); got.Line != 3 {
		t.Error("a place that is not known must not take the place of one that is")
	}
	if got := r.At(Location{File: "f", Line: 9}); got.Line != 9 {
		t.Error("a known place must count")
	}
}

// TestVersions orders minor versions by number, not by letter.
func TestVersions(t *testing.T) {
	for text, want := range map[string]Version{"1.37": {1, 37}, "v1.9": {1, 9}, "1.37.2": {1, 37}, "1.30+": {1, 30}, "v1.30.0-eks": {1, 30}} {
		if got, err := ParseVersion(text); err != nil || got != want {
			t.Errorf("%s: %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "1", "x.y", "1.-2", "latest"} {
		if _, err := ParseVersion(text); err == nil {
			t.Errorf("%q is taken", text)
		}
	}
	if !(Version{1, 9}).Before(Version{1, 10}) || (Version{2, 0}).Before(Version{1, 10}) || (Version{1, 9}).Before(Version{1, 9}) {
		t.Error("versions are ordered wrongly")
	}
}
