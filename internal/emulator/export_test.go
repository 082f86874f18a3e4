package emulator

// Held returns how many calls wait at barriers.
func (s *Server) Held() int {
	s.control.mu.Lock()
	defer s.control.mu.Unlock()
	held := 0
	for _, g := range s.control.barriers {
		held += int(g.held.Load())
	}
	return held
}
