package decode

import yaml "go.yaml.in/yaml/v3"

// Follow returns the node that n stands for: the target of an alias, else n
// itself. It returns nil for nil.
func Follow(n *Node) *Node {
	for hops := 0; n != nil && n.Kind == yaml.AliasNode; hops++ {
		if hops > 100 {
			return nil
		}
		n = n.Alias
	}
	return n
}

// Child returns the value of a key of a mapping, the value of a merged mapping
// included, or nil. Of a key that stands twice the last one counts.
func Child(n *Node, key string) *Node {
	_, value := entry(n, key, nil)
	return value
}

// KeyOf returns the key's own node: where a reader looks for the field.
func KeyOf(n *Node, key string) *Node {
	found, _ := entry(n, key, nil)
	return found
}

// entry looks a key up, in merged mappings too. Seen are the mappings that were
// looked through already: merges may meet again, or run in a circle.
func entry(n *Node, key string, seen map[*Node]bool) (k, v *Node) {
	n = Follow(n)
	if n == nil || n.Kind != yaml.MappingNode || seen[n] {
		return nil, nil
	}
	for i := len(n.Content) - 2; i >= 0; i -= 2 {
		if n.Content[i].Value == key && !isMerge(n.Content[i]) {
			return n.Content[i], Follow(n.Content[i+1])
		}
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if !isMerge(n.Content[i]) {
			continue
		}
		if seen == nil {
			seen = map[*Node]bool{}
		}
		seen[n] = true
		merged := Follow(n.Content[i+1])
		sources := []*Node{merged}
		if merged != nil && merged.Kind == yaml.SequenceNode {
			sources = merged.Content
		}
		for _, source := range sources {
			if k, v := entry(source, key, seen); v != nil {
				return k, v
			}
		}
	}
	return nil, nil
}

// Dig follows keys (strings) and indexes (ints) from n. It returns nil where
// the path leads nowhere.
func Dig(n *Node, path ...any) *Node {
	for _, step := range path {
		switch s := step.(type) {
		case string:
			n = Child(n, s)
		case int:
			n = Follow(n)
			if n == nil || n.Kind != yaml.SequenceNode || s >= len(n.Content) || s < 0 {
				return nil
			}
			n = Follow(n.Content[s])
		}
		if n == nil {
			return nil
		}
	}
	return n
}

// Items returns the elements of a sequence, or nil for anything else.
func Items(n *Node) []*Node {
	if n = Follow(n); n == nil || n.Kind != yaml.SequenceNode {
		return nil
	}
	return n.Content
}

// Text returns the scalar's text as written, or an empty string for anything
// else, null included.
func Text(n *Node) string {
	if n = Follow(n); n == nil || n.Kind != yaml.ScalarNode || Resolve(n).Kind == NullScalar {
		return ""
	}
	return n.Value
}

// IsMapping reports whether n is a mapping.
func IsMapping(n *Node) bool {
	n = Follow(n)
	return n != nil && n.Kind == yaml.MappingNode
}

// IsNull reports whether n is absent or null.
func IsNull(n *Node) bool {
	n = Follow(n)
	return n == nil || n.Kind == yaml.ScalarNode && Resolve(n).Kind == NullScalar
}

// Keys returns the keys of a mapping in their order, merged ones left out.
func Keys(n *Node) []*Node {
	if n = Follow(n); n == nil || n.Kind != yaml.MappingNode {
		return nil
	}
	var keys []*Node
	for i := 0; i+1 < len(n.Content); i += 2 {
		if !isMerge(n.Content[i]) {
			keys = append(keys, n.Content[i])
		}
	}
	return keys
}

func isMerge(n *Node) bool {
	return n.Kind == yaml.ScalarNode && n.Value == "<<" && (n.Tag == "!!merge" || n.Tag == "" || n.Style == 0)
}

// IsPlain reports whether a scalar is written without quotes on its own line,
// so that columns within its text are columns of the file.
func IsPlain(n *Node) bool { return n != nil && n.Style == 0 }

// IsLiteral reports whether a scalar is a literal block, which keeps its lines.
func IsLiteral(n *Node) bool { return n != nil && n.Style&yaml.LiteralStyle != 0 }
