package routes

import "fmt"

// Meant returns " (did you mean X?)" with the known name nearest to one that is
// not known; nothing where none is near.
func Meant(name string, known []string) string {
	if near := Nearest(name, known); near != "" {
		return fmt.Sprintf(" (did you mean %s?)", near)
	}
	return ""
}

// Nearest returns the known name that differs least from the given one, if it
// differs by at most a third of its letters.
func Nearest(name string, known []string) string {
	best, at := len(name)/3+1, ""
	if len(name) > 100 {
		return ""
	}
	for _, k := range known {
		if len(k) > 100 || k == name {
			continue
		}
		if d := distance(name, k); d < best {
			best, at = d, k
		}
	}
	return at
}

// distance counts the letters to insert, delete or replace.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			before, row[j+1] = row[j+1], min(row[j+1]+1, row[j]+1, before+cost)
		}
	}
	return row[len(b)]
}
