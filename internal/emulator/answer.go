package emulator

import (
	"bytes"
	"encoding/json"
	"net"
	"net/http"
	"strconv"
	"time"
)

// send puts the RequestId in, lets the tests' functions rewrite the Response, and writes it, or what
// a fault makes of it.
func (q *apiRequest) send(request, response map[string]any) {
	if response == nil {
		response = make(map[string]any)
	}
	response["RequestId"] = q.requestID
	plain, err := plainJSON(response)
	if err != nil {
		q.server.complain(err)
		return
	}
	if q.fault.Kind.distorts() {
		plain = q.fault.distort(plain)
	}
	rewritten := q.server.control.rewrite(q.action, request, plain)
	body, err := json.Marshal(map[string]any{"Response": rewritten})
	if err != nil {
		q.server.complain(err)
		return
	}
	if q.breakAfter(body) {
		return
	}
	q.write(http.StatusOK, "application/json", body)
}

// plainJSON is a value as decoding its JSON gives it, numbers as json.Number.
func plainJSON(value map[string]any) (map[string]any, error) {
	text, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var plain map[string]any
	err = decoder.Decode(&plain)
	return plain, err
}

func (q *apiRequest) write(status int, contentType string, body []byte) {
	q.w.Header().Set("Content-Type", contentType)
	q.w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	q.w.WriteHeader(status)
	_, _ = q.w.Write(body)
}

// complain reports a mistake of the emulator or of a test's function where someone may see it.
func (s *Server) complain(err error) {
	if s.settings.log != nil {
		_, _ = s.settings.log.Write([]byte("emulator: " + err.Error() + "\n"))
	}
}

// wait sleeps for d, and tells whether the client is still there.
func (q *apiRequest) wait(d time.Duration) bool {
	if d <= 0 {
		return q.r.Context().Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-q.r.Context().Done():
		return false
	}
}

// hangUp ends the connection without an answer: by a reset, or in good order.
func (q *apiRequest) hangUp(reset bool) {
	connection, _, err := http.NewResponseController(q.w).Hijack()
	if err != nil {
		q.server.complain(err)
		return
	}
	if tcp, ok := connection.(*net.TCPConn); ok && reset {
		_ = tcp.SetLinger(0)
	}
	_ = connection.Close()
}
