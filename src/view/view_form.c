/* Why a question was not answered. */
#include "view/view_form.h"

#include <stdarg.h>
#include <stdio.h>

int
view_complain(struct view_complaint *complaint, int status, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	complaint->status = status;
	(void)vsnprintf(complaint->text, sizeof(complaint->text), format, args);
	va_end(args);
	return -1;
}
