// Package cfn is heat-api-cfn: the query API of AWS CloudFormation in front of the same
// engine as heat/v1 (heat/api/cfn, heat/api/aws). An action is a parameter of the query or
// form, and an answer is XML unless ContentType=JSON is asked for. Requests are signed with
// an EC2 credential, which the identity service checks.
package cfn
