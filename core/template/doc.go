// Package template reads templates (HOT and CFN) and environments, checks values for
// parameters, and binds a template to them: then it is known which resources exist, what
// they need, and what their properties are as far as nothing is awaited.
//
//	text ─Read▶ node ─Parse▶ Template ─Values▶ Values ─Bind▶ Bound ─Resolve▶ values
//	                                     ▲
//	text ─Read▶ node ─ParseEnvironment▶ Environment ─MergeFiles, Merge, Child
//
// Each step gives every problem that it can see as a diag.List, with Heat's texts and, at
// best, in Heat's order. Templates, Values and Bounds are not changed once they are made
// and may be used by many goroutines.
//
// Behaviour follows heat/engine/{template,template_common,parameters,conditions,
// environment,rsrc_defn}.py and heat/engine/{hot,cfn}/.
package template
