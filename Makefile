# make run     build and judge the unready example
# make test    every test: vet, staticcheck, unit and whole-binary tests, the
#              engine again under the race detector, and a short run of fuzzers
# make bench   time and memory; with CORPUS=FOLDER beside the floor, too
# make generate                bring the registry and the pages up to date

SHELL = bash
.SHELLFLAGS = -o pipefail -c

GO      ?= go
CORPUS  ?=
PEER    ?=
FUZZFOR ?= 10000x

# Packages that judge: they run under the race detector too.
ENGINE  = ./internal/... ./standard/...

.PHONY: run test lint unit race fuzz bench generate clean

run: bin/seaworthy
	bin/seaworthy check examples/unready --fail-on never

# Without C, kustomize leaves out plugins of Go, which never run here anyway:
# the program is a third smaller.
bin/seaworthy: FORCE
	@echo "building seaworthy (the first build compiles its libraries: some minutes)"
	@CGO_ENABLED=0 $(GO) build -o $@ ./cmd/seaworthy

test: lint unit race fuzz

lint:
	@echo "--- vet and staticcheck"
	$(GO) vet ./...
	$(GO) tool staticcheck ./...

unit:
	@echo "--- tests"
	test/real/with-postgres test/real/with-alertmanager test/real/with-chromium $(GO) test ./... | grep -v "no test files"

# The race detector needs a C compiler.
race:
	@echo "--- the engine under the race detector"
	@if command -v $${CC:-cc} >/dev/null 2>&1 || command -v gcc >/dev/null 2>&1; then \
		CGO_ENABLED=1 $(GO) test -race $(ENGINE) | grep -v "no test files"; \
	else \
		echo "skipped: the race detector needs a C compiler, and there is none"; \
	fi

fuzz:
	@echo "--- fuzzers, $(FUZZFOR) each (a number of runs, for a deadline may fall into one)"
	@grep -ro --include='*_test.go' '^func Fuzz[A-Za-z0-9]*' internal | sort | while IFS=: read -r file name; do \
		$(GO) test -run '^$$' -fuzz "^$${name#func }$$" -fuzztime $(FUZZFOR) -fuzzminimizetime 10x ./$${file%/*} || exit 1; \
	done

bench: bin/seaworthy
	@$(GO) build -o bin/floor ./test/bench/floor
	@$(GO) build -o bin/bench ./test/bench
	@bin/bench -corpus "$(CORPUS)" -peer "$(PEER)"

generate:
	$(GO) run ./cmd/generate

clean:
	rm -rf bin

FORCE:
