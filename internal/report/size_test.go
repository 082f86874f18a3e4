package report

import (
	"testing"
)

// manyFindings is the size that each renderer is measured at.
const manyFindings = 40_000

func BenchmarkRender(b *testing.B) {
	r := large(b, manyFindings)
	for name, render := range renderers {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			var size int
			for b.Loop() {
				text, err := render(r)
				if err != nil {
					b.Fatal(err)
				}
				size = len(text)
			}
			b.ReportMetric(float64(size), "bytes")
		})
	}
}
