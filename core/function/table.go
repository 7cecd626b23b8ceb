package function

import "sync"

// dialect marks the CFN versions that have a function.
type dialect uint8

const (
	inAWS dialect = 1 << iota
	inHeat
	inBoth = inAWS | inHeat
)

// entry says in which versions a name means a function: in HOT from since to until
// (0: there is none later; since 0: in none), and in the two of CFN.
type entry struct {
	name         string
	def          *def
	since, until Version
	cfn          dialect
}

// table is every function of every version. A name that is in no row of a version is
// plain data there; removed is a name that is refused.
var table = []entry{
	{"get_attr", &getAttrThenSelect, V20130523, V20130523, 0},
	{"get_attr", &getAttr, V20141016, V20150430, 0},
	{"get_attr", &getAttrOrAll, V20151015, 0, 0},
	{"get_file", &getFile, V20130523, 0, 0},
	{"get_param", &getParam, V20130523, 0, 0},
	{"get_resource", &getResource, V20130523, 0, 0},
	{"list_join", &join, V20130523, V20150430, 0},
	{"list_join", &joinLists, V20151015, 0, 0},
	{"repeat", &repeatList, V20150430, V20160408, 0},
	{"repeat", &repeatMap, V20161014, V20170224, 0},
	{"repeat", &repeatNested, V20170901, 0, 0},
	{"resource_facade", &resourceFacade, V20130523, 0, 0},
	{"str_replace", &strReplace, V20130523, V20150430, 0},
	{"str_replace", &strReplaceJSON, V20151015, 0, 0},
	{"digest", &digest, V20150430, 0, 0},
	{"str_split", &strSplit, V20151015, 0, 0},
	{"map_merge", &mapMerge, V20160408, 0, 0},
	{"yaql", &yaqlExpression, V20161014, 0, 0},
	{"map_replace", &mapReplace, V20161014, 0, 0},
	{"if", &ifElse, V20161014, V20180831, 0},
	{"if", &ifNullable, V20210416, 0, 0},
	{"filter", &filter, V20170224, 0, 0},
	{"str_replace_strict", &strReplaceStrict, V20170224, 0, 0},
	{"make_url", &makeURL, V20170901, 0, 0},
	{"list_concat", &listConcat, V20170901, 0, 0},
	{"str_replace_vstrict", &strReplaceVeryStrict, V20170901, 0, 0},
	{"list_concat_unique", &listConcatUnique, V20170901, 0, 0},
	{"contains", &contains, V20170901, 0, 0},

	{"Fn::FindInMap", &findInMap, 0, 0, inBoth},
	{"Fn::GetAZs", &getAZs, V20130523, V20130523, inBoth},
	{"Fn::GetAZs", &removed, V20141016, 0, 0},
	{"Ref", &ref, V20130523, V20130523, inBoth},
	{"Ref", &removed, V20141016, 0, 0},
	{"Fn::GetAtt", &getAtt, 0, 0, inBoth},
	{"Fn::Select", &fnSelect, V20130523, V20150430, inBoth},
	{"Fn::Select", &removed, V20151015, 0, 0},
	{"Fn::Join", &join, V20130523, V20130523, inBoth},
	{"Fn::Join", &removed, V20141016, 0, 0},
	{"Fn::Split", &fnSplit, V20130523, V20130523, inBoth},
	{"Fn::Split", &removed, V20141016, 0, 0},
	{"Fn::Replace", &fnReplace, V20130523, V20130523, inBoth},
	{"Fn::Replace", &removed, V20141016, 0, 0},
	{"Fn::Base64", &base64, V20130523, V20130523, inBoth},
	{"Fn::Base64", &removed, V20141016, 0, 0},
	{"Fn::MemberListToMap", &memberListToMap, V20130523, V20130523, inBoth},
	{"Fn::MemberListToMap", &removed, V20141016, 0, 0},
	{"Fn::ResourceFacade", &fnResourceFacade, V20130523, V20130523, inBoth},
	{"Fn::ResourceFacade", &removed, V20141016, 0, 0},
	{"Fn::If", &ifElse, 0, 0, inAWS},
}

// conditionTable is every function that a condition may call. All other functions of a
// version are refused there.
var conditionTable = []entry{
	{"get_param", &getParam, V20161014, 0, 0},
	{"equals", &equals, V20161014, 0, 0},
	{"not", &not, V20161014, 0, 0},
	{"and", &and, V20161014, 0, 0},
	{"or", &orAny, V20161014, 0, 0},
	{"yaql", &yaqlExpression, V20170901, 0, 0},
	{"contains", &contains, V20170901, 0, 0},
	{"Fn::Equals", &equals, 0, 0, inAWS},
	{"Ref", &paramRef, 0, 0, inAWS},
	{"Fn::FindInMap", &findInMap, 0, 0, inAWS},
	{"Fn::Not", &fnNot, 0, 0, inAWS},
	{"Fn::And", &and, 0, 0, inAWS},
	{"Fn::Or", &orAny, 0, 0, inAWS},
}

func (e *entry) in(v Version) bool {
	switch v {
	case AWS:
		return e.cfn&inAWS != 0
	case Heat:
		return e.cfn&inHeat != 0
	}
	return e.since != 0 && e.since <= v && (e.until == 0 || v <= e.until)
}

var tables = sync.OnceValue(func() (out struct{ functions, conditions [Heat + 1]map[string]*def }) {
	for v := V20130523; v <= Heat; v++ {
		functions, conditions := map[string]*def{}, map[string]*def{}
		for i := range table {
			if e := &table[i]; e.in(v) {
				functions[e.name] = e.def
				conditions[e.name] = &misplaced
			}
		}
		for i := range conditionTable {
			if e := &conditionTable[i]; e.in(v) {
				conditions[e.name] = e.def
			}
		}
		out.functions[v], out.conditions[v] = functions, conditions
	}
	return out
})

func functionsOf(v Version) map[string]*def  { return tables().functions[v] }
func conditionsOf(v Version) map[string]*def { return tables().conditions[v] }

// Info is a function as the list of a version's functions shows it.
type Info struct{ Name, Description string }

// ListOf gives the functions of a version in the order of the table, those of conditions
// behind them when conditions is set. Functions that were removed are left out.
func ListOf(v Version, conditions bool) []Info {
	var out []Info
	seen := map[string]bool{}
	add := func(entries []entry) {
		for i := range entries {
			if e := &entries[i]; e.in(v) && e.def != &removed && !seen[e.name] {
				seen[e.name] = true
				out = append(out, Info{Name: e.name, Description: e.def.doc})
			}
		}
	}
	add(table)
	if conditions {
		add(conditionTable)
	}
	return out
}
