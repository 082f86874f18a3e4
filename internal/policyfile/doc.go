// Package policyfile reads policy documents: files in YAML or JSON that hold rules of gates, for one data
// source or for all of them. What a document may hold follows from the tables of package gate; this package
// adds the two notations, strict reading with line and column, and the JSON Schema of the document.
package policyfile
