package emulator

import (
	"maps"
	"time"
)

// sideAnswer is one half of an answer of DescribeVulScanInfo: the fields of local images, or those of
// registries.
type sideAnswer struct {
	play  *imagePlay
	side  *imageSide
	asked bool
	// names of the side's own fields
	taskID, images, vulnerabilities string
}

// describeVulScanInfo is document 004. Each side answers for the task whose id is given, else for its
// last one. What the sides share (Status, progress, times, risk images, ignored) covers the tasks
// whose ids are given, or both last ones if none is.
func (s *Server) describeVulScanInfo(r *request) (map[string]any, *failure) {
	s.tcss.mu.Lock()
	defer s.tcss.mu.Unlock()
	sides := []*sideAnswer{
		{side: &s.tcss.local, taskID: "LocalTaskID", images: "LocalImageScanCount", vulnerabilities: "FoundVulCount"},
		{side: &s.tcss.registry, taskID: "RegistryTaskID", images: "RegistryImageScanCount", vulnerabilities: "RegistryFoundVulCount"},
	}
	anyAsked := false
	for _, side := range sides {
		id := r.parameters[side.taskID]
		play, found := side.side.pick(id)
		if !found {
			return nil, fail("ResourceNotFound", "The task of %s does not exist.", side.taskID)
		}
		side.play, side.asked = play, id != nil
		anyAsked = anyAsked || id != nil
	}
	now := s.now()
	answer := make(map[string]any)
	shared := imageSummary{progress: 100}
	for _, side := range sides {
		s.tcss.tell(side, answer, &shared, now, side.asked || !anyAsked)
	}
	shared.tell(answer)
	for _, side := range sides {
		if side.play != nil {
			maps.Copy(answer, side.play.Answer)
		}
	}
	return plain(answer)
}

// pick is the task with an id, or the last one where none is given; nil where there is no task at all,
// and where a task that was started just now is not told of yet: then it is the one before it.
func (s *imageSide) pick(id any) (*imagePlay, bool) {
	play := s.last()
	if id != nil {
		if play = s.find(number(id, 0)); play == nil {
			return nil, false
		}
	}
	if play == nil || play.unlisted == 0 {
		return play, true
	}
	play.unlisted--
	var before *imagePlay
	for _, other := range s.plays {
		if other == play {
			break
		}
		before = other
	}
	return before, true
}

// statusRank orders the statuses: of two tasks the answer has the one that is less of a result.
var statusRank = map[string]int{"": 0, "SCANNED": 1, "NOT_SCAN": 2, "CANCELED": 3, "SCANNING": 4}

// imageSummary is what the sides of an answer share.
type imageSummary struct {
	status              string
	ignored, riskImages int
	progress, remaining float64
	began, ended        string
}

// status is that of a task at a progress, NOT_SCAN for as many answers as it shall be.
func (p *imagePlay) status(percent float64, poll bool) string {
	switch {
	case p.course.stopped:
		return "CANCELED"
	case p.notScan > 0:
		if poll {
			p.notScan--
		}
		return "NOT_SCAN"
	case percent < 100 && p.Status == "SCANNED":
		return "SCANNING"
	case percent < 100 && p.course.started:
		return "SCANNING" // whatever it ends as
	}
	return p.Status
}

// tell writes a side's own fields into an answer, and adds its part to the shared ones if it counts.
func (t *tcssState) tell(side *sideAnswer, answer map[string]any, shared *imageSummary, now time.Time, counts bool) {
	answer[side.taskID], answer[side.images], answer[side.vulnerabilities] = 0, 0, 0
	if side.play == nil {
		return
	}
	task, course := side.play.imageTask, &side.play.course
	percent := course.percent(now, counts)
	status := side.play.status(percent, counts)
	if status == "NOT_SCAN" {
		percent = 0
	}
	sum := t.sum(side, percent, now)
	answer[side.taskID], answer[side.images], answer[side.vulnerabilities] = task.TaskID, sum.Images, sum.Vulnerabilities
	if !counts {
		return
	}
	shared.ignored += sum.Ignored
	shared.riskImages += sum.RiskImages
	shared.progress = min(shared.progress, percent)
	if statusRank[status] > statusRank[shared.status] {
		shared.status = status
	}
	if status == "SCANNING" {
		shared.remaining = max(shared.remaining, course.left(now).Seconds())
	}
	if status != "NOT_SCAN" {
		shared.widen(serviceTime(course.began), serviceTime(course.ended))
	}
}

// sum is what a task has scanned and found so far: of its images, or a share of the scenario's counts.
func (t *tcssState) sum(side *sideAnswer, percent float64, now time.Time) imageTask {
	task := side.play.imageTask
	if len(side.play.keys) == 0 {
		so := func(n int) int { return int(float64(n) * percent / 100) }
		return imageTask{Images: task.Images, RiskImages: so(task.RiskImages), Vulnerabilities: so(task.Vulnerabilities), Ignored: so(task.Ignored)}
	}
	sum := imageTask{Images: len(side.play.keys)}
	for _, key := range side.play.keys {
		image := side.side.images[key]
		if image == nil || percent == 0 || side.play.statusOf(key, image, now) != imageScanned {
			continue
		}
		counts := t.count(image)
		sum.Vulnerabilities += counts.total
		sum.Ignored += counts.ignored
		if counts.total > 0 {
			sum.RiskImages++
		}
	}
	return sum
}

// widen takes a task's time in: from the earliest beginning to the latest end.
func (s *imageSummary) widen(began, ended string) {
	if s.began == "" || began < s.began {
		s.began = began
	}
	// A task that was cancelled has no end of its own.
	s.ended = max(s.ended, ended, began)
}

// tell writes the shared fields into an answer.
func (s *imageSummary) tell(answer map[string]any) {
	if s.status == "" {
		s.status, s.progress = "NOT_SCAN", 0
	}
	if s.status == "SCANNING" {
		s.ended = ""
	}
	maps.Copy(answer, map[string]any{
		"Status": s.status, "IgnoreVulCount": s.ignored, "FoundRiskImageCount": s.riskImages,
		"ScanProgress": s.progress, "RemainingTime": s.remaining, "ScanStartTime": s.began, "ScanEndTime": s.ended,
	})
}
