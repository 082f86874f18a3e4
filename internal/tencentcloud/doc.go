// Package tencentcloud is the cloud as this provider sees it: typed requests and answers of the ms,
// cwp and tcss services over the official SDK's signing, with a rate limit for each action, retries
// that never repeat a paid call, bounded bodies, tolerant decoding and typed errors.
//
// One call's way: limit → sign and send → bound the body → decode → typed error.
//
// It knows no Terraform types, and of the other rooms wait alone. The emulator, which plays the other
// side, shares no code with it.
package tencentcloud
