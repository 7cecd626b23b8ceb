package yaql

// Type says what a parameter takes and how the argument reaches the body: as a value, or
// unevaluated. Types are values; make new ones from the ones here.
type Type struct {
	name       string
	role       role
	kinds      Kinds
	class      class
	host       func(v any) bool // says which KindHost values fit; nil: none
	hostFits   bool             // all KindHost values fit
	dictsFit   bool             // dictionaries fit when the engine has IterableDicts
	methodCall bool             // only a function call fits
	where      func(v any, kind Kind, e *Engine) bool
}

type role uint8

const (
	roleValue      role = iota
	roleIterable        // a value whose items are limited
	roleLambda          // *Lambda; evaluated as often as the body likes
	roleKeyword         // a bare word, as its name
	roleKeywordArg      // a bare word, as it stands, to be passed on
	roleConstant        // a literal text or a bare word
	roleExpression      // the expression itself, to be passed on
	roleRule            // *LazyRule
)

func (r role) lazy() bool { return r == roleLambda || r == roleExpression || r == roleRule }

// class is what "more specialized" is decided by: Python's classes.
type class uint8

const (
	classNone class = iota // never more nor less special than another
	classObject
	classNull
	classInt
	classBool
	classString
	classIterable
	classIterator
	classSequence
	classTuple
	classMapping
	classSet
	classOrdering
	classDateTime
	classTimespan
	classRegex
	classContext
	classRule
)

var bases = map[class][]class{
	classNull:     {classObject},
	classInt:      {classObject},
	classBool:     {classObject, classInt},
	classString:   {classObject, classIterable, classSequence},
	classIterable: {classObject},
	classIterator: {classObject, classIterable},
	classSequence: {classObject, classIterable},
	classTuple:    {classObject, classIterable, classSequence},
	classMapping:  {classObject, classIterable},
	classSet:      {classObject, classIterable},
	classOrdering: {classObject, classIterable},
	classDateTime: {classObject},
	classTimespan: {classObject},
	classRegex:    {classObject},
	classContext:  {classObject},
	classRule:     {classObject},
}

func (t *Type) specializes(o *Type) bool {
	if t.class == classNone || o.class == classNone {
		return false
	}
	for _, base := range bases[t.class] {
		if base == o.class {
			return true
		}
	}
	return false
}

// The types of parameters. Those of values refuse null unless their name says otherwise.
var (
	Any     = Type{name: "any", kinds: allKinds, class: classObject, hostFits: true}
	NotNull = Type{name: "not null", kinds: allKinds &^ KindsOf(KindNull), class: classObject, hostFits: true}
	Null    = Type{name: "null", kinds: KindsOf(KindNull), class: classNull}
	// Integer takes no boolean, as yaqltypes.Integer; IntOrBool does, as Python's int.
	Integer   = Type{name: "integer", kinds: KindsOf(KindInt), class: classInt}
	IntOrBool = Type{name: "integer", kinds: KindsOf(KindInt, KindBool), class: classInt}
	Number    = Type{name: "number", kinds: KindsOf(KindInt, KindFloat)}
	Boolean   = Type{name: "boolean", kinds: KindsOf(KindBool), class: classBool}
	String    = Type{name: "string", kinds: KindsOf(KindString), class: classString}
	DateTime  = Type{name: "datetime", kinds: KindsOf(KindDateTime), class: classDateTime}
	Span      = Type{name: "timespan", kinds: KindsOf(KindTimespan), class: classTimespan}
	Pattern   = Type{name: "regex", kinds: KindsOf(KindRegex), class: classRegex}

	Iterable   = Type{name: "iterable", role: roleIterable, kinds: iterableKinds, class: classIterable, dictsFit: true}
	NonSet     = Type{name: "iterable", role: roleIterable, kinds: iterableKinds &^ setKinds, class: classIterable, dictsFit: true}
	Iterated   = Type{name: "iterator", kinds: KindsOf(KindIterator), class: classIterator}
	Sequence   = Type{name: "sequence", kinds: sequenceKinds, class: classSequence}
	TupleType  = Type{name: "tuple", kinds: KindsOf(KindTuple), class: classTuple}
	Mapping    = Type{name: "dictionary", kinds: KindsOf(KindDict), class: classMapping}
	SetType    = Type{name: "set", kinds: setKinds, class: classSet}
	Ordering   = Type{name: "ordered sequence", kinds: KindsOf(KindOrdering), class: classOrdering}
	Scope      = Type{name: "context", kinds: KindsOf(KindContext), class: classContext}
	RuleValue  = Type{name: "mapping", kinds: KindsOf(KindRule), class: classRule}
	Callable   = Type{name: "function", kinds: KindsOf(KindLambda), class: classObject}
	LambdaType = Type{name: "lambda", role: roleLambda}
	// Receiver is a lambda that only a function call can be, evaluated on a receiver.
	ReceiverCall = Type{name: "method call", role: roleLambda, methodCall: true}

	KeywordType    = Type{name: "keyword", role: roleKeyword}
	KeywordArg     = Type{name: "keyword", role: roleKeywordArg}
	Constant       = Type{name: "string constant", role: roleConstant}
	ExpressionType = Type{name: "expression", role: roleExpression}
	CallExpression = Type{name: "method call", role: roleExpression, methodCall: true}
	LazyMapping    = Type{name: "mapping", role: roleRule}
)

