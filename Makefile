# fosterd - one Makefile, no recursion into other files.
#
# Output goes to build/VARIANT/; build/fosterd, build/fosterd-prober
# and build/fosterctl are the binaries.
#
#   make                 build                        make run        build and run the demo
#   make check           every quick test             make lint unit sim explore it
#   make check SAN=address,undefined                  make check CC=clang
#   make valgrind cov    memory and descriptors, coverage
#   make bench           figures, each beside the bare limit
#   make fuzz chaos      what no test has thought of (FUZZ="conf fleet" FUZZ_TIME=600, SEED=7)
#   make systemd         as a service, under the real systemd; as root
#   make install uninstall [DESTDIR= PREFIX=/usr/local SYSCONFDIR=/etc]
#
# `run` and `check` install the packages that are missing, by one apt-get call (tests/setup).

MAKEFLAGS += --no-builtin-rules
.SUFFIXES:
.DELETE_ON_ERROR:
.DEFAULT_GOAL := all
SHELL := /bin/bash

# V=1 shows the commands.
Q := $(if $(V),,@)

VERSION := 0.1.0
CC := gcc
AR := ar
SAN :=
COV :=
WERROR := $(if $(CI),-Werror)
PREFIX := /usr/local
SYSCONFDIR := /etc
DESTDIR :=

comma := ,
empty :=
space := $(empty) $(empty)
VARIANT := $(notdir $(firstword $(CC)))$(if $(SAN),-$(subst $(comma),-,$(SAN)))$(if $(COV),-cov)
B := build/$(VARIANT)

# ---- what each layer may use: the includes and the link lines of the unit tests both follow this
# (prober and fosterctl are no layers of the daemon but programs beside it.)
LAYERS := base model policy conf sys engine service boot prober fosterctl
USES_base    := base
USES_model   := model base
USES_policy  := policy model base
USES_conf    := conf model base
USES_sys     := sys model base
USES_engine  := engine policy sys model base
USES_service := service engine policy sys model base
USES_boot    := boot service engine policy sys conf model base
USES_prober  := prober model base
USES_fosterctl := fosterctl conf sys model base

# ---- flags
PKGS := libmicrohttpd jansson libfyaml
WARNINGS := -Wall -Wextra -Wshadow -Wconversion -Wswitch-enum -Wstrict-prototypes \
	-Wmissing-prototypes -Wformat=2 -Wvla -Wundef -Wwrite-strings $(WERROR)
DEFINES := -D_GNU_SOURCE -DFOSTERD_VERSION='"$(VERSION)"'
CPPFLAGS = -Iinclude $(DEFINES) -MMD -MP
OPT := $(if $(COV),-O0 --coverage,$(if $(SAN),-O1,-O2))
HARDEN := $(if $(SAN)$(COV),,-D_FORTIFY_SOURCE=2 -fstack-protector-strong)
SANITIZE := $(if $(SAN),-fsanitize=$(SAN) -fno-omit-frame-pointer -fno-sanitize-recover=all)
CFLAGS = -std=c17 -g $(OPT) $(HARDEN) -fPIE $(WARNINGS) $(SANITIZE)
LDFLAGS = -pie -Wl,-z,relro,-z,now $(if $(SAN),-fsanitize=$(SAN)) $(if $(COV),--coverage)
# Asked only when something is compiled or linked: setup runs before the packages are there.
PKG_CFLAGS = $(shell pkg-config --cflags $(PKGS) 2>/dev/null)
# libpq-fe.h has a directory of its own.
PROBER_CFLAGS = $(shell pkg-config --cflags libpq 2>/dev/null)
$(B)/obj/prober/%.o $(B)/obj/tests/unit/prober_%.o: PKG_CFLAGS += $(PROBER_CFLAGS)
LIBS_service := -lmicrohttpd -ljansson -lev
LIBS_engine := -lev
LIBS_conf := -lfyaml -ljansson
# fosterd itself links none of these (tests/lint/links).
LIBS_prober := -lcurl -lhiredis -lpq -lev -pthread
LIBS_fosterctl := -lcurl -ljansson
LIBS = $(shell pkg-config --libs $(PKGS)) -lev

