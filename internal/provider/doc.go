// Package provider is the provider ms: its configuration, where its credentials come from, and the one
// client that all of its resources and data sources share.
package provider
