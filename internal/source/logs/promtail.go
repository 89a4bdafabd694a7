package logs

import (
	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/derive/shipping"
	"seaworthy.dev/seaworthy/internal/fact"
)

// Promtail reads a configuration of Promtail, or of the logs of Grafana Agent.
// https://grafana.com/docs/loki/latest/send-data/promtail/configuration/
func Promtail(f File, root *decode.Node) (fact.Set, []fact.Problem) {
	s := f.shipper("promtail")
	outputs := clients(f, root)
	for _, job := range decode.Items(decode.Child(root, "scrape_configs")) {
		for _, st := range scraped(f, job) {
			for _, o := range outputs {
				st.Output = o
				add(s, st)
			}
			if len(outputs) == 0 {
				st.Output = fact.LogOutput{Engine: "no client", Why: "no client is written in its configuration"}
				add(s, st)
			}
		}
	}
	return only(s)
}

func clients(f File, root *decode.Node) (out []fact.LogOutput) {
	list := decode.Items(decode.Child(root, "clients"))
	if one := decode.Child(root, "client"); decode.IsMapping(one) {
		list = append(list, one)
	}
	for _, c := range list {
		o := shipping.Output("loki", decode.Text(decode.Child(c, "url")), f.Doc.At(c))
		out = append(out, o)
	}
	return out
}

// scraped returns what a job reads.
func scraped(f File, job *decode.Node) (out []fact.LogStream) {
	at := f.Doc.At(job)
	name := decode.Text(decode.Child(job, "job_name"))
	rules := kept(relabels(f, decode.Child(job, "relabel_configs")))
	rules = append(rules, stages(f, decode.Child(job, "pipeline_stages"))...)
	for _, sd := range decode.Items(decode.Child(job, "kubernetes_sd_configs")) {
		st := fact.LogStream{Name: name, Reads: fact.ContainerLogs, Rules: rules, At: at}
		if role := decode.Text(decode.Child(sd, "role")); role != "pod" && role != "" {
			st.Unknown = "it discovers by the role " + role
		}
		if spaces := namespaces(f, decode.Dig(sd, "namespaces", "names")); spaces != nil {
			st.Rules = append(st.Rules[:len(st.Rules):len(st.Rules)], *spaces)
		}
		out = append(out, st)
	}
	if journal := decode.KeyOf(job, "journal"); journal != nil {
		out = append(out, fact.LogStream{Name: "journal", Reads: fact.SystemLogs, Rules: rules, At: f.Doc.At(journal)})
	}
	if decode.Child(job, "docker_sd_configs") != nil {
		out = append(out, fact.LogStream{Name: name, Reads: fact.DockerLogs, At: at})
	}
	for _, target := range decode.Items(decode.Child(job, "static_configs")) {
		path := decode.Text(decode.Dig(target, "labels", "__path__"))
		if path == "" {
			continue
		}
		st := fact.LogStream{Name: name, Files: []string{path}, Reads: sourceOf([]string{path}), At: f.Doc.At(target)}
		if st.Reads == fact.ContainerLogs {
			st.Rules = []fact.LogRule{pathRule(true, "__path__", st.Files, st.At)}
			if not := decode.Text(decode.Dig(target, "labels", "__path_exclude__")); not != "" {
				st.Rules = append(st.Rules, pathRule(false, "__path_exclude__", []string{not}, st.At))
			}
		}
		out = append(out, st)
	}
	for _, pushed := range []string{"syslog", "loki_push_api", "gelf", "heroku_drain"} {
		if decode.Child(job, pushed) != nil {
			out = append(out, fact.LogStream{Name: pushed, Reads: fact.PushedLogs, At: at})
		}
	}
	return out
}

// namespaces is the rule that keeps those of a list; nil where there is none.
func namespaces(f File, list *decode.Node) *fact.LogRule {
	r := fact.LogRule{Keep: true, Of: []fact.LogField{{Of: "namespace"}}, At: f.Doc.At(list)}
	for _, item := range decode.Items(list) {
		r.Match = append(r.Match, fact.Pattern{Text: decode.Text(item)})
		r.Text = firstOf(r.Text, "its list of namespaces starts with "+decode.Text(item))
	}
	if len(r.Match) == 0 {
		return nil
	}
	r.Text = "it takes only the namespaces " + texts(r.Match)
	return &r
}

func texts(list []fact.Pattern) string {
	out := ""
	for i, p := range list {
		if i == 5 {
			return out + ", ..."
		}
		if i > 0 {
			out += ", "
		}
		out += p.Text
	}
	return out
}

func relabels(f File, list *decode.Node) (out []relabel) {
	for _, n := range decode.Items(list) {
		r := relabel{
			separator: decode.Text(decode.Child(n, "separator")), regex: decode.Text(decode.Child(n, "regex")), action: decode.Text(decode.Child(n, "action")),
			target: decode.Text(decode.Child(n, "target_label")), replacement: decode.Text(decode.Child(n, "replacement")), at: f.Doc.At(n),
		}
		if r.regex == "" && decode.Child(n, "regex") != nil {
			r.regex = "()"
		}
		for _, s := range decode.Items(decode.Child(n, "source_labels")) {
			r.sources = append(r.sources, decode.Text(s))
		}
		out = append(out, r)
	}
	return out
}

// stages returns what the stages of a pipeline drop by where it comes from.
func stages(f File, list *decode.Node) (out []fact.LogRule) {
	for _, stage := range decode.Items(list) {
		if m := decode.Child(stage, "match"); decode.Text(decode.Child(m, "action")) == "drop" {
			out = append(out, dropping(decode.Text(decode.Child(m, "selector")), f.Doc.At(m))...)
		}
	}
	return out
}
