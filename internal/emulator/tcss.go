package emulator

import (
	"maps"
	"sync"
	"time"
)

// tcssState is the tasks of tcss that are being played.
type tcssState struct {
	mu              sync.Mutex
	local, registry []*imagePlay
}

// imagePlay is one task on its way.
type imagePlay struct {
	*imageTask
	course course
}

func (t *tcssState) start(scenario *Scenario, now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	play := func(tasks []*imageTask) (plays []*imagePlay) {
		for _, task := range tasks {
			plays = append(plays, &imagePlay{imageTask: task, course: newCourse(task.pace, now)})
		}
		return plays
	}
	t.local, t.registry = play(scenario.TCSS.Local), play(scenario.TCSS.Registry)
}

// SetScenario replaces the tasks of cwp and tcss; see [ScenarioFormat].
func (s *Server) SetScenario(document []byte) error {
	scenario, err := ParseScenario(document)
	if err != nil {
		return err
	}
	s.cwp.start(scenario, s.now())
	s.tcss.start(scenario, s.now())
	return nil
}

// imageSide is one half of an answer: the fields of local images, or those of registries.
type imageSide struct {
	play  *imagePlay
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
	sides := []*imageSide{
		{taskID: "LocalTaskID", images: "LocalImageScanCount", vulnerabilities: "FoundVulCount"},
		{taskID: "RegistryTaskID", images: "RegistryImageScanCount", vulnerabilities: "RegistryFoundVulCount"},
	}
	anyAsked := false
	for i, plays := range [][]*imagePlay{s.tcss.local, s.tcss.registry} {
		id := r.parameters[sides[i].taskID]
		play, found := pick(plays, id)
		if !found {
			return nil, fail("ResourceNotFound", "The task of %s does not exist.", sides[i].taskID)
		}
		sides[i].play, sides[i].asked = play, id != nil
		anyAsked = anyAsked || id != nil
	}
	now := s.now()
	answer := make(map[string]any)
	shared := imageSummary{progress: 100}
	for _, side := range sides {
		side.tell(answer, &shared, now, side.asked || !anyAsked)
	}
	shared.tell(answer)
	for _, side := range sides {
		if side.play != nil {
			maps.Copy(answer, side.play.Answer)
		}
	}
	return plain(answer)
}

// pick is the task with an id, or the last one where none is given; nil where there is no task at all.
func pick(plays []*imagePlay, id any) (*imagePlay, bool) {
	if id == nil {
		if len(plays) == 0 {
			return nil, true
		}
		return plays[len(plays)-1], true
	}
	for _, play := range plays {
		if play.TaskID == number(id, 0) {
			return play, true
		}
	}
	return nil, false
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

// tell writes a side's own fields into an answer, and adds its part to the shared ones if it counts.
func (side *imageSide) tell(answer map[string]any, shared *imageSummary, now time.Time, counts bool) {
	answer[side.taskID], answer[side.images], answer[side.vulnerabilities] = 0, 0, 0
	if side.play == nil {
		return
	}
	task, course := side.play.imageTask, &side.play.course
	percent := course.percent(now, counts)
	status := task.Status
	if percent < 100 && status == "SCANNED" {
		status = "SCANNING"
	}
	if status == "NOT_SCAN" {
		percent = 0
	}
	so := func(n int) int { return int(float64(n) * percent / 100) }
	answer[side.taskID], answer[side.images], answer[side.vulnerabilities] = task.TaskID, task.Images, so(task.Vulnerabilities)
	if !counts {
		return
	}
	shared.ignored += so(task.Ignored)
	shared.riskImages += so(task.RiskImages)
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
