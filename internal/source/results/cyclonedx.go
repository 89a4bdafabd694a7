package results

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
)

func looksCycloneDX(h head) (looks, sure bool) {
	if h.root == "bom" {
		return strings.Contains(h.open, "cyclonedx.org/schema/bom"), true
	}
	return h.has("bomFormat") || h.has("specVersion", "metadata") && h.has("components"), h.has("bomFormat")
}

// critical is the CVSS score from which a vulnerability is critical.
const critical = 9.0

// mostCritical bounds how many of the worst are kept.
const mostCritical = 500

// bom is the part of a bill of materials that tells of vulnerabilities.
type bom struct {
	Format   string `json:"bomFormat"`
	Metadata struct {
		Timestamp string          `json:"timestamp"`
		Tools     json.RawMessage `json:"tools"`
		Component bomComponent    `json:"component"`
	} `json:"metadata"`
	Components      []bomComponent      `json:"components"`
	Vulnerabilities *[]bomVulnerability `json:"vulnerabilities"`
}

type bomComponent struct {
	Type string `json:"type"`
	Name string `json:"name"`
	PURL string `json:"purl"`
	Ref  string `json:"bom-ref"`
}

type bomVulnerability struct {
	ID     string `json:"id"`
	Source struct {
		Name string `json:"name"`
	} `json:"source"`
	Ratings  []bomRating `json:"ratings"`
	Analysis struct {
		State string `json:"state"`
	} `json:"analysis"`
	Affects []bomTarget `json:"affects"`
}

type bomRating struct {
	Source struct {
		Name string `json:"name"`
	} `json:"source"`
	Score    float64 `json:"score"`
	Severity string  `json:"severity"`
	Method   string  `json:"method"`
}

type bomTarget struct {
	Ref string `json:"ref"`
}

// readCycloneDX reads vulnerabilities, with what was analysed of each. A bill that
// only lists parts is no scan.
func readCycloneDX(s *source) (Reading, error) {
	var in bom
	tools := ""
	if s.isXML() {
		found, err := s.bomXML(&in, &tools)
		if err != nil {
			return Reading{}, err
		}
		if !found {
			return Reading{}, errNone
		}
	} else {
		if err := s.json(&in); err != nil {
			return Reading{}, err
		}
		if in.Vulnerabilities == nil {
			return Reading{}, errNone
		}
		tools = toolOf(in.Metadata.Tools)
	}
	list := *in.Vulnerabilities
	scan := &fact.Scan{Tool: first(tools, "a scanner"), Ended: moment(in.Metadata.Timestamp), Results: len(list), Covers: in.covers()}
	scan.Ref = fact.Ref{Subject: "scan " + scan.Tool, Location: fact.Location{File: s.shown, Line: 1}}
	for _, v := range list {
		score, worst := v.worst()
		if !worst || v.Analysis.State == "resolved" || v.Analysis.State == "resolved_with_pedigree" || len(scan.Critical) == mostCritical {
			continue
		}
		r := &fact.ScanResult{Ref: fact.Ref{Subject: scan.Subject + ": " + v.ID, Location: scan.Location}, Rule: v.ID, Score: score}
		if len(v.Affects) > 0 {
			r.Part = partName(v.Affects[0].Ref)
		}
		if v.Analysis.State == "not_affected" || v.Analysis.State == "false_positive" {
			r.Suppressed = "VEX: " + v.Analysis.State
		}
		scan.Critical = append(scan.Critical, r)
	}
	return Reading{Scan: scan}, nil
}

// worst reports whether a vulnerability is critical: as the source says that the
// scanner chose, or as any does where it chose none that rates it.
func (v bomVulnerability) worst() (score float64, is bool) {
	chosen := slices.ContainsFunc(v.Ratings, func(r bomRating) bool {
		return v.Source.Name != "" && strings.EqualFold(r.Source.Name, v.Source.Name)
	})
	for _, r := range v.Ratings {
		if chosen && !strings.EqualFold(r.Source.Name, v.Source.Name) || r.Score < 0 || r.Score > 10 {
			continue
		}
		if r.Method != "" && !strings.HasPrefix(strings.ToUpper(r.Method), "CVSS") {
			r.Score = 0 // of another scale
		}
		if r.Score >= critical || r.Score == 0 && strings.EqualFold(r.Severity, "critical") {
			is, score = true, max(score, r.Score)
		}
	}
	return score, is
}

