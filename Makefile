# The commands of this project. Nothing is decided here: each target calls cargo or a script.
.DEFAULT_GOAL := help
.PHONY: help build web demo test test-quick test-web screenshots pictures corpora bench bench-web torture lint deps build-deps

help: ## lists these targets
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 20

build: web ## builds the executable, target/release/convoke
	cargo build --release --locked -p convoke

web: build-deps ## checks and builds the pages of the web app, which a release build has inside
	scripts/web

demo: web ## imports the sample lists into a fresh SQLite database and serves it: open the link it prints
	scripts/demo

test: deps lint web ## installs what tests need, then checks everything
	cargo test --workspace --locked --no-fail-fast
	scripts/test-web

test-quick: ## tests without servers: SQLite and local files only
	CONVOKE_TEST_QUICK=1 cargo test --workspace --locked

test-web: web ## the tests of the web app alone, in a real browser
	cargo build --locked -p convoke
	scripts/test-web

screenshots: web ## pictures of every page in light, dark and phone width, in target/screenshots
	cargo build --locked -p convoke
	scripts/screenshots

pictures: web ## the pictures of the user guide, in docs/images/guide
	cargo build --locked -p convoke
	scripts/pictures

corpora: ## shows how much of the public corpora is met, and why the rest is not
	scripts/corpora

bench: web ## measures speed against bare databases
	scripts/bench

bench-web: web ## measures how heavy and how smooth the pages are
	scripts/bench-web

torture: web ## the long rounds of kill -9, power loss and other faults, and of mutated files
	cargo run --release --locked -p convoke-testbed --bin mutate -- all --seconds 60
	CONVOKE_TORTURE_ROUNDS=300 cargo test --release --locked -p convoke --test torture --test safety -- --nocapture

lint: ## checks format, clippy and documentation
	scripts/lint

deps: ## installs what tests need and this machine lacks
	scripts/deps

build-deps: ## installs what building needs and this machine lacks
	scripts/deps build
