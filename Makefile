# fosterd - one Makefile, no recursion into other files. Output goes to build/VARIANT/; build/fosterd is the binary.
#
#   make                 build                        make run        build and run the demo
#   make check           all tests                    make it         integration tests alone
#   make check SAN=address,undefined                  make check CC=clang
#   make sim lint cov    scripts in virtual time, structure, coverage
#   make install uninstall [DESTDIR= PREFIX=/usr/local]

MAKEFLAGS += --no-builtin-rules
.SUFFIXES:
.DELETE_ON_ERROR:
.DEFAULT_GOAL := all

VERSION := 0.1.0
CC := gcc
AR := ar
SAN :=
COV :=
WERROR := $(if $(CI),-Werror)

comma := ,
empty :=
space := $(empty) $(empty)
VARIANT := $(notdir $(firstword $(CC)))$(if $(SAN),-$(subst $(comma),-,$(SAN)))$(if $(COV),-cov)
B := build/$(VARIANT)

# ---- what each layer may use: the includes and the link lines of the unit tests both follow this
LAYERS := base model policy conf sys engine service
USES_base    := base
USES_model   := model base
USES_policy  := policy model base
USES_conf    := conf model base
USES_sys     := sys model base
USES_engine  := engine policy sys model base
USES_service := service engine policy sys model base

# ---- flags
PKGS := libmicrohttpd jansson libfyaml
WARNINGS := -Wall -Wextra -Wshadow -Wconversion -Wswitch-enum -Wstrict-prototypes -Wmissing-prototypes \
	-Wformat=2 -Wvla -Wundef -Wwrite-strings $(WERROR)
CPPFLAGS = -Iinclude -D_GNU_SOURCE -DFOSTERD_VERSION='"$(VERSION)"' -MMD -MP
OPT := $(if $(COV),-O0 --coverage,$(if $(SAN),-O1,-O2))
HARDEN := $(if $(SAN)$(COV),,-D_FORTIFY_SOURCE=2 -fstack-protector-strong)
CFLAGS = -std=c17 -g $(OPT) $(HARDEN) -fPIE $(WARNINGS) $(if $(SAN),-fsanitize=$(SAN) -fno-omit-frame-pointer -fno-sanitize-recover=all)
LDFLAGS = -pie -Wl,-z,relro,-z,now $(if $(SAN),-fsanitize=$(SAN)) $(if $(COV),--coverage)
# Asked only when something is linked or compiled, so that setup can run before the packages are there.
PKG_CFLAGS = $(shell pkg-config --cflags $(PKGS) 2>/dev/null)
LIBS_service := -lmicrohttpd -ljansson -lev
LIBS_engine := -lev
LIBS_conf := -lfyaml -ljansson
LIBS = $(shell pkg-config --libs $(PKGS)) -lev

# ---- the daemon
SRC_main := src/main.c
$(foreach l,$(LAYERS),$(eval SRC_$(l) := $(wildcard src/$(l)/*.c)))
OBJ_of = $(patsubst src/%.c,$(B)/obj/%.o,$(1))
ARCHIVE_of = $(patsubst %,$(B)/lib%.a,$(1))

.PHONY: all
all: build/fosterd

build/fosterd: $(B)/fosterd
	@cp -f $< $@.new && mv -f $@.new $@

$(B)/fosterd: $(B)/obj/main.o $(call ARCHIVE_of,service engine policy sys conf model base)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

$(B)/obj/%.o: src/%.c Makefile
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(PKG_CFLAGS) -c -o $@ $<

# The child between clone and exec shares its parent's memory: a sanitizer's runtime must not run there.
$(B)/obj/sys/child.o: CFLAGS := $(filter-out -fsanitize=%,$(CFLAGS)) -fno-stack-protector

define archive_rule
$$(B)/lib$(1).a: $$(call OBJ_of,$$(SRC_$(1)))
	@rm -f $$@
	$$(AR) rcs $$@ $$^
endef
$(foreach l,$(LAYERS),$(eval $(call archive_rule,$(l))))

# ---- unit tests: tests/unit/LAYER_MODULE.c links what its layer may use and nothing else
UNIT := $(patsubst tests/unit/%.c,%,$(wildcard tests/unit/*_*.c))
UNIT_BIN := $(UNIT:%=$(B)/unit/%)

$(B)/obj/tests/%.o: tests/%.c Makefile
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) -Itests $(CFLAGS) $(PKG_CFLAGS) -c -o $@ $<

define unit_rule
$$(B)/unit/$(1): $$(B)/obj/tests/unit/$(1).o $$(call ARCHIVE_of,$$(USES_$(firstword $(subst _, ,$(1)))))
	@mkdir -p $$(@D)
	$$(CC) $$(CFLAGS) $$(LDFLAGS) -o $$@ $$^ $$(shell pkg-config --libs check) $$(LIBS_$(firstword $(subst _, ,$(1))))
endef
$(foreach u,$(UNIT),$(eval $(call unit_rule,$(u))))

.PHONY: unit clean
unit: $(UNIT_BIN)
	@for t in $^; do CK_VERBOSITY=minimal $$t || exit 1; done

clean:
	rm -rf build

-include $(shell find build -name '*.d' 2>/dev/null)
