/* What the rooms' answers have in common: the form asked for, and why there is no answer. */
#pragma once

/* As enum control_form. */
enum view_form { VIEW_TEXT, VIEW_JSON, VIEW_CSV };

enum { VIEW_COMPLAINT_TEXT = 256 };

/* Why a question was not answered: 400 for words that make no sense, 404 for things that are not there, 500 without
 * memory. */
struct view_complaint {
	int status;
	char text[VIEW_COMPLAINT_TEXT];
};

/* Fills *complaint and returns -1, so that a function may end with it. */
int view_complain(struct view_complaint *complaint, int status, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
