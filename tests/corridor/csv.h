/* Reading the reference tables of the tests: CSV (RFC 4180) with a line of column names. */
#pragma once

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct csv {
	char *text;    /* the file; fields are cut out of it in place */
	char **fields; /* rows + 1 lines of columns; the first holds the names */
	size_t columns, rows;
};

/* Takes one field at *at, which moves to what follows its separator; *last when the line ends. */
__attribute__((unused)) static char *
csv_field(char **at, bool *last)
{
	char *in = *at, *out = *at, *field = *at;
	bool quoted = *in == '"';
	in += quoted;
	while (*in && (quoted || (*in != ',' && *in != '\n' && *in != '\r'))) {
		if (quoted && *in == '"' && *++in != '"') {
			quoted = false;
			continue;
		}
		*out++ = *in++;
	}
	in += *in == '\r';
	*last = *in != ',';
	*at = *in ? in + 1 : in;
	*out = '\0';
	return field;
}

/* Ends the program when the file cannot be read: a test without its table cannot go on. */
__attribute__((unused)) static struct csv
csv_read(const char *path)
{
	struct csv csv = {0};
	FILE *f = fopen(path, "rb");
	size_t length = 0, room = 1 << 20, count = 0;
	if (!f || !(csv.text = malloc(room))) {
		printf("Bail out! cannot read %s\n", path);
		exit(1);
	}
	length = fread(csv.text, 1, room - 1, f);
	fclose(f);
	csv.text[length] = '\0';
	for (char *at = csv.text; *at;) {
		bool last = false;
		csv.fields = realloc(csv.fields, (count + 1) * sizeof(*csv.fields));
		if (!csv.fields)
			abort();
		csv.fields[count++] = csv_field(&at, &last);
		if (last && !csv.columns)
			csv.columns = count;
	}
	csv.rows = csv.columns ? count / csv.columns - 1 : 0;
	return csv;
}

/* The field of a row (from 0) in the named column; "" when there is no such column. */
__attribute__((unused)) static const char *
csv_get(const struct csv *csv, size_t row, const char *column)
{
	for (size_t i = 0; i < csv->columns; i++) {
		if (strcmp(csv->fields[i], column) == 0)
			return csv->fields[(row + 1) * csv->columns + i];
	}
	return "";
}

__attribute__((unused)) static void
csv_fini(struct csv *csv)
{
	free(csv->text);
	free(csv->fields);
}
