package httpapi

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"time"
)

// drained is how much of a body too large is still read, so that the client comes to read
// the answer.
const drained = 16 << 20

// ReadBody reads the body of an operation that declares none. It returns a Problem: 413
// with the size when it is larger than limit bytes, 400 when the client breaks off.
func ReadBody(ctx context.Context, limit int64) ([]byte, error) {
	r := Request(ctx)
	if r.Body == nil || r.Body == http.NoBody {
		return nil, nil
	}
	if r.ContentLength > limit {
		_, _ = io.CopyN(io.Discard, r.Body, drained)
		return nil, tooLarge(r.ContentLength, limit)
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, limit+1))
	if err != nil {
		if ne, ok := errors.AsType[net.Error](err); ok && ne.Timeout() {
			return nil, &Problem{Status: http.StatusRequestTimeout}
		}
		return nil, &Problem{Status: http.StatusBadRequest, Message: "The request body could not be read."}
	}
	if int64(len(body)) > limit {
		more, _ := io.CopyN(io.Discard, r.Body, drained)
		return nil, tooLarge(int64(len(body))+more, limit)
	}
	return body, nil
}

func tooLarge(size, limit int64) error {
	return &Problem{Status: http.StatusRequestEntityTooLarge, Size: size, Limit: limit}
}

// bodyTimeout is how long a client may take to send a body.
const bodyTimeout = 5 * time.Minute
