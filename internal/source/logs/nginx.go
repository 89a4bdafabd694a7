package logs

import (
	"regexp"
	"strings"
	"sync"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/logs/conf"
)

// Nginx reads what a configuration of nginx that an object holds logs of requests.
// https://nginx.org/en/docs/http/ngx_http_log_module.html
func Nginx(f File) (fact.Set, []fact.Problem) {
	root, err := conf.Nginx(f.text())
	if err != nil {
		set, problems := f.failed(err)
		set.Coverage.Holes[0].Kinds = []fact.Kind{fact.AccessLogs}
		return set, problems
	}
	n := nginx{File: f, formats: map[string]string{"combined": combined}}
	http, whole := root, false
	for i := range root {
		if root[i].Name == "http" {
			http, whole = root[i].Block, true
		}
	}
	n.gather(http)
	logs := n.level(http)
	var out fact.Set
	for i := range http {
		if http[i].Name != "server" {
			continue
		}
		server := &http[i]
		at := logs
		if own := n.level(server.Block); own != nil {
			at = own
		}
		for j := range server.Block {
			in := &server.Block[j]
			if in.Name == "location" && len(in.Args) > 0 && in.Args[len(in.Args)-1] == "/" {
				if own := n.level(in.Block); own != nil {
					at = own
				}
			}
		}
		if at == nil && !whole {
			continue // the main file, which is not here, decides
		}
		out.AccessLogs = append(out.AccessLogs, n.log(server, at))
	}
	return out, nil
}

// combined is the format that nginx has by itself.
const combined = `$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent"`

type nginx struct {
	File
	formats map[string]string
	basic   bool // it asks for a user's name and password
}

func (n *nginx) gather(list []conf.Directive) {
	for i := range list {
		d := &list[i]
		switch {
		case d.Name == "log_format" && len(d.Args) > 1:
			n.formats[d.Args[0]] = strings.Join(d.Args[1:], "")
		case d.Name == "auth_basic" && len(d.Args) > 0 && d.Args[0] != "off":
			n.basic = true
		}
		n.gather(d.Block)
	}
}

// level returns the last access_log of a level; nil where it has none.
func (n *nginx) level(list []conf.Directive) (out *conf.Directive) {
	for i := range list {
		if list[i].Name == "access_log" && len(list[i].Args) > 0 {
			out = &list[i]
		}
	}
	return out
}

// log says what a server logs.
func (n *nginx) log(server, d *conf.Directive) *fact.AccessLog {
	name := ""
	for i := range server.Block {
		if s := &server.Block[i]; s.Name == "server_name" && len(s.Args) > 0 {
			name = s.Args[0]
		}
	}
	l := &fact.AccessLog{
		Ref: n.Ref.Within("server " + firstOf(name, "_")), Engine: "nginx", Name: "nginx (" + n.title() + ")", At: n.at(server.Line), Format: "its default format",
		Scope: fact.AccessScope{Settings: n.Settings, Namespace: n.Namespace},
	}
	format := "combined"
	if d != nil {
		l.At = n.at(d.Line)
		if d.Args[0] == "off" || d.Args[0] == "/dev/null" {
			l.On = fact.No(l.At)
			l.On.Why = "access_log is " + d.Args[0] + " for server " + firstOf(name, "_") + " of nginx (" + n.title() + ")"
			return l
		}
		if len(d.Args) > 1 && !strings.Contains(d.Args[1], "=") {
			format, l.Format = d.Args[1], "its format "+d.Args[1]
		}
	}
	l.On = fact.Yes(l.At)
	text, known := n.formats[format]
	if !known {
		l.FieldsWhy = "its format " + format + " is not here"
		return l
	}
	l.Fields = []fact.AccessField{}
	named := variables()
	for _, f := range fact.AccessFields() {
		if named[f].MatchString(text) {
			l.Fields = append(l.Fields, f)
		}
	}
	if !n.basic && named[fact.FieldPrincipal].FindString(text) == "" && strings.Contains(text, "$remote_user") {
		l.Doubt = "has $remote_user, which only basic authentication fills"
	} else if n.basic && strings.Contains(text, "$remote_user") {
		l.Fields = append(l.Fields, fact.FieldPrincipal)
	}
	if strings.Contains(text, "$http_authorization") {
		l.Records = append(l.Records, "the header Authorization")
	}
	if strings.Contains(text, "$http_cookie") {
		l.Records = append(l.Records, "the cookies")
	}
	return l
}

// variables are those of nginx' that hold the five fields.
var variables = sync.OnceValue(func() map[fact.AccessField]*regexp.Regexp {
	return map[fact.AccessField]*regexp.Regexp{
		fact.FieldTime:      regexp.MustCompile(`\$\{?(time_local|time_iso8601|msec)`),
		fact.FieldMethod:    regexp.MustCompile(`\$\{?(request_method\b|request\b)`),
		fact.FieldPath:      regexp.MustCompile(`\$\{?(request_uri\b|request\b|uri\b|document_uri\b)`),
		fact.FieldStatus:    regexp.MustCompile(`\$\{?(status\b|upstream_status\b)`),
		fact.FieldPrincipal: regexp.MustCompile(`\$\{?(ssl_client_s_dn|ssl_client_fingerprint|ssl_client_serial|jwt_claim_\w+|http_x_(forwarded_)?(user|principal|auth_request_user)\w*|upstream_http_x_(user|principal)\w*|sent_http_x_(user|principal)\w*)`),
	}
})
