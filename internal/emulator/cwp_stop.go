package emulator

import (
	"slices"
	"time"
)

// deleteScanTask stops a task, despite its name, or the scan of some of its hosts.
func (s *Server) deleteScanTask(r *request) (map[string]any, *failure) {
	moduleType := textOf(r.parameters["ModuleType"])
	if !slices.Contains(moduleTypes, moduleType) {
		return nil, fail("InvalidParameterValue", "The value of ModuleType is none of Malware, Vul and Baseline.")
	}
	s.cwp.mu.Lock()
	defer s.cwp.mu.Unlock()
	now := s.now()
	play := s.cwp.find(moduleType, number(r.parameters["TaskId"], 0))
	if play == nil {
		return nil, fail("ResourceNotFound", "The task does not exist.")
	}
	if !play.course.isRunning(now) {
		return nil, fail("FailedOperation", "The task is not running.")
	}
	quuids := texts(r.parameters["QuuidList"])
	for _, quuid := range quuids {
		play.halted[quuid] = true
	}
	if len(quuids) == 0 {
		play.course.stop(now)
		play.stopsUntil = now.Add(time.Duration(s.cwp.scenario.StopDuration))
	}
	return nil, nil
}

// isStopping tells whether a task that was stopped has not ended yet.
func (p *hostPlay) isStopping(now time.Time) bool { return now.Before(p.stopsUntil) }
