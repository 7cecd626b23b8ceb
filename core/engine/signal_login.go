package engine

import (
	"context"
	"crypto/rand"

	"hearth/core/cloud"
	"hearth/core/resource"
	"hearth/core/store"
)

// The keys of a resource's data under which it remembers its account, as upstream has them
// and two more.
const (
	userIDData      = "user_id"
	passwordData    = "password"
	userProjectData = "stack_user_project_id"
	userDomainData  = "stack_user_domain_id"
)

func (l SignalLinks) hasAccounts() bool { return l.Cloud != nil && l.Cloud.HasStackDomain() }

// SignalLogin implements resource.Links. Where no accounts can be made it names the caller
// behind the resource's token, with the token for a password: there is no account of that
// name then, the token is used as it is.
func (l SignalLinks) SignalLogin(ctx context.Context, c *resource.Context) (resource.SignalLogin, error) {
	login := resource.SignalLogin{AuthURL: l.Identity, UserName: c.PhysicalName(0), Region: l.Region}
	if l.hasAccounts() && c.Data[userIDData] == "" && c.Save != nil { // to read about a resource makes nothing
		if err := l.makeAccount(ctx, c); err != nil {
			return login, err
		}
	}
	if c.Data[userIDData] == "" {
		login.UserID, login.Password, login.ProjectID, login.SignalURL = signalUser(c.ID), l.SignalToken(c), c.Stack.ProjectID, l.Signal(c)
		return login, nil
	}
	login.UserName = cloud.StackUserName(login.UserName)
	login.UserID, login.Password = c.Data[userIDData], c.Data[passwordData]
	login.ProjectID, login.DomainID = c.Data[userProjectData], c.Data[userDomainData]
	login.SignalURL = l.signalIn(login.ProjectID, c)
	return login, nil
}

// makeAccount makes the account, in the project of the whole tree's users, and remembers it
// before anybody can log in. An interrupted call finds both again by their names.
func (l SignalLinks) makeAccount(ctx context.Context, c *resource.Context) error {
	s, err := l.Store.FindStack(ctx, c.Stack.ID)
	if err != nil || s == nil {
		return err
	}
	password := rand.Text()
	u, err := l.Cloud.CreateStackUser(ctx, cloud.StackProjectName(s.ProjectID, s.RootID), accountName(c), password)
	if err != nil {
		return err
	}
	if s.StackUserProjectID != u.ProjectID {
		err = l.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			return tx.SetStackUserProject(ctx, s.RootID, u.ProjectID)
		})
		if err != nil {
			return err
		}
	}
	c.Data[userIDData], c.Data[passwordData] = u.ID, password
	c.Data[userProjectData], c.Data[userDomainData] = u.ProjectID, u.DomainID
	return c.Checkpoint(ctx)
}

func accountName(c *resource.Context) string { return cloud.StackUserName(c.PhysicalName(0)) }

// AllowLogin implements resource.Links.
func (l SignalLinks) AllowLogin(ctx context.Context, c *resource.Context, allowed bool) error {
	if !l.hasAccounts() || c.Data[userIDData] == "" {
		return nil
	}
	return l.Cloud.AllowStackUser(ctx, c.Data[userIDData], allowed)
}

// ForgetLogin implements resource.Links. The project of the users goes with the last of them.
func (l SignalLinks) ForgetLogin(ctx context.Context, c *resource.Context) error {
	if !l.hasAccounts() {
		return nil
	}
	s, err := l.Store.FindStack(ctx, c.Stack.ID)
	if err != nil || s == nil {
		return err
	}
	if err := l.Cloud.DeleteStackUser(ctx, cloud.StackProjectName(s.ProjectID, s.RootID), accountName(c)); err != nil {
		return err
	}
	for _, key := range []string{userIDData, passwordData, userProjectData, userDomainData} {
		delete(c.Data, key)
	}
	return nil
}
