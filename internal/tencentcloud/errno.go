package tencentcloud

// codeMeanings are the service's error numbers for a package (api.md, "Errno").
var codeMeanings = map[int64]string{
	2:    "the scan engine failed",
	3:    "the package cannot be analysed",
	4:    "the package has no certificate",
	5:    "the package is empty",
	6:    "the package has no package name",
	7:    "the package has no build time",
	8:    "the package's certificate is not valid",
	99:   "the scan failed for another reason",
	1000: "the service could not download the package",
	1001: "the package's MD5 is not the one that was given",
	1002: "the service does not have this MD5 and needs a link to the package",
}

// CodeMeaning returns what an error number means, or "" for 0, 1 and numbers that are not documented.
func CodeMeaning(code int64) string { return codeMeanings[code] }

// codeHints say what to do about the error numbers that a user can do something about.
var codeHints = map[int64]string{
	3:    "Check that the file is a complete APK.",
	4:    "Sign the package.",
	5:    "Check the upload: the file is empty.",
	6:    "Check that the file is a complete APK.",
	8:    "Sign the package with a valid certificate.",
	1000: "Check that the URL can be downloaded without authentication and has not expired.",
	1001: "Check that the MD5 belongs to the file behind the URL, as filemd5() of that file gives it.",
	1002: "Give a URL from which the package can be downloaded.",
}

// CodeHint returns what to do about an error number, or "" where there is nothing particular.
func CodeHint(code int64) string { return codeHints[code] }
