package baseimage

import "seaworthy.dev/seaworthy/internal/fact"

// NoCheck reports whether it is known that nothing asks a container for its
// health where its own settings name no question: its image has none.
func NoCheck(c *fact.Container) bool {
	if c.NoHealth {
		return true
	}
	s := c.Stage()
	if s == nil {
		return !c.Built && Unchecked(c.Image)
	}
	if s.Config.NoHealth {
		return true
	}
	root := c.Build.Root(s)
	return s.Config.Health == nil && root.Open == "" && (root.Scratch || Unchecked(root.Base))
}