// covers tells from the packages what was looked at.
func (b *bom) covers() (out []string) {
	found := map[string]bool{}
	if b.Metadata.Component.Type == "container" {
		found["images"] = true
	}
	for _, c := range b.Components {
		kind, _, _ := strings.Cut(strings.TrimPrefix(c.PURL, "pkg:"), "/")
		switch {
		case !strings.HasPrefix(c.PURL, "pkg:"):
		case kind == "deb" || kind == "apk" || kind == "rpm" || kind == "alpm" || kind == "oci":
			found["images"] = true
		case kind == "generic" || kind == "github":
		default:
			found["dependencies"] = true
		}
	}
	for _, subject := range fact.ScanSubjects() {
		if found[subject] {
			out = append(out, subject)
		}
	}
	return out
}

// toolOf names the first tool, in the form of a list or in that of 1.5.
func toolOf(raw json.RawMessage) string {
	var list []struct {
		Name string `json:"name"`
	}
	var parts struct {
		Components []struct {
			Name string `json:"name"`
		} `json:"components"`
	}
	if json.Unmarshal(raw, &list) == nil && len(list) > 0 {
		return list[0].Name
	}
	if json.Unmarshal(raw, &parts) == nil && len(parts.Components) > 0 {
		return parts.Components[0].Name
	}
	return ""
}

// partName shortens a package's reference to its name and version.
func partName(ref string) string {
	ref, _, _ = strings.Cut(ref, "?")
	if i := strings.LastIndexByte(ref, '/'); strings.HasPrefix(ref, "pkg:") && i >= 0 {
		return ref[i+1:]
	}
	if strings.HasPrefix(ref, "urn:") || strings.Count(ref, "-") == 4 {
		return "" // a number that only the bill knows
	}
	return ref
}

// isXML reports whether the file begins as XML does.
func (s *source) isXML() bool {
	peek, ok := s.in.in.(interface{ Peek(int) ([]byte, error) })
	if !ok {
		return false
	}
	text, _ := peek.Peek(headSize)
	return newHead("", text).root != ""
}

// bomXML reads the same as XML; found is false where no vulnerabilities are listed.
func (s *source) bomXML(into *bom, tool *string) (found bool, err error) {
	var list []bomVulnerability
	var now bomVulnerability
	var score, severity, method string
	err = s.xml(elements{
		wants: func(name string) bool {
			switch name {
			case "timestamp", "name", "id", "score", "severity", "method", "state", "purl", "ref":
				return true
			}
			return false
		},
		open: func(path []string, e element) error {
			switch e.name {
			case "vulnerabilities":
				found = true
			case "vulnerability":
				now = bomVulnerability{}
			case "component":
				if len(path) > 2 && above(path) == "metadata" {
					into.Metadata.Component.Type = e.attr("type")
				}
			}
			return nil
		},
		close: func(path []string, text string) error {
			switch name := path[len(path)-1]; {
			case name == "timestamp" && above(path) == "metadata":
				into.Metadata.Timestamp = text
			case name == "name" && above(path) == "tool", name == "name" && len(path) > 3 && path[len(path)-4] == "tools":
				*tool = first(*tool, text)
			case name == "purl":
				into.Components = append(into.Components, bomComponent{PURL: text})
			case name == "id" && above(path) == "vulnerability":
				now.ID = text
			case name == "score":
				score = text
			case name == "severity":
				severity = text
			case name == "method":
				method = text
			case name == "state" && above(path) == "analysis":
				now.Analysis.State = text
			case name == "ref" && above(path) == "target":
				now.Affects = append(now.Affects, bomTarget{text})
			case name == "rating":
				n, _ := strconv.ParseFloat(score, 64)
				now.Ratings = append(now.Ratings, bomRating{Score: n, Severity: severity, Method: method})
				score, severity, method = "", "", ""
			case name == "vulnerability":
				list = append(list, now)
			}
			return nil
		},
	})
	into.Vulnerabilities = &list
	return found, err
}
