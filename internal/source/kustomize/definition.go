package kustomize

import "bytes"

// schemaKey opens what most bytes of a CustomResourceDefinition belong to.
var schemaKey = []byte("openAPIV3Schema:")

// withoutSchemas returns the text of a CustomResourceDefinition with empty
// schemas, and nil where it has none. Nothing is ever judged by them, and kustomize spends its time on
// them; what asks for a part of one breaks the build, which is then done with
// the whole text.
func withoutSchemas(text []byte) []byte {
	if !bytes.Contains(text, schemaKey) {
		return nil
	}
	out := make([]byte, 0, len(text)/4)
	within, depth := false, 0
	for line := range bytes.Lines(text) {
		bare := bytes.TrimSpace(line)
		indent := len(line) - len(bytes.TrimLeft(line, " "))
		if within && (len(bare) == 0 || bare[0] == '#' || indent > depth) {
			continue
		}
		within = bytes.Equal(bare, schemaKey)
		if !within {
			out = append(out, line...)
			continue
		}
		depth = indent
		out = append(append(append(out, line[:indent]...), schemaKey...), " {}\n"...)
	}
	return out
}
