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
func (v *visit) breakBefore() (ended bool) {
	f := v.fault
	if f.Kind != FaultSlowHeader && f.Kind != FaultSlowBody && !v.wait(time.Duration(f.Delay)) {
		return true
	}
	if f.After || f.Kind == FaultClock || f.Kind.breaksAnswer() {
		return false
	}
	return v.spoil()
}

// breakAfter does what the fault does to the answer of a processed call, and tells whether that
// replaces it.
func (v *visit) breakAfter(body []byte) (replaced bool) {
	f := v.fault
	switch f.Kind {
	case "":
		return false
	case FaultLost:
		v.hangUp(true)
		return true
	case FaultTruncate:
		v.w.Header().Set("Content-Type", "application/json")
		v.w.Header().Set("Content-Length", fmt.Sprint(len(body)))
		_, _ = v.w.Write(body[:len(body)/2])
		_ = http.NewResponseController(v.w).Flush()
		v.hangUp(false)
		return true
	case FaultText:
		text := f.Body
		if text == "" {
			text = "The service is being maintained."
		}
		v.write(http.StatusOK, "text/plain; charset=utf-8", []byte(text))
		return true
	case FaultEmpty:
		v.write(http.StatusOK, "application/json", nil)
		return true
	case FaultHuge:
		v.writeHuge(body)
		return true
	case FaultSlowHeader:
		return !v.wait(v.slowness())
	case FaultSlowBody:
		v.writeSlowly(body)
		return true
	default:
		return f.After && v.spoil()
	}
}

// spoil answers instead of the service, by the kinds that may come before or after it.
func (v *visit) spoil() bool {
	f := v.fault
	switch f.Kind {
	case FaultError:
		v.answerError()
	case FaultHTTP:
		status, page := f.Status, f.Body
		if status == 0 {
			status = http.StatusBadGateway
		}
		if page == "" {
			page = strings.ReplaceAll(htmlPage, "502 Bad Gateway", fmt.Sprintf("%d %s", status, http.StatusText(status)))
		}
		v.write(status, "text/html", []byte(page))
	case FaultReset, FaultClose:
		v.hangUp(f.Kind == FaultReset)
	case FaultRedirect:
		status := f.Status
		if status == 0 {
			status = http.StatusTemporaryRedirect
		}
		v.w.Header().Set("Location", f.Location)
		v.write(status, "text/html", nil)
	default:
		return false
	}
	return true
}

func (v *visit) answerError() {
	code, message := v.fault.Code, v.fault.Message
	if code == "" {
		code = "InternalError"
	}
	if message == "" {
		message = "An error that the emulator was told to answer."
	}
	v.note(func(c *Call) { c.Code = code })
	v.log(&failure{Code: code})
	body, err := json.Marshal(map[string]any{"Response": map[string]any{
		"Error": map[string]any{"Code": code, "Message": message}, "RequestId": v.requestID,
	}})
	if err != nil {
		v.server.complain(err)
		return
	}
	v.write(http.StatusOK, "application/json", body)
}

func (v *visit) slowness() time.Duration {
	if v.fault.Delay > 0 {
		return time.Duration(v.fault.Delay)
	}
	return defaultSlowness
}

// writeSlowly sends the header at once and the body in pieces.
func (v *visit) writeSlowly(body []byte) {
	v.w.Header().Set("Content-Type", "application/json")
	v.w.Header().Set("Content-Length", fmt.Sprint(len(body)))
	v.w.WriteHeader(http.StatusOK)
	controller := http.NewResponseController(v.w)
	_ = controller.Flush()
	piece := len(body)/slowPieces + 1
	pause := v.slowness() / slowPieces
	for part := range slices.Chunk(body, piece) {
		if !v.wait(pause) {
			return
		}
		if _, err := v.w.Write(part); err != nil {
			return
		}
		_ = controller.Flush()
	}
}

// writeHuge sends the answer with padding before its end, without ever holding it.
func (v *visit) writeHuge(body []byte) {
	left := v.fault.Size
	if left == 0 {
		left = defaultHuge
	}
	v.w.Header().Set("Content-Type", "application/json")
	// The object is opened again to take one more field.
	head := append(bytes.TrimSuffix(body, []byte("}}")), `,"Padding":"`...)
	if _, err := v.w.Write(head); err != nil {
		return
	}
	padding := bytes.Repeat([]byte("x"), 64<<10)
	for left > 0 && v.r.Context().Err() == nil {
		part := padding[:min(left, int64(len(padding)))]
		if _, err := v.w.Write(part); err != nil {
			return
		}
		left -= int64(len(part))
	}
	_, _ = v.w.Write([]byte(`"}}`))
}

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
