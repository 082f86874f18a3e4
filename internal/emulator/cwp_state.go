package emulator

import (
	"slices"
	"strconv"
	"time"
)

// The values of ScanState.
const (
	scanNever    = 0
	scanRunning  = 1
	scanDone     = 2
	scanStopping = 3
	scanStopped  = 4
)

// last is the last task of a module, of a strategy if it is a baseline; nil where there is none.
func (c *cwpState) last(moduleType string, strategyID int64) *hostPlay {
	for _, play := range slices.Backward(c.tasks) {
		if play.ModuleType == moduleType && !play.forgotten && (moduleType != "Baseline" || play.StrategyID == strategyID) {
			return play
		}
	}
	return nil
}

// running is a task of a module on its way. Of a scenario's tasks only the last one may be.
func (c *cwpState) running(moduleType string, now time.Time) *hostPlay {
	for _, play := range slices.Backward(c.tasks) {
		isLast := play == c.last(moduleType, play.StrategyID)
		if play.ModuleType == moduleType && !play.forgotten && (play.course.started || isLast) &&
			(play.course.isRunning(now) || play.isStopping(now)) {
			return play
		}
	}
	return nil
}

// describeScanState tells of the last task of a module.
func (s *Server) describeScanState(r *request) (map[string]any, *failure) {
	moduleType := textOf(r.parameters["ModuleType"])
	if !slices.Contains(moduleTypes, moduleType) {
		return nil, fail("InvalidParameterValue", "The value of ModuleType is none of Malware, Vul and Baseline.")
	}
	var strategyID int64
	for _, element := range listOf(r.parameters["Filters"]) {
		filter := objectOf(element)
		id, err := strconv.ParseInt(textOf(listOf(filter["Values"])[0]), 10, 64)
		if textOf(filter["Name"]) != "StrategyId" || err != nil {
			return nil, fail("InvalidParameterValue", "The filter is not a StrategyId.")
		}
		strategyID = id
	}
	if moduleType == "Baseline" && strategyID == 0 {
		return nil, fail("InvalidParameter.MissingParameter", "The filter `StrategyId` is missing.")
	}
	s.cwp.mu.Lock()
	defer s.cwp.mu.Unlock()
	play := s.cwp.last(moduleType, strategyID)
	if play == nil {
		return map[string]any{
			"ScanState": scanNever, "Schedule": 0, "TaskId": 0, "VulId": []any{}, "Type": 0, "ScanBeginTime": "",
			"RiskEventCount": 0, "ScanEndTime": "", "KBNumber": []any{},
		}, nil
	}
	now := s.now()
	percent := play.course.percent(now, false)
	summary := play.summary(play.stand(percent, now), percent, now)
	count := summary["RiskEventCount"]
	if moduleType == "Vul" {
		count = summary["VulCount"]
	}
	return plain(map[string]any{
		"ScanState": play.state(percent, now), "Schedule": int(percent), "TaskId": play.TaskID, "VulId": orEmpty(play.VulIDs),
		"Type": play.Type, "ScanBeginTime": summary["ScanBeginTime"], "RiskEventCount": count,
		"ScanEndTime": summary["ScanEndTime"], "KBNumber": orEmpty(play.KBNumbers),
	})
}

// state is ScanState of a task at a progress.
func (p *hostPlay) state(percent float64, now time.Time) int {
	switch {
	case p.isStopping(now), p.StoppingAll && percent < 100:
		return scanStopping
	case p.course.stopped:
		return scanStopped
	case percent < 100 && !p.course.timedOut:
		return scanRunning
	}
	return scanDone
}
