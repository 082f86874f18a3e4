// Package provider is the provider ms: its configuration, where its credentials come from, and the one
// client that all of its resources and data sources share.
//
// It imports the rooms that it puts together; none of them imports it. What it hands over is in
// scantask.Shared, and the client alone for data sources.
package provider
