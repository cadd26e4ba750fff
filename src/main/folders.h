/* Where a running hub keeps its files: all below its data directory.
 *
 *   <data>/            what must last (the ledger's store and its journal)
 *   <data>/run/        pictures, snapshots: lost without harm
 *   <data>/spool/      closed bins on their way from meter to ledger
 *   <data>/registry/   what the registries answered, and their snapshot for the exchange
 *   <data>/flows/      flow records of members that asked for it
 *   <data>/corridor/   what is cut, drained and worked on, and who said so */
#pragma once

#include <stddef.h>

/* The ledger's store and journal, in the data directory. */
#define FOLDERS_STORE   "ledger.sqlite"
#define FOLDERS_JOURNAL "journal.sqlite"
/* What the corridor said of its ways: a journal of its own, of the same form. */
#define FOLDERS_WAYS "ways.sqlite"

struct folders {
	char *data, *run, *spool, *registry, *flows, *corridor; /* no slash at the end */
};

/* Names only; touches nothing. 0, or -1 without memory. */
int folders_init(struct folders *folders, const char *data_directory);
void folders_fini(struct folders *folders);
/* "<run>/hub-<generation>.yaml"; to be freed. Without memory the program ends. */
char *folders_picture(const struct folders *folders, unsigned generation);

/* Makes what is missing (mode 0750), and takes away the pictures of an earlier run. When we are
 * root and `user` is given, all of it is given to that user. 0, or -1 with the reason. */
int folders_make(const struct folders *folders, const char *user, char *reason, size_t size);
/* The same for one more folder, that of the MRT files; NULL: there is none. */
int folders_make_dumps(const char *directory, const char *user, char *reason, size_t size);
/* Makes the folder that `path` lies in (mode 0755). 0, or -1 and errno. */
int folders_make_parent(const char *path);
/* Writes a file aside and renames it: mode 0640, it holds MD5 passwords. 0, or -1 and errno. */
int folders_write(const char *path, const char *user, const void *bytes, size_t length);
