package compose

import (
	"fmt"
	"slices"
	"strings"

	yaml "go.yaml.in/yaml/v3"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
)

// converter turns nodes into the maps and lists that compose-go takes.
type converter struct {
	r       *reader
	doc     decode.Document
	budget  int
	dropped map[*decode.Node]bool
	// resets are the paths that !reset and !override name.
	resets [][]string
}

func (c *converter) drop(key *decode.Node) {
	if c.dropped == nil {
		c.dropped = map[*decode.Node]bool{}
	}
	c.dropped[key] = true
}

func (c *converter) value(n *decode.Node, at []string, depth int) any {
	n = decode.Follow(n)
	if c.budget--; n == nil || c.budget < 0 || depth > 100 {
		return nil
	}
	switch n.Kind {
	case yaml.MappingNode:
		out := map[string]any{}
		c.entries(n, out, at, depth)
		return out
	case yaml.SequenceNode:
		out := make([]any, 0, len(n.Content))
		for _, item := range n.Content {
			if v := c.value(item, append(at, "[]"), depth+1); v != nil && v != undecided {
				out = append(out, v)
			}
		}
		return out
	}
	return c.scalar(n, at)
}

func (c *converter) entries(n *decode.Node, out map[string]any, at []string, depth int) {
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], decode.Follow(n.Content[i+1])
		if key.Value != "<<" || value == nil || depth > 100 || c.budget < 0 {
			continue
		}
		merged := []*decode.Node{value}
		if value.Kind == yaml.SequenceNode {
			merged = value.Content
		}
		for j := len(merged) - 1; j >= 0; j-- {
			if m := decode.Follow(merged[j]); m != nil && m.Kind == yaml.MappingNode {
				c.entries(m, out, at, depth+1)
			}
		}
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if key.Value == "<<" || c.dropped[key] || strings.HasPrefix(key.Value, "x-") {
			continue
		}
		if value.Tag == "!reset" {
			delete(out, key.Value)
			c.resets = append(c.resets, append(slices.Clone(at), key.Value))
			continue
		}
		if value.Tag == "!override" {
			c.resets = append(c.resets, append(slices.Clone(at), key.Value))
		}
		v := c.value(value, append(slices.Clone(at), key.Value), depth+1)
		if v == undecided {
			delete(out, key.Value)
			continue
		}
		out[key.Value] = v
	}
}

// undecided stands for a value that a variable without a default decides, where
// compose-go wants more than text.
var undecided = any(struct{ undecided bool }{true})

// typed are keys whose values are more than text.
var typed = map[string]bool{
	"replicas": true, "scale": true, "cpus": true, "mem_limit": true, "mem_reservation": true, "memswap_limit": true, "mem_swappiness": true,
	"cpu_count": true, "cpu_percent": true, "cpu_period": true, "cpu_quota": true, "cpu_shares": true, "cpu_rt_period": true, "cpu_rt_runtime": true,
	"read_only": true, "privileged": true, "init": true, "interval": true, "timeout": true, "retries": true, "start_period": true, "start_interval": true,
	"disable": true, "stop_grace_period": true, "shm_size": true, "pids_limit": true, "tty": true, "stdin_open": true, "oom_kill_disable": true,
	"oom_score_adj": true, "internal": true, "external": true, "attachable": true, "parallelism": true, "delay": true, "monitor": true,
	"max_failure_ratio": true, "max_attempts": true, "window": true, "max_replicas_per_node": true, "memory": true, "pids": true, "mode": true,
	"soft": true, "hard": true, "nofile": true, "nproc": true, "size": true, "nocopy": true, "enable_ipv6": true, "enable_ipv4": true,
	"published": true, "target": true, "priority": true, "required": true, "condition": true, "uid": false, "gid": false,
}

// weighty are those of them on which expectations rest.
var weighty = map[string]bool{
	"replicas": true, "scale": true, "read_only": true, "privileged": true, "interval": true, "timeout": true, "retries": true, "start_period": true,
	"disable": true, "stop_grace_period": true, "internal": true, "max_attempts": true, "condition": true,
}

func (c *converter) scalar(n *decode.Node, at []string) any {
	if decode.Resolve(n).Kind != decode.StringScalar && n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) == 0 {
		var v any
		if n.Decode(&v) == nil {
			return v
		}
	}
	text := interpolate(n.Value)
	if strings.HasPrefix(text, "~/") {
		text = "/~" + text[1:] // nobody's home is looked up
	}
	name := open(text)
	last, list := "", false
	for i := len(at) - 1; i >= 0; i-- {
		if at[i] != "[]" {
			last = at[i]
			break
		}
		list = true
	}
	switch {
	case name == "":
	case list && (last == "ports" || last == "expose"):
		return c.port(text)
	case typed[last] && len(at) > 2 && at[0] != "configs" && last != "target":
		if weighty[last] {
			where := c.doc.At(n)
			c.r.hole(where, fmt.Sprintf("%s is ${%s}, which has no default", strings.Join(at, "."), name), fact.Workloads, fact.Policies)
		}
		return undecided
	}
	if text != n.Value && typed[last] && text != "" { // a default of another type than text
		var v any
		if (&yaml.Node{Kind: yaml.ScalarNode, Value: text}).Decode(&v) == nil {
			return v
		}
	}
	return text
}

// port keeps of a port's short form what is known: the container's port, and
// that a port of the host is opened.
func (c *converter) port(text string) any {
	protocol := ""
	if at := strings.LastIndexByte(text, '/'); at >= 0 {
		text, protocol = text[:at], text[at:]
	}
	var parts []string
	depth, start := 0, 0
	for i := range text {
		switch text[i] {
		case '{':
			depth++
		case '}':
			depth--
		case ':':
			if depth == 0 {
				parts, start = append(parts, text[start:i]), i+1
			}
		}
	}
	parts = append(parts, text[start:])
	target := parts[len(parts)-1]
	if open(target) != "" || open(protocol) != "" {
		return undecided
	}
	if len(parts) == 3 && open(parts[0]) == "" {
		return parts[0] + "::" + target + protocol
	}
	return target + protocol
}
