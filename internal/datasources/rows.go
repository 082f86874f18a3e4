package datasources

import "strconv"

// countRows returns the number of rows of an answer in words, for logs and the last observation of a wait.
func countRows(n int) string {
	if n == 1 {
		return "1 row"
	}
	return strconv.Itoa(n) + " rows"
}
