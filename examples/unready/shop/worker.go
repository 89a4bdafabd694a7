package main

import (
	"log"
	"time"
)

// work sends placed orders on their way. It has no probe, no metric and no
// word for "I have stopped": a frozen worker is found when customers call
// (health/liveness, observability/metrics).
func work(s store) {
	for {
		sent, err := s.ship()
		if err != nil {
			log.Fatal(err)
		}
		if sent > 0 {
			log.Printf("shipped %d orders", sent)
		}
		time.Sleep(time.Second)
	}
}
