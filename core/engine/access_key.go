package engine

import (
	"context"
	"encoding/base64"
	"net/url"
	"strings"

	"github.com/google/uuid"

	"hearth/core/cloud"
	"hearth/core/resource"
	"hearth/core/store"
)

// AccessKey implements resource.Links: the resource's id without dashes, and a secret that
// only Hearth can make of it.
func (l SignalLinks) AccessKey(c *resource.Context) (access, secret string) {
	access = strings.ReplaceAll(c.ID, "-", "")
	return access, l.secret(access)
}

// secret has 40 characters, as Amazon's have.
func (l SignalLinks) secret(access string) string {
	return base64.RawURLEncoding.EncodeToString(l.mac("hearth-secret." + access)[:30])
}

// Secret gives the secret of an access key, and the token for whoever has proved to know
// it. ok is false for a key of no resource: it may be one of the identity service.
func (l SignalLinks) Secret(ctx context.Context, st *store.Store, access string) (secret, token string, ok bool, err error) {
	id, err := uuid.Parse(access)
	if err != nil || len(access) != 32 {
		return "", "", false, nil
	}
	row, err := st.FindResourceByID(ctx, id.String())
	if err != nil || row == nil {
		return "", "", false, err
	}
	return l.secret(access), l.token(row.ID), true, nil
}

// MetadataURL implements resource.Links.
func (l SignalLinks) MetadataURL() string { return strings.TrimSuffix(l.CFN, "/") + "/" }

// SignalURL implements resource.Links.
func (l SignalLinks) SignalURL(c *resource.Context) string {
	return l.presigned(c, "/signal", "POST", true)
}

// AlarmURL implements resource.Links.
func (l SignalLinks) AlarmURL(c *resource.Context) string {
	return l.presigned(c, "/signal", "POST", false)
}

// WaitConditionURL implements resource.Links.
func (l SignalLinks) WaitConditionURL(c *resource.Context) string {
	return l.presigned(c, "/waitcondition", "PUT", true)
}

// presigned is an address that carries the signature of a request to it: version 2, over
// the path without its quotes (heat/engine/resources/signal_responder.py
// _get_ec2_signed_url). It is the same whenever it is asked for: dated by when the resource
// was made, how long ago nobody asks.
func (l SignalLinks) presigned(c *resource.Context, kind, verb string, dated bool) string {
	access, secret := l.AccessKey(c)
	at := strings.ToLower(strings.TrimSuffix(l.CFN, "/") + kind)
	path := "/" + strings.ReplaceAll(strings.ReplaceAll(url.QueryEscape(identify(c).ARN()), "+", "%20"), "%2F", "/")
	r := cloud.EC2Request{Verb: verb, Path: kind + path,
		Params: map[string]string{"SignatureMethod": "HmacSHA256", "SignatureVersion": "2", "AWSAccessKeyId": access}}
	if u, err := url.Parse(at + path); err == nil {
		r.Host, r.Path = u.Host, u.Path
	}
	query := "SignatureMethod=HmacSHA256&SignatureVersion=2&AWSAccessKeyId=" + access
	if dated {
		stamp := c.Created.UTC().Format("2006-01-02T15:04:05Z")
		r.Params["Timestamp"] = stamp
		query += "&Timestamp=" + url.QueryEscape(stamp)
	}
	signature, _ := r.Sign(secret)
	return at + path + "?" + query + "&Signature=" + url.QueryEscape(signature)
}
