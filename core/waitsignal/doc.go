// Package waitsignal is what wait conditions and their handles share, whether a template
// names them as OS::Heat or as AWS::CloudFormation types: what a signal says, how a handle
// keeps the signals it has received in its metadata, and how long a condition waits for them.
package waitsignal
