package results

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
)

// json reads the whole file as one value; what has another type than is asked for
// stays empty.
func (s *source) json(into any) error {
	data, err := io.ReadAll(s.in)
	if err != nil {
		return err
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	err = json.Unmarshal(data, into)
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return wrong(lineAt(data, syntax.Offset), "%v", syntax)
	case errors.As(err, &kind):
		return wrong(lineAt(data, kind.Offset), "%s is %s, which is not what the tool writes", orValue(kind.Field), kind.Value)
	}
	return err
}

func orValue(field string) string {
	if field == "" {
		return "the file"
	}
	return field
}

func lineAt(data []byte, offset int64) int {
	return 1 + bytes.Count(data[:min(max(offset-1, 0), int64(len(data)))], []byte("\n"))
}
