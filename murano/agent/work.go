package agent

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"hearth/core"
	corestore "hearth/core/store"
	"hearth/murano"
	"hearth/murano/store"
)

// errRefused is for a server whose queue is gone, and for an outcome that is in already.
var errRefused = core.Errorf(core.Forbidden, "Forbidden", "Refused")

// next gives the step that a server is to do, nil when there is none after a while.
func (s *Service) next(ctx context.Context, queueID string) ([]byte, error) {
	end := time.Now().Add(lookAgain)
	for {
		changed, leave := s.waiting.on(queueID)
		step, err := s.step(ctx, queueID)
		rest := time.Until(end)
		if err != nil || step != nil || rest <= 0 {
			leave()
			return step, err
		}
		err = s.wait(ctx, changed, rest)
		leave()
		if err != nil {
			return nil, err
		}
	}
}

// step gives the next step of a queue's first plan. Plans that need no step, or are wrong,
// are answered on the way: their server has asked.
func (s *Service) step(ctx context.Context, queueID string) ([]byte, error) {
	for {
		q, err := store.FindAgentQueueByID(ctx, s.store.Reader(), queueID)
		if err == nil && q == nil {
			err = errRefused
		}
		if err != nil {
			return nil, err
		}
		p, err := store.NextAgentPlan(ctx, s.store.Reader(), queueID)
		if err != nil || p == nil {
			return nil, err
		}
		steps, err := stepsOf(p)
		if err != nil {
			return nil, err
		}
		made, err := advance(p, steps, textOf(q.Log))
		if err != nil || made.step != nil {
			return made.step, err
		}
		if _, err := s.answer(ctx, q, p.ID, len(steps), nil); err != nil && !errors.Is(err, errRefused) {
			return nil, err // or else another call has answered it
		}
	}
}

// answer takes the outcome of the step that comes after done others, nil when none was needed,
// and sees what comes of the plan: more steps or its end. An outcome that is in already
// is errRefused.
func (s *Service) answer(ctx context.Context, q *murano.AgentQueue, id string, done int, came *outcome) (more bool, err error) {
	err = s.store.Write(ctx, func(ctx context.Context, tx *corestore.Tx) error {
		p, err := store.LockAgentPlan(ctx, tx, q.ID, id)
		if err != nil {
			return err
		}
		if p == nil || p.Answered {
			return errRefused
		}
		steps, err := stepsOf(p)
		if err != nil {
			return err
		}
		if len(steps) != done {
			return errRefused
		}
		if came != nil {
			steps = append(steps, *came)
		}
		made, err := advance(p, steps, textOf(q.Log))
		if err != nil {
			return err
		}
		if p.Answer, p.Answered = made.answer, made.step == nil; p.Answered {
			p.Plan, p.Steps = nil, nil
		} else if p.Steps, err = json.Marshal(steps); err != nil {
			return err
		}
		more = !p.Answered
		p.ChangedAt = store.Now().UnixMilli()
		tx.AfterCommit(func() { s.waiting.wake(q.ID) })
		return store.UpdateAgentPlan(ctx, tx, p)
	})
	return more, err
}

// keepLog keeps the end of a server's log.
func (s *Service) keepLog(ctx context.Context, queueID, log string) error {
	text, err := json.Marshal(log)
	if err != nil {
		return err
	}
	return s.store.Write(ctx, func(ctx context.Context, tx *corestore.Tx) error {
		ok, err := store.KeepAgentLog(ctx, tx, &murano.AgentQueue{ID: queueID, Log: text})
		if err == nil && !ok {
			err = errRefused
		}
		return err
	})
}

func textOf(log json.RawMessage) string {
	var text string
	if json.Unmarshal(log, &text) != nil {
		return "" // there is none
	}
	return text
}
