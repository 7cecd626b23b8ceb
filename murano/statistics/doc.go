// Package statistics counts the requests to the API, for administrators: how many, how many
// of them failed, how long they took and whose they were (murano/common/statservice.py).
package statistics
