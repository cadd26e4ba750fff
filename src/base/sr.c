/* Segment routing policies as values and as text (RFC 9256 sections 2 and 4). */
#include "base/sr.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
sr_policy_init(struct sr_policy *policy, struct sr_key key)
{
	memset(policy, 0, sizeof(*policy));
	policy->key = key;
	policy->preference = SR_PREFERENCE;
	policy->priority = SR_PRIORITY;
}

bool
sr_key_equal(const struct sr_key *a, const struct sr_key *b)
{
	return a->distinguisher == b->distinguisher && a->color == b->color &&
	       ip_equal(a->endpoint, b->endpoint);
}

bool
sr_policy_add_list(struct sr_policy *policy, uint32_t weight)
{
	if (policy->list_count == SR_LISTS_MAX)
		return false;
	policy->lists[policy->list_count++] =
		(struct sr_list){.weight = weight, .first = policy->segment_count};
	return true;
}

bool
sr_policy_add(struct sr_policy *policy, const struct sr_segment *segment)
{
	if (!policy->list_count || policy->segment_count == SR_SEGMENTS_MAX)
		return false;
	policy->segments[policy->segment_count++] = *segment;
	policy->lists[policy->list_count - 1].count++;
	return true;
}

bool
sr_segment_is_srv6(char type)
{
	return type == 'B' || type == 'I' || type == 'J' || type == 'K';
}

/* --- text --- */

static void
add(char out[SR_TEXT_MAX], const char *word)
{
	size_t length = strlen(out), more = strlen(word);
	assert(length + more + 1 < SR_TEXT_MAX);
	if (length)
		out[length++] = ' ';
	memcpy(out + length, word, more + 1);
}

static void
add_ip(char out[SR_TEXT_MAX], struct ip ip)
{
	char text[IP_TEXT];
	add(out, ip_format(text, ip));
}

static void
add_number(char out[SR_TEXT_MAX], uint32_t number)
{
	char text[12];
	(void)snprintf(text, sizeof(text), "%u", (unsigned)number);
	add(out, text);
}

static void
add_sid(char out[SR_TEXT_MAX], const struct sr_segment *s)
{
	if (sr_segment_is_srv6(s->type))
		add_ip(out, s->sid);
	else
		add_number(out, sr_label(s->entry));
}

char *
sr_segment_text(char out[SR_TEXT_MAX], const struct sr_segment *s)
{
	out[0] = 0;
	if (s->type == 'A' || s->type == 'B') {
		add_sid(out, s);
		return out;
	}
	bool node = s->type == 'C' || s->type == 'D' || s->type == 'I';
	bool index = s->type == 'E' || s->type == 'G' || s->type == 'J';
	add(out, node ? "node" : index ? "interface" : "link");
	add_ip(out, s->local);
	if (index)
		add_number(out, s->local_index);
	if (s->remote.family != IP_NONE)
		add_ip(out, s->remote);
	if (index && s->type != 'E')
		add_number(out, s->remote_index);
	if (sr_segment_is_srv6(s->type))
		add(out, "srv6");
	if (s->has_algorithm) {
		add(out, "algorithm");
		add_number(out, s->algorithm);
	}
	if (s->has_sid) {
		add(out, "sid");
		add_sid(out, s);
	}
	return out;
}

enum { WORDS_MAX = 12 };

/* The words of a text, which is cut up. */
static size_t
split(char *text, char *words[WORDS_MAX])
{
	size_t count = 0;
	for (char *rest = NULL, *word = strtok_r(text, " ", &rest); word;
	     word = strtok_r(NULL, " ", &rest)) {
		if (count == WORDS_MAX)
			return 0;
		words[count++] = word;
	}
	return count;
}

/* 0, or -1 if the word is no number up to `max`. */
static int
number(uint32_t *out, const char *word, uint32_t max)
{
	uint64_t value = 0;
	size_t length = word ? strlen(word) : 0;
	if (!length || length > 10)
		return -1;
	for (; *word; word++) {
		if (*word < '0' || *word > '9')
			return -1;
		value = value * 10 + (unsigned)(*word - '0');
	}
	if (value > max)
		return -1;
	*out = (uint32_t)value;
	return 0;
}

