// Package apk reads facts from an Android package file: what its manifest declares, what its dex
// files define, and the digests of the file itself.
//
// The file is not trusted. Every size, count and length in it is checked against [Limits] and against
// the bytes that are there before it is acted upon, so that a zip bomb, an endless directory or a
// forged resource pool ends in a typed error and in bounded memory and time.
//
// The binary manifest and the resource table are decoded here rather than by way of XML text: what the
// platform acts upon are the resource ids and typed values of the attributes, and a file can be made
// whose names and texts say something else. What readers are known to differ over is refused: two
// manifests, two <application> elements, attributes that are double or out of order.
//
// What cannot be read is an error or [FlagUnresolved], never a harmless default.
//
// It imports no other room; functions and the emulator use it.
package apk
