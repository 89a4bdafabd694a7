// Command shop is the shop of examples/ready as it is written in a hurry. It
// works, passes its test and serves its customers on every ordinary day. What
// it lacks shows when something stops, slows down or restarts; comments name
// the expectations that Seaworthy finds unmet.
//
//	shop            serve
//	shop worker     send placed orders on their way
package main

import (
	"log"
	"os"
)

// main ends where its process is told to end: nobody listens for SIGTERM, so
// each deploy cuts off what is in flight (health/graceful-shutdown).
func main() {
	s := openStore()
	if len(os.Args) > 1 && os.Args[1] == "worker" {
		work(s)
		return
	}
	log.Fatal(serve(s))
}

func getenv(name, fallback string) string {
	if v := os.Getenv(name); v != "" {
		return v
	}
	return fallback
}
