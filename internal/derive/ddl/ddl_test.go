package ddl

import (
	"fmt"
	"slices"
	"testing"
)

// TestSplit tells statements apart where a semicolon does not end one.
func TestSplit(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, dialect, src string
		lines              []int
		broken             string
	}{
		{"strings and comments", "", "select ';', \";\"; -- a; b\n/* ; */ select 2", []int{1, 2}, ""},
		{"a doubled quote", "", "select 'it''s;'; select 2;", []int{1, 1}, ""},
		{"a backslash ends nothing in MySQL", MySQL, `select '\';'; select 2;`, []int{1, 1}, ""},
		{"and is a character in PostgreSQL", PostgreSQL, `select '\'; select 2;`, []int{1, 1}, ""},
		{"dollar quotes", PostgreSQL, "create function f() returns void as $x$ begin; $$;$$ end; $x$ language plpgsql;\nselect $1;", []int{1, 2}, ""},
		{"nested comments", PostgreSQL, "/* a /* ; */ ; */ select 1;", []int{1}, ""},
		{"another delimiter", MySQL, "DELIMITER //\ncreate trigger t before insert on a for each row begin set a=1; end//\nDELIMITER ;\nselect 1;", []int{2, 4}, ""},
		{"the body of a trigger", SQLite, "create trigger t after insert on a begin update b set n = case when 1 then 2 end; select 1; end;\nselect 2;", []int{1, 2}, ""},
		{"an IF within a body", MySQL, "create procedure p() begin if 1 then select 1; end if; end;\nselect 2;", []int{1, 2}, ""},
		{"batches", SQLServer, "create table [a;b] (id int)\nGO\nselect 1\nGO\n", []int{1, 3}, ""},
		{"rows of a dump", PostgreSQL, "COPY a (b) FROM stdin;\n1;2\n\\.\nselect 1;", []int{1, 4}, ""},
		{"never closed", "", "select 1; select 'x", []int{1, 1}, "the quote ' is never closed"},
		{"a mark of byte order", "", "\xEF\xBB\xBFselect 1;", []int{1}, ""},
		{"nothing", "", " ;; -- nothing\n", nil, ""},
	} {
		got, broken := Split(c.src, c.dialect, 1)
		var lines []int
		for _, s := range got {
			lines = append(lines, s.Line)
		}
		says := ""
		if broken != nil {
			says = broken.Says
		}
		if !slices.Equal(lines, c.lines) || says != c.broken {
			t.Errorf("%s: lines %v and %q, want %v and %q", c.name, lines, says, c.lines, c.broken)
		}
	}
}

// TestChanges says what statements do to tables.
func TestChanges(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ dialect, src, want string }{
		{PostgreSQL, `create unique index concurrently if not exists i on only public.orders using btree (a)`, "create index orders i concurrent guarded"},
		{PostgreSQL, `alter table if exists "Orders" add column n numeric(10, 2) not null default 0, drop column if exists b`, "add column orders n numeric(10,2) default 0 guarded; drop column orders b guarded"},
		{PostgreSQL, `alter table a alter b type varchar(20) using b::text, alter column c set not null`, "change type a b varchar(20); set not null a c"},
		{PostgreSQL, `alter table a add constraint k check (b is not null) not valid`, "add constraint a k check not valid"},
		{PostgreSQL, `alter table a add primary key using index i`, "add constraint a primary key"},
		{PostgreSQL, `do $$ begin if not exists (select 1) then alter table a drop column b; end if; end $$`, "drop column a b guarded"},
		{PostgreSQL, `vacuum (full, analyze) a`, "rewrite a"},
		{PostgreSQL, `vacuum a`, ""},
		{MySQL, "alter table `a` change column `b` `c` text, algorithm=copy", "change type a b text; rename column a b"},
		{MySQL, "alter table a add index i (b), convert to character set utf8mb4", "create index a i; rewrite a"},
		{MySQL, "rename table a to b, c to d", "rename table a; rename table c"},
		{"", "delete from a", "empty table a"},
		{"", "delete from a where b = 1", ""},
		{"", "drop table if exists a, b cascade", "drop table a guarded; drop table b guarded"},
	} {
		got := ""
		for i, ch := range Read(c.src, c.dialect, "f", 1, 0).Changes {
			if i > 0 {
				got += "; "
			}
			got += fmt.Sprintf("%s %s", ch.Verb, ch.Table)
			for _, s := range []string{ch.Name, ch.Type, ch.Constraint} {
				if s != "" {
					got += " " + s
				}
			}
			if ch.Default != "" {
				got += " default " + ch.Default
			}
			for _, f := range []struct {
				is   bool
				says string
			}{{ch.Concurrent, " concurrent"}, {ch.NotValid, " not valid"}, {ch.Guarded, " guarded"}} {
				if f.is {
					got += f.says
				}
			}
		}
		if got != c.want {
			t.Errorf("%s:\n got %q\nwant %q", c.src, got, c.want)
		}
	}
}

// FuzzRead: no text crashes or hangs the reader, and lines stay within it.
func FuzzRead(f *testing.F) {
	f.Add("create table a (b int); -- x", PostgreSQL)
	f.Add("DELIMITER //\nalter table a add (b int, c text)//", MySQL)
	f.Add("do $$ begin alter table", PostgreSQL)
	f.Fuzz(func(t *testing.T, src, dialect string) {
		last := 0
		for _, s := range Read(src, dialect, "f", 1, 0).Statements {
			if s.Line < last || s.End < s.Line {
				t.Fatalf("statement of lines %d to %d after line %d", s.Line, s.End, last)
			}
			last = s.Line
		}
	})
}
