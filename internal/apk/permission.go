package apk

import "slices"

// permissions are those that a package declares and that every application gets which asks for them.
type permissions map[string]bool

// Protection levels (PermissionInfo): the lower four bits are the level, above them are flags.
const (
	levelNormal = 0
	levelMask   = 0xF
)

// declaredPermissions reads the <permission> elements of a manifest. Without a level that can be read,
// one is normal.
func declaredPermissions(r *values, root *element) permissions {
	declared := make(permissions)
	for _, e := range root.named("permission") {
		if isNormal(r, e) {
			for _, name := range r.texts(e, attrName) {
				declared[name] = true
			}
		}
	}
	return declared
}

func isNormal(r *values, e *element) bool {
	levels, err := r.numbers(e, attrProtectionLevel)
	if err != nil || len(levels) == 0 {
		return true
	}
	return slices.ContainsFunc(levels, func(l level) bool { return l.codename || l.n&levelMask == levelNormal })
}

// everyoneHas tells whether a permission keeps nobody out: none at all, or one of the level normal, of
// the package or of Android. Of what other packages declare, the level is not known.
func (p permissions) everyoneHas(name string) bool {
	return name == "" || p[name] || slices.Contains(normalPermissions, name)
}

// normalPermissions are those of Android itself whose level is normal, in any of its releases.
var normalPermissions = []string{
	"android.permission.ACCESS_HIDDEN_PROFILES",
	"android.permission.ACCESS_LOCATION_EXTRA_COMMANDS",
	"android.permission.ACCESS_NETWORK_STATE",
	"android.permission.ACCESS_NOTIFICATION_POLICY",
	"android.permission.ACCESS_WIFI_STATE",
	"android.permission.ACCESS_WIMAX_STATE",
	"android.permission.AUTHENTICATE_ACCOUNTS",
	"android.permission.BLUETOOTH",
	"android.permission.BLUETOOTH_ADMIN",
	"android.permission.BROADCAST_STICKY",
	"android.permission.CALL_COMPANION_APP",
	"android.permission.CHANGE_NETWORK_STATE",
	"android.permission.CHANGE_WIFI_MULTICAST_STATE",
	"android.permission.CHANGE_WIFI_STATE",
	"android.permission.CHANGE_WIMAX_STATE",
	"android.permission.DELIVER_COMPANION_MESSAGES",
	"android.permission.DETECT_SCREEN_CAPTURE",
	"android.permission.DETECT_SCREEN_RECORDING",
	"android.permission.DISABLE_KEYGUARD",
	"android.permission.ENFORCE_UPDATE_OWNERSHIP",
	"android.permission.EXPAND_STATUS_BAR",
	"android.permission.FLASHLIGHT",
	"android.permission.FOREGROUND_SERVICE",
	"android.permission.FOREGROUND_SERVICE_CAMERA",
	"android.permission.FOREGROUND_SERVICE_CONNECTED_DEVICE",
	"android.permission.FOREGROUND_SERVICE_DATA_SYNC",
	"android.permission.FOREGROUND_SERVICE_HEALTH",
	"android.permission.FOREGROUND_SERVICE_LOCATION",
	"android.permission.FOREGROUND_SERVICE_MEDIA_PLAYBACK",
	"android.permission.FOREGROUND_SERVICE_MEDIA_PROCESSING",
	"android.permission.FOREGROUND_SERVICE_MEDIA_PROJECTION",
	"android.permission.FOREGROUND_SERVICE_MICROPHONE",
	"android.permission.FOREGROUND_SERVICE_PHONE_CALL",
	"android.permission.FOREGROUND_SERVICE_REMOTE_MESSAGING",
	"android.permission.FOREGROUND_SERVICE_SPECIAL_USE",
	"android.permission.GET_PACKAGE_SIZE",
	"android.permission.GET_TASKS",
	"android.permission.HIDE_OVERLAY_WINDOWS",
	"android.permission.HIGH_SAMPLING_RATE_SENSORS",
	"android.permission.INTERNET",
	"android.permission.KILL_BACKGROUND_PROCESSES",
	"android.permission.MANAGE_ACCOUNTS",
	"android.permission.MANAGE_OWN_CALLS",
	"android.permission.MODIFY_AUDIO_SETTINGS",
	"android.permission.NFC",
	"android.permission.NFC_PREFERRED_PAYMENT_INFO",
	"android.permission.NFC_TRANSACTION_EVENT",
	"android.permission.PERSISTENT_ACTIVITY",
	"android.permission.QUERY_ALL_PACKAGES",
	"android.permission.READ_BASIC_PHONE_STATE",
	"android.permission.READ_INSTALL_SESSIONS",
	"android.permission.READ_NEARBY_STREAMING_POLICY",
	"android.permission.READ_PROFILE",
	"android.permission.READ_SOCIAL_STREAM",
	"android.permission.READ_SYNC_SETTINGS",
	"android.permission.READ_SYNC_STATS",
	"android.permission.READ_USER_DICTIONARY",
	"android.permission.RECEIVE_BOOT_COMPLETED",
	"android.permission.REORDER_TASKS",
	"android.permission.REQUEST_COMPANION_PROFILE_GLASSES",
	"android.permission.REQUEST_COMPANION_PROFILE_WATCH",
	"android.permission.REQUEST_COMPANION_RUN_IN_BACKGROUND",
	"android.permission.REQUEST_COMPANION_START_FOREGROUND_SERVICES_FROM_BACKGROUND",
	"android.permission.REQUEST_COMPANION_USE_DATA_IN_BACKGROUND",
	"android.permission.REQUEST_DELETE_PACKAGES",
	"android.permission.REQUEST_IGNORE_BATTERY_OPTIMIZATIONS",
	"android.permission.REQUEST_OBSERVE_COMPANION_DEVICE_PRESENCE",
	"android.permission.REQUEST_PASSWORD_COMPLEXITY",
	"android.permission.RESTART_PACKAGES",
	"android.permission.RUN_USER_INITIATED_JOBS",
	"android.permission.SCHEDULE_EXACT_ALARM",
	"android.permission.SET_WALLPAPER",
	"android.permission.SET_WALLPAPER_HINTS",
	"android.permission.SUBSCRIBED_FEEDS_READ",
	"android.permission.SUBSCRIBED_FEEDS_WRITE",
	"android.permission.TRANSMIT_IR",
	"android.permission.UPDATE_PACKAGES_WITHOUT_USER_ACTION",
	"android.permission.USE_BIOMETRIC",
	"android.permission.USE_CREDENTIALS",
	"android.permission.USE_EXACT_ALARM",
	"android.permission.USE_FINGERPRINT",
	"android.permission.USE_FULL_SCREEN_INTENT",
	"android.permission.VIBRATE",
	"android.permission.WAKE_LOCK",
	"android.permission.WRITE_PROFILE",
	"android.permission.WRITE_SMS",
	"android.permission.WRITE_SOCIAL_STREAM",
	"android.permission.WRITE_SYNC_SETTINGS",
	"android.permission.WRITE_USER_DICTIONARY",
	"com.android.alarm.permission.SET_ALARM",
	"com.android.browser.permission.READ_HISTORY_BOOKMARKS",
	"com.android.browser.permission.WRITE_HISTORY_BOOKMARKS",
	"com.android.launcher.permission.INSTALL_SHORTCUT",
	"com.android.launcher.permission.UNINSTALL_SHORTCUT",
}
