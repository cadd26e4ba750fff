/* The parts of the command line; used inside cli only. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "cli/cli.h"
#include "cli/grammar.h"
#include "hub/hub.h"
#include "net/control.h"

/* What was said before or among the words. */
struct cli {
	const struct cli_local *local;
	const char *socket; /* where the hub is asked */
	enum control_form form;
	bool quiet;  /* only the exit status */
	bool colour; /* standard output is a terminal that wants it */
};

/* --- cli.c --- */
/* Runs one command given as words, without options for the program itself. The exit status. */
int cli_command(const struct cli *cli, const char *const *words, size_t count);

/* --- help.c: pure --- */
void help_list(struct buf *out);
/* The commands that begin with these words, in full. */
void help_rows(struct buf *out, const char *const *words, size_t count);
void help_command(struct buf *out, const struct command *command);
/* Why words were not understood, in one or two lines. */
void help_complaint(struct buf *out, enum grammar_result result,
		    const struct grammar_answer *answer, const char *const *words);
/* Rows of commands that begin with `words` (all whole), one line each: what `?` shows. */
void help_choices(struct buf *out, const struct grammar_answer *next);

/* --- paint.c: pure --- */
/* Appends one line of text (without its newline), with the words that say good or bad coloured. */
void paint_line(struct buf *out, const char *line, size_t length);

/* --- ask_io.c --- */
/* Asks the hub and copies the answer to standard output, the reason of a refusal to standard error.
 * The exit status. */
int ask_hub(const struct cli *cli, const char *const *words, size_t count);
/* The same with a file that follows the words; NULL: none. */
int ask_hub_with(const struct cli *cli, const char *const *words, size_t count,
		 const struct buf *file);
/* The same into memory, in a form: the answer without its first line, whose words are in `kind`. */
int ask_text(const struct cli *cli, enum control_form form, struct buf *out, char kind[256],
	     const char *const *words, size_t count);
/* Reads a file, "-": standard input. 0, or -1 and errno; EFBIG when it has more than `most` octets. */
int read_file(struct buf *out, const char *path, size_t most);
/* Says by errno why the hub cannot be asked. Returns the exit status. */
int no_hub(const struct cli *cli);

/* --- overview_io.c --- */
/* `show overview`, which no room can answer alone. The exit status. */
int overview_command(const struct cli *cli);

/* --- counters_io.c --- */
/* `counters push FILE|-`. The exit status. */
int counters_command(const struct cli *cli, const char *path);

/* --- check_io.c, import_io.c, corridor_io.c: commands that need no hub --- */
int check_command(int argc, char **argv);
int import_command(int argc, char **argv);
/* `corridor ... --hub FILE`; `words` without --hub and FILE. */
int corridor_command(const struct cli *cli, const char *file, const char *const *words,
		     size_t count);
/* `corridor reckon`, the words after it: needs neither hub nor file. */
int reckon_command(const struct cli *cli, const char *const *words, size_t count);
/* Is it cut, drain, work or restore? */
bool corridor_is_order(const char *word);
/* `corridor` and one of these. On a terminal what it would do is told, and then asked whether to do it;
 * not with --yes, which is taken out, or --preview. The exit status. */
int corridor_order_command(const struct cli *cli, const char *const *words, size_t count);
/* What that answers in `form`, appended to *body. The exit status; what went wrong is said. */
int corridor_answer_of_file(const char *file, enum control_form form, const char *const *words,
			    size_t count, struct buf *body);

/* --- corridor_export_io.c --- */
/* `corridor export [LIST] -o FOLDER`: LIST.csv for each list that there is, or corridor.geojson; of
 * the hub file `hub`, NULL: of the running hub. The exit status. */
int corridor_export_command(const struct cli *cli, const char *hub, const char *folder,
			    const char *const *words, size_t count);

/* --- reach_io.c --- */
/* `corridor reach`; `words` are those after it. The exit status. */
int reach_command(const struct cli *cli, const char *const *words, size_t count);
/* The plan that the hub's own file asks for, in all forms; `hub` NULL: of the running hub. Says nothing.
 * CLI_OK, or else *why is the reason in a sentence. */
struct reach_forms {
	struct buf json, geojson;
	struct buf existing; /* what it starts from, as GeoJSON */
};
int reach_plan_forms(const struct cli *cli, const struct hub *hub, struct reach_forms *out,
		     const char **why);
void reach_forms_fini(struct reach_forms *forms);

/* --- report_io.c --- */
/* `corridor report`; `words` are those after it. The exit status. */
int report_command(const struct cli *cli, const char *const *words, size_t count);

/* --- line_io.c --- */
/* `corridor line`, the words after it. The exit status. */
int line_command(const struct cli *cli, const char *const *words, size_t count);
/* `corridor optics export|import`, the words after "optics". The exit status. */
int optics_command(const struct cli *cli, const char *const *words, size_t count);

/* --- files_io.c --- */
/* Writes the file whole or not at all. The exit status. */
int write_file(const char *path, const struct buf *octets);
/* Makes the folder, and those that it is in, if there are none. The exit status. */
int make_folder(const char *path);
/* What comes between a folder, as it was typed, and a name in it: "/" or nothing. */
const char *slash_after(const char *folder);

/* --- bill_io.c --- */
/* `bill ... --pdf PATH`, `words` without --pdf and PATH: a file, or a folder when no member is named.
 * The exit status. */
int bill_pdf_command(const struct cli *cli, const char *path, const char *const *words,
		     size_t count);

/* --- complete_io.c --- */
struct complete_names;
struct complete_from {
	const char *file;  /* a hub file; NULL: the running hub */
	const char *topic; /* of the calculator, for its inputs */
};
/* The names of these kinds (enum complete_kind) that begin with `start`. They live as long as the arena. 0, or -1
 * where there are none to be had. */
int complete_names_at(struct complete_names *out, struct arena *arena, const struct cli *cli,
		      unsigned kinds, struct complete_from from, const char *start);

/* --- shell_io.c --- */
/* Reads commands from standard input until its end, with editing when it is a terminal. The status
 * of the last command. */
int shell_run(struct cli *cli);
/* Cuts a line into words: blanks separate, "quotes" join. Writes into `line`. The number of words,
 * or -1 when a quote is open or there are more than `size`. */
int shell_split(char *line, const char **words, size_t size);
