/* The hub file while it is being made: a tree with comments, written as YAML that people can go on
 * with. Nodes live in the arena of the import; running out of memory ends the program (fatal), since
 * an import is a command of its own. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"

struct import_yaml;

/* The outermost mapping. */
struct import_yaml *import_yaml_root(struct arena *arena);
/* Each adds a child to a mapping (with a key) or to a list (key NULL) and returns it. */
struct import_yaml *import_yaml_map(struct import_yaml *parent, const char *key);
struct import_yaml *import_yaml_list(struct import_yaml *parent, const char *key);
/* A list or mapping on one line. Comments of what is in it are not written. */
struct import_yaml *import_yaml_flow_list(struct import_yaml *parent, const char *key);
struct import_yaml *import_yaml_flow_map(struct import_yaml *parent, const char *key);
/* Text of people: in quotes unless nobody could take it for anything else. It is copied. */
struct import_yaml *import_yaml_text(struct import_yaml *parent, const char *key, const char *text);
/* Numbers, addresses, words of the hub file: in quotes only where YAML needs it. */
struct import_yaml *import_yaml_word(struct import_yaml *parent, const char *key,
				     const char *format, ...) __attribute__((format(printf, 3, 4)));
/* Adds lines of comment above the node; long ones are broken. */
void import_yaml_comment(struct import_yaml *node, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Takes out of a list what stands further up in it, too. */
void import_yaml_drop_repeats(struct import_yaml *list);
/* Moves the children of one node to the end of another of the same kind. */
void import_yaml_join(struct import_yaml *to, struct import_yaml *from);
/* Writes the tree. Mappings and lists with nothing in them are left out, unless they are on one line.
 */
void import_yaml_write(const struct import_yaml *root, struct buf *out);
/* Writes text as comment lines that begin with `prefix`, broken between words. */
void import_yaml_write_comment(struct buf *out, const char *prefix, const char *text);
