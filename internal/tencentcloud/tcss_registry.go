package tencentcloud

import (
	"context"
	"sync"
	"time"
)

var (
	// To synchronise again does nothing but look once more.
	syncAssetImageRegistryAsset = operation{
		service: "tcss", version: tcssVersion, action: "SyncAssetImageRegistryAsset", repeatable: true, maxValues: fewValues,
	}
	describeAssetImageRegistryAssetStatus = operation{
		service: "tcss", version: tcssVersion, action: "DescribeAssetImageRegistryAssetStatus", repeatable: true, maxValues: fewValues,
	}
)

// SyncRegistries asks the service to look at all registries of the account for new images. It answers
// before that is done; [Client.DescribeRegistrySync] tells how far it is.
func (c *Client) SyncRegistries(ctx context.Context) (*Acknowledgement, error) {
	defer c.registryImages.outdate()
	return call[Acknowledgement](ctx, c, syncAssetImageRegistryAsset, struct{ All bool }{true})
}

// The values of Status of a synchronisation.
const (
	SyncRunning   = "doing"
	SyncSucceeded = "success"
	SyncFailed    = "failed"
)

// DescribeAssetImageRegistryAssetStatusResponse tells how far the synchronisation of the account is.
type DescribeAssetImageRegistryAssetStatusResponse struct {
	answer
	Status                Text
	Err                   Text
	LatestSyncSuccessTime Time
}

// DescribeRegistrySync tells how far the synchronisation of the account's registries is. Identical requests
// under way are one call.
func (c *Client) DescribeRegistrySync(ctx context.Context) (*DescribeAssetImageRegistryAssetStatusResponse, error) {
	return read(ctx, c, describeAssetImageRegistryAssetStatus, struct{}{}, neverFinal[*DescribeAssetImageRegistryAssetStatusResponse])
}

// RegistryImages are all images of the account's registries at one time. They are shared and must not be
// changed.
type RegistryImages struct {
	*DescribeAssetImageRegistryListResponse
	// Began is when reading them began: what happened before that is in them.
	Began time.Time
}

// registryImages keeps the list of registry images that was read last. No filter by digest is documented, so
// each image that is looked for takes the whole list.
type registryImages struct {
	mu sync.Mutex
	// floor is when this process last did something that changes the list.
	floor time.Time
	last  *RegistryImages
}

// outdate says that what was read until now is not to be used any more.
func (k *registryImages) outdate() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.floor, k.last = time.Now(), nil
}

// since returns the earliest time that a reading may have begun at to be good for a caller, and the one that
// is kept if it is.
func (k *registryImages) since(asked time.Time) (time.Time, *RegistryImages) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if now := time.Now(); asked.After(now) {
		asked = now
	}
	if asked.Before(k.floor) {
		asked = k.floor
	}
	if k.last == nil || k.last.Began.Before(asked) {
		return asked, nil
	}
	return asked, k.last
}

// keep remembers a reading unless a later one is there, or it began before something that changed the list.
func (k *registryImages) keep(read *RegistryImages) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if !read.Began.Before(k.floor) && (k.last == nil || k.last.Began.Before(read.Began)) {
		k.last = read
	}
}

// DescribeRegistryImages returns all images of the account's registries, in the order of their ids, as of
// since or later. One reading serves all callers for which it is late enough, also those that come when it is
// done: who polls asks for one that began later than the one that it has seen (Began plus 1 ns), so that all
// that wait share each step; who begins asks for one that is as old as it may be. What began before a
// submission or a synchronisation of this process is not used.
func (c *Client) DescribeRegistryImages(ctx context.Context, since time.Time) (*RegistryImages, error) {
	since, kept := c.registryImages.since(since)
	for kept == nil {
		value, err := c.shared.do(ctx, "the images of all registries", func(ctx context.Context) (any, bool, error) {
			images, err := c.readRegistryImages(ctx)
			return images, false, err
		})
		if err != nil {
			return nil, asError(describeAssetImageRegistryList, err)
		}
		// A reading that was under way may have begun too early; the next one did not.
		if images, ok := value.(*RegistryImages); ok && !images.Began.Before(since) {
			kept = images
		}
	}
	return kept, nil
}

func (c *Client) readRegistryImages(ctx context.Context) (*RegistryImages, error) {
	list := pagedList[DescribeAssetImageRegistryListResponse, *DescribeAssetImageRegistryListResponse]{
		op:      describeAssetImageRegistryList,
		request: func(w window) any { return w },
	}
	began := time.Now()
	images, err := list.read(ctx, c)
	if err != nil {
		return nil, err
	}
	read := &RegistryImages{images, began}
	c.registryImages.keep(read)
	return read, nil
}
