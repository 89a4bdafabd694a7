// Package page tells what a page is for by what it contains: the parts of a
// runbook, a recovery procedure, a purge procedure, severities, the record of a
// gameday, a notice, a description of how a service is built. No single word and
// no file's name decides; several signs that are independent of each other do.
package page
