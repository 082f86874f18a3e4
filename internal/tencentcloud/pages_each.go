package tencentcloud

import (
	"context"
	"fmt"
)

// each hands over all pages in their order, each without the row that the page before it ended with, and keeps
// none of them. begin is called before each reading; what an earlier one handed over is void, since the list
// shifted. It returns how many rows the last reading had, and the service's count, which is unreadable where one of
// the pages has something else than a list.
func (l pagedList[T, P]) each(ctx context.Context, c *Client, begin func() func(P)) (listed int, total Int, err error) {
	err = l.steadily(func() (shifted, err error) {
		first, err := l.page(ctx, c, 0)
		if err != nil {
			return nil, err
		}
		chain := pageChain[T, P]{take: begin()}
		chain.begin(first)
		err = l.furtherPages(ctx, c, first, func(page P) error {
			shifted = chain.add(page)
			return shifted
		})
		if shifted != nil {
			return shifted, nil
		}
		if err != nil {
			return nil, asError(l.op, err)
		}
		listed, total, shifted = chain.end()
		return shifted, nil
	})
	return listed, total, err
}

// pageChain joins pages one after the other without keeping their rows.
type pageChain[T any, P pagedAnswer[T]] struct {
	take func(P)
	// joined is what the pages came to, with the last row of the last one.
	joined T
	pages  int
	listed int
	total  Int
	// unreadable tells that a page has something else than a list.
	unreadable bool
}

func (a *pageChain[T, P]) begin(first P) {
	a.listed, a.total = first.rows()
	a.pages, a.joined = 1, *first
	a.unreadable = !rowListOf(first).readable()
	rowListOf(&a.joined).keepLast()
	a.take(first)
}

// add joins the next page. It returns how the list shifted.
func (a *pageChain[T, P]) add(page P) error {
	if err := joinFields(&a.joined, page); err != nil { // also where the page has no list
		return err
	}
	rowListOf(&a.joined).keepLast()
	rowListOf(page).dropFirst()
	rows, _ := page.rows()
	a.pages++
	a.listed += rows
	a.take(page)
	return nil
}

// end returns how many rows there were, the service's count of them, and how the list shifted as a whole.
func (a *pageChain[T, P]) end() (listed int, total Int, shifted error) {
	if n := a.total.Ptr(); n != nil && a.pages > 1 && *n != int64(a.listed) {
		return 0, Int{}, fmt.Errorf("%d rows in pages of a list of %d", a.listed, *n)
	}
	if a.unreadable {
		return a.listed, broken(), nil
	}
	return a.listed, a.total, nil
}
