/* `sarai mrt`: reading MRT files for a person or a script. Results go to standard output, what is wrong with
 * a file to standard error. */
#include "main/mrt.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/buf_io.h"
#include "base/clock.h"
#include "cli/cli.h"
#include "exchange/monitor/mrt_filter.h"
#include "exchange/mrt_io.h"
#include "view/view_mrt.h"

enum { FLUSH_OCTETS = 256 * 1024 };

enum output { SUMMARY, LINES, OBJECTS };

struct job {
	enum output output;
	bool json;
	struct mrt_filter filter;
	struct mrt_reader *reader;
	struct mrt_summary summary;
	struct view_mrt lines;
	struct buf out;
	uint64_t malformed; /* of the file being read */
};

/* --- what is asked for --- */

static int
take_peer(struct mrt_filter *filter, const char *text)
{
	return ip_parse(&filter->peer, text) == 0 ? 0 : asn_parse(&filter->peer_as, text);
}

/* A prefix, or an address as the longest one. */
static int
take_covered(struct mrt_filter *filter, const char *text)
{
	struct ip ip;
	if (ip_parse(&ip, text) < 0)
		return prefix_parse(&filter->covering, text);
	filter->covering = prefix_of(ip, ip_bits((enum ip_family)ip.family));
	return 0;
}

static int
take_time(bool *has, int64_t *out, const char *text)
{
	struct utc_s time;
	if (utc_parse(&time, text) < 0)
		return -1;
	*has = true;
	*out = time.s;
	return 0;
}

/* An option with a value. 0; -1: no such option, or the value makes no sense. */
static int
take_filter(struct mrt_filter *f, const char *option, const char *value)
{
	if (!value)
		return -1;
	if (strcmp(option, "--prefix") == 0)
		return prefix_parse(&f->exactly, value);
	if (strcmp(option, "--within") == 0)
		return prefix_parse(&f->within, value);
	if (strcmp(option, "--covering") == 0)
		return take_covered(f, value);
	if (strcmp(option, "--origin") == 0)
		return asn_parse(&f->origin, value);
	if (strcmp(option, "--as") == 0)
		return asn_parse(&f->in_path, value);
	if (strcmp(option, "--peer") == 0)
		return take_peer(f, value);
	if (strcmp(option, "--from") == 0)
		return take_time(&f->has_from, &f->from_s, value);
	if (strcmp(option, "--until") == 0)
		return take_time(&f->has_until, &f->until_s, value);
	if (strcmp(option, "--community") == 0)
		return mrt_community_parse(&f->community, value);
	return -1;
}

/* The files are moved to the front of argv. Their number, or -1 with a line about what is wrong. */
static int
take_words(struct job *job, int argc, char **argv)
{
	int files = 0;
	bool summary = false;
	for (int i = 1; i < argc; i++) {
		const char *word = argv[i];
		if (strcmp(word, "-m") == 0) {
			job->output = LINES;
		} else if (strcmp(word, "--summary") == 0) {
			summary = true;
		} else if (word[0] != '-' || !word[1]) {
			argv[files++] = argv[i];
		} else if (take_filter(&job->filter, word, argv[i + 1]) == 0) {
			i++;
		} else {
			fprintf(stderr, "sarai mrt: %s %s makes no sense\n", word,
				argv[i + 1] ? argv[i + 1] : "");
			return -1;
		}
	}
	if (job->json && job->output == SUMMARY && !summary)
		job->output = OBJECTS;
	return files;
}

/* --- reading --- */

static void
put_entry(void *context, const struct mrt_entry *entry)
{
	struct job *job = context;
	if (!mrt_filter_likes(&job->filter, entry))
		return;
	switch (job->output) {
	case SUMMARY:
		mrt_summary_entry(&job->summary, entry);
		break;
	case LINES:
		view_mrt_line(&job->lines, &job->out, entry);
		break;
	case OBJECTS:
		view_mrt_json(&job->out, entry);
		break;
	}
}

static void
flush(struct job *job)
{
	buf_write(&job->out, stdout);
	buf_clear(&job->out);
}

static int
take_record(void *context, const struct mrt_record *record)
{
	struct job *job = context;
	enum mrt_verdict verdict = mrt_record_read(job->reader, record, put_entry, job);
	if (job->output == SUMMARY) {
		mrt_summary_record(&job->summary, record, verdict);
	} else if (job->out.length >= FLUSH_OCTETS) {
		flush(job);
		if (ferror(stdout))
			return -1;
	}
	if (verdict < MRT_SHORT)
		return 0;
	if (job->malformed++ < MRT_SUMMARY_FAULTS)
		fprintf(stderr, "record at %" PRIu64 ", type %u/%u: %s\n", record->offset,
			record->type, record->subtype, mrt_verdict_text(verdict));
	return 0;
}

static int
read_file(struct job *job, const char *path)
{
	uint64_t offset;
	job->malformed = 0;
	mrt_reader_reset(job->reader);
	enum mrt_end end = mrt_file_read(path, take_record, job, &offset);
	int reason = errno;
	if (job->malformed)
		fprintf(stderr, "%s: %" PRIu64 " malformed record%s\n", path, job->malformed,
			job->malformed == 1 ? "" : "s");
	switch (end) {
	case MRT_END_OK:
		return job->malformed ? CLI_REFUSED : CLI_OK;
	case MRT_END_TRUNCATED:
		fprintf(stderr, "%s: truncated: its last whole record ends at %" PRIu64 "\n", path,
			offset);
		break;
	case MRT_END_BROKEN:
		fprintf(stderr, "%s: what follows %" PRIu64 " is no record; it was not read\n",
			path, offset);
		break;
	case MRT_END_ERROR:
		fprintf(stderr, "%s: %s\n", path, strerror(reason));
		break;
	case MRT_END_STOPPED:
		fprintf(stderr, "standard output: %s\n", strerror(reason));
		break;
	}
	return CLI_REFUSED;
}

int
mrt_main(int argc, char **argv, bool json)
{
	struct job job = {.json = json};
	int files = take_words(&job, argc, argv), status = CLI_OK;
	if (files <= 0)
		return CLI_USAGE;
	job.reader = mrt_reader_new();
	if (!job.reader) {
		fprintf(stderr, "sarai mrt: no memory\n");
		return CLI_REFUSED;
	}
	for (int i = 0; i < files && !ferror(stdout); i++)
		if (read_file(&job, argv[i]) != CLI_OK)
			status = CLI_REFUSED;
	if (job.output == SUMMARY)
		view_mrt_summary(&job.out, &job.summary, json ? VIEW_JSON : VIEW_TEXT);
	flush(&job);
	if (fflush(stdout) || ferror(stdout))
		status = CLI_REFUSED;
	mrt_summary_fini(&job.summary);
	view_mrt_fini(&job.lines);
	buf_fini(&job.out);
	mrt_reader_free(job.reader);
	return status;
}
