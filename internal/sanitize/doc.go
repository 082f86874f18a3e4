// Package sanitize makes text that people read harmless: it takes secrets out of URLs, and control characters and log
// commands out of lines. What comes from a service, a file or a configuration goes through it before it reaches a
// message, a log, a report or a state.
package sanitize

// Redacted stands for a secret that was taken out of a text.
const Redacted = "[redacted]"
