// Package report renders what scans found and what gates decided for the places where people look:
// code scanning (SARIF), test results of CI systems (JUnit), a browser (HTML) and a comment on a pull
// request (Markdown).
//
// The renderers are pure: the same scans give the same bytes, and no clock, file or network is asked.
// Every text of a [Scan] is treated as untrusted, since it may come from the service or from whoever named
// a file in a package: it is made a line that can be printed ([sanitize.Line]) and then escaped as the
// format demands, so that nothing of it becomes markup, a link, a mention or a command.
package report
