# Hearth. `make` says what there is.
.DEFAULT_GOAL := help
SHELL := /bin/bash
GO ?= go
BIN := bin/hearth
export CGO_ENABLED := 0

# Debian's packages that the tests want: PostgreSQL and the clients that must keep working.
TEST_PACKAGES := curl postgresql python3-openstackclient python3-heatclient python3-muranoclient
TEMPEST_PACKAGES := tempest heat-tempest-plugin murano-tempest-plugin

.PHONY: help
help: ## Show this help
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

.PHONY: build
build: $(BIN) ## Build bin/hearth

$(BIN): FORCE
	$(GO) build -trimpath -ldflags "-s -w -X main.release=$$(git describe --always --dirty 2>/dev/null || echo devel)" -o $(BIN) ./cmd/hearth

FORCE:

.PHONY: run
run: build ## Build and serve with the embedded default: SQLite and the simulated cloud under ./var
	$(BIN) serve

.PHONY: demo
demo: build ## Deploy an example application against a running server, with progress
	$(BIN) demo

.PHONY: test
test: test-setup ## Install what is missing and run every test, the real clients included
	HEARTH_TEST_ALL=1 $(GO) test -timeout 20m ./...

.PHONY: test-setup
test-setup:
	$(call installed,$(TEST_PACKAGES))

# installed installs the packages (1) that are missing, with the options (2) of apt-get.
define installed
	@missing=(); for p in $(1); do \
	   dpkg-query -W -f '$${Status}' $$p 2>/dev/null | grep -q 'install ok installed' || missing+=($$p); done; \
	 if [ $${#missing[@]} -gt 0 ]; then \
	   if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	     apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $(2) "$${missing[@]}"; \
	   else \
	     echo "The tests want these packages: $${missing[*]}"; \
	     echo "Install them: sudo apt-get install $(2) $${missing[*]}"; exit 1; \
	   fi; fi
endef

.PHONY: tempest
tempest: build ## Install what is missing and run Debian's heat- and murano-tempest-plugin against bin/hearth
	$(call installed,$(TEMPEST_PACKAGES),--no-install-recommends)
	tools/tempest/run.sh $(BIN)

.PHONY: lint
lint: bin/golangci-lint ## gofmt, go vet and golangci-lint (built from tools/go.mod)
	@out=$$(gofmt -l $$(git ls-files '*.go')); if [ -n "$$out" ]; then echo "gofmt: $$out"; exit 1; fi
	$(GO) vet ./...
	bin/golangci-lint run

bin/golangci-lint: tools/go.mod
	cd tools && $(GO) build -o ../$@ github.com/golangci/golangci-lint/v2/cmd/golangci-lint

.PHONY: openapi
openapi: build ## Write the OpenAPI documents under openapi/ anew
	$(BIN) openapi --api heat-v1 > openapi/heat-v1.yaml
	$(BIN) openapi --api heat-cfn > openapi/heat-cfn.yaml
	$(BIN) openapi --api murano-v1 > openapi/murano-v1.yaml

.PHONY: verify
verify: lint build ## Fail when generated files are stale or modules are not tidy
	@for api in heat-v1 heat-cfn murano-v1; do \
	   $(BIN) openapi --api $$api | diff -u openapi/$$api.yaml - || { echo "openapi/$$api.yaml is stale: make openapi"; exit 1; }; done
	$(GO) mod tidy -diff
	$(GO) mod verify

# Each target runs for FUZZTIME: the languages read what strangers write.
FUZZTIME ?= 1m
FUZZ := core/yaml:FuzzParse core/function:FuzzResolve core/template:FuzzTemplate core/yaql:FuzzParse core/yaql:FuzzEval

.PHONY: fuzz
fuzz: ## Run every fuzz target for FUZZTIME (1m)
	@for f in $(FUZZ); do $(GO) test ./$${f%%:*} -run '^$$' -fuzz "^$${f##*:}$$" -fuzztime $(FUZZTIME) || exit 1; done

# A failure names its seed: make chaos SEEDS=1 FROM=… runs it again.
SEEDS ?= 50
FROM ?= 0

.PHONY: chaos
chaos: ## Kill engines and restart PostgreSQL under 500 resources, SEEDS (50) times; die at every statement
	HEARTH_TEST_ALL=1 CHAOS_SEEDS=$(SEEDS) CHAOS_SEED=$(FROM) $(GO) test ./cmd/hearth -run '^TestChaos$$' -count=1 -timeout 3h -v
	HEARTH_TEST_ALL=1 HEARTH_EVERY_STATEMENT=1 $(GO) test ./core/engine -run '^TestDeathBetweenStatements$$' -count=1 -timeout 1h

.PHONY: bench
bench: build ## Measure stacks end to end over HTTP, on both databases, as JSON lines
	$(GO) run ./bench --hearth $(BIN)

.PHONY: clean
clean: ## Remove what was built (not ./var)
	rm -rf bin
