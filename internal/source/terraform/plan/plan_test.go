package plan

import (
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
)

const small = `{
  "format_version": "1.2", "terraform_version": "1.9.5",
  "variables": {"region": {"value": "eu-central-1"}, "password": {"value": "hunter2"}},
  "planned_values": {"root_module": {}},
  "resource_drift": [
    {"address": "aws_security_group.web", "mode": "managed", "type": "aws_security_group", "name": "web",
     "change": {"actions": ["update"], "before": {"ingress": [{"port": 1}, {"port": 2}], "tags": null, "name": "web"}, "after": {"ingress": [{"port": 2}, {"port": 1}], "tags": {}, "name": "web"}}},
    {"address": "aws_security_group.db", "mode": "managed", "type": "aws_security_group", "name": "db",
     "change": {"actions": ["update"], "before": {"ingress": [{"port": 1}]}, "after": {"ingress": [{"port": 1}, {"port": 22}]}}},
    {"address": "aws_sqs_queue.q[0]", "mode": "managed", "type": "aws_sqs_queue", "name": "q", "change": {"actions": ["delete"], "before": {"name": "q"}, "after": null}},
    {"address": "aws_iam_policy.p", "mode": "managed", "type": "aws_iam_policy", "name": "p",
     "change": {"actions": ["update"], "before": {"policy": "{\"a\":1,\"b\":[\"x\",\"y\"]}"}, "after": {"policy": "{\"b\":[\"y\",\"x\"],\"a\":1}"}}}
  ],
  "resource_changes": [
    {"address": "aws_s3_bucket.b", "mode": "managed", "type": "aws_s3_bucket", "name": "b", "provider_name": "registry.terraform.io/hashicorp/aws",
     "change": {"actions": ["create"], "before": null, "after": {"bucket": "data", "tags": {"Owner": "team"}, "size": 10000000000000000000001},
                "after_unknown": {"arn": true, "tags": {}, "rule": [{"id": true}]}, "after_sensitive": {}}},
    {"address": "module.db[\"a.b\"].aws_db_instance.main", "module_address": "module.db[\"a.b\"]", "mode": "managed", "type": "aws_db_instance", "name": "main", "provider_name": "registry.terraform.io/hashicorp/aws",
     "change": {"actions": ["delete", "create"], "before": {}, "after": {"password": "hunter2", "role": null, "bucket": "data", "vpc": [{"id": "vpc-1"}]},
                "after_unknown": {"role": true}, "after_sensitive": {"password": true}}},
    {"address": "aws_old.gone", "mode": "managed", "type": "aws_old", "name": "gone", "change": {"actions": ["delete"], "before": {}, "after": null}},
    {"address": "data.aws_vpc.v", "mode": "data", "type": "aws_vpc", "name": "v", "change": {"actions": ["read"], "before": null, "after": {"default": true}, "after_unknown": {"id": true}}}
  ],
  "configuration": {
    "provider_config": {
      "aws": {"name": "aws", "full_name": "registry.terraform.io/hashicorp/aws", "version_constraint": "~> 5.0", "expressions": {"region": {"references": ["var.region"]}, "default_tags": [{"tags": {"constant_value": {"Team": "x"}}}]}},
      "aws.us": {"name": "aws", "alias": "us", "full_name": "registry.terraform.io/hashicorp/aws", "expressions": {"region": {"constant_value": "us-east-1"}}}
    },
    "root_module": {
      "variables": {"password": {"sensitive": true}},
      "resources": [
        {"address": "aws_s3_bucket.b", "mode": "managed", "type": "aws_s3_bucket", "name": "b", "provider_config_key": "aws.us", "expressions": {"bucket": {"constant_value": "data"}}}
      ],
      "module_calls": {
        "role": {"source": "./role", "module": {"outputs": {"arn": {"expression": {"references": ["aws_iam_role.r.arn", "aws_iam_role.r"]}}}}},
        "db": {"source": "acme/db/aws", "version_constraint": "1.2.0", "expressions": {"bucket": {"references": ["aws_s3_bucket.b.id", "aws_s3_bucket.b"]}, "role": {"references": ["module.role.arn", "module.role"]}},
          "module": {"resources": [
            {"address": "aws_db_instance.main", "mode": "managed", "type": "aws_db_instance", "name": "main", "provider_config_key": "module.db:aws",
             "expressions": {"bucket": {"references": ["var.bucket"]}, "role": {"references": ["var.role"]}, "vpc": [{"id": {"references": ["data.aws_vpc.v.id", "data.aws_vpc.v"]}}]}}
          ]}}
      }
    }
  }
}`

