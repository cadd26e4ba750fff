/* What exporters of many makers have sent is read as other decoders read it. data/expected.tsv says
 * what those found (make_expected.py); data/differences.tsv what we find where we differ on
 * purpose, and why. */
#include <stdlib.h>

#include "capture.h"
#include "meter/netflow.h"
#include "meter/sflow.h"
#include "tap.h"

struct sums {
	unsigned long long flows, octets, packets, rates, counters, in, out;
	unsigned long long refused;
};

static void
add_sflow(struct sums *s, struct cursor payload)
{
	struct sflow_reader r;
	struct sflow_sample sample;
	if (sflow_open(&r, payload) != FLOW_ACCEPTED) {
		s->refused++;
		return;
	}
	while (sflow_next(&r, &sample)) {
		if (sample.bad) {
			s->refused++;
		} else if (sample.kind == SFLOW_FLOW) {
			s->flows++;
			s->octets += sample.flow.octets;
			s->packets += sample.flow.packets;
			s->rates += sample.flow.sampling.population;
		} else if (sample.kind == SFLOW_COUNTERS && sample.counters.present) {
			s->counters++;
			s->in += sample.counters.in_octets;
			s->out += sample.counters.out_octets;
		}
	}
}

static void
add_netflow(struct sums *s, struct netflow_state *state, struct cursor payload)
{
	struct netflow_reader r;
	struct flow flow;
	if (netflow_open(&r, state, payload, (struct utc_s){1700000000}) != FLOW_ACCEPTED) {
		s->refused++;
		return;
	}
	while (netflow_next(&r, &flow)) {
		s->flows++;
		s->octets += flow.octets;
		s->packets += flow.packets;
		if (r.version == 5)
			s->rates += flow.sampling.population;
	}
	netflow_done(&r);
	for (int i = 0; i < FLOW_REFUSALS; i++)
		s->refused += r.refused[i];
}

static struct sums
read_capture(const char *path)
{
	struct sums s = {0};
	struct capture capture;
	struct capture_datagram d;
	struct netflow_state *state = netflow_state_new(NULL);
	if (!capture_open(&capture, path)) {
		printf("# cannot read %s\n", path);
		netflow_state_free(state);
		return s;
	}
	while (capture_next(&capture, &d)) {
		struct cursor start = d.payload;
		if (cursor_u32(&start) == 5)
			add_sflow(&s, d.payload);
		else
			add_netflow(&s, state, d.payload);
	}
	capture_close(&capture);
	netflow_state_free(state);
	return s;
}

struct row {
	char name[128];
	struct sums want;
	bool known; /* the other decoder could read it */
};

static bool
read_row(struct row *out, const char *line)
{
	struct sums *w = &out->want;
	*out = (struct row){0};
	int read = sscanf(line, "%127s %llu %llu %llu %llu %llu %llu %llu", out->name, &w->flows,
			  &w->octets, &w->packets, &w->rates, &w->counters, &w->in, &w->out);
	out->known = read == 8;
	return read >= 1 && line[0] != '#';
}

static bool
same(const struct sums *a, const struct sums *b)
{
	return a->flows == b->flows && a->octets == b->octets && a->packets == b->packets &&
	       a->rates == b->rates && a->counters == b->counters && a->in == b->in &&
	       a->out == b->out;
}

static void
show(const char *what, const struct sums *s)
{
	printf("# %s: %llu %llu %llu %llu %llu %llu %llu, refused %llu\n", what, s->flows,
	       s->octets, s->packets, s->rates, s->counters, s->in, s->out, s->refused);
}

/* The line of differences.tsv for a capture, or NULL. */
static const char *
difference(char line[1024], const char *folder, const char *name)
{
	char path[256];
	(void)snprintf(path, sizeof(path), "%s/differences.tsv", folder);
	FILE *f = fopen(path, "r");
	size_t length = strlen(name);
	bool found = false;
	while (f && !found && fgets(line, 1024, f))
		found = strncmp(line, name, length) == 0 && line[length] == '\t';
	if (f)
		fclose(f);
	return found ? line : NULL;
}

static void
check(const char *folder, struct row row)
{
	char path[512], line[1024];
	(void)snprintf(path, sizeof(path), "%s/captures/%s.pcap", folder, row.name);
	struct sums got = read_capture(path);
	const char *ours = difference(line, folder, row.name);
	struct row other;
	bool agree;
	if (ours && read_row(&other, ours)) {
		const char *why = strrchr(ours, '\t') + 1;
		agree = ok(same(&got, &other.want) && (!row.known || !same(&got, &row.want)),
			   "%s: otherwise than others: %.*s", row.name, (int)strcspn(why, "\n"),
			   why);
		row.want = other.want;
	} else {
		agree = ok(row.known && same(&got, &row.want),
			   "%s: %llu flows, %llu octets, %llu counters as decoded", row.name,
			   row.want.flows, row.want.octets, row.want.counters);
	}
	if (!agree) {
		show("     got", &got);
		show("expected", &row.want);
	}
}

int
main(int argc, char **argv)
{
	const char *folder = argc > 1 ? argv[1] : "tests/meter/data";
	char path[256], line[1024];
	(void)snprintf(path, sizeof(path), "%s/expected.tsv", folder);
	FILE *f = fopen(path, "r");
	if (!ok(f != NULL, "the table of what others decoded is there"))
		return done_testing();
	struct row row;
	while (fgets(line, sizeof(line), f))
		if (read_row(&row, line))
			check(folder, row);
	fclose(f);
	return done_testing();
}
