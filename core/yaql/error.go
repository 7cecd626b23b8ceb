package yaql

import (
	"errors"
	"fmt"

	"hearth/core/yaql/syntax"
)

// Class is the name of an error as MuranoPL's Catch and Heat's messages know it: the
// exception class that the Python implementation raises.
type Class string

// The classes. The first group are YAQL's own exceptions, the second Python's.
const (
	LexicalError       Class = "YaqlLexicalException"
	GrammarError       Class = "YaqlGrammarException"
	NoFunction         Class = "NoFunctionRegisteredException"
	NoMethod           Class = "NoMethodRegisteredException"
	NoMatchingFunction Class = "NoMatchingFunctionException"
	NoMatchingMethod   Class = "NoMatchingMethodException"
	AmbiguousFunction  Class = "AmbiguousFunctionException"
	AmbiguousMethod    Class = "AmbiguousMethodException"
	ArgumentError      Class = "ArgumentException"
	MappingTranslation Class = "MappingTranslationException"
	CollectionTooLarge Class = "CollectionTooLargeException"
	MemoryExceeded     Class = "MemoryQuotaExceededException"
	StepsExceeded      Class = "StepLimitExceededException" // ours: upstream has no such limit

	AssertionError     Class = "AssertionError"
	AttributeError     Class = "AttributeError"
	IndexError         Class = "IndexError"
	KeyError           Class = "KeyError"
	OverflowError      Class = "OverflowError"
	ParserError        Class = "ParserError" // dateutil's ValueError
	RecursionError     Class = "RecursionError"
	RegexError         Class = "re.error"
	StopIteration      Class = "StopIteration"
	TypeError          Class = "TypeError"
	UnicodeDecodeError Class = "UnicodeDecodeError"
	ValueError         Class = "ValueError"
	ZeroDivisionError  Class = "ZeroDivisionError"
)

// Error is what is wrong with an expression or with the values it met.
type Error struct {
	Class      Class
	Message    string // the text that upstream shows
	Expression string // the source, when known
	Position   int    // in characters from 0; -1 when it is the end or unknown
}

func (e *Error) Error() string { return string(e.Class) + ": " + e.Message }

// Errorf makes an Error. The evaluator adds expression and position on its way out.
func Errorf(class Class, format string, args ...any) *Error {
	return &Error{Class: class, Message: fmt.Sprintf(format, args...), Position: -1}
}

// IsClass reports whether err is, or wraps, an Error of one of the classes.
func IsClass(err error, classes ...Class) bool {
	e, ok := errors.AsType[*Error](err)
	if !ok {
		return false
	}
	for _, c := range classes {
		if e.Class == c {
			return true
		}
	}
	return false
}

// parseError turns what the parser says into an Error.
func parseError(src string, err error) error {
	e, ok := errors.AsType[*syntax.Error](err)
	if !ok {
		return err
	}
	class := map[syntax.Kind]Class{syntax.Lexical: LexicalError, syntax.Grammar: GrammarError,
		syntax.Escape: UnicodeDecodeError, syntax.TooDeep: RecursionError}[e.Kind]
	return &Error{Class: class, Message: e.Message, Expression: src, Position: e.Position}
}
