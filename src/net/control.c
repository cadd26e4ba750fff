/* The control protocol's lines: requests in, first lines of answers out. Touches nothing outside.
 */
#include "net/control.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "net/control_line.h"

static const char *const form_names[] = {
	[CONTROL_TEXT] = "text", [CONTROL_JSON] = "json", [CONTROL_CSV] = "csv"};
static const char *const form_types[] = {[CONTROL_TEXT] = "text/plain",
					 [CONTROL_JSON] = "application/json",
					 [CONTROL_CSV] = "text/csv"};

/* Words are separated by tabs, so no other control character has a meaning. */
static bool
has_control_character(const char *line, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (((unsigned char)line[i] < 0x20 && line[i] != '\t') || line[i] == 0x7f)
			return true;
	return false;
}

static int
form_of(const char *word)
{
	for (int i = 0; i < (int)(sizeof(form_names) / sizeof(form_names[0])); i++)
		if (strcmp(word, form_names[i]) == 0)
			return i;
	return -1;
}

/* "text", or "text<5120". Cuts the length off. */
static int
parse_form(struct control_request *out, char *word)
{
	char *mark = strchr(word, '<');
	out->body_length = 0;
	if (mark) {
		size_t digits = strspn(mark + 1, "0123456789");
		*mark = '\0';
		if (!digits || digits > 8 || mark[1 + digits] || mark[1] == '0')
			return -1;
		out->body_length = strtoul(mark + 1, NULL, 10);
	}
	int form = form_of(word);
	out->form = (enum control_form)form;
	return form < 0 || out->body_length > CONTROL_BODY_MAX ? -1 : 0;
}

int
control_parse(struct control_request *out, const char *line, size_t length)
{
	if (length >= CONTROL_LINE_MAX || has_control_character(line, length))
		return -1;
	memcpy(out->line, line, length);
	out->line[length] = '\0';
	char *rest = out->line;
	if (parse_form(out, strsep(&rest, "\t")) < 0)
		return -1;
	out->count = 0;
	out->body = NULL;
	out->peer = (struct control_peer){0};
	while (rest) {
		if (out->count == CONTROL_WORDS_MAX)
			return -1;
		out->words[out->count++] = strsep(&rest, "\t");
	}
	return out->count > 0 && *out->words[0] ? 0 : -1;
}

int
control_line_write(struct buf *out, enum control_form form, size_t body_length,
		   const char *const *words, size_t count)
{
	if (count == 0 || count > CONTROL_WORDS_MAX || !*words[0] || body_length > CONTROL_BODY_MAX)
		return -1;
	size_t start = out->length;
	buf_str(out, form_names[form]);
	if (body_length)
		buf_printf(out, "<%zu", body_length);
	for (size_t i = 0; i < count; i++) {
		if (strpbrk(words[i], "\t\n") || has_control_character(words[i], strlen(words[i])))
			return -1;
		buf_u8(out, '\t');
		buf_str(out, words[i]);
	}
	buf_u8(out, '\n');
	return out->failed || out->length - start > CONTROL_LINE_MAX ? -1 : 0;
}

void
control_error(struct control_answer *answer, int status, const char *format, ...)
{
	assert(status != 0);
	va_list args;
	va_start(args, format);
	(void)vsnprintf(answer->text, sizeof(answer->text), format, args);
	va_end(args);
	answer->status = status;
}

/* Writes a reason. It may quote what came from outside, or be cut inside a character, and must stay
 * one line of UTF-8 all the same. */
static void
one_line(struct buf *out, const struct control_answer *answer)
{
	char text[sizeof(answer->text)];
	memcpy(text, answer->text, sizeof(text));
	text[sizeof(text) - 1] = '\0';
	for (const unsigned char *at = (const unsigned char *)text; *at;) {
		unsigned length = utf8_length(at);
		if (!length || *at < 0x20 || *at == 0x7f)
			buf_u8(out, '?');
		else
			buf_put(out, at, length);
		at += length ? length : 1;
	}
}

void
control_line_answer(struct buf *out, const struct control_answer *answer, enum control_form form)
{
	if (answer->status == 0) {
		buf_printf(out, "%s %s\n", answer->nothing ? "none" : "ok",
			   answer->content_type ? answer->content_type : form_types[form]);
		return;
	}
	buf_printf(out, "error %d ", answer->status);
	one_line(out, answer);
	buf_u8(out, '\n');
}

bool
control_says_none(const char *line)
{
	return strncmp(line, "none ", 5) == 0;
}

int
control_status(const char *line, char text[256])
{
	int status = 0;
	if (strncmp(line, "ok ", 3) == 0) {
		line += 3;
	} else if (control_says_none(line)) {
		line += 5;
	} else if (strncmp(line, "error ", 6) == 0) {
		char *end;
		long number = strtol(line + 6, &end, 10);
		if (end == line + 6 || (*end != ' ' && *end != '\n' && *end) || number < 1 ||
		    number > 999)
			return -1;
		status = (int)number;
		line = *end == ' ' ? end + 1 : end;
	} else {
		return -1;
	}
	(void)snprintf(text, 256, "%.*s", (int)strcspn(line, "\n"), line);
	return status;
}
