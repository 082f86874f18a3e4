// Package auth finds the credentials of a run: which of several sources comes first, tccli profiles,
// roles to assume, the role of the machine, and the refresh of temporary credentials during a long wait.
//
// It takes plain [Settings] and knows nothing of Terraform. Nothing is read or called before the first API
// call of a run. An error about a source is an [Error], which says what to do about that source.
package auth