# ---- packages first, when the goal is one of the two commands for a fresh machine
SETUP := $(if $(filter run check,$(MAKECMDGOALS)),setup)
SETUP_SETS := build $(if $(filter check,$(MAKECMDGOALS)),check) \
	$(if $(findstring clang,$(CC)),clang)

.PHONY: setup
setup:
	@tests/setup $(SETUP_SETS)

# ---- the daemon
SRC_main := src/main.c
$(foreach l,$(LAYERS),$(eval SRC_$(l) := $(wildcard src/$(l)/*.c)))
OBJ_of = $(patsubst src/%.c,$(B)/obj/%.o,$(1))
ARCHIVE_of = $(patsubst %,$(B)/lib%.a,$(1))

# build/PROGRAM is the last that was built without sanitizer and coverage.
PROGRAMS := $(B)/fosterd $(B)/fosterd-prober $(B)/fosterctl
.PHONY: all
all: $(PROGRAMS)
	@$(if $(SAN)$(COV),,for p in $^; do cmp -s $$p build/$${p##*/} || \
		{ cp $$p build/new && mv build/new build/$${p##*/}; } || exit 1; done)

$(B)/fosterd: $(B)/obj/main.o $(call ARCHIVE_of,$(USES_boot))
	@echo "  CC  $@"
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

# ---- who asks the components, unprivileged
$(B)/fosterd-prober: $(B)/obj/prober/main.o $(call ARCHIVE_of,$(USES_prober))
	@echo "  CC  $@"
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS_prober)

# ---- the client
$(B)/fosterctl: $(B)/obj/fosterctl/main.o $(call ARCHIVE_of,$(USES_fosterctl))
	@echo "  CC  $@"
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS_fosterctl)

$(B)/obj/%.o: src/%.c Makefile | $(SETUP)
	@mkdir -p $(@D)
	@echo "  CC  $@"
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(PKG_CFLAGS) -c -o $@ $<

# The child between clone and exec shares its parent's memory: no sanitizer's runtime there.
UNARMED := $(filter-out -fsanitize=%,$(CFLAGS)) -fno-stack-protector
$(patsubst %,$(B)/obj/sys/%.o,child child_close child_fds child_rights): CFLAGS := $(UNARMED)

define archive_rule
$$(B)/lib$(1).a: $$(call OBJ_of,$$(SRC_$(1)))
	@rm -f $$@.new
	@echo "  AR  $$@"
	$$(Q)$$(AR) rcs $$@.new $$^ && mv $$@.new $$@
endef
$(foreach l,$(LAYERS),$(eval $(call archive_rule,$(l))))

# ---- made from the option table: conf/fosterd.schema.json (a unit test notices when it is old) and
# the OPTIONS of man/fosterd.yaml.5 (tests/lint/manual does)
TOOLS := $(patsubst tests/tools/%.c,$(B)/tools/%,$(wildcard tests/tools/*.c))
$(TOOLS): $(B)/tools/%: $(B)/obj/tests/tools/%.o $(call ARCHIVE_of,conf model base)
	@mkdir -p $(@D)
	@echo "  CC  $@"
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS_conf)

.PHONY: schema manual
schema: $(B)/tools/schema
	$< > $(B)/schema.json && mv $(B)/schema.json conf/fosterd.schema.json
manual: $(B)/tools/manual
	tests/lint/manual --write $(B)

# ---- unit tests: tests/unit/LAYER_MODULE.c links what its layer may use and nothing else
UNIT := $(patsubst tests/unit/%.c,%,$(wildcard tests/unit/*_*.c))
UNIT_BIN := $(UNIT:%=$(B)/unit/%)

$(B)/obj/tests/%.o: tests/%.c Makefile | $(SETUP)
	@mkdir -p $(@D)
	@echo "  CC  $@"
	$(Q)$(CC) $(CPPFLAGS) -Itests $(CFLAGS) $(PKG_CFLAGS) -c -o $@ $<

CHECK_LIBS = $(shell pkg-config --libs check)

# $(1): LAYER_MODULE, $(2): LAYER
define unit_rule
$$(B)/unit/$(1): $$(B)/obj/tests/unit/$(1).o $$(call ARCHIVE_of,$$(USES_$(2)))
	@mkdir -p $$(@D)
	@echo "  CC  $$@"
	$$(Q)$$(CC) $$(CFLAGS) $$(LDFLAGS) -o $$@ $$^ $$(CHECK_LIBS) $$(LIBS_$(2))
endef
$(foreach u,$(UNIT),$(eval $(call unit_rule,$(u),$(firstword $(subst _, ,$(u))))))

# ---- other test programs
TEST_OBJ_of = $(patsubst %.c,$(B)/obj/%.o,$(wildcard tests/$(1)/*.c))

$(B)/sim-run: $(call TEST_OBJ_of,sim) $(call ARCHIVE_of,conf policy model base)
	@echo "  CC  $@"
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS_conf)

$(B)/explore: $(call TEST_OBJ_of,explore) $(call ARCHIVE_of,policy model base)
	@echo "  CC  $@"
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^

# The worker and the nursery are no part of what is tested: never instrumented.
$(B)/it/%.o: tests/it/%.c Makefile | $(SETUP)
	@mkdir -p $(@D)
	@echo "  CC  $@"
	$(Q)$(CC) -std=c17 -g -O1 $(DEFINES) $(WARNINGS) -MMD -MP -c -o $@ $<

$(B)/it/misbehave: $(B)/it/misbehave.o $(B)/it/brood.o $(B)/it/outside.o
$(B)/it/nursery: $(B)/it/nursery.o
$(B)/it/misbehave $(B)/it/nursery:
	@echo "  CC  $@"
	$(Q)$(CC) -o $@ $^

# -fno-builtin: what is called malloc there is its own.
$(B)/it/%.so: tests/it/%.c Makefile | $(SETUP)
	@mkdir -p $(@D)
	@echo "  CC  $@"
	$(Q)$(CC) -std=c17 -g -O1 $(DEFINES) $(WARNINGS) -fno-builtin -fPIC -shared -o $@ $<

# ---- fuzzing: tests/fuzz/TARGET.c links what its layer may use; twice, see tests/fuzz/fuzz.h
FUZZED_conf := conf duration
FUZZED_model := specifier wire
FUZZED_policy := fleet
FUZZED_engine := message
FUZZED_service := request control
FUZZED := $(foreach l,$(LAYERS),$(FUZZED_$(l)))

# The fleet's target has more instances than the explorer.
$(B)/fuzz/obj/%.o: tests/explore/%.c Makefile | $(SETUP)
	@mkdir -p $(@D)
	@echo "  CC  $@"
	$(Q)$(CC) $(CPPFLAGS) -DSCENE_SLOTS=5 -Itests $(CFLAGS) -c -o $@ $<
$(B)/obj/tests/fuzz/fleet.o: DEFINES += -DSCENE_SLOTS=5
FUZZ_OBJ_fleet := $(patsubst %,$(B)/fuzz/obj/%.o,carry moves promises scene)

# $(1): TARGET, $(2): LAYER
define fuzz_rule
$$(B)/fuzz/$(1) $$(B)/replay/$(1): $$(B)/obj/tests/fuzz/$(1).o $$(FUZZ_OBJ_$(1)) \
		$$(call ARCHIVE_of,$$(USES_$(2)))
	@mkdir -p $$(@D)
	@echo "  CC  $$@"
	$$(Q)$$(CC) $$(CFLAGS) $$(LDFLAGS) $$(if $$(findstring /fuzz/,$$@),-fsanitize=fuzzer) \
		-o $$@ $$^ $$(LIBS_$(2))
$$(B)/replay/$(1): $$(B)/obj/tests/fuzz/replay.o
endef
$(foreach l,$(LAYERS),$(foreach t,$(FUZZED_$(l)),$(eval $(call fuzz_rule,$(t),$(l)))))
REPLAY_BIN := $(FUZZED:%=$(B)/replay/%)

SIM_BIN := $(if $(wildcard tests/sim/*.c),$(B)/sim-run)
EXPLORE_BIN := $(if $(wildcard tests/explore/*.c),$(B)/explore)
IT_BIN := $(PROGRAMS) $(B)/it/misbehave $(B)/it/nursery $(B)/it/refuse.so $(B)/it/clock.so

# ---- running them: each a line, the count at the end, all of them even when one fails
TALLY := tests/tally
SLACK := $(if $(SAN)$(COV),3,1)
RUN_ENV = CK_TIMEOUT_MULTIPLIER=$(SLACK) ASAN_OPTIONS=allocator_may_return_null=1 \
	UBSAN_OPTIONS=print_stacktrace=1 \
	SLACK=$(SLACK) FOSTERD=$(abspath $(B)/fosterd) FOSTERCTL=$(abspath $(B)/fosterctl) \
	IT=$(abspath $(B)/it)
RUN_LINT = for t in $(wildcard tests/lint/*); do \
	$(TALLY) lint/$$(basename $$t) $$t $(B) || failed=1; done
# As many at a time as there are processors: none may depend on having one for itself.
JOBS := $(shell nproc)
# Those of tests/it wait more than they work.
IT_JOBS := $(shell expr 2 '*' $(JOBS))
# Scripts in one process, which is then told by the name of its last.
SIMS_A_RUN := 1
RUN_SUITE = $(RUN_ENV) xargs -n 1 -P $(JOBS) $(TALLY) --suite
RUN_UNIT = printf '%s\n' $(UNIT_BIN) | $(RUN_SUITE) unit $(WRAP) || failed=1
RUN_SIM = printf '%s\n' $(wildcard tests/sim/*.sim) | \
	$(RUN_ENV) xargs -n $(SIMS_A_RUN) -P $(JOBS) $(TALLY) --suite sim $(WRAP) $(SIM_BIN) || \
	failed=1
RUN_REPLAY = for t in $(FUZZED); do $(RUN_ENV) \
	$(TALLY) fuzz/$$t $(WRAP) $(B)/replay/$$t tests/fuzz/corpus/$$t || failed=1; done
# How deep; empty: so deep that the floors of each plan are reached.
EXPLORE_DEPTH :=
RUN_EXPLORE = for t in $(EXPLORE_BIN); do \
	$(TALLY) --show explore $$t $(EXPLORE_DEPTH) || failed=1; done
RUN_IT = $(RUN_ENV) tests/it/run --jobs $(IT_JOBS) $(IT_FLAGS) $(TESTS) || failed=1
RUN_SYSTEMD = $(RUN_ENV) tests/it/run --suite systemd $(IT_FLAGS) $(TESTS) || failed=1
# What was kept from an earlier call is not this one's failure.
VERDICT = $(TALLY) --sum || [[ $$TALLY_KEEP ]] || failed=1; exit $${failed:-0}

.PHONY: check lint unit sim explore it valgrind cov fuzz replay
check: $(UNIT_BIN) $(SIM_BIN) $(REPLAY_BIN) $(IT_BIN) $(TOOLS)
	@$(TALLY) --reset; $(RUN_LINT); $(RUN_UNIT); $(RUN_SIM); $(RUN_REPLAY); $(RUN_IT); \
	$(VERDICT)
check: IT_FLAGS := --quick

lint: $(PROGRAMS) $(TOOLS)
	@$(TALLY) --reset; $(RUN_LINT); $(VERDICT)
unit: $(UNIT_BIN)
	@$(TALLY) --reset; $(RUN_UNIT); $(VERDICT)
sim: $(SIM_BIN)
	@$(TALLY) --reset; $(RUN_SIM); $(VERDICT)
explore: $(EXPLORE_BIN)
	@$(TALLY) --reset; $(RUN_EXPLORE); $(VERDICT)
# make it TESTS="10 20": those alone; IT_FLAGS="--repeat 20 --busy": see tests/it/run
it: $(IT_BIN)
	@$(TALLY) --reset; $(RUN_IT); $(VERDICT)

replay: $(REPLAY_BIN)
	@$(TALLY) --reset; $(RUN_REPLAY); $(VERDICT)

# make fuzz FUZZ="conf fleet" FUZZ_TIME=600: those alone, that many seconds each. The corpora grow
# in build/fuzz; FUZZ_FLAGS=--merge takes what is worth it from there into the tree.
FUZZ := $(FUZZED)
FUZZ_TIME := 30
.PHONY: fuzz-run
fuzz:
	@tests/setup build clang
	@$(MAKE) --no-print-directory CC=clang SAN=fuzzer-no-link,address,undefined fuzz-run
fuzz-run: $(FUZZ:%=$(B)/fuzz/%)
	@$(TALLY) --reset; FUZZ_TIME=$(FUZZ_TIME) tests/fuzz/run $(FUZZ_FLAGS) $(B)/fuzz $(FUZZ) \
		|| failed=1; $(VERDICT)

# make chaos SEED=7 TIME=60: storms over a real fosterd. The seed decides them; it is told when none
# is given.
SEED :=
TIME := 60
.PHONY: chaos
chaos: $(IT_BIN)
	@$(TALLY) --reset; seed=$(or $(SEED),$$SRANDOM); \
	$(TALLY) --show chaos/$$seed env $(RUN_ENV) TIMEOUT=$$(($(TIME) + 120)) \
		tests/chaos/chaos $$seed $(TIME) || failed=1; $(VERDICT)

# Unit tests and scripts under valgrind, and the daemon in the tests that say "# valgrind".
valgrind: WRAP := tests/valgrind
# It slows what computes by 20 to 60.
valgrind: SLACK := 45
# It takes a second to begin.
valgrind: SIMS_A_RUN := 40
valgrind: IT_FLAGS := --only valgrind
valgrind: $(UNIT_BIN) $(SIM_BIN) $(IT_BIN)
	@$(TALLY) --reset; $(WRAP) --reset; $(RUN_UNIT); $(RUN_SIM); \
	export FOSTERD_WRAP=$(abspath $(WRAP)); $(RUN_IT); \
	$(TALLY) valgrind/verdict $(WRAP) --verdict || failed=1; $(VERDICT)

# In a build of its own. The layers' floors are in tests/coverage.
cov:
	@$(MAKE) --no-print-directory COV=1 cov-run

.PHONY: cov-run
# What is reached deeper down is reached here as well.
cov-run: EXPLORE_DEPTH := 4
cov-run: $(UNIT_BIN) $(SIM_BIN) $(EXPLORE_BIN) $(IT_BIN)
	@find $(B) -name '*.gcda' -delete
	@$(TALLY) --reset; $(RUN_UNIT); $(RUN_SIM); $(RUN_EXPLORE); $(RUN_IT); \
	$(TALLY) --show coverage tests/coverage $(B) || failed=1; $(VERDICT)

# ---- figures: see tests/bench/bench.py. QUICK=1 for a machine that does other work meanwhile;
# BENCH="start-1000 stop-1000": those alone
BENCH :=
BENCH_TOOLS := $(patsubst %,$(B)/bench/%,bare worker bare_http load answer)
BENCH_FLAGS := -std=c17 -O2 $(DEFINES) $(WARNINGS)
$(B)/bench/bare: BENCH_FLAGS += -static
$(B)/bench/worker: BENCH_FLAGS += -static -nostdlib -fno-stack-protector -fno-builtin \
	-fcf-protection=none -s -Wl,--build-id=none -Wl,-z,noseparate-code
$(B)/bench/bare_http: BENCH_LIBS := -lmicrohttpd -lev

$(B)/bench/%: tests/bench/%.c Makefile | $(SETUP)
	@mkdir -p $(@D)
	@echo "  CC  $@"
	$(Q)$(CC) $(BENCH_FLAGS) -o $@ $< $(BENCH_LIBS)

.PHONY: bench
bench: $(PROGRAMS) $(BENCH_TOOLS)
	@FOSTERD=$(abspath $(B)/fosterd) QUICK=$(QUICK) \
		PYTHONDONTWRITEBYTECODE=1 python3 tests/bench/bench.py $(B)/bench $(BENCH)
# ---- as a service: under the real systemd, in a sandbox, as root
.PHONY: systemd
systemd: STAGE := $(abspath $(B)/box)
systemd: RUN_ENV += STAGE=$(STAGE)
systemd: $(IT_BIN)
	@rm -rf $(STAGE); $(MAKE) -s --no-print-directory install PREFIX=/usr DESTDIR=$(STAGE)
	@$(TALLY) --reset; $(RUN_SYSTEMD); $(VERDICT)

# ---- the demo
.PHONY: run
run: all
	@tests/demo

# ---- on this machine: what is installed, as SOURCE=PLACE below PREFIX, so that it can be removed
DOCDIR := share/doc/fosterd
MAN := $(wildcard man/*.[158])
BINARIES := $(B)/fosterd=sbin/fosterd $(B)/fosterd-prober=libexec/fosterd-prober \
	$(B)/fosterctl=bin/fosterctl
PAPERS := $(foreach d,README.md LICENSE conf/fosterd.schema.json \
		systemd/fosterd.service.d/hardened.conf,$(d)=$(DOCDIR)/$(notdir $(d))) \
	$(foreach e,$(wildcard conf/examples/*.yaml),$(e)=$(DOCDIR)/examples/$(notdir $(e))) \
	$(foreach m,$(MAN),$(m)=share/man/man$(subst .,,$(suffix $(m)))/$(notdir $(m))) \
	systemd/fosterd.service=lib/systemd/system/fosterd.service \
	systemd/fosterd.socket=lib/systemd/system/fosterd.socket \
	systemd/sysusers.conf=lib/sysusers.d/fosterd.conf \
	systemd/tmpfiles.conf=lib/tmpfiles.d/fosterd.conf
CONF_FILE = $(DESTDIR)$(SYSCONFDIR)/fosterd/fosterd.yaml
UNIT_FILE = $(DESTDIR)$(PREFIX)/lib/systemd/system/fosterd.service

source_of = $(firstword $(subst =, ,$(1)))
place_of = $(DESTDIR)$(PREFIX)/$(lastword $(subst =, ,$(1)))
PUT = @set -e; $(foreach f,$(2),$(if $(V),echo "  PUT $(call place_of,$(f))";) \
	install -D -m $(1) $(call source_of,$(f)) $(call place_of,$(f));)

.PHONY: install uninstall clean
install: all
	$(call PUT,755,$(BINARIES))
	$(call PUT,644,$(PAPERS))
	@sed -i 's,@sbindir@,$(PREFIX)/sbin,g' $(UNIT_FILE)
	@test -e $(CONF_FILE) || install -D -m 644 conf/fosterd.yaml $(CONF_FILE)

# A configuration that somebody has edited stays, and is named; so does what workers have kept. On
# this machine itself (no DESTDIR) the service ends first.
uninstall:
	$(if $(DESTDIR),,@systemd/retire)
	@rm -f $(foreach f,$(BINARIES) $(PAPERS),$(call place_of,$(f)))
	@rmdir $(addprefix $(DESTDIR)$(PREFIX)/$(DOCDIR),/examples /) 2>/dev/null || :
	@if cmp -s conf/fosterd.yaml $(CONF_FILE); then rm -f $(CONF_FILE); fi
	@rmdir $(dir $(CONF_FILE)) 2>/dev/null || [ ! -e $(dir $(CONF_FILE)) ] || \
		find $(dir $(CONF_FILE)) -type f -printf 'kept: %p\n'

clean:
	rm -rf build

-include $(shell find build -name '*.d' -type f 2>/dev/null)
