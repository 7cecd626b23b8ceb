// Package broker is the service broker for platforms like Cloud Foundry (murano/cfapi): the
// packages of one project are its services; a service instance is an application in the
// environment of the platform's space. It is a listener of its own, and its callers log in
// with name and password.
package broker
