package engine

import (
	"context"
	"regexp"
	"strings"

	"github.com/google/uuid"

	"hearth/core"
	"hearth/core/converge"
	"hearth/core/plan"
	"hearth/core/store"
)

// stackName is what a stack may be called (heat/engine/stack.py).
var stackName = regexp.MustCompile(`^[a-zA-Z][a-zA-Z0-9_.-]{0,254}$`)

// Create stores a new stack and begins to make it. It returns StackValidationFailed and
// its like for what is wrong in the request, StackExists for a name that is taken,
// RequestLimitExceeded for what is too much.
func (e *Engine) Create(ctx context.Context, caller *core.Caller, r CreateRequest) (*core.Stack, error) {
	if r.Adopt != nil {
		r = adopting(r)
	}
	s, target, err := e.prepare(ctx, caller, r)
	if err != nil {
		return nil, err
	}
	raw, err := converge.NewTemplate(target.Source, e.Now())
	if err != nil {
		return nil, err
	}
	s.TemplateID = raw.ID
	err = e.lending(ctx, caller, core.Credentials{}, func(l *loan) error {
		if s.Credentials, err = e.Store.Sealer().Seal(l.Credentials, s.ID); err != nil {
			return err
		}
		return e.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			fresh := *s
			if err := tx.CreateTemplate(ctx, raw, r.Files); err != nil {
				return err
			}
			if err := e.begin(ctx, tx, &fresh, target, r); err != nil {
				return err
			}
			tx.AfterCommit(func() { *s = fresh })
			return nil
		})
	})
	if store.IsUnique(err) {
		return nil, errStackExists(r.StackName)
	}
	if err != nil {
		return nil, err
	}
	return s, nil
}

// prepare makes the stack of a create request and understands its template; nothing is
// stored.
func (e *Engine) prepare(ctx context.Context, caller *core.Caller, r CreateRequest) (*core.Stack, *plan.Target, error) {
	if !stackName.MatchString(r.StackName) {
		return nil, nil, core.StackValidationFailed(
			"Invalid stack name %s must contain only alphanumeric or \"_-.\" characters, must start with alpha and must be 255 characters or less.", r.StackName)
	}
	if err := e.checkTags(r.Tags); err != nil {
		return nil, nil, err
	}
	if taken, err := e.Store.FindStackByName(ctx, caller.ProjectID, r.StackName); err != nil {
		return nil, nil, err
	} else if taken != nil {
		return nil, nil, errStackExists(r.StackName)
	}
	if err := e.checkQuota(ctx, caller); err != nil {
		return nil, nil, err
	}
	id := uuid.NewString()
	s := &core.Stack{ID: id, RootID: id, ProjectID: caller.ProjectID, Name: r.StackName, Action: core.Create,
		UserID: caller.UserID, Username: caller.UserName, TimeoutMins: r.TimeoutMins, DisableRollback: r.DisableRollback,
		Tags: r.Tags, StackUserProjectID: strings.ReplaceAll(uuid.NewString(), "-", ""), CreatedAt: e.Now().UTC()}
	if s.Tags == nil {
		s.Tags = []string{}
	}
	src, err := e.source(r.TemplateRequest, e.pseudo(s))
	if err != nil {
		return nil, nil, err
	}
	target, err := e.load(ctx, caller, src, s, 0)
	if err != nil {
		return nil, nil, err
	}
	s.Description, s.Parameters = target.Parsed.Description, converge.Shown(target)
	return s, target, nil
}

func (e *Engine) checkTags(tags []string) error {
	for _, t := range tags {
		if len([]rune(t)) > e.Limits.TagLength {
			return core.Errorf(core.Invalid, "ValueError", "Invalid tag, \"%s\" is longer than %d characters", t, e.Limits.TagLength)
		}
	}
	return nil
}

func (e *Engine) checkQuota(ctx context.Context, caller *core.Caller) error {
	if e.Limits.StacksPerTenant < 0 || caller.IsAdmin() {
		return nil
	}
	n, err := e.Store.CountStacks(ctx, caller.ProjectID)
	if err != nil {
		return err
	}
	if n >= e.Limits.StacksPerTenant {
		return core.RequestLimitExceeded("You have reached the maximum stacks per tenant, %d. Please delete some stacks.", e.Limits.StacksPerTenant)
	}
	return nil
}

func errStackExists(name string) error {
	return core.Errorf(core.Conflict, "StackExists", "The Stack (%s) already exists.", name)
}
