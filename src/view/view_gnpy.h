/* The corridor of a hub as GNPy's files, and these as a part of a hub file. */
#pragma once

#include "view/view_line.h"

/* 0, or -1 and the complaint. */
int view_gnpy_export(struct buf *network, struct buf *equipment, const struct hub *hub,
		     struct corridor_complaint *complaint);
/* Notes, a line each, say what a hub file cannot. Without equipment it has sites and segments alone. */
int view_gnpy_import(struct buf *out, struct buf *notes, const struct view_line_files *files,
		     struct corridor_complaint *complaint);
