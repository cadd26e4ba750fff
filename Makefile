# Sarai: one GNU Makefile, in layer order.
#
#   make                 the program, build/sarai
#   make check           layers, format, unit tests, fuzz corpora (the last two under sanitizers)
#   make test-unit       unit tests of this variant;  V=tests/base/cursor_test runs one
#   make bench           the benchmarks, side by side with their peers
#   make install         FHS paths under DESTDIR, prefix /usr/local
#
# Variants: SAN=address,undefined (or thread), CC=clang, DEBUG=1. Each variant has its own build directory.

CC       ?= gcc
ifeq ($(origin CC),default)
CC       := gcc
endif
SAN      ?=
DEBUG    ?=
prefix   ?= /usr/local

comma    := ,
variant  := $(if $(SAN),-$(subst $(comma),-,$(SAN)))$(if $(DEBUG),-debug)$(if $(filter-out gcc,$(notdir $(CC))),-$(notdir $(CC)))
B        := build$(if $(variant),/v$(variant))

WARN     := -Wall -Wextra -Wshadow -Wpointer-arith -Wstrict-prototypes -Wmissing-prototypes \
            -Wwrite-strings -Wundef -Wvla -Werror
CFLAGS   ?= -O2 -g
CPPFLAGS += -Isrc -I$(B)/gen -D_GNU_SOURCE
ALL_CFLAGS = -std=c17 $(CFLAGS) $(WARN) -fno-omit-frame-pointer -fno-strict-aliasing \
            $(if $(DEBUG),-O0) $(if $(SAN),-fsanitize=$(SAN) -fno-sanitize-recover=all,-D_FORTIFY_SOURCE=2 -fstack-protector-strong)
ALL_LDFLAGS = $(LDFLAGS) $(if $(SAN),-fsanitize=$(SAN)) -Wl,--as-needed
LIBS     := -lyaml -lsqlite3 -lmicrohttpd -lcurl -ledit -lxxhash -lnettle -lseccomp -lnetsnmp -lz -lbz2 -lm -lpthread

# Rooms in the order of the house: each knows only those before it (LAYERS).
ROOMS    := base net hub import \
            exchange/bgp exchange/rpki exchange/policy exchange/rib exchange/flowspec exchange/srpolicy exchange/session exchange/bfd exchange/monitor exchange \
            registry meter poller ledger corridor pcep view study paper web cli lab
