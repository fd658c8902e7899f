.DEFAULT_GOAL := help
SHELL := /bin/bash
export JAVA_HOME := $(shell scripts/java-home)
MVN := mvn -B -ntp

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  %-18s %s\n", $$1, $$2}'

verify: kube ## all gates and all tests (what CI runs); the real control plane is built first
	scripts/verify

test: ## the fast tests only
	$(MVN) test

test-race: ## the concurrency tests: Lincheck tries orders of steps, stress tries real threads (about 3 minutes)
	$(MVN) -pl worker -am -Djacoco.skip -Drace.interleavings=500 -Dstress.tasks=30000 -Dstress.leases=20000 \
	  -Dsurefire.failIfNoSpecifiedTests=false -Dtest='*Race,*StressTest' test

bench-tasks: ## what a task costs, by JMH: TaskExecution, ConcurrentTasks at 1, 2, 4 and 8 slots (about 2 minutes)
	@$(MVN) -q -pl worker -am -Djacoco.skip -Pbench -DskipTests test

build: ## the programs, without tests
	$(MVN) -DskipTests -Djacoco.skip package

format: ## formats the Java code
	$(MVN) -Denforcer.skip spotless:apply

crds: ## generates the committed YAML of the WorkerPool and docs/reference/workerpool.md
	$(MVN) -pl crds -Djacoco.skip test -Dtest=CrdYamlTest,ReferencePageTest -Dcrds.update=true

reference: ## generates docs/reference/worker.md and operator.md from the code
	$(MVN) -pl worker,operator -am -Djacoco.skip test -Dtest=ReferencePageTest -Dsurefire.failIfNoSpecifiedTests=false -Dreference.update=true

kube: ## builds the real control plane once (about 4 minutes; needs Go); skipped aloud without Go
	@e2e/kube/build.sh || { status=$$?; [ -z "$$CI" ] || exit $$status; echo "make: the tests on the real control plane will be skipped" >&2; }

demo: ## the main job on this machine
	./tensorfleet demo

drills: ## all drills, which break things for real; make drill-NAME runs one (docs/drills.md)
	@scripts/drill

drill-%:
	@scripts/drill $*

bench-cold-start: ## a worker's start with and without its AOT cache, and its memory at rest (RUNS=7)
	@scripts/e2e io.tensorfleet.e2e.bench.ColdStart

bench-reaction: ## submit → first Pod, 0 → 10, 100, 1,000 Pods and back, on the real control plane (ROUNDS=50 RUNS=3)
	@scripts/e2e io.tensorfleet.e2e.bench.Reaction

bench-pods: ## Pods created a second: one pool, twenty pools, a bare loop; p99 of a decision at 1,000 Pods (RUNS=3)
	@scripts/e2e io.tensorfleet.e2e.bench.Pods

bench-idle: ## the operator at rest: 1,000 pools, 10,000 Pods that KWOK plays (POOLS=1000 PODS=10 SECONDS=60 RUNS=3)
	@e2e/kube/kwok.sh > /dev/null && scripts/e2e io.tensorfleet.e2e.bench.Idle

coverage: ## where the coverage reports of the last verify are
	@ls */target/site/jacoco/index.html

clean: ## removes what was built (not .tensorfleet)
	$(MVN) -q clean

.PHONY: help verify test test-race bench-tasks bench-cold-start bench-reaction bench-pods bench-idle build format crds reference kube demo drills coverage clean
