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
	answer := map[string]any{
		"Status": "", "IgnoreVulCount": 0, "FoundRiskImageCount": 0, "ScanProgress": 100.0, "RemainingTime": 0.0,
		"ScanStartTime": "", "ScanEndTime": "",
	}
	for _, side := range sides {
		side.tell(answer, now, side.asked || !anyAsked)
	}
	if answer["Status"] == "" {
		answer["Status"], answer["ScanProgress"] = "NOT_SCAN", 0.0
	}
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

// tell writes a side into an answer: its own fields, and its part of the shared ones if it counts.
func (side *imageSide) tell(answer map[string]any, now time.Time, counts bool) {
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
	if counts {
		if statusRank[status] > statusRank[answer["Status"].(string)] {
			answer["Status"] = status
		}
		answer["IgnoreVulCount"] = answer["IgnoreVulCount"].(int) + so(task.Ignored)
		answer["FoundRiskImageCount"] = answer["FoundRiskImageCount"].(int) + so(task.RiskImages)
		answer["ScanProgress"] = min(answer["ScanProgress"].(float64), percent)
		if status == "SCANNING" {
			answer["RemainingTime"] = max(answer["RemainingTime"].(float64), course.left(now).Seconds())
		}
		if status != "NOT_SCAN" {
			side.tellTimes(answer, status)
		}
	}
}

// tellTimes widens the answer's time from the earliest beginning to the latest end; while one side is
// being scanned there is no end.
func (side *imageSide) tellTimes(answer map[string]any, status string) {
	began, ended := serviceTime(side.play.course.began), serviceTime(side.play.course.ended)
	if start := answer["ScanStartTime"].(string); start == "" || began < start {
		answer["ScanStartTime"] = began
	}
	if status == "CANCELED" && ended == "" {
		ended = began
	}
	if ended > answer["ScanEndTime"].(string) {
		answer["ScanEndTime"] = ended
	}
	if answer["Status"] == "SCANNING" {
		answer["ScanEndTime"] = ""
	}
}
