package agent

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strings"
)

// token lets in the server of one queue for as long as the queue's row is there. It is made
// of the row's id, so nothing of it is stored.
func (s *Service) token(queueID string) string {
	mac := hmac.New(sha256.New, s.store.SigningKey())
	mac.Write([]byte("hearth-agent." + queueID))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// admits tells whether the header Authorization has the token of a queue.
func (s *Service) admits(authorization, queueID string) bool {
	given, ok := strings.CutPrefix(authorization, "Bearer ")
	return ok && hmac.Equal([]byte(given), []byte(s.token(queueID)))
}
