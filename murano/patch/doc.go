// Package patch applies JSON patches as Murano does: each operation is checked against a
// table of what may be done where and against the schema of what it touches, in a fixed
// order and with Murano's texts, before anything is changed.
//
// Follows JSONPatchDeserializer of murano/common/wsgi.py; the texts of a patch that does
// not fit the document are those of Python's jsonpatch and jsonpointer.
package patch
