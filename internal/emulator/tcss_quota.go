package emulator

import (
	"maps"
	"time"
)

const (
	// defaultCapacity is how many image scans an account has bought where the scenario gives no quota.
	defaultCapacity = 10000
	// quotaMonth is how long a quota lasts.
	quotaMonth = 30 * 24 * time.Hour
)

// capacity is how many image scans were bought; 0 where none are counted.
func (t *tcssState) capacity() int64 {
	if t.scenario.Quota == nil {
		return defaultCapacity
	}
	return t.scenario.Quota.Capacity
}

// SetImageScansUsed sets how many scans of the image quota are used, as other scans of the account do.
func (s *Server) SetImageScansUsed(n int) {
	s.tcss.mu.Lock()
	defer s.tcss.mu.Unlock()
	s.tcss.used = int64(n)
}

// describeImageAuthorizedInfo tells how many images are authorised and how many scans are left.
func (s *Server) describeImageAuthorizedInfo(*request) (map[string]any, *failure) {
	s.tcss.mu.Lock()
	defer s.tcss.mu.Unlock()
	t := &s.tcss
	authorized, unauthorized, unauthorizedLocal := 0, 0, 0
	for _, side := range []*imageSide{&t.local, &t.registry} {
		for _, key := range side.order {
			switch {
			case !t.isListed(side, key):
			case !side.images[key].Unauthorized:
				authorized++
			default:
				unauthorized++
				if side.isLocal {
					unauthorizedLocal++
				}
			}
		}
	}
	inquire := map[string]any{
		"InquireKey": "image-scan", "Capcity": t.capacity(), "Useage": t.used, "ResourceID": "tcss-sample",
		"StartTime": serviceTime(t.began), "EndTime": serviceTime(t.began.Add(quotaMonth)), "PurchaseStatus": "Normal",
		"PayNum": t.capacity(), "TrialNum": 0, "PayUsage": t.used,
	}
	answer := map[string]any{
		"TotalAuthorizedCnt": authorized + unauthorized, "UsedAuthorizedCnt": authorized,
		"ScannedImageCnt": authorized, "NotScannedImageCnt": unauthorized, "NotScannedLocalImageCnt": unauthorizedLocal,
		"TrialAuthorizedCnt": 0, "UsedTrialAuthorizedCnt": 0,
		"PurchasedAuthorizedCnt": authorized + unauthorized, "UsedPurchasedAuthorizedCnt": authorized,
		"CanApplyFreeImageAuthorize": false, "ImageScanInquireInfo": inquire, "RepeatImageIdCnt": 0,
	}
	if t.scenario.Quota != nil {
		maps.Copy(inquire, t.scenario.Quota.Answer)
	}
	return plain(answer)
}
