package aws

import (
	"seaworthy.dev/seaworthy/internal/derive/process"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
)

// functions reads functions of Lambda, which runs them without a machine of the
// owner's and starts instances for requests.
func (r *reader) functions() {
	for _, res := range r.of(kinds(fact.Workloads), "aws_lambda_function") {
		b := res.Body
		w := &fact.Workload{
			Ref: res.Ref(), Platform: fact.Lambda, Form: fact.Replicated, Kind: "Lambda function", Name: name(res, "function_name"),
			Serverless: true, PodAt: res.At, GraceAt: res.At, Drain: -1, PodLabels: map[string]string{},
			Strategy: fact.Strategy{Type: "AllAtOnce", At: res.At}, Replicas: 1,
		}
		r.tagged(w, res)
		c := fact.Container{
			Ref: res.Ref(), Name: w.Name, ReadOnlyRoot: true,
			Requests: fact.Resources{MilliCPU: -1, Memory: -1}, Limits: fact.Resources{MilliCPU: -1, Memory: -1},
		}
		if uri := b.Get("image_uri"); uri.Present() || !uri.Known() {
			c.Image = r.pulled(uri)
		} else {
			c.Archive = true
		}
		vars := b.Get("environment", "variables")
		if !vars.Known() {
			c.Env = append(c.Env, fact.Env{Name: "environment", Unknown: why(vars), At: vars.At})
		}
		var traced []process.Variable
		for _, key := range vars.Names() {
			value := vars.Fields[key]
			env, dials := r.variable(key, value, value.At)
			c.Env, c.Dials = append(c.Env, env), append(c.Dials, dials...)
			traced = append(traced, process.Variable{Name: key, Value: text(value), Elsewhere: !value.Known(), At: value.At})
		}
		c.Tracing = process.Tracing(traced)
		// https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html: the function
		// is a node of its own name.
		if text(b.Get("tracing_config", "mode")) == "Active" && c.Tracing.Exporter == "" {
			c.Tracing.Exporter, c.Tracing.Named = "X-Ray", true
		}
		c.Lines = &fact.LogOutput{Engine: "CloudWatch", Fate: fact.Central, At: res.At}
		w.Containers = []fact.Container{c}
		if own := b.Get("logging_config", "log_group"); own.Present() || !own.Known() {
			w.LogsTo = "a group of its own"
		}
		r.identified(w, res, b.Get("role"))
		r.placed(w, res, b.Get("vpc_config", "subnet_ids"))
		if b.Get("vpc_config").Present() {
			r.grouped(w, b.Get("vpc_config", "security_group_ids"), true)
		}
		r.into.Workloads = append(r.into.Workloads, w)
		r.urls(w, res)
	}
}

// urls reads addresses of a function's own.
func (r *reader) urls(w *fact.Workload, res *model.Resource) {
	for _, u := range r.of(kinds(fact.Services), "aws_lambda_function_url") {
		f := u.Body.Get("function_name")
		if !(f.RefersTo(res.Base) && r.fits(u, res)) && text(f) != w.Name {
			continue
		}
		label := "behind " + u.Address
		w.PodLabels[label] = "true"
		r.into.Services = append(r.into.Services, &fact.Service{
			Ref: u.Ref(), Name: name(u), Type: "URL", Internal: text(u.Body.Get("authorization_type")) == "AWS_IAM",
			Selects: fact.Selector{Labels: map[string]string{label: "true"}},
		})
	}
}
