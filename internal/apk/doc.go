// Package apk reads facts from an Android package file: what its manifest declares, what its dex
// files define, and the digests of the file itself.
//
// The file is not trusted. Every size, count and length in it is checked against [Limits] and against
// the bytes that are there before it is acted upon, so that a zip bomb, an endless directory or a
// forged resource pool ends in a typed error and in bounded memory and time. The binary manifest and
// the resource table are decoded by github.com/shogo82148/androidbinary, which trusts the numbers it
// reads; that is why this package walks the same structures first.
//
// What cannot be read is an error or [FlagUnresolved], never a harmless default.
package apk
