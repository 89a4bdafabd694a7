package main

import (
	"encoding/json"
	"errors"
	"net/http"
)

// respond answers with a value as JSON.
func respond(w http.ResponseWriter, status int, value any) {
	body, err := json.Marshal(value)
	if err != nil {
		fail(w, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	w.Write(append(body, '\n'))
}

// refuse answers that the request cannot be met, and why.
func refuse(w http.ResponseWriter, status int, why string) {
	if status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "1")
	}
	respond(w, status, map[string]string{"error": why})
}

// fail answers with the status that fits the error. What went wrong inside goes
// to the log; the caller learns only what it can act on.
func fail(w http.ResponseWriter, err error) {
	if rec, ok := w.(*recorder); ok {
		rec.cause = err
	}
	switch {
	case errors.Is(err, errNotFound):
		refuse(w, http.StatusNotFound, errNotFound.Error())
	case errors.Is(err, errUnknownProduct), errors.Is(err, errKeyReused):
		refuse(w, http.StatusUnprocessableEntity, err.Error())
	case errors.Is(err, errUnavailable):
		refuse(w, http.StatusServiceUnavailable, "busy or partly down: try again, with the same Idempotency-Key")
	default:
		refuse(w, http.StatusInternalServerError, "internal error")
	}
}
