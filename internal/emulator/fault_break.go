package emulator

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

const (
	// defaultSlowness is how slow slow-header and slow-body are.
	defaultSlowness = 30 * time.Second
	// slowPieces is how many pieces slow-body sends.
	slowPieces = 20
	// defaultHuge is the padding of kind huge.
	defaultHuge = 1 << 30
)

// htmlPage is what a proxy in front of a service answers when the service is away.
const htmlPage = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n"

// breakBefore does what the fault does before the call is processed, and tells whether that ends it.
func (q *apiRequest) breakBefore() (ended bool) {
	f := q.fault
	if f.Kind != FaultSlowHeader && f.Kind != FaultSlowBody && !q.wait(time.Duration(f.Delay)) {
		return true
	}
	if f.After || f.Kind == FaultClock || f.Kind.breaksAnswer() {
		return false
	}
	return q.spoil()
}

// breakAfter does what the fault does to the answer of a processed call, and tells whether that
// replaces it.
func (q *apiRequest) breakAfter(body []byte) (replaced bool) {
	f := q.fault
	switch f.Kind {
	case "":
		return false
	case FaultLost:
		q.hangUp(true)
		return true
	case FaultTruncate:
		q.w.Header().Set("Content-Type", "application/json")
		q.w.Header().Set("Content-Length", fmt.Sprint(len(body)))
		_, _ = q.w.Write(body[:len(body)/2])
		_ = http.NewResponseController(q.w).Flush()
		q.hangUp(false)
		return true
	case FaultText:
		text := f.Body
		if text == "" {
			text = "The service is being maintained."
		}
		q.write(http.StatusOK, "text/plain; charset=utf-8", []byte(text))
		return true
	case FaultEmpty:
		q.write(http.StatusOK, "application/json", nil)
		return true
	case FaultHuge:
		q.writeHuge(body)
		return true
	case FaultSlowHeader:
		return !q.wait(q.slowness())
	case FaultSlowBody:
		q.writeSlowly(body)
		return true
	default:
		return f.After && q.spoil()
	}
}

// spoil answers instead of the service, by the kinds that may come before or after it.
func (q *apiRequest) spoil() bool {
	f := q.fault
	switch f.Kind {
	case FaultError:
		q.answerError()
	case FaultHTTP:
		status, page := f.Status, f.Body
		if status == 0 {
			status = http.StatusBadGateway
		}
		if page == "" {
			page = strings.ReplaceAll(htmlPage, "502 Bad Gateway", fmt.Sprintf("%d %s", status, http.StatusText(status)))
		}
		q.write(status, "text/html", []byte(page))
	case FaultReset, FaultClose:
		q.hangUp(f.Kind == FaultReset)
	case FaultRedirect:
		status := f.Status
		if status == 0 {
			status = http.StatusTemporaryRedirect
		}
		q.w.Header().Set("Location", f.Location)
		q.write(status, "text/html", nil)
	default:
		return false
	}
	return true
}

func (q *apiRequest) answerError() {
	code, message := q.fault.Code, q.fault.Message
	if code == "" {
		code = "InternalError"
	}
	if message == "" {
		message = "An error that the emulator was told to answer."
	}
	q.note(func(c *Call) { c.Code = code })
	q.log(&failure{Code: code})
	body, err := json.Marshal(map[string]any{"Response": map[string]any{
		"Error": map[string]any{"Code": code, "Message": message}, "RequestId": q.requestID,
	}})
	if err != nil {
		q.server.complain(err)
		return
	}
	q.write(http.StatusOK, "application/json", body)
}

func (q *apiRequest) slowness() time.Duration {
	if q.fault.Delay > 0 {
		return time.Duration(q.fault.Delay)
	}
	return defaultSlowness
}

// writeSlowly sends the header at once and the body in pieces.
func (q *apiRequest) writeSlowly(body []byte) {
	q.w.Header().Set("Content-Type", "application/json")
	q.w.Header().Set("Content-Length", fmt.Sprint(len(body)))
	q.w.WriteHeader(http.StatusOK)
	controller := http.NewResponseController(q.w)
	_ = controller.Flush()
	piece := len(body)/slowPieces + 1
	pause := q.slowness() / slowPieces
	for part := range slices.Chunk(body, piece) {
		if !q.wait(pause) {
			return
		}
		if _, err := q.w.Write(part); err != nil {
			return
		}
		_ = controller.Flush()
	}
}

// writeHuge sends the answer with padding before its end, without ever holding it.
func (q *apiRequest) writeHuge(body []byte) {
	left := q.fault.Size
	if left == 0 {
		left = defaultHuge
	}
	q.w.Header().Set("Content-Type", "application/json")
	// The object is opened again to take one more field.
	head := append(bytes.TrimSuffix(body, []byte("}}")), `,"Padding":"`...)
	if _, err := q.w.Write(head); err != nil {
		return
	}
	padding := bytes.Repeat([]byte("x"), 64<<10)
	for left > 0 && q.r.Context().Err() == nil {
		part := padding[:min(left, int64(len(padding)))]
		if _, err := q.w.Write(part); err != nil {
			return
		}
		left -= int64(len(part))
	}
	_, _ = q.w.Write([]byte(`"}}`))
}

// distorts tells the kinds that change the fields of an answer.
func (k FaultKind) distorts() bool { return k == FaultTypes || k == FaultMissing || k == FaultValue }

// distort gives values another type, leaves fields out, or gives them the fault's value.
func (f Fault) distort(response map[string]any) map[string]any {
	touches := func(name string) bool {
		return name != "RequestId" && (len(f.Fields) == 0 || slices.Contains(f.Fields, name))
	}
	distorted := make(map[string]any, len(response))
	for name, value := range response {
		switch {
		case !touches(name):
			distorted[name] = f.distortInside(value)
		case f.Kind == FaultTypes:
			distorted[name] = otherType(value)
		case f.Kind == FaultValue:
			distorted[name] = f.value()
		}
	}
	return distorted
}

// value is the fault's value as decoding an answer gives it.
func (f Fault) value() any {
	decoder := json.NewDecoder(bytes.NewReader(f.Value))
	decoder.UseNumber()
	var value any
	_ = decoder.Decode(&value) // check saw that it is JSON
	return value
}

func (f Fault) distortInside(value any) any {
	switch v := value.(type) {
	case map[string]any:
		return f.distort(v)
	case []any:
		out := make([]any, len(v))
		for i, element := range v {
			out[i] = f.distortInside(element)
		}
		return out
	}
	return value
}

// otherType is a value of another JSON type.
func otherType(value any) any {
	switch v := value.(type) {
	case string:
		return map[string]any{"Value": v}
	case json.Number:
		return []any{v}
	case bool:
		return map[string]any{}
	case []any:
		return "a text"
	case map[string]any:
		return json.Number("7")
	}
	return true // for null
}
