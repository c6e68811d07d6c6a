# `make` alone lists what can be made here: the text after `##` on each target's line.

# A toolchain on the PATH wins; a machine without one on the PATH may have it in /opt/swift.
SWIFT ?= $(shell command -v swift || echo /opt/swift/usr/bin/swift)
export SWIFT

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c

ROWS ?= 1000000

# With Swift's own libraries in it, a binary starts sooner, and runs where no toolchain is.
RELEASE := -c release --static-swift-stdlib

.PHONY: help prerequisites run build release test test-long check fuzz format bench bench-long samples reports clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

prerequisites: ## check for what the build needs, and install it where that is allowed
	@Scripts/prerequisites

# The debug build, because it is the shortest way from a clone to a first report: it takes about a
# third of the time of a release build, `make test` uses the same one, and 250 people need no speed.
run: prerequisites ## build, reconcile the sample company over three nights, say where the report is
	$(SWIFT) build --product rollcall
	@Scripts/sample-job

build: prerequisites ## build everything for debugging
	$(SWIFT) build

release: prerequisites ## build the rollcall binary with all optimisations
	$(SWIFT) build $(RELEASE) --product rollcall
	@echo "built $$($(SWIFT) build $(RELEASE) --show-bin-path)/rollcall"

# Swift Testing spreads the tests over the cores by itself; there are no XCTest tests. What is left
# out of its log is one line per argument of a test that merely starts: thousands, with seeds.
test: prerequisites ## run all tests (arguments for `swift test` in TESTFLAGS)
	@Scripts/prerequisites counterparts
	$(SWIFT) test --disable-xctest $(TESTFLAGS) 2>&1 | sed -u '/^◇ Test case /d'

# Every sample is cut at every byte, and planned with where it can be read.
test-long: prerequisites ## run the tests that cut samples, at every byte: 6 minutes
	EVERY_CUT=1 $(SWIFT) test --disable-xctest --filter DamagedSampleTests 2>&1 | sed -u '/^◇ Test case /d'

check: prerequisites ## formatting, imports between targets, shape of the code, freshness of Samples
	@Scripts/check

fuzz: prerequisites ## throw damaged text at every reader, FUZZTIME seconds each (default 30); finds in .build/fuzz
	@Scripts/fuzz $(FUZZTARGETS)

format: ## format all Swift files in place
	$(SWIFT) format format --in-place --parallel --recursive Sources Tests Package.swift

bench: prerequisites ## time rollcall against DuckDB on ROWS generated people (default 1000000)
	$(SWIFT) build $(RELEASE) --product rollcall
	$(SWIFT) build $(RELEASE) --product rollcall-bench
	"$$($(SWIFT) build $(RELEASE) --show-bin-path)/rollcall-bench" run --rows $(ROWS) $(BENCHFLAGS)

# Ten million people take 6 GB of exports and 13 GB of state; all of it lies below .build.
bench-long: prerequisites ## time memberships, the readers of all formats and ten times ROWS: minutes and 25 GB
	$(SWIFT) build $(RELEASE) --product rollcall
	$(SWIFT) build $(RELEASE) --product rollcall-bench
	"$$($(SWIFT) build $(RELEASE) --show-bin-path)/rollcall-bench" run --rows $(ROWS) --long --pairs 1 $(BENCHFLAGS)

samples: prerequisites ## write Samples/Contoso anew from its generator
	$(SWIFT) build --product rollcall-bench
	"$$($(SWIFT) build --show-bin-path)/rollcall-bench" samples --output Samples/Contoso

# The same test without the switch compares them, in every `make test`.
reports: prerequisites ## write Reports/Examples anew
	RECORD_SNAPSHOTS=1 $(SWIFT) test --disable-xctest --filter ExampleTests

clean: ## remove what was built and what the sample job wrote
	rm -rf .build Reports/Runs