// Nullable is t that takes null too.
func (t Type) Nullable() Type {
	t.kinds |= KindsOf(KindNull)
	return t
}

// Host makes the type of host values that fits reports. It is never more nor less special
// than another type.
func Host(name string, fits func(v any) bool) Type { return Type{name: name, host: fits} }

// Or is the type of what fits t or o; the argument reaches the body as it is.
func (t Type) Or(o Type) Type {
	u := Type{name: t.name + " or " + o.name, kinds: t.kinds | o.kinds, hostFits: t.hostFits || o.hostFits}
	switch {
	case t.host == nil:
		u.host = o.host
	case o.host == nil:
		u.host = t.host
	default:
		u.host = func(v any) bool { return t.host(v) || o.host(v) }
	}
	return u
}

// Except is the type of what fits t and not o.
func (t Type) Except(o Type) Type {
	t.name += " but not " + o.name
	t.kinds &^= o.kinds
	fits := t
	t.class, t.hostFits = classNone, false
	t.host = func(v any) bool { return fits.fitsHost(v) && !o.fitsHost(v) }
	return t
}

// Name is the type as documentation shows it.
func (t Type) Name() string { return t.name }

func (t *Type) fitsHost(v any) bool { return t.hostFits || t.host != nil && t.host(v) }

// fits reports whether a value can be the argument.
func (t *Type) fits(v any, kind Kind, e *Engine) bool {
	if t.where != nil {
		return t.where(v, kind, e)
	}
	switch t.role {
	case roleValue, roleIterable:
		if kind == KindHost {
			return t.fitsHost(v)
		}
		return t.kinds.has(kind) || t.dictsFit && kind == KindDict && e.options.IterableDicts
	case roleLambda:
		return true
	}
	return false
}

// fitsSyntax reports whether an unevaluated expression can be the argument.
func (t *Type) fitsSyntax(x *Expr, e *Engine) bool {
	switch t.role {
	case roleValue, roleIterable:
		return !x.literal() || t.fits(x.value, KindOf(x.value), e)
	case roleLambda:
		return !t.methodCall || x.IsCall()
	case roleKeyword, roleKeywordArg:
		return x.op == opKeyword
	case roleConstant:
		_, ok := x.value.(string)
		return x.literal() && ok
	case roleExpression:
		return !t.methodCall || x.IsCall()
	case roleRule:
		return x.op == opRule
	}
	return false
}

// Where is the type of what fits t and for which holds holds. It is never more nor less
// special than another type.
func (t Type) Where(name string, holds func(v any) bool) Type {
	fits := t
	return Type{name: name, where: func(v any, kind Kind, e *Engine) bool { return fits.fits(v, kind, e) && holds(v) }}
}