# All but main() itself is in the archive, so that the wiring is tested too.
MAIN_SRC := src/main/sarai.c
SRC      := $(foreach r,$(ROOMS),$(sort $(wildcard src/$(r)/*.c))) $(filter-out $(MAIN_SRC),$(sort $(wildcard src/main/*.c)))
OBJ      := $(SRC:src/%.c=$(B)/obj/%.o)
MAIN_OBJ := $(MAIN_SRC:src/%.c=$(B)/obj/%.o)
LIB      := $(B)/libsarai.a

TEST_SRC := $(sort $(wildcard tests/*/*_test.c tests/*/*/*_test.c))
TESTS    := $(TEST_SRC:%.c=$(B)/%)
FUZZ_SRC := $(sort $(wildcard fuzz/*_fuzz.c))
FUZZERS  := $(FUZZ_SRC:%.c=$(B)/%)


.PHONY: all list-tests check layers format format-check tidy tests test-unit fuzz-replay bench install clean
.SECONDARY:
.DELETE_ON_ERROR:

all: $(B)/sarai

$(B)/sarai: $(MAIN_OBJ) $(LIB)
	@echo "  $@"
	@$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $(MAIN_OBJ) $(LIB) $(LIBS)

$(LIB): $(OBJ)
	@rm -f $@
	@ar rcs $@ $(OBJ)

$(B)/obj/%.o: src/%.c
	@mkdir -p $(@D)
	@echo "  $@"
	@$(CC) $(CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# Cairo and Pango are loaded where they are needed; only their headers are used here.
$(B)/obj/paper/%.o: CPPFLAGS += $(shell pkg-config --cflags pangocairo)

# The built page is committed under ui/dist and embedded, so that a build needs no node.
PAGE := $(sort $(wildcard ui/dist/* ui/dist/*/*))
$(B)/obj/web/web_page.o: $(PAGE)
# So is the table of countries.
$(B)/obj/meter/country.o: src/meter/countries.tsv

# A test links the archive: only the objects it needs come in. Some read JSON with a library that is not ours.
$(B)/tests/%: tests/%.c $(LIB)
	@mkdir -p $(@D)
	@echo "  $@"
	@$(CC) $(CPPFLAGS) -Itests $(ALL_CFLAGS) $(ALL_LDFLAGS) -MMD -MP -o $@ $< $(filter %.o,$^) $(LIB) $(LIBS) -ljansson

# The journal of the ledger's process is no part of the archive.
$(B)/tests/main/ledger_books_test: $(patsubst src/%.c,$(B)/obj/%.o,$(wildcard src/main/ledger_books*.c) src/main/ledger_thread.c src/main/peer_name_io.c src/main/paper_documents.c)

# The runner of scenarios, and that of deaths, are programs of several files.
SCENARIO := $(patsubst %.c,$(B)/%.o,$(filter-out %_test.c,$(wildcard tests/scenario/*.c)))
DURABILITY := $(patsubst %.c,$(B)/%.o,$(wildcard tests/live/durability_*.c))
$(B)/tests/%.o: tests/%.c
	@mkdir -p $(@D)
	@echo "  $@"
	@$(CC) $(CPPFLAGS) -Itests $(ALL_CFLAGS) -MMD -MP -c -o $@ $<
$(B)/tests/scenario/scenario_test $(B)/tests/scenario/storm_test $(B)/tests/scenario/year_test: $(SCENARIO)
$(B)/tests/live/durability: $(DURABILITY)

# A benchmark is a program like a test; bench/run.sh says which are run, beside which peers.
$(B)/bench/%: bench/%.c $(LIB)
	@mkdir -p $(@D)
	@echo "  $@"
	@$(CC) $(CPPFLAGS) $(ALL_CFLAGS) $(ALL_LDFLAGS) -MMD -MP -o $@ $< $(LIB) $(LIBS)

tests: $(TESTS)

list-tests:
	@printf '%s\n' $(TEST_SRC:%.c=%)

test-unit: $(if $(V),$(B)/$(V),$(TESTS))
	prove --exec '' $(if $(V),-v,-j2) $^

# Fuzz targets replay their corpus here; `tools/fuzz.sh TARGET SECONDS` searches for more with libFuzzer.
$(B)/fuzz/%_fuzz: fuzz/%_fuzz.c fuzz/replay_main.c $(LIB)
	@mkdir -p $(@D)
	@echo "  $@"
	@$(CC) $(CPPFLAGS) $(ALL_CFLAGS) $(ALL_LDFLAGS) -MMD -MP -o $@ $< fuzz/replay_main.c $(LIB) $(LIBS)

fuzz-replay: $(FUZZERS)
	@for f in $(FUZZERS); do n=$$(basename $$f _fuzz); $$f fuzz/corpus/$$n || exit 1; done

layers:
	tools/layers.sh

FORMATTED = $(shell find src tests fuzz bench -name '*.[ch]')
format:
	clang-format -i $(FORMATTED)
format-check:
	@clang-format --dry-run --Werror $(FORMATTED)

tidy:
	clang-tidy --quiet $(SRC) $(MAIN_SRC) -- -std=c17 $(CPPFLAGS)

check: layers format-check
	$(MAKE) SAN=address,undefined test-unit fuzz-replay

bench: all
	bench/run.sh

install: all
	install -D -m 755 $(B)/sarai $(DESTDIR)$(prefix)/bin/sarai
	install -D -m 644 man/sarai.1 $(DESTDIR)$(prefix)/share/man/man1/sarai.1
	install -d $(DESTDIR)/lib/systemd/system
	sed 's#/usr/bin/sarai#$(prefix)/bin/sarai#' debian/sarai.service >$(DESTDIR)/lib/systemd/system/sarai.service
	install -D -m 644 -t $(DESTDIR)$(prefix)/share/sarai/examples examples/*.yaml
	install -d $(DESTDIR)$(prefix)/share/sarai/examples/silkroad
	install -m 644 -t $(DESTDIR)$(prefix)/share/sarai/examples/silkroad examples/silkroad/*

clean:
	rm -rf build

-include $(OBJ:.o=.d) $(MAIN_OBJ:.o=.d) $(SCENARIO:.o=.d) $(DURABILITY:.o=.d) $(TESTS:=.d) $(FUZZERS:=.d)
