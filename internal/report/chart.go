package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/tencentscan/terraform-provider-ms/internal/gate"
	"github.com/tencentscan/terraform-provider-ms/internal/sanitize"
)

// Measures of the charts, in the units of their drawing.
const (
	chartWidth   = 400
	chartLabel   = 150 // where the bars begin
	chartLongest = 190 // bar
	chartRow     = 26
	chartBar     = 14
)

// chart is a drawing of horizontal bars.
type chart struct {
	Title, Summary string
	Width, Height  int
	Bars           []bar
}

type bar struct {
	Label, Class            string
	Number                  int64
	X, Y, Length, Thickness int
	NumberX, TextY          int
}

// charts draws the findings by severity and by category, and says what is not in the drawings.
func (r Report) charts(items []item) ([]chart, []string) {
	total := r.counts()
	if total.Total == 0 {
		return nil, nil
	}
	charts := []chart{severityChart(total)}
	if len(items) > 0 {
		charts = append(charts, categoryChart(items))
	}
	if more := total.Total - int64(len(items)); more > 0 {
		return charts, []string{"By category: excludes " + plural(more, "finding that is not listed.", "findings that are not listed.")}
	}
	return charts, nil
}

func sum(a, b gate.Summary) gate.Summary {
	return gate.Summary{
		Critical: a.Critical + b.Critical, High: a.High + b.High, Medium: a.Medium + b.Medium, Low: a.Low + b.Low,
		Info: a.Info + b.Info, Unknown: a.Unknown + b.Unknown, Total: a.Total + b.Total,
	}
}

func severityChart(total gate.Summary) chart {
	numbers := bySeverity(total)
	bars := make([]bar, len(numbers))
	for i, severity := range gate.Severities() {
		bars[i] = bar{Label: capital(string(severity)), Class: string(severity), Number: numbers[i]}
	}
	return draw("Findings by severity", bars)
}

// categoryChart counts the findings at hand, the most first.
func categoryChart(items []item) chart {
	numbers := make(map[gate.Category]int64)
	for _, item := range items {
		numbers[item.Category]++
	}
	bars := make([]bar, 0, len(numbers))
	for category, n := range numbers {
		bars = append(bars, bar{Label: categoryLabel(category), Number: n})
	}
	slices.SortFunc(bars, func(a, b bar) int { return cmp.Or(cmp.Compare(b.Number, a.Number), cmp.Compare(a.Label, b.Label)) })
	return draw("Findings by category", bars[:min(len(bars), maxCategoryBars)])
}

// maxCategoryBars bounds a drawing: the provider's own categories are fewer.
const maxCategoryBars = 20

// categoryLabel names a category beside a bar, where there is little room.
func categoryLabel(category gate.Category) string {
	return capital(strings.ReplaceAll(sanitize.LineUpTo(string(category), 20), "_", " "))
}

// draw sets the bars one below the other, to the scale of the longest.
func draw(title string, bars []bar) chart {
	c := chart{Title: title, Width: chartWidth, Height: chartRow * len(bars), Bars: bars}
	longest := int64(1)
	for _, b := range bars {
		longest = max(longest, b.Number)
	}
	parts := make([]string, len(bars))
	for i := range bars {
		b := &bars[i]
		b.X, b.Y, b.Thickness = chartLabel, i*chartRow+(chartRow-chartBar)/2, chartBar
		b.Length = int(float64(b.Number) / float64(longest) * chartLongest)
		if b.Number > 0 {
			b.Length = max(b.Length, 2) // or nobody sees it beside a long one
		}
		b.TextY = i*chartRow + chartRow/2 + 5
		b.NumberX = chartLabel + b.Length + 6
		parts[i] = fmt.Sprintf("%s %d", b.Label, b.Number)
	}
	c.Summary = title + ": " + strings.Join(parts, ", ")
	return c
}
