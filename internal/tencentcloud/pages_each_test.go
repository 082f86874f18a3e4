package tencentcloud

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// rowsServer plays a list in pages, whose rows may change after a call.
type rowsServer struct {
	t     *testing.T
	mu    sync.Mutex
	list  string // name of the list
	rows  []map[string]any
	total any // instead of the number of rows
	calls int
	after func(s *rowsServer)

	underway, most int
}

func vulRows(n int) []map[string]any {
	rows := make([]map[string]any, n)
	for i := range rows {
		rows[i] = map[string]any{"Id": i + 1, "CVEID": fmt.Sprintf("CVE-%d", i), "Level": i%4 + 1, "Des": strings.Repeat("d", 100)}
	}
	return rows
}

func (s *rowsServer) client() *Client {
	return against(s.t, func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.underway++
		s.most = max(s.most, s.underway)
		s.mu.Unlock()
		body, _ := io.ReadAll(r.Body)
		var request struct{ Limit, Offset int }
		if err := json.Unmarshal(body, &request); err != nil || request.Limit != MaxPage {
			s.t.Errorf("request %s", body)
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		s.underway--
		from := min(request.Offset, len(s.rows))
		total := any(len(s.rows))
		if s.total != nil {
			total = s.total
		}
		answer, _ := json.Marshal(map[string]any{"Response": map[string]any{s.list: s.rows[from:min(from+MaxPage, len(s.rows))], "TotalCount": total, "RequestId": "r"}})
		s.calls++
		if s.after != nil {
			s.after(s)
		}
		_, _ = w.Write(answer)
	})
}

// gather reads all vulnerabilities page by page. It returns their ids, and how often reading them began.
func gather(t *testing.T, c *Client) (ids []string, begun, listed int, total Int, err error) {
	t.Helper()
	listed, total, err = c.EachImageVul(t.Context(), Image{RegistryID: 7}, func() func([]ImageVul) {
		begun++
		ids = nil
		return func(rows []ImageVul) {
			if len(rows) > MaxPage {
				t.Errorf("%d rows at once", len(rows))
			}
			for _, row := range rows {
				ids = append(ids, row.CVEID.String())
			}
		}
	})
	return ids, begun, listed, total, err
}

func wantIDs(rows []map[string]any) []string {
	var ids []string
	for _, row := range rows {
		ids = append(ids, row["CVEID"].(string))
	}
	return ids
}

func TestEachImageVul_handsOverEachRowOnceInOrderWithFewPagesAtATime(t *testing.T) {
	t.Parallel()
	for n, calls := range map[int]int{0: 1, 1: 1, 100: 1, 101: 2, 199: 2, 200: 3, 2425: 25, 20000: 203} {
		for _, total := range []any{nil, "many"} {
			if total != nil && n > 2425 {
				continue
			}
			s := &rowsServer{t: t, list: "List", rows: vulRows(n), total: total}
			ids, begun, listed, told, err := gather(t, s.client())
			if err != nil || begun != 1 || listed != n || !slices.Equal(ids, wantIDs(s.rows)) || total == nil && !told.Is(int64(n)) {
				t.Errorf("%d rows, total %v: %d handed over, %d listed, begun %d times, %v", n, total, len(ids), listed, begun, err)
			}
			if total == nil && s.calls != calls {
				t.Errorf("%d rows: %d calls", n, s.calls)
			}
			if s.most > pageReaders {
				t.Errorf("%d rows: %d pages at a time", n, s.most)
			}
		}
	}
}

func TestEachImageVul_beginsAgainWhenTheListShifts(t *testing.T) {
	t.Parallel()
	for name, shift := range map[string]func(s *rowsServer){
		"rows went before":                   func(s *rowsServer) { s.rows = s.rows[3:] },
		"rows came behind":                   func(s *rowsServer) { s.rows = append(slices.Clone(s.rows), map[string]any{"CVEID": "new"}) },
		"as many went before as came behind": func(s *rowsServer) { s.rows = append(slices.Clone(s.rows[1:]), map[string]any{"CVEID": "new"}) },
		"the order changed":                  func(s *rowsServer) { s.rows = slices.Clone(s.rows); slices.Reverse(s.rows) },
		"they all went":                      func(s *rowsServer) { s.rows = nil },
	} {
		s := &rowsServer{t: t, list: "List", rows: vulRows(230)}
		s.after = func(s *rowsServer) {
			if s.calls == 1 {
				shift(s)
			}
		}
		ids, begun, listed, _, err := gather(t, s.client())
		if err != nil || begun != 2 || listed != len(s.rows) || !slices.Equal(ids, wantIDs(s.rows)) {
			t.Errorf("%s: %d handed over, %d listed, begun %d times, %v", name, len(ids), listed, begun, err)
		}
	}
}

func TestEachImageVul_aListThatNeverSettlesIsAnError(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]*rowsServer{
		"it moves with every call": {after: func(s *rowsServer) {
			s.rows = append(slices.Clone(s.rows[1:]), map[string]any{"CVEID": fmt.Sprint("new", s.calls)})
		}},
		"TotalCount is above the list": {total: 250},
		"TotalCount is below the list": {total: 220},
	} {
		s.t, s.list, s.rows = t, "List", vulRows(230)
		_, begun, _, _, err := gather(t, s.client())
		if !errors.Is(err, ErrListChanged) || begun != steadyTries {
			t.Errorf("%s: begun %d times, %v", name, begun, err)
		}
	}
}

func TestEachImageVul_aFailedPageIsAnErrorAndEndsTheReading(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	page, _ := json.Marshal(map[string]any{"Response": map[string]any{"List": vulRows(100), "TotalCount": 20000, "RequestId": "r"}})
	c := against(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		calls.Add(1)
		if strings.Contains(string(body), `"Offset":0`) {
			_, _ = w.Write(page)
			return
		}
		_, _ = io.WriteString(w, refusal("AuthFailure.SecretIdNotFound"))
	})
	_, begun, _, _, err := gather(t, c)
	if !errors.Is(err, ErrDenied) || begun != 1 || calls.Load() > 2+2*pageReaders {
		t.Errorf("%v, begun %d times, %d calls", err, begun, calls.Load())
	}
}

func TestImage_isExactlyOne(t *testing.T) {
	t.Parallel()
	c := against(t, func(http.ResponseWriter, *http.Request) { t.Error("a call was made") })
	for _, image := range []Image{{}, {RegistryID: -1}, {RegistryID: 1, LocalID: "sha256:a"}} {
		if _, _, err := c.EachImageVul(t.Context(), image, nil); !errors.Is(err, ErrInvalid) || !HadNoEffect(err) {
			t.Errorf("%+v: %v", image, err)
		}
	}
}
