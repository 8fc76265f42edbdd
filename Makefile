# Two commands to begin with: `make demo` and `make test`. Logs of each step are in build/logs.

# Where the demo runs: qemu-virt-aarch64, qemu-virt-riscv64 or qemu-virt-riscv64-aia.
BOARD ?= qemu-virt-aarch64
# What the demo runs.
DEMO ?= systems/demo$(patsubst -qemu-virt-aarch64,,-$(BOARD)).yaml
# Seconds after which a demo that did not get there counts as failed.
DEMO_TIMEOUT ?= 180
# `make test FILTER=regular-expression` runs only the tests whose name matches.
FILTER ?=
# Samples of `make bench`, and of its run that shows how much memory is used (0: leave that out).
SAMPLES ?= 10000000
LARGE ?= 100000000

# Steps share build directories and are incremental: one after the other, and all up to the tools they call.
.NOTPARALLEL:
.PHONY: help setup setup-develop build demo test baseline jitter-check bench lint clean distclean

help: ## this text
	@echo "usage: make TARGET"
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1\t\2/p' $(MAKEFILE_LIST) | expand -t 17

setup: ## install what is missing, fetch Linux, busybox and U-Boot from Debian
	@scripts/setup
	@scripts/fetch-debian

setup-develop:
	@scripts/setup --develop
	@scripts/fetch-debian

build: setup ## host tools into build/bin, kernel into build/images, guests into build/guests
	@scripts/step "host tools" scripts/build-tools
	@for architecture in aarch64 riscv64; do \
	  scripts/step "kernel $$architecture" scripts/build-kernel $$architecture && \
	  scripts/step "bring-up $$architecture" scripts/build-kernel $$architecture bringup && \
	  scripts/step "guests $$architecture" guests/build $$architecture && \
	  scripts/step "zone0 initramfs $$architecture" guests/linux/build $$architecture || exit; done
	@scripts/step "guests for GICv2" guests/build gicv2

demo: build ## Linux beside a real-time guest in QEMU, then what the latency probe recorded
	@build/bin/hv run $(DEMO) --icount --timeout $(DEMO_TIMEOUT) --load 'Linux boots on two CPUs' \
	  --until 'rt-control:DONE' --until 'linux:zone0:/#' --record build/demo.hvlat
	@build/bin/hvlat analyze build/demo.hvlat

test: setup-develop lint build ## lint, build, and run every test (FILTER=regex: only some)
	@scripts/test $(FILTER)

baseline: build ## measure again and record the result as the one that `make test` compares with
	@HV_BASELINE=record scripts/test BaselineTests

bench: setup-develop build ## hvlat beside numpy + scipy and per-line Python: measurements/hvlat.md (SAMPLES=n)
	@scripts/bench $(SAMPLES) $(LARGE)

jitter-check: build ## measure the path lengths; exit 2 and a report in build/jitter when one changed
	@scripts/jitter-check

lint: ## the form of the sources
	@scripts/step "lint" scripts/lint

clean: ## remove what was built
	rm -rf .build build/bin build/images build/guests build/logs build/run build/demo.hvlat

distclean: clean ## remove what was fetched, too
	rm -rf build