// TestRead keeps what is known apart from what is not and from what must not be
// seen, and follows references through modules.
func TestRead(t *testing.T) {
	t.Parallel()
	c := Read("plan.json", strings.NewReader(small))
	if c == nil || len(c.Problems) > 0 {
		t.Fatalf("got %+v", c)
	}
	got := map[string]*model.Resource{}
	for _, r := range c.Resources {
		got[r.Base] = r
	}
	if len(got) != 3 {
		t.Errorf("got %d resources, want 3: what is deleted is gone", len(got))
	}
	b, db := got["aws_s3_bucket.b"], got["module.db.aws_db_instance.main"]
	if b.Provider != "aws.us" || db.Provider != "aws" || !got["data.aws_vpc.v"].Data {
		t.Errorf("providers %q and %q", b.Provider, db.Provider)
	}
	for _, tt := range []struct {
		what string
		v    model.Value
		want string
	}{
		{"bucket", b.Body.Get("bucket"), `{3 data} []`},
		{"a large number", b.Body.Get("size"), `{3 10000000000000000000001} []`},
		{"arn", b.Body.Get("arn"), `{1 } []`},
		{"a block that is not known", b.Body.Get("rule"), `{1 } []`},
		{"tag", b.Body.Get("tags", "Owner"), `{3 team} []`},
		{"password", db.Body.Get("password"), `{1 } []`},
		{"role", db.Body.Get("role"), `{1 } [module.role.aws_iam_role.r]`},
		{"bucket by way of a module", db.Body.Get("bucket"), `{3 data} [aws_s3_bucket.b]`},
		{"in a block", db.Body.Get("vpc", "id"), `{3 vpc-1} [module.db.data.aws_vpc.v]`},
		{"region", c.Providers[0].Body.Get("region"), `{3 eu-central-1} []`},
		{"default tag", c.Providers[0].Body.Get("default_tags", "tags", "Team"), `{3 x} []`},
	} {
		if got := fmt.Sprintf("{%d %s} %v", tt.v.Kind, tt.v.Text, tt.v.Refs); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.what, got, tt.want)
		}
	}
	if got := fmt.Sprint(c.Drift); got != "[{aws_security_group.db aws_security_group [update] [ingress]} {aws_sqs_queue.q[0] aws_sqs_queue [delete] []}]" {
		t.Errorf("drift %s", got)
	}
	if len(c.Modules) != 2 || c.Modules[0].Version != "1.2.0" || c.Required["hashicorp/aws"].Text != "~> 5.0" {
		t.Errorf("modules %+v, required %v", c.Modules, c.Required)
	}
	if strings.Contains(fmt.Sprintf("%+v", c.Resources), "hunter2") {
		t.Error("a secret is kept")
	}
}

