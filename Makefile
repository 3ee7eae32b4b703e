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

UV := $(shell command -v uv || echo .uv/bin/uv)
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
environments: .venv/ready .venv-brain/ready ## Build both Python environments

.PHONY: lock
lock: | $(UV) ## Choose new versions of everything (rewrites constraints/)
	$(UV) pip compile --quiet --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
	  --no-emit-package torch --no-annotate --no-header --extra gateway --extra encoder --extra test --extra check pyproject.toml -o constraints/gateway-3.11.txt
	$(UV) pip compile --quiet --python-version 3.10 --generate-hashes --no-emit-index-url --no-emit-find-links \
	  --no-annotate --no-header --extra brain --extra test pyproject.toml -o constraints/brain-3.10.txt
