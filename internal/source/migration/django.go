package migration

import (
	"path"
	"regexp"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
)

// What Django writes into a migration.
// https://docs.djangoproject.com/en/stable/topics/migrations/
var (
	djangoFile   = regexp.MustCompile(`^(\d{4})_(\w+)\.py$`)
	djangoClass  = regexp.MustCompile(`(?m)^class Migration\(.*Migration\w*\):`)
	dependency   = regexp.MustCompile(`\(\s*["'](\w+)["']\s*,\s*["'](\w+)["']\s*,?\s*\)`)
	djangoField  = regexp.MustCompile(`(?m)^    (dependencies|replaces|operations)\s*(?::[^=\n]+)?=\s*[\[(]`)
	djangoAtomic = regexp.MustCompile(`(?m)^    atomic\s*=\s*False`)
	djangoStep   = regexp.MustCompile(`\b(?:migrations\.)?(RunPython|RunSQL|CreateModel|DeleteModel|RenameModel|AddField|RemoveField|RenameField|AlterField|AddIndexConcurrently|AddIndex|RemoveIndexConcurrently|RemoveIndex|AddConstraintNotValid|AddConstraint|ValidateConstraint|SeparateDatabaseAndState)\(`)
)

// django reads the migrations of each app.
func (r *reader) django() {
	for _, dir := range r.folders() {
		if path.Base(dir) != "migrations" {
			continue
		}
		app := path.Base(path.Dir(dir))
		var s *fact.MigrationSet
		parents := map[*fact.Migration][]string{}
		replaced := map[string]bool{}
		for _, n := range r.names[dir] {
			f := djangoFile.FindStringSubmatch(n)
			if f == nil {
				continue
			}
			rel := path.Join(dir, n)
			text := r.peek(rel)
			if !djangoClass.MatchString(text) {
				continue
			}
			if s == nil {
				s = r.set("Django", dir)
				r.dialect(s, nil)
			}
			r.taken[rel] = true
			one := r.migration(s, strings.TrimSuffix(n, ".py"), "", rel)
			parts := map[string]string{}
			begins := map[string]int{}
			for _, m := range djangoField.FindAllStringSubmatchIndex(text, 10) {
				if _, after, closed := arguments(text, m[1]); closed {
					parts[text[m[2]:m[3]]], begins[text[m[2]:m[3]]] = text[m[1]:after], m[1]
				}
			}
			for _, d := range dependency.FindAllStringSubmatch(parts["dependencies"], 100) {
				if d[1] == app {
					parents[one] = append(parents[one], d[2])
				}
			}
			for _, d := range dependency.FindAllStringSubmatch(parts["replaces"], 1000) {
				replaced[d[2]] = true
			}
			r.djangoSteps(s, one, text, rel, parts["operations"], begins["operations"])
		}
		if s == nil {
			continue
		}
		// The app's label may differ from its folder: then nothing of its order is
		// known here, and what replaces others stands beside them for a while.
		linked := false
		for m, list := range parents {
			var kept []string
			for _, p := range list {
				if linked = true; !replaced[p] {
					kept = append(kept, p)
				}
			}
			parents[m] = kept
		}
		chained(s, parents, linked && len(replaced) == 0)
		r.keep(s)
	}
}

// djangoSteps reads the operations of a migration. Django takes all of them back by
// itself but code and SQL.
func (r *reader) djangoSteps(s *fact.MigrationSet, m *fact.Migration, text, rel, body string, begin int) {
	m.Back = fact.BackDerived
	m.Whole = fact.Truth{Known: true, Yes: s.Dialect == "postgresql" && !djangoAtomic.MatchString(text), At: m.Location}
	list := pythonCalls(body, djangoStep)
	if len(list) == 0 {
		m.Back = fact.BackNotAsked
	}
	for _, c := range list {
		m.Statements++
		at := fact.Location{File: r.show(rel), Line: lineAt(text, begin+c.pos)}
		model := strings.ToLower(argument(c.args, 0, "model_name"))
		if name := argument(c.args, 0, "name"); strings.HasSuffix(c.name, "Model") {
			model = strings.ToLower(name)
		}
		change := &fact.SchemaChange{Location: at, Statement: m.Statements, Table: model, Shown: model, Name: argument(c.args, 1, "name"), Says: c.name + " " + model}
		verb := map[string]fact.SchemaVerb{
			"CreateModel": fact.CreateTable, "DeleteModel": fact.DropTable, "RemoveField": fact.DropColumn, "AddIndex": fact.CreateIndex, "AddIndexConcurrently": fact.CreateIndex,
			"AddConstraint": fact.AddConstraint, "AddConstraintNotValid": fact.AddConstraint, "RenameField": fact.RenameColumn,
		}[c.name]
		if strings.HasSuffix(c.name, "Model") {
			change.Name = ""
		}
		change.Concurrent, change.NotValid = strings.HasSuffix(c.name, "Concurrently"), strings.HasSuffix(c.name, "NotValid")
		switch c.name {
		case "RunPython", "RunSQL":
			back := "reverse_code"
			if c.name == "RunSQL" {
				back = "reverse_sql"
				if sql, ok := literal(first(c.args, "sql")); ok {
					r.rise(s, m, sql, rel, at.Line)
				} else {
					m.Opaque = "it runs SQL that is not written as one text"
				}
			}
			_, named := keyword(c.args, back)
			if !named && (len(c.args) < 2 || strings.Contains(strings.SplitN(c.args[1], "(", 2)[0], "=")) {
				m.Back, m.BackAt = fact.BackMissing, at
				m.Reason = reasonIn(remarks(text))
			}
			continue
		case "SeparateDatabaseAndState":
			m.Opaque = "it parts the store from its state"
			continue
		case "AddConstraint":
			change.Constraint = "check"
			if strings.Contains(strings.Join(c.args, ""), "UniqueConstraint") {
				change.Constraint = "unique"
			}
		}
		if verb != "" {
			change.Verb = verb
			m.Changes = append(m.Changes, change)
		}
	}
}

// first returns the first argument, or the one of that name.
func first(args []string, name string) string {
	if v, found := keyword(args, name); found {
		return v
	}
	if len(args) > 0 {
		return args[0]
	}
	return ""
}
