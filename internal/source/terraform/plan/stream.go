package plan

import (
	"bufio"
	"errors"
	"fmt"
	"io"
)

// stream walks through JSON without keeping it: a plan may have hundreds of
// megabytes, of which a single resource is small.
type stream struct {
	in *bufio.Reader
	// buf holds the value that was read last.
	buf []byte
	// wide is how large a single value may be.
	wide int
}

const maxDepth = 500

var (
	errDeep = errors.New("it nests too deep")
	errWide = errors.New("a single value in it is too large")
)

func newStream(r io.Reader) *stream {
	return &stream{in: bufio.NewReaderSize(r, 1<<16), wide: 64 << 20}
}

// next returns the next byte that is no space, without taking it.
func (s *stream) next() (byte, error) {
	for {
		c, err := s.in.ReadByte()
		if err != nil {
			if err == io.EOF {
				err = io.ErrUnexpectedEOF
			}
			return 0, err
		}
		switch c {
		case ' ', '\t', '\n', '\r', 0xEF, 0xBB, 0xBF:
			continue
		}
		return c, s.in.UnreadByte()
	}
}

func (s *stream) take(want byte) error {
	c, err := s.next()
	if err != nil {
		return err
	}
	if c != want {
		return fmt.Errorf("%q stands where %q is expected", c, want)
	}
	_, err = s.in.ReadByte()
	return err
}

// object calls visit for each key, which must take the value.
func (s *stream) object(visit func(key string) error) error {
	if err := s.take('{'); err != nil {
		return err
	}
	for first := true; ; first = false {
		c, err := s.next()
		if err != nil {
			return err
		}
		if c == '}' {
			return s.take('}')
		}
		if !first {
			if err := s.take(','); err != nil {
				return err
			}
		}
		key, err := s.raw(true)
		if err != nil {
			return err
		}
		if len(key) < 2 || key[0] != '"' {
			return errors.New("a name is expected")
		}
		name := string(key[1 : len(key)-1])
		if err := s.take(':'); err != nil {
			return err
		}
		if err := visit(name); err != nil {
			return err
		}
	}
}

// list calls visit for each item, which must take it. What is no list is
// passed over.
func (s *stream) list(visit func() error) error {
	c, err := s.next()
	if err != nil {
		return err
	}
	if c != '[' {
		return s.skip()
	}
	if err := s.take('['); err != nil {
		return err
	}
	for first := true; ; first = false {
		c, err := s.next()
		if err != nil {
			return err
		}
		if c == ']' {
			return s.take(']')
		}
		if !first {
			if err := s.take(','); err != nil {
				return err
			}
		}
		if err := visit(); err != nil {
			return err
		}
	}
}

// skip passes over a value.
func (s *stream) skip() error {
	_, err := s.raw(false)
	return err
}

// raw takes a value; its bytes are valid until the next call.
func (s *stream) raw(keep bool) ([]byte, error) {
	s.buf = s.buf[:0]
	depth, quoted := 0, false
	if _, err := s.next(); err != nil {
		return nil, err
	}
	for {
		c, err := s.in.ReadByte()
		if err != nil {
			if err == io.EOF {
				err = io.ErrUnexpectedEOF
			}
			return nil, err
		}
		if !quoted && depth == 0 && len(s.buf) > 0 && (c == ',' || c == '}' || c == ']' || c == ':') {
			return s.buf, s.in.UnreadByte() // behind a number or a word
		}
		if keep {
			if len(s.buf) >= s.wide {
				return nil, errWide
			}
			s.buf = append(s.buf, c)
		} else if len(s.buf) == 0 {
			s.buf = append(s.buf, c)
		}
		switch {
		case quoted && c == '\\':
			c, err := s.in.ReadByte()
			if err != nil {
				return nil, io.ErrUnexpectedEOF
			}
			if keep {
				s.buf = append(s.buf, c)
			}
		case c == '"':
			quoted = !quoted
			if !quoted && depth == 0 {
				return s.buf, nil
			}
		case quoted:
		case c == '{' || c == '[':
			if depth++; depth > maxDepth {
				return nil, errDeep
			}
		case c == '}' || c == ']':
			if depth--; depth <= 0 {
				return s.buf, nil
			}
		}
	}
}
