package simcloud

import (
	"net/http"
	"strconv"
	"time"
)

// faultRoutes let an administrator inject faults over HTTP. They are mounted
// apart from the services, so that no rule can lock the way back.
var faultRoutes = []route{
	{"GET", "/", "", listFaults, admin},
	{"POST", "/", "", addFault, admin},
	{"DELETE", "/", "", clearFaults, admin},
	{"DELETE", "/{id}", "", removeFault, admin},
}

func faultView(rule rule[Fault]) object {
	r := &rule.what
	return object{
		"id": rule.id, "service": r.Service, "operation": r.Operation, "nth": r.Nth, "times": r.Times, "status": r.Status, "message": r.Message,
		"latency_ms": r.Latency.Milliseconds(), "before_effect": r.BeforeEffect, "after_effect": r.AfterEffect, "hang": r.Hang, "become": r.Become, "seen": rule.seen,
	}
}

func listFaults(c *call) (*reply, error) {
	out := []object{}
	for _, r := range c.cloud.faults.list() {
		out = append(out, faultView(r))
	}
	return ok(object{"faults": out})
}

func addFault(c *call) (*reply, error) {
	in, err := c.want("fault")
	if err != nil {
		return nil, err
	}
	f := Fault{
		Service: in.str("service"), Operation: in.str("operation"), Nth: in.int("nth"), Times: in.int("times"), Status: in.int("status"),
		Message: in.str("message"), Latency: time.Duration(in.int("latency_ms")) * time.Millisecond,
		BeforeEffect: in.flag("before_effect"), AfterEffect: in.flag("after_effect"), Hang: in.flag("hang"), Become: in.str("become"),
	}
	if f.Status != 0 && (f.Status < 400 || f.Status > 599) {
		return nil, badRequest("status must be 0 or an error status, not %d.", f.Status)
	}
	return created(object{"fault": faultView(c.cloud.faults.add(f))})
}

func clearFaults(c *call) (*reply, error) {
	c.cloud.faults.clear()
	return noContent()
}

func removeFault(c *call) (*reply, error) {
	id, err := strconv.Atoi(c.param("id"))
	if err != nil || !c.cloud.faults.remove(id) {
		return nil, notFound("There is no fault %s.", c.param("id"))
	}
	return noContent()
}

var faultService = &service{name: "faults", mount: "/faults", routes: faultRoutes, errorBody: keystoneError, requestHeaders: []string{http.CanonicalHeaderKey("x-openstack-request-id")}}
