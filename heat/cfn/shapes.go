package cfn

import (
	"github.com/danielgtaylor/huma/v2"
)

// The parameters and the results of the actions, for the document: the handlers make the
// results of maps, in the order that XML shows.

type noForm struct{}

type listForm struct {
	NextToken string `json:"NextToken,omitempty" doc:"Passed over: all stacks are in one answer."`
}

type stackForm struct {
	StackName string `json:"StackName" doc:"The name, the id or the ARN of a stack." example:"web"`
}

type anyStackForm struct {
	StackName string `json:"StackName,omitempty" doc:"The name, the id or the ARN of a stack; all stacks when it is not given." example:"web"`
}

type templateForm struct {
	TemplateBody string `json:"TemplateBody,omitempty" doc:"The template as text, in JSON or YAML."`
	TemplateURL  string `json:"TemplateUrl,omitempty" doc:"Where to fetch the template when none is given."`
}

type launchForm struct {
	stackForm
	templateForm
	TimeoutInMinutes int    `json:"TimeoutInMinutes,omitempty" minimum:"1"`
	DisableRollback  bool   `json:"DisableRollback,omitempty" doc:"Leave what was made when the stack fails; not together with OnFailure."`
	OnFailure        string `json:"OnFailure,omitempty" enum:"DO_NOTHING,ROLLBACK,DELETE"`
	ParameterKey     string `json:"Parameters.member.1.ParameterKey,omitempty" doc:"The name of the template's first parameter; the others are Parameters.member.2 and so on."`
	ParameterValue   string `json:"Parameters.member.1.ParameterValue,omitempty"`
}

type resourceForm struct {
	stackForm
	LogicalResourceID string `json:"LogicalResourceId" doc:"The name of a resource." example:"server"`
}

type resourcesForm struct {
	StackName          string `json:"StackName,omitempty" doc:"The name, the id or the ARN of a stack." example:"web"`
	PhysicalResourceID string `json:"PhysicalResourceId,omitempty" doc:"An object, whose stack is meant when none is named."`
	LogicalResourceID  string `json:"LogicalResourceId,omitempty" doc:"The name of a resource." example:"server"`
}

// nothingText is a result without content: the empty text.
type nothingText string

type nothingObject struct{}

type stackID struct {
	StackID string `json:"StackId" example:"arn:openstack:heat::project:stacks/web/id"`
}

type stackSummary struct {
	CreationTime      string  `json:"CreationTime" example:"2026-01-02T03:04:05Z"`
	LastUpdatedTime   *string `json:"LastUpdatedTime"`
	StackID           string  `json:"StackId"`
	StackName         string  `json:"StackName" example:"web"`
	StackStatusReason string  `json:"StackStatusReason"`
	StackStatus       string  `json:"StackStatus" example:"CREATE_COMPLETE"`
	DeletionTime      *string `json:"DeletionTime"`
}

type stackSummaries struct {
	StackSummaries []stackSummary `json:"StackSummaries"`
}

type describedStacks struct {
	Stacks []describedStack `json:"Stacks"`
}

type describedStack struct {
	Capabilities      []string         `json:"Capabilities" doc:"Always empty."`
	CreationTime      string           `json:"CreationTime" example:"2026-01-02T03:04:05Z"`
	Description       string           `json:"Description"`
	DisableRollback   bool             `json:"DisableRollback"`
	NotificationARNs  []string         `json:"NotificationARNs" doc:"Always empty."`
	Parameters        []stackParameter `json:"Parameters"`
	StackID           string           `json:"StackId"`
	StackName         string           `json:"StackName" example:"web"`
	StackStatusReason string           `json:"StackStatusReason"`
	TimeoutInMinutes  *int             `json:"TimeoutInMinutes"`
	LastUpdatedTime   string           `json:"LastUpdatedTime,omitempty"`
	StackStatus       string           `json:"StackStatus" example:"CREATE_COMPLETE"`
	Outputs           []stackOutput    `json:"Outputs"`
}

type stackParameter struct {
	ParameterKey   string `json:"ParameterKey"`
	ParameterValue string `json:"ParameterValue"`
}

type stackOutput struct {
	Description string `json:"Description"`
	OutputKey   string `json:"OutputKey"`
	OutputValue any    `json:"OutputValue" doc:"Of any type; in the names of maps, dots stand for colons."`
}

type stackEvents struct {
	StackEvents []stackEvent `json:"StackEvents"`
}

