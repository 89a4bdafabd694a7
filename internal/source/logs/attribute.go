package logs

import "regexp"

// attribute is a condition of the collector's on one attribute of a resource.
var attribute = regexp.MustCompile(`^\s*resource\.attributes\["([^"]+)"\]\s*(==|!=)\s*"([^"]*)"\s*$`)
