# Warmline's commands. `make` alone prints what each does.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.ONESHELL:

# A machine that keeps packages in a folder tells pip with this setting; uv takes the same folder.
export UV_FIND_LINKS ?= $(PIP_FIND_LINKS)
# One store of packages, hard-linked into both environments.
export UV_LINK_MODE ?= hardlink
export RASA_TELEMETRY_ENABLED := false
export PYTHONDONTWRITEBYTECODE :=
export TF_CPP_MIN_LOG_LEVEL := 3

# Another company's folder than this one, from wherever `make` is called. The reference assistant is the folder of this file.
ifdef ASSISTANT
export WARMLINE_ROOT := $(abspath $(ASSISTANT))
REQUIREMENTS := $(wildcard $(WARMLINE_ROOT)/requirements.txt)
endif

UV := $(shell command -v uv || echo .uv/bin/uv)
# One process more than there are cores, since browsers and servers are often waited for; four at most: each has a database
# server and perhaps an installation of its own.
PYTEST_FLAGS := -q --numprocesses $(shell echo $$(( $$(nproc) + 1 ))) --maxprocesses 4 --dist loadfile
GATEWAY_EXTRAS := gateway,encoder,test,check
BRAIN_EXTRAS := brain,test

.PHONY: help
help: ## Print this list
	@awk -F':.*## ' '/^[a-zA-Z_-]+:.*## /{printf "  make %-20s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.uv/bin/uv:
	@echo "==> uv: fetching it from PyPI into .uv"
	python3 -m venv .uv
	.uv/bin/python -m pip install --quiet 'uv>=0.5'

.venv/ready: pyproject.toml constraints/gateway-3.11.txt | $(UV)
	@echo "==> .venv (Python 3.11: gateway, encoder build, tests)"
	start=$$SECONDS
	$(UV) venv --quiet --allow-existing --python 3.11 .venv
	$(UV) pip install --quiet --python .venv/bin/python --compile-bytecode -c constraints/gateway-3.11.txt -e '.[$(GATEWAY_EXTRAS)]'
	touch $@
	echo "    ready after $$((SECONDS - start)) s, $$(du -sh .venv | cut -f1)"

.venv-brain/ready: pyproject.toml constraints/brain-3.10.txt | $(UV)
	@echo "==> .venv-brain (Python 3.10: Rasa, actions)"
	start=$$SECONDS
	$(UV) venv --quiet --allow-existing --python 3.10 .venv-brain
	$(UV) pip install --quiet --python .venv-brain/bin/python --compile-bytecode -c constraints/brain-3.10.txt -e '.[$(BRAIN_EXTRAS)]'
	touch $@
	echo "    ready after $$((SECONDS - start)) s, $$(du -sh .venv-brain | cut -f1)"

.PHONY: environments
environments: .venv/ready .venv-brain/ready $(if $(REQUIREMENTS),requirements) ## Build both Python environments

.PHONY: requirements
requirements: .venv-brain/ready
	@echo "==> $(REQUIREMENTS), within Warmline's own versions"
	$(UV) pip install --quiet --python .venv-brain/bin/python -c constraints/brain-3.10.txt -r $(REQUIREMENTS)

.PHONY: init
init: environments ## Begin a company of your own in a new folder (FOLDER=../my-company)
	$(if $(FOLDER),,$(error Say where: FOLDER=../my-company))
	.venv/bin/warmline init $(FOLDER)

.PHONY: run
run: environments ## Build what is out of date, start gateway, brain and actions (SMOKE=1: one question, then end; ASSISTANT=folder, here and below: another company's)
	.venv/bin/warmline run $(if $(SMOKE),--smoke)

.PHONY: train
train: environments ## Build the encoder, the index and the model, where they are out of date
	.venv/bin/warmline build

.PHONY: shell
shell: environments ## Talk to the assistant in the terminal
	.venv/bin/warmline shell

.PHONY: desk-password
desk-password: environments ## Give the desk's first account a new password, and print it
	.venv/bin/warmline account reset admin

.PHONY: desk-unlock
desk-unlock: environments ## Let somebody in at the desk whom others' wrong passwords lock out (NAME=admin)
	.venv/bin/warmline account unlock $(or $(NAME),admin)

.PHONY: test
ifdef ASSISTANT
test: environments
	.venv/bin/warmline test
else
test: train ## Run every test: both Pythons, stories, dialogues, both databases, the browser (ASSISTANT=folder: that company's own tests)
	.venv/bin/warmline knowledge check --skip review
	export OMP_NUM_THREADS=1
	.venv/bin/pytest $(PYTEST_FLAGS) tests
	.venv-brain/bin/pytest $(PYTEST_FLAGS) tests/unit/nlu tests/unit/knowledge tests/unit/dialogue tests/unit/handoff tests/unit/kit tests/unit/actions tests/unit/untrusted tests/brain
	.venv-brain/bin/python -m bot.brain.stories
endif

.PHONY: test-unit
test-unit: environments ## Run only the tests that take milliseconds, and say which were skipped and why
	.venv/bin/pytest -q -rs tests/unit

