package tencentcloud

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
)

// MaxPage is the most rows of one answer of the actions whose lists come in pages (document 003 and the
// manual pages of the others).
const MaxPage = 100

const (
	// maxRows bounds a list, so that a count out of a broken answer does not start endless requests.
	maxRows = 1_000_000
	// pageStep lets each page begin with the last row of the page before it: pages of a list that shifted
	// between them do not meet, even where as many rows came as went.
	pageStep = MaxPage - 1
	// pageReaders is how many pages are read side by side; the rate limit paces them.
	pageReaders = 8
	// steadyTries bounds how often all pages are read again because the list shifted.
	steadyTries = 4
)

// window is the part of a list that a request asks for.
type window struct {
	Limit  *int64 `json:",omitempty"`
	Offset *int64 `json:",omitempty"`
}

// pagedAnswer is a pointer to a typed answer that is one page of a list.
type pagedAnswer[T any] interface {
	answered[T]
	// rows returns how many rows the page has, and the service's count of all rows.
	rows() (listed int, total Int)
}

// pagedList is a list that an action gives in pages.
type pagedList[T any, P pagedAnswer[T]] struct {
	op operation
	// request returns the request for a part of the list.
	request func(window) any
	// enough tells of a first page that no other is needed; nil means never.
	enough func(P) bool
}

// whole returns all pages joined into one answer. It returns an error that wraps [ErrListChanged] when the
// list shifts between the pages every time. Identical requests under way are one reading, and an answer
// that is final is read once.
func (l pagedList[T, P]) whole(ctx context.Context, c *Client, final func(P) bool) (P, error) {
	key, err := json.Marshal(l.request(window{}))
	if err != nil {
		return nil, &Error{Action: l.op.action, kind: ErrInvalid, cause: err}
	}
	name := fmt.Sprintf("all of %s %t %s", l.op.action, l.enough == nil, key)
	value, err := c.shared.do(ctx, name, func(ctx context.Context) (any, bool, error) {
		joined, err := l.read(ctx, c)
		return joined, err == nil && final(joined), err
	})
	if err != nil {
		return nil, asError(l.op, err)
	}
	joined, ok := value.(P)
	if !ok {
		return nil, &Error{Action: l.op.action, kind: ErrMalformed, cause: fmt.Errorf("an answer of type %T", value)}
	}
	return joined, nil
}

// read reads all pages and joins them, again and again while the list shifts.
func (l pagedList[T, P]) read(ctx context.Context, c *Client) (P, error) {
	var joined P
	err := l.steadily(func() (shifted, err error) {
		first, err := l.page(ctx, c, 0)
		if err != nil || l.enough != nil && l.enough(first) {
			joined = first
			return nil, err
		}
		pages := []P{first}
		err = l.furtherPages(ctx, c, first, func(page P) error {
			pages = append(pages, page)
			return nil
		})
		if err != nil {
			return nil, err
		}
		joined, shifted = joinPages[T, P](pages)
		return shifted, nil
	})
	if err != nil {
		return nil, err
	}
	return joined, nil
}

// steadily reads a list until it did not shift meanwhile. once returns how the list shifted, and how reading it
// failed.
func (l pagedList[T, P]) steadily(once func() (shifted, err error)) error {
	var shifted error
	for range steadyTries {
		var err error
		if shifted, err = once(); err != nil {
			return err
		}
		if shifted == nil {
			return nil
		}
	}
	return &Error{Action: l.op.action, kind: ErrListChanged, cause: shifted, Sent: true}
}

func (l pagedList[T, P]) page(ctx context.Context, c *Client, offset int64) (P, error) {
	limit := int64(MaxPage)
	return call[T, P](ctx, c, l.op, l.request(window{&limit, &offset}))
}

// furtherPages reads what the first page leaves, side by side, and hands the pages over in their order. At most
// pageReaders of them are held or under way at a time.
func (l pagedList[T, P]) furtherPages(ctx context.Context, c *Client, first P, take func(P) error) error {
	listed, count := first.rows()
	total := count.Ptr()
	switch {
	case total == nil || *total < int64(listed):
		return l.pagesToTheEnd(ctx, c, listed, take)
	case *total <= MaxPage:
		return nil
	case *total > maxRows:
		return l.tooManyRows(*total)
	}
	return inOrder(ctx, int((*total-MaxPage+pageStep-1)/pageStep), func(ctx context.Context, i int) (P, error) {
		return l.page(ctx, c, int64(i+1)*pageStep)
	}, take)
}

// inOrder gets n things side by side and hands them over one after the other, until one fails.
func inOrder[P any](ctx context.Context, n int, get func(context.Context, int) (P, error), take func(P) error) error {
	type result struct {
		thing P
		err   error
	}
	reading, stop := context.WithCancel(ctx)
	var readers sync.WaitGroup
	defer readers.Wait()
	defer stop()
	ahead := make(chan chan result, pageReaders-1) // beside the one that is waited for
	readers.Go(func() {
		defer close(ahead)
		for i := range n {
			next := make(chan result, 1)
			select {
			case ahead <- next:
			case <-reading.Done():
				return
			}
			readers.Go(func() {
				thing, err := get(reading, i)
				next <- result{thing, err}
			})
		}
	})
	taken := 0
	for next := range ahead {
		r := <-next
		if r.err != nil {
			return r.err
		}
		if err := take(r.thing); err != nil {
			return err
		}
		taken++
	}
	if taken < n {
		return ctx.Err()
	}
	return nil
}

// pagesToTheEnd reads page after page until one is not full, where no total tells how many there are.
func (l pagedList[T, P]) pagesToTheEnd(ctx context.Context, c *Client, listed int, take func(P) error) error {
	for offset := int64(pageStep); listed >= MaxPage; offset += pageStep {
		if offset > maxRows {
			return l.tooManyRows(offset)
		}
		page, err := l.page(ctx, c, offset)
		if err != nil {
			return err
		}
		listed, _ = page.rows() // before it is handed over
		if err := take(page); err != nil {
			return err
		}
	}
	return nil
}

func (l pagedList[T, P]) tooManyRows(n int64) error {
	return &Error{Action: l.op.action, kind: ErrTooLarge, cause: fmt.Errorf("%d rows", n), Sent: true}
}

// joinPages puts pages together, each field by the way that its tag `join` names; see [joinRules]. It
// returns an error that says how the list shifted between them.
func joinPages[T any, P pagedAnswer[T]](pages []P) (P, error) {
	joined := *pages[0]
	if len(pages) > 1 {
		rowListOf(&joined).own(len(pages) * MaxPage)
	}
	result := P(&joined)
	for _, page := range pages[1:] {
		if noting, ok := any(result).(interface{ note(page P) }); ok {
			noting.note(page)
		}
		if err := joinFields(&joined, page); err != nil {
			return nil, err
		}
	}
	listed, total := result.rows()
	if n := total.Ptr(); n != nil && len(pages) > 1 && *n != int64(listed) {
		return nil, fmt.Errorf("%d rows in pages of a list of %d", listed, *n)
	}
	if sorted, ok := any(result).(interface{ arrange() error }); ok {
		return result, sorted.arrange()
	}
	return result, nil
}

var errPagesApart = errors.New("a page does not begin with the last row of the page before it")
