package tencentcloud

import (
	"context"
	"net"
	"net/http"
	"time"
)

// What the tests from outside this package need of its inside.

// unthrottled lets a throttling answer slow nothing down.
var unthrottled = throttling{slowest: 1e6}

// SetPauses replaces the pauses before retries, and how long a throttled call is asked again. Throttling
// answers slow nothing down.
func (c *Client) SetPauses(backoff func(attempts int) time.Duration, patience time.Duration) {
	c.backoff, c.patience, c.throttling = backoff, patience, unthrottled
}

// SetDial replaces how connections are made. It returns what closes those that are idle.
func (c *Client) SetDial(dial func(ctx context.Context, network, address string) (net.Conn, error)) (closeIdle func()) {
	t := newBoundedTransport(MaxBody)
	for _, base := range []*http.Transport{t.kept, t.single} {
		base.Proxy, base.DialContext = nil, dial
	}
	c.transport = t
	return t.kept.CloseIdleConnections
}

// Decode reads the body of an answer as the client does.
func Decode[T any, P answered[T]](body []byte) (P, error) {
	response, kind, cause := decode[T, P](&exchange{status: http.StatusOK, body: body})
	if kind == nil {
		return response, nil
	}
	return response, &Error{Action: "test", Sent: true, kind: kind, cause: cause}
}

// JoinPages joins pages as the reading of a whole list does.
func JoinPages[T any, P pagedAnswer[T]](pages []P) (P, error) {
	joined, err := joinPages(pages)
	if err != nil {
		return nil, &Error{Action: "test", Sent: true, kind: ErrListChanged, cause: err}
	}
	return joined, nil
}

// ChainPages hands over pages as the reading of a list that is not kept does.
func ChainPages[T any, P pagedAnswer[T]](pages []P, take func(P)) (listed int, total Int, err error) {
	chain := pageChain[T, P]{take: take}
	chain.begin(pages[0])
	for _, page := range pages[1:] {
		if err := chain.add(page); err != nil {
			return 0, Int{}, err
		}
	}
	return chain.end()
}