static int
address(struct ip *out, const char *word, enum ip_family family)
{
	struct ip ip;
	if (!word || ip_parse(&ip, word) < 0 || (family != IP_NONE && ip.family != family))
		return -1;
	*out = ip;
	return 0;
}

static int
parse_sid(struct sr_segment *s, const char *word)
{
	uint32_t label;
	s->has_sid = true;
	if (sr_segment_is_srv6(s->type))
		return address(&s->sid, word, IP_V6);
	if (number(&label, word, SR_LABEL_MAX) < 0)
		return -1;
	s->entry = sr_entry(label);
	return 0;
}

/* What stands behind the addresses: at most one of each, in this order. */
static int
parse_rest(struct sr_segment *s, char **words, size_t count)
{
	size_t at = 0;
	uint32_t algorithm;
	if (at + 1 < count && strcmp(words[at], "algorithm") == 0) {
		bool may = s->type == 'C' || s->type == 'D' || sr_segment_is_srv6(s->type);
		if (!may || number(&algorithm, words[at + 1], UINT8_MAX) < 0)
			return -1;
		s->has_algorithm = true;
		s->algorithm = (uint8_t)algorithm;
		at += 2;
	}
	if (at + 1 < count && strcmp(words[at], "sid") == 0) {
		if (parse_sid(s, words[at + 1]) < 0)
			return -1;
		at += 2;
	}
	return at == count ? 0 : -1;
}

static int
parse_named(struct sr_segment *s, char **words, size_t count)
{
	size_t at = 1;
	bool node = strcmp(words[0], "node") == 0, index = strcmp(words[0], "interface") == 0;
	if ((!node && !index && strcmp(words[0], "link") != 0) || count < 2 ||
	    address(&s->local, words[at++], IP_NONE) < 0)
		return -1;
	bool v6 = s->local.family == IP_V6;
	if (index && (at >= count || number(&s->local_index, words[at++], UINT32_MAX) < 0))
		return -1;
	bool two = !node && (v6 || !index);
	if (two &&
	    (at >= count || address(&s->remote, words[at++], (enum ip_family)s->local.family) < 0))
		return -1;
	if (two && index && (at >= count || number(&s->remote_index, words[at++], UINT32_MAX) < 0))
		return -1;
	bool srv6 = v6 && at < count && strcmp(words[at], "srv6") == 0;
	at += srv6;
	if (node)
		s->type = srv6 ? 'I' : v6 ? 'D' : 'C';
	else if (index)
		s->type = srv6 ? 'J' : v6 ? 'G' : 'E';
	else
		s->type = srv6 ? 'K' : v6 ? 'H' : 'F';
	return parse_rest(s, words + at, count - at);
}

int
sr_segment_parse(struct sr_segment *out, const char *text)
{
	char copy[SR_TEXT_MAX], *words[WORDS_MAX];
	struct sr_segment s = {0};
	struct ip ip;
	if (strlen(text) >= sizeof(copy))
		return -1;
	memcpy(copy, text, strlen(text) + 1);
	size_t count = split(copy, words);
	if (!count)
		return -1;
	if (count > 1) {
		if (parse_named(&s, words, count) < 0)
			return -1;
	} else {
		s.type = ip_parse(&ip, words[0]) == 0 ? 'B' : 'A';
		if (parse_sid(&s, words[0]) < 0)
			return -1;
	}
	*out = s;
	return 0;
}

void
sr_list_text(struct buf *to, const struct sr_policy *policy, const struct sr_list *list)
{
	char text[SR_TEXT_MAX];
	for (unsigned i = 0; i < list->count; i++) {
		if (i)
			buf_str(to, ", ");
		buf_str(to, sr_segment_text(text, &policy->segments[list->first + i]));
	}
}
