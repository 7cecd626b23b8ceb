package cfn

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"strings"
	"time"

	"hearth/core/cloud"
	"hearth/core/httpapi"
)

// signed turns a signature into a token before the API looks for one
// (heat/api/aws/ec2token.py). Without a signature a token counts, where the header
// X-Auth-User says that it is meant to.
func (a *API) signed(api http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r, in, err := readInput(w, r)
		if err == nil {
			r, err = a.withToken(r, in)
		}
		if err != nil {
			f := faultOf(err)
			if f.status >= http.StatusInternalServerError {
				a.log.ErrorContext(r.Context(), "not authenticated", "api", "cfn", "error", err)
			}
			w.Header().Set("Content-Type", xmlType)
			w.WriteHeader(f.status)
			if r.Method != http.MethodHead {
				_, _ = w.Write(encodeXML(f.body()))
			}
			return
		}
		api.ServeHTTP(w, r)
	})
}

func (a *API) withToken(r *http.Request, in *input) (*http.Request, error) {
	token := ""
	signature := cmp.Or(in.Get("Signature"), in.Get("X-Amz-Signature"), authorization(r, "Signature"))
	access, _, _ := strings.Cut(cmp.Or(in.Get("X-Amz-Credential"), authorization(r, "Credential")), "/")
	access = cmp.Or(in.Get("AWSAccessKeyId"), access)
	known := r.Header.Get("X-Auth-User") != ""
	switch {
	case signature != "" && access != "":
		var err error
		if token, err = a.signer(r, in, describe(r, in, access, signature)); err != nil {
			return r, err
		}
	case known:
		return r, nil
	case signature != "":
		return r, errMissingAuthorization
	default:
		return r, errIncompleteSignature
	}
	r = r.Clone(r.Context())
	r.Header.Set("X-Auth-Token", token)
	return r, nil
}

// signatureLife is how old a signature of a stack user may be, and how far ahead its clock.
const signatureLife = 15 * time.Minute

// signer gives the token of who signed a request. Access keys of stack users are Hearth's
// own; the identity service is asked about any other.
func (a *API) signer(r *http.Request, in *input, signed cloud.EC2Request) (string, error) {
	if a.secret == nil {
		return a.ec2Token(r.Context(), signed)
	}
	secret, token, ok, err := a.secret(r.Context(), signed.Access)
	switch {
	case err != nil:
		return "", err
	case !ok:
		return a.ec2Token(r.Context(), signed)
	}
	unquoted, err := url.PathUnescape(signed.Path)
	if err != nil || !signed.SignedBy(secret, unquoted, signed.Path) {
		return "", errAccessDenied
	}
	if age := time.Since(signed.At()); in.Has("Action") && (age > signatureLife || age < -signatureLife) {
		return "", errAccessDenied // addresses that were given out are good as long as their resource
	}
	_, err = a.authenticate(r.Context(), token) // in the words of this API: a token that is not good is answered in Keystone's
	return token, err
}

// authorization is a part of the header that signatures of version 4 come in.
func authorization(r *http.Request, name string) string {
	_, rest, _ := strings.Cut(r.Header.Get("Authorization"), name+"=")
	value, _, _ := strings.Cut(rest, ",")
	return value
}

// describe is the request as its signer saw it.
func describe(r *http.Request, in *input, access, signature string) cloud.EC2Request {
	sum := sha256.Sum256(in.body)
	out := cloud.EC2Request{
		Access: access, Signature: signature, Host: r.Host, Verb: r.Method, Path: r.URL.Path,
		Params: map[string]string{}, Headers: map[string]string{"Host": r.Host}, BodyHash: hex.EncodeToString(sum[:]),
	}
	if self, err := url.Parse(httpapi.SelfURL(r.Context())); err == nil {
		out.Host, out.Path = self.Host, signedPath(self.Path)
		out.Headers["Host"] = self.Host
	}
	for name, values := range in.Values {
		if name != "Signature" {
			out.Params[name] = values[0]
		}
	}
	for name, values := range r.Header {
		out.Headers[name] = strings.Join(values, ", ")
	}
	return out
}

// signedPath quotes a path as webob does, which leaves the colons of an ARN alone.
func signedPath(path string) string { return (&url.URL{Path: path}).EscapedPath() }
