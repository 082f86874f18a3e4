package tencentcloud

// MaxValues bounds the values of an answer: a body within [MaxBody] can hold twenty million empty
// rows, each of which takes a hundred times its own length in memory. The largest real answer, 20 apps
// of 2,000 vulnerabilities each, has 360,000.
const MaxValues = 1_000_000

// tooManyValues tells whether a JSON text has more than limit values, by the commas between them. What is
// no JSON is found out later.
func tooManyValues(text []byte, limit int) bool {
	commas := 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '"':
			i = stringEnd(text, i)
		case ',':
			if commas++; commas >= limit {
				return true
			}
		}
	}
	return false
}