type stackEvent struct {
	EventID              string  `json:"EventId"`
	LogicalResourceID    string  `json:"LogicalResourceId" example:"server"`
	PhysicalResourceID   *string `json:"PhysicalResourceId"`
	ResourceProperties   string  `json:"ResourceProperties" doc:"JSON."`
	ResourceStatusReason string  `json:"ResourceStatusReason"`
	ResourceType         string  `json:"ResourceType" example:"OS::Nova::Server"`
	StackID              string  `json:"StackId"`
	StackName            string  `json:"StackName" example:"web"`
	Timestamp            string  `json:"Timestamp" example:"2026-01-02T03:04:05Z"`
	ResourceStatus       string  `json:"ResourceStatus" example:"CREATE_COMPLETE"`
}

type validated struct {
	Description     string           `json:"Description"`
	Parameters      []parameterShape `json:"Parameters"`
	ParameterGroups []groupShape     `json:"ParameterGroups,omitempty"`
	Environment     map[string]any   `json:"Environment"`
}

type parameterShape struct {
	ParameterKey string `json:"ParameterKey"`
	DefaultValue any    `json:"DefaultValue"`
	Description  string `json:"Description"`
	NoEcho       string `json:"NoEcho" enum:"true,false"`
}

type groupShape struct {
	Label       string   `json:"label,omitempty"`
	Description string   `json:"description,omitempty"`
	Parameters  []string `json:"parameters"`
}

type templateBody struct {
	TemplateBody jsonObject `json:"TemplateBody"`
}

type costs struct {
	URL string `json:"Url"`
}

type describedResource struct {
	StackResourceDetail resourceDetail `json:"StackResourceDetail"`
}

type resourceDetail struct {
	Description          string     `json:"Description"`
	LastUpdatedTimestamp string     `json:"LastUpdatedTimestamp" example:"2026-01-02T03:04:05Z"`
	LogicalResourceID    string     `json:"LogicalResourceId" example:"server"`
	Metadata             jsonObject `json:"Metadata"`
	PhysicalResourceID   string     `json:"PhysicalResourceId"`
	ResourceStatusReason string     `json:"ResourceStatusReason"`
	ResourceType         string     `json:"ResourceType" example:"OS::Nova::Server"`
	StackID              string     `json:"StackId"`
	StackName            string     `json:"StackName" example:"web"`
	ResourceStatus       string     `json:"ResourceStatus" example:"CREATE_COMPLETE"`
}

type describedResources struct {
	StackResources []resourceOfStack `json:"StackResources"`
}

type resourceOfStack struct {
	Description          string `json:"Description"`
	LogicalResourceID    string `json:"LogicalResourceId" example:"server"`
	PhysicalResourceID   string `json:"PhysicalResourceId"`
	ResourceStatusReason string `json:"ResourceStatusReason"`
	ResourceType         string `json:"ResourceType" example:"OS::Nova::Server"`
	StackID              string `json:"StackId"`
	StackName            string `json:"StackName" example:"web"`
	Timestamp            string `json:"Timestamp" example:"2026-01-02T03:04:05Z"`
	ResourceStatus       string `json:"ResourceStatus" example:"CREATE_COMPLETE"`
}

type resourceSummaries struct {
	StackResourceSummaries []resourceSummary `json:"StackResourceSummaries"`
}

type resourceSummary struct {
	LastUpdatedTimestamp string `json:"LastUpdatedTimestamp" example:"2026-01-02T03:04:05Z"`
	LogicalResourceID    string `json:"LogicalResourceId" example:"server"`
	PhysicalResourceID   string `json:"PhysicalResourceId"`
	ResourceStatusReason string `json:"ResourceStatusReason"`
	ResourceType         string `json:"ResourceType" example:"OS::Nova::Server"`
	ResourceStatus       string `json:"ResourceStatus" example:"CREATE_COMPLETE"`
}

// signalledCondition is the answer to the signal of a wait condition in JSON, and
// conditionName in XML.
type signalledCondition struct {
	Resource string         `json:"resource" doc:"The name of the resource."`
	Metadata map[string]any `json:"metadata" doc:"What the handle holds now."`
}

type conditionName string

// Schema implements huma.SchemaProvider.
func (conditionName) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Description: "The name of the resource.", Extensions: inXML("name", "resource")}
}

// waitSignal documents the body of a signal.
type waitSignal struct {
	_ struct{} `additionalProperties:"true"`

	Status   string `json:"Status,omitempty" enum:"SUCCESS,FAILURE"`
	Reason   string `json:"Reason,omitempty" example:"the software is installed"`
	UniqueID string `json:"UniqueId,omitempty" example:"1"`
	Data     any    `json:"Data,omitempty" doc:"What the attribute Data of the wait condition gives under the UniqueId."`
}

// jsonObject is an object in JSON, and JSON as text in XML.
type jsonObject struct{}

// Schema implements huma.SchemaProvider.
func (jsonObject) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{OneOf: []*huma.Schema{
		{Type: huma.TypeObject, AdditionalProperties: true, Description: "In JSON."},
		{Type: huma.TypeString, Description: "In XML: the object as JSON."},
	}}
}
