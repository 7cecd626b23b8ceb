// Package native is the classes of io.murano that are written in Go, one file each: what
// MuranoPL programs reach the world by (murano/engine/system of the upstream project).
//
// A native class finds what it works with in the Session of the executor that runs the
// program. All that waits (for the cloud, a stack, an agent) waits in Thread.Wait, so that
// other threads of the program go on.
package native
