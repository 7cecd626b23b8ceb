package httpapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"sync"

	"github.com/danielgtaylor/huma/v2"
)

const jsonType = "application/json"

// jsonFormat is the format of bodies: numbers keep their digits, text its <, > and &.
var jsonFormat = huma.Format{
	Marshal: func(w io.Writer, v any) error {
		buf := buffers.Get().(*bytes.Buffer)
		defer putBuffer(buf)
		if err := encodeJSON(buf, v); err != nil {
			return err
		}
		_, err := w.Write(buf.Bytes())
		return err
	},
	Unmarshal: decodeJSON,
}

// decodeJSON reads one JSON value; numbers in an any become json.Number.
func decodeJSON(data []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	if err := d.Decode(v); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("more than one JSON value")
	}
	return nil
}

func encodeJSON(buf *bytes.Buffer, v any) error {
	e := json.NewEncoder(buf)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return err
	}
	buf.Truncate(buf.Len() - 1) // Encode ends with a newline
	return nil
}

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// putBuffer gives a buffer back, unless one large answer made it large.
func putBuffer(buf *bytes.Buffer) {
	if buf.Cap() <= 1<<20 {
		buf.Reset()
		buffers.Put(buf)
	}
}