// TestBroken tells plans from other JSON, and says of one that ends too early
// that it does.
func TestBroken(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{"name": "x", "version": "1.0"}`: "no plan",
		`[1, 2]`:                          "no plan",
		``:                                "no plan",
		`{"format_version": "1.0", "terraform_version": "1.9.0", "values": {}}`:    "no plan", // a state
		`{"format_version": "1.0", "resource_changes": [`:                          "cannot be read to its end",
		`{"format_version": "1.0", "resource_changes": [{"address": 1}]}`:          "cannot be read to its end",
		`{"format_version": "9.0", "resource_changes": []}`:                        "has format version 9.0",
		`{"format_version": "1.0", "resource_changes": [],` + deep(10_000) + `}`:   "it nests too deep",
		`{"format_version": "1.0", "planned_values": {"a": "\"}"}, "x": [{}, 1]} `: "",
	} {
		c := Read("x.json", strings.NewReader(text))
		got := "no plan"
		if c != nil {
			got = ""
			if len(c.Problems) > 0 {
				got = c.Problems[0].Message
			}
		}
		if want == "" && got != "" || !strings.Contains(got, want) {
			t.Errorf("%.60s: got %q, want %q", text, got, want)
		}
	}
}

func deep(n int) string { return `"x": ` + strings.Repeat("[", n) + strings.Repeat("]", n) }

// TestBorrow gives a plan the places of the code, and what refers to what by way
// of local values.
func TestBorrow(t *testing.T) {
	t.Parallel()
	at := func(line int) fact.Location { return fact.Location{File: "main.tf", Line: line} }
	code := &model.Config{Backend: "s3", Resources: []*model.Resource{{Address: "aws_a.a", Base: "aws_a.a", At: at(3), Body: model.Value{Kind: model.Object, Fields: map[string]model.Value{
		"name": {Kind: model.Unknown, At: at(4), Refs: []string{"aws_b.b"}},
		"rule": {Kind: model.List, Items: []model.Value{{Kind: model.Object, At: at(5), Fields: map[string]model.Value{"port": {Kind: model.Scalar, Text: "1", At: at(6)}}}}},
	}}}}}
	c := &model.Config{Required: map[string]model.Value{}, Resources: []*model.Resource{{Address: "aws_a.a[0]", Base: "aws_a.a", Body: model.Value{Kind: model.Object, Fields: map[string]model.Value{
		"name": {Kind: model.Scalar, Text: "x"}, "more": {Kind: model.Scalar, Text: "y"},
		"rule": {Kind: model.List, Items: []model.Value{{Kind: model.Object, Fields: map[string]model.Value{"port": {Kind: model.Scalar, Text: "2"}}}}},
	}}}}}
	Borrow(c, code)
	r := c.Resources[0]
	got := fmt.Sprintf("%d %d %d %d %v %s %s", r.At.Line, r.Body.Get("name").At.Line, r.Body.Get("more").At.Line, r.Body.Get("rule", "port").At.Line, r.Body.Get("name").Refs, r.Body.Get("rule", "port").Text, c.Backend)
	if got != "3 4 3 6 [aws_b.b] 2 s3" {
		t.Errorf("got %s", got)
	}
}

// endless is a plan of so many resources.
type endless struct {
	left    int
	pending []byte
	end     bool
}

func (e *endless) Read(p []byte) (int, error) {
	if len(e.pending) == 0 {
		switch {
		case e.left > 0:
			e.left--
			e.pending = fmt.Appendf(nil, `{"address": "aws_x.y[%d]", "mode": "managed", "type": "aws_x", "name": "y", "change": {"actions": ["no-op"], "before": %[2]s, "after": %[2]s, "after_unknown": {"id": true}}},`, e.left, filler)
		case !e.end:
			e.end = true
			e.pending = []byte(`{"address": "aws_x.last", "mode": "managed", "type": "aws_x", "name": "last", "change": {"actions": ["no-op"], "after": {}}}], "prior_state": {}}`)
		default:
			return 0, io.EOF
		}
	}
	n := copy(p, e.pending)
	e.pending = e.pending[n:]
	return n, nil
}

var filler = `{"name": "x", "user_data": "` + strings.Repeat("0123456789", 800) + `", "tags": {"a": "b"}}`

// TestLarge reads a plan without keeping it: what is left of it are the values
// of its resources, once. A plan of 200 MB (12,500 resources of
// 16 kB) took 2.6 CPU seconds and 219 MB at its peak, with the generator; 100 MB
// of that are values.
func TestLarge(t *testing.T) {
	const n = 1000 // of 16 kB each
	head := `{"format_version": "1.2", "terraform_version": "1.9.5", "planned_values": {"filler": [` + strings.Repeat(filler+",", 500) + `1]}, "resource_changes": [`
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	c := Read("plan.json", io.MultiReader(strings.NewReader(head), &endless{left: n}))
	runtime.GC()
	runtime.ReadMemStats(&after)
	if len(c.Resources) != n+1 || len(c.Problems) > 0 {
		t.Fatalf("got %d resources, %v", len(c.Resources), c.Problems)
	}
	kept := int64(after.HeapAlloc) - int64(before.HeapAlloc)
	if whole := int64(n * 16_000); kept > whole*3/4 {
		t.Errorf("%d MB are kept of a plan of %d MB", kept>>20, whole>>20)
	}
	runtime.KeepAlive(c)
}

// FuzzRead must come to an end without a crash.
func FuzzRead(f *testing.F) {
	f.Add(small)
	f.Add(`{"resource_changes": [{"change": {"after": [1]}}], "configuration": {"root_module": {"module_calls": {"a": null}}}}`)
	f.Fuzz(func(t *testing.T, text string) { Read("plan.json", strings.NewReader(text)) })
}
