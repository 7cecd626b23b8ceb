// Package api is Murano's application catalogue API, version 1: environments, sessions,
// services, deployments, the catalogue of packages and its categories.
//
// Every success is 200; what has no result answers 200 with no body. An unknown route and a
// wrong method are 404. Errors have one of two shapes, see errors.go. Follows
// murano/api/v1/ and murano/common/wsgi.py of the upstream project; where it does not,
// docs/deviations.md says so and why.
package api