.PHONY: check
check: environments front-end-check ## Read everything without running it: style, types, imports, trainers' data, front end
	.venv/bin/warmline check
	.venv/bin/ruff check --no-cache .
	.venv/bin/ruff format --no-cache --check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	# What needs the encoder is checked by `make test`; a review that is due is for editors, and breaks no build.
	.venv/bin/warmline knowledge check --skip review --skip contradiction --skip unreached
	.venv-brain/bin/rasa data validate --fail-on-warnings

.PHONY: mutants
mutants: environments ## Break the rules of the line, a piece at a time, and count by module what tests notice (ONLY='pattern …')
	mkdir -p build
	.venv/bin/mutmut run --max-children 1 $(ONLY) > build/mutants.log
	.venv/bin/mutmut results --all true | sed -E 's/^ *(.*)\.x[^:]*: (.*)$$/\1 \2/' | sort | uniq -c

.PHONY: front-end-check
front-end-check: frontend/node_modules/.package-lock.json
	cd frontend && npm run --silent check

frontend/node_modules/.package-lock.json: frontend/package-lock.json
	@echo "==> front-end tools (Node is needed for make check only)"
	# Not `npm ci`: newer versions of npm refuse a lock file that lacks another platform's optional packages.
	cd frontend && npm install --no-save --loglevel=error
	touch $(CURDIR)/$@

.PHONY: front-end
front-end: frontend/node_modules/.package-lock.json ## Build the widget and the desk page from their sources
	cd frontend && npm run --silent build

.PHONY: bench-turn
bench-turn: train ## Measure a turn, training, start and memory (10 minutes; STOCK=folder: beside the stock Rasa kept there, which is trained once, in 40 minutes, if the folder is empty; BEFORE=folder: beside the earlier checkout that was trained there)
	STOCK='$(STOCK)' BEFORE='$(BEFORE)' .venv/bin/python -m benchmarks.turn

.PHONY: bench-handoff
bench-handoff: train ## Measure the hand-off: suggestions, interleavings, waiting times, claims, desk events (half an hour; INTERLEAVINGS=400: five minutes)
	.venv/bin/python -m benchmarks.handoff

build/peer-haystack/ready: | $(UV)
	@echo "==> Haystack, in an environment of its own"
	$(UV) venv --quiet --allow-existing --python 3.11 build/peer-haystack
	$(UV) pip install --quiet --python build/peer-haystack/bin/python 'haystack-ai>=2.9,<3'
	touch $@

.PHONY: bench-knowledge
bench-knowledge: train build/peer-haystack/ready ## Measure search and answers beside peers (DATA=folder, about 10 minutes; LEAKS=1: 10,000 adversarial questions too, half an hour; GOLDEN=file)
	OMP_NUM_THREADS=1 .venv/bin/python -m benchmarks.knowledge --data $(DATA) $(if $(GOLDEN),--golden $(GOLDEN)) $(if $(LEAKS),--leaks)

.PHONY: bench-answers
bench-answers: train ## Measure what answers show: what belongs, what is missing, lists whole (SHOW=1: each that is not right)
	OMP_NUM_THREADS=1 .venv/bin/python -m benchmarks.answers $(if $(SHOW),--half seen --show)

.PHONY: bench-understanding
bench-understanding: train ## Measure understanding on public sets (DATA=folder; STOCK=folder: its latency beside the stock Rasa kept there, as for bench-turn)
	DATA='$(DATA)' STOCK='$(STOCK)' .venv-brain/bin/python -m benchmarks.understanding

.PHONY: bench-danger
bench-danger: ## Measure the reader of dangers (CASES=file, such as benchmarks/danger/seen.yml; a second)
	$(if $(CASES),,$(error Say which messages: CASES=benchmarks/danger/seen.yml))
	.venv/bin/python -m benchmarks.danger_set $(CASES)

.PHONY: bench-abuse
bench-abuse: train ## Measure what an honest customer meets while 50 hostile visitors flood the assistant (3 minutes, 7 where it is helpless)
	.venv/bin/python -m benchmarks.abuse

.PHONY: bench-conversations
bench-conversations: train ## Play a file of conversations through the whole assistant (CASES=file; ONLY=ids; JUDGE=file: write what waits to be judged; COST=1: what the layer costs; RECOUNT=1: count what was played last)
	.venv/bin/python -m benchmarks.conversation_bench --cases '$(CASES)' $(if $(ONLY),--only '$(ONLY)') $(if $(JUDGE),--judge '$(JUDGE)') $(if $(COST),--cost) $(if $(RECOUNT),--recount)

.PHONY: lock
lock: | $(UV) ## Choose new versions of everything (rewrites constraints/)
	$(UV) pip compile --quiet --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
	  --no-emit-package torch --no-annotate --no-header --extra gateway --extra encoder --extra test --extra check pyproject.toml -o constraints/gateway-3.11.txt
	$(UV) pip compile --quiet --python-version 3.10 --generate-hashes --no-emit-index-url --no-emit-find-links \
	  --no-annotate --no-header --extra brain --extra test pyproject.toml -o constraints/brain-3.10.txt
