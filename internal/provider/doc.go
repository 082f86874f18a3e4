// Package provider is the provider ms: its configuration, and the one client that all of its resources and
// data sources share. Package auth finds the credentials.
//
// It imports the packages that it puts together; none of them imports it. What it hands over is in
// scantask.Shared, and the client alone for data sources.
package provider
