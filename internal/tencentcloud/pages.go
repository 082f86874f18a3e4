package tencentcloud

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"golang.org/x/sync/errgroup"
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
	value, err := c.flights.do(ctx, name, func(ctx context.Context) (any, bool, error) {
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

func (l pagedList[T, P]) read(ctx context.Context, c *Client) (P, error) {
	var shifted error
	for range steadyTries {
		first, err := l.page(ctx, c, 0)
		if err != nil || l.enough != nil && l.enough(first) {
			return first, err
		}
		pages, err := l.furtherPages(ctx, c, first)
		if err != nil {
			return nil, err
		}
		joined, err := joinPages[T, P](append([]P{first}, pages...))
		if err == nil {
			return joined, nil
		}
		shifted = err
	}
	return nil, &Error{Action: l.op.action, kind: ErrListChanged, cause: shifted, Sent: true}
}

func (l pagedList[T, P]) page(ctx context.Context, c *Client, offset int64) (P, error) {
	limit := int64(MaxPage)
	return call[T, P](ctx, c, l.op, l.request(window{&limit, &offset}))
}

// furtherPages reads what the first page leaves.
func (l pagedList[T, P]) furtherPages(ctx context.Context, c *Client, first P) ([]P, error) {
	listed, count := first.rows()
	total := count.Ptr()
	if total == nil || *total < int64(listed) {
		return l.pagesToTheEnd(ctx, c, listed)
	}
	if *total <= MaxPage {
		return nil, nil
	}
	if *total > maxRows {
		return nil, l.tooManyRows(*total)
	}
	pages := make([]P, (*total-MaxPage+pageStep-1)/pageStep)
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(pageReaders)
	for i := range pages {
		group.Go(func() error {
			page, err := l.page(ctx, c, int64(i+1)*pageStep)
			pages[i] = page
			return err
		})
	}
	return pages, group.Wait()
}

// pagesToTheEnd reads page after page until one is not full, where no total tells how many there are.
func (l pagedList[T, P]) pagesToTheEnd(ctx context.Context, c *Client, listed int) ([]P, error) {
	var pages []P
	for offset := int64(pageStep); listed >= MaxPage; offset += pageStep {
		if offset > maxRows {
			return nil, l.tooManyRows(offset)
		}
		page, err := l.page(ctx, c, offset)
		if err != nil {
			return nil, err
		}
		pages = append(pages, page)
		listed, _ = page.rows()
	}
	return pages, nil
}

func (l pagedList[T, P]) tooManyRows(n int64) error {
	return &Error{Action: l.op.action, kind: ErrTooLarge, cause: fmt.Errorf("%d rows", n), Sent: true}
}

// joinPages puts pages together, each field by the way that its tag `join` names; see [joinRules]. It
// returns an error that says how the list shifted between them.
func joinPages[T any, P pagedAnswer[T]](pages []P) (P, error) {
	joined := *pages[0]
	for _, page := range pages[1:] {
		if err := joinFields(&joined, page); err != nil {
			return nil, err
		}
	}
	result := P(&joined)
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
