package emulator

import (
	"strconv"
	"strings"
)

// Forget makes a scan vanish, as the service does with old ones: an item by its ItemId, a task of images
// as in "registry/18" or "local/17", a task of hosts as in "Vul/123". It tells whether it was there.
func (s *Server) Forget(id string) bool {
	kind, text, isTask := strings.Cut(id, "/")
	if !isTask {
		return s.ms.forget(id)
	}
	taskID, err := strconv.ParseInt(text, 10, 64)
	switch {
	case err != nil:
		return false
	case kind == "local":
		return s.tcss.forget(&s.tcss.local, taskID)
	case kind == "registry":
		return s.tcss.forget(&s.tcss.registry, taskID)
	}
	return s.cwp.forget(kind, taskID)
}

func (m *msState) forget(itemID string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	_, found := m.items[itemID]
	delete(m.items, itemID)
	return found
}

func (t *tcssState) forget(side *imageSide, taskID int64) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	play := side.find(taskID)
	if play == nil {
		return false
	}
	play.forgotten = true // what it found stays
	return true
}

func (c *cwpState) forget(moduleType string, taskID int64) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	play := c.find(moduleType, taskID)
	if play == nil {
		return false
	}
	play.forgotten = true
	return true
}
