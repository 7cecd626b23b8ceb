package function

// getAZs is Fn::GetAZs: the availability zones; the region is not looked at.
var getAZs = def{
	doc:    "A function for retrieving the availability zones.",
	reads:  true,
	result: func(s Scope, _ *Call, _ any) (any, error) { return s.Zones() },
}
