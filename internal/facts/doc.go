// Package facts turns answers of the cloud into the plain facts that package gate judges, and into
// what they say about progress. Each conversion happens here once, for resources and data sources
// alike.
package facts
