package aws

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/tools/txtar"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/hcl"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
)

func scalar(text string) model.Value { return model.Value{Kind: model.Scalar, Text: text} }

func object(pairs ...any) model.Value {
	v := model.Value{Kind: model.Object, Fields: map[string]model.Value{}}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Fields[pairs[i].(string)] = pairs[i+1].(model.Value)
	}
	return v
}

func list(items ...model.Value) model.Value { return model.Value{Kind: model.List, Items: items} }

func unsure(why string, refs ...string) model.Value {
	return model.Value{Kind: model.Unknown, Why: why, Refs: refs}
}

func resource(kind, name string, body model.Value) *model.Resource {
	return &model.Resource{Address: kind + "." + name, Base: kind + "." + name, Type: kind, Name: name, Body: body,
		At: fact.Location{File: "main.tf", Line: 1}}
}

// TestTaskByReference joins a service with its task definition by reference,
// as values that are known only when they are applied.
func TestTaskByReference(t *testing.T) {
	c := &model.Config{Resources: []*model.Resource{
		resource("aws_ecs_task_definition", "web", object("family", scalar("web"), "container_definitions",
			scalar(`[{"name": "web", "image": "example.com/web:1.2.3", "user": "1000", "stopTimeout": 45}]`))),
		resource("aws_ecs_service", "web", object("name", scalar("web"), "desired_count", unsure("variable n has no value", ""),
			"task_definition", unsure("it is known after apply", "aws_ecs_task_definition.web"))),
	}}
	var set fact.Set
	Facts(c, &set)
	if len(set.Workloads) != 1 {
		t.Fatalf("%d workloads", len(set.Workloads))
	}
	w := set.Workloads[0]
	if len(w.Containers) != 1 || w.Containers[0].Image.Tag != "1.2.3" || w.Grace != 45 {
		t.Errorf("the task was not read: %+v", w)
	}
	if u, open := w.Unknown.Any(fact.Number); !open || u.Why != "variable n has no value" {
		t.Errorf("the number is not unknown: %+v", w.Unknown)
	}
}

// TestUncountedLeavesAHole: a resource that may not be there is no fact, and
// its absence is none either.
func TestUncountedLeavesAHole(t *testing.T) {
	scaler := resource("aws_appautoscaling_target", "web", object("min_capacity", scalar("2")))
	scaler.Count = unsure("variable scale has no value")
	var set fact.Set
	Facts(&model.Config{Resources: []*model.Resource{scaler}}, &set)
	if len(set.Autoscalers) != 0 || set.Coverage.Complete(fact.Autoscalers) {
		t.Errorf("%d autoscalers, holes %+v", len(set.Autoscalers), set.Coverage.Holes)
	}
}

// TestUnreadTaskLeavesAHole: what a task runs that is no JSON, or not known, is
// nowhere taken for nothing.
func TestUnreadTaskLeavesAHole(t *testing.T) {
	for name, definitions := range map[string]model.Value{
		"unknown": unsure("file web.json is not in the tree"),
		"broken":  scalar(`[{"name": `),
	} {
		c := &model.Config{Resources: []*model.Resource{
			resource("aws_ecs_task_definition", "web", object("family", scalar("web"), "container_definitions", definitions)),
		}}
		var set fact.Set
		Facts(c, &set)
		if set.Coverage.Complete(fact.Workloads) {
			t.Errorf("%s: the coverage is complete", name)
		}
	}
}

// TestDocuments reads the same statement from JSON in a text, from jsonencode
// and from a data source.
func TestDocuments(t *testing.T) {
	encoded := object("Statement", list(object("Effect", scalar("Allow"), "Action", scalar("s3:GetObject"), "Resource", scalar("*"))))
	data := resource("aws_iam_policy_document", "web", object("statement", list(object("actions", list(scalar("s3:GetObject")), "resources", list(scalar("*"))))))
	data.Data, data.Base, data.Address = true, "data.aws_iam_policy_document.web", "data.aws_iam_policy_document.web"
	for name, policy := range map[string]model.Value{
		"text":       scalar(`{"Statement": {"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": "*"}}`),
		"jsonencode": {Kind: model.Unknown, Encoded: &encoded},
		"data":       unsure("data is read when it is applied", "data.aws_iam_policy_document.web"),
	} {
		c := &model.Config{Resources: []*model.Resource{data, resource("aws_iam_role_policy", "web", object("role", scalar("web"), "policy", policy))}}
		var set fact.Set
		Facts(c, &set)
		if len(set.Grants) != 1 || !set.Grants[0].Allows("s3:GetObject") || !set.Grants[0].Everywhere() || set.Grants[0].Unknown != "" {
			t.Errorf("%s: %+v", name, set.Grants)
		}
	}
}

func TestShares(t *testing.T) {
	for config, want := range map[string][2]int{
		"CodeDeployDefault.ECSCanary10Percent5Minutes":      {10, 5},
		"CodeDeployDefault.ECSCanary10Percent15Minutes":     {10, 15},
		"CodeDeployDefault.LambdaCanary10Percent30Minutes":  {10, 30},
		"CodeDeployDefault.ECSLinear10PercentEvery1Minutes": {10, 1},
	} {
		kind := "Canary"
		if want[1] == 1 {
			kind = "Linear"
		}
		if share, minutes := percents(config, kind); share != want[0] || minutes != want[1] {
			t.Errorf("%s: %d %%, %d minutes", config, share, minutes)
		}
	}
}

// TestNoShapeBreaksIt puts each shape that a value may have into each place of
// what the cases describe, one at a time.
func TestNoShapeBreaksIt(t *testing.T) {
	shapes := []model.Value{
		{}, {Kind: model.Null}, unsure(""), unsure("x", "aws_lb.shop", "data.x.y", "."), list(), list(model.Value{}), list(unsure("")), object(), object("a", list()),
		scalar(""), scalar("-1"), scalar("999999999999999999999"), scalar("*"), scalar("a/b/c:d"), scalar("[{]"), scalar(`[[], {"name": 1}, null]`), scalar("{}"), {Kind: model.Kind(99)},
	}
	files, err := filepath.Glob(filepath.Join("..", "..", "..", "..", "standard", "*", "*", "testdata", "aws-*.txtar"))
	if err != nil || len(files) == 0 {
		t.Fatal("there are no cases", err)
	}
	tried := 0
	for n, file := range files {
		for _, unit := range read(t, file) {
			for _, c := range unit.Configs {
				for i, res := range c.Resources {
					for j, name := range res.Body.Names() {
						kept := res.Body.Fields[name]
						shape := shapes[(n+i*7+j*3)%len(shapes)]
						for _, v := range []model.Value{shape, list(object(name, shape))} {
							tried++
							res.Body.Fields[name] = v
							Facts(c, new(fact.Set))
						}
						res.Body.Fields[name] = kept
					}
				}
			}
		}
	}
	t.Logf("%d shapes in places", tried)
}

func read(t *testing.T, file string) []hcl.Unit {
	t.Helper()
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return hcl.Read(context.Background(), hcl.Tree{
		Files: []string{"main.tf"},
		Open: func(rel string, _ int) ([]byte, error) {
			for _, f := range archive.Files {
				if f.Name == rel {
					return f.Data, nil
				}
			}
			return nil, os.ErrNotExist
		},
		Show: func(rel string) string { return rel },
	})
}
