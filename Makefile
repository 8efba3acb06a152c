# Everything a person types. `make` alone lists it; `make test ARGS="-k wording"` hands arguments on.

# The first Python on PATH that runs and is new enough to build the environment: a version manager's `python3`
# may be there and still refuse to start.
PYTHON ?= $(shell IFS=:; for folder in $$PATH; do for name in python3 python; do \
	"$$folder/$$name" -c 'import sys; sys.exit(sys.version_info < (3, 8))' </dev/null >/dev/null 2>&1 \
	&& echo "$$folder/$$name" && exit; done; done)
BOOTSTRAP = $(or $(PYTHON),$(error No Python 3.8 or newer on PATH: install python3 first)) -m deploy.bootstrap
VENV := .venv/bin/python
ARGS ?=

# Quiet third parties: what they say at start-up is no concern of the person at the terminal.
export TF_CPP_MIN_LOG_LEVEL := 3
export SQLALCHEMY_SILENCE_UBER_WARNING := 1
export RASA_TELEMETRY_ENABLED := false
export PYTHONWARNINGS := ignore
# Without compiled modules on the disk every start of Rasa takes 8 s more.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup run run-cluster migrate chat train test check bench faults fuzz crowd eval connect-check privacy docs screenshots lock clean

help:  ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup:  ## Build the environment; finds or fetches Python 3.10
	@$(BOOTSTRAP)
	@echo "The environment is ready: .venv"

run:  ## Start the assistant on 127.0.0.1:8000; sets up and trains first if needed
	@$(BOOTSTRAP)
	@$(VENV) -m bot.train
	@exec $(VENV) -m bot.server $(ARGS)

run-cluster:  ## Several workers on 127.0.0.1:8000 with PostgreSQL and Redis (ARGS=4 for four)
	@$(BOOTSTRAP) --dev
	@$(VENV) -m bot.train
	@exec $(VENV) -m deploy.cluster $(ARGS)

migrate:  ## Make the tables at TRACKER_STORE_URL, or bring them up to date
	@$(BOOTSTRAP)
	@$(VENV) -m bot.server.migrate

chat:  ## Talk to the assistant in this terminal
	@$(BOOTSTRAP)
	@$(VENV) -m bot.train
	@exec $(VENV) -m bot.chat $(ARGS)

train:  ## Train the dialogue model if its inputs changed
	@$(BOOTSTRAP)
	@$(VENV) -m bot.train $(ARGS)

test:  ## Run the checks and the whole test suite (ARGS goes to pytest)
	@$(BOOTSTRAP) --dev
	@$(VENV) -m deploy.browser
	@$(VENV) -m tests.channels.peers
	@# The question makes the sentence vectors once, not in every server that a test starts.
	@$(VENV) -m bot.train & training=$$!; \
	  $(VENV) -m deploy.check && $(VENV) -m knowledge ask "SRFA?" > /dev/null; checked=$$?; \
	  wait $$training && exit $$checked
	@OPENBLAS_NUM_THREADS=1 $(VENV) -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder $(ARGS)

check:  ## Style, types, dialogue data and knowledge, without the tests
	@$(BOOTSTRAP) --dev
	@$(VENV) -m deploy.check

bench:  ## Measure latency, throughput, start-up and memory
	@$(BOOTSTRAP) --dev
	@$(VENV) -m bot.train
	@$(VENV) -m tests.benchmarks $(ARGS)

faults:  ## Measure what happens when workers, stores or clients misbehave (ARGS=clients for a part)
	@$(BOOTSTRAP) --dev
	@$(VENV) -m bot.train
	@$(VENV) -m tests.faults $(ARGS)

eval:  ## Measure what is understood (ARGS=--baseline for Rasa's default beside it)
	@$(BOOTSTRAP) --dev
	@$(VENV) -m bot.train
	@$(VENV) -m tests.evaluation $(ARGS)

fuzz:  ## Put 100,000 messages to the assistant that nobody means (ARGS="--messages 1000 --turns 1000" for fewer)
	@$(BOOTSTRAP) --dev
	@$(VENV) -m tests.fuzz $(ARGS)

crowd:  ## Let a thousand clients ask at once, and tell who was answered, refused, and when
	@$(BOOTSTRAP) --dev
	@$(VENV) -m tests.crowd $(ARGS)

connect-check:  ## Tell what is missing or wrong in the connections to messaging platforms; nothing is sent
	@$(BOOTSTRAP)
	@$(VENV) -m bot.channels

privacy:  ## Clean up, export or delete what is kept of people (ARGS="purge", "audit --csv", "feedback", "export NAME", "delete NAME")
	@$(BOOTSTRAP)
	@$(VENV) -m bot.privacy $(ARGS)

docs:  ## Make the README's transcripts and pictures by running the assistant
	@$(BOOTSTRAP) --dev
	@$(VENV) -m tests.documentation

screenshots:  ## Make the README's pictures of the widget, in both languages
	@$(BOOTSTRAP) --dev
	@$(VENV) -m deploy.browser
	@$(VENV) -m tests.documentation.screenshots

lock:  ## Resolve requirements*.in into lock files (ARGS=--upgrade for the newest versions)
	@$(PYTHON) -m deploy.lock $(ARGS)

clean:  ## Remove environments, models, caches and reports; conversations (*.db) stay
	@rm -rf .venv .venv-tools .venv-peers models .rasa results reports .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
