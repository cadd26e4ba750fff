/* What members must not send is taken out before it is kept. */
#include "exchange/policy/policy_private.h"

static bool
any_forged(const struct policy *policy, const struct bgp_attrs *attrs)
{
	struct cursor lists[3] = {attrs->communities, attrs->ext_communities,
				  attrs->large_communities};
	struct policy_word word;
	while (policy_words_next(&word, lists))
		if (policy_word_is_forged(policy->patterns, &word))
			return true;
	return false;
}

static size_t
keep(const struct policy *policy, struct cursor list, size_t size, struct buf *storage)
{
	size_t before = storage->length;
	struct policy_word word;
	for (;;) {
		const uint8_t *octets = list.at;
		bool more = size == 4   ? policy_standard_next(&word, &list)
			    : size == 8 ? policy_extended_next(&word, &list)
					: policy_large_next(&word, &list);
		if (!more)
			return storage->length - before;
		if (!policy_word_is_forged(policy->patterns, &word))
			buf_put(storage, octets, size);
	}
}

static struct cursor
part(const struct buf *storage, size_t at, size_t length)
{
	if (!length || storage->failed)
		return (struct cursor){0};
	return cursor_of(storage->data + at, length);
}

bool
policy_scrub_import(const struct policy *policy, const struct bgp_attrs *attrs, struct buf *storage,
		    struct bgp_communities *kept)
{
	if (!any_forged(policy, attrs))
		return false;
	buf_clear(storage);
	size_t standard = keep(policy, attrs->communities, 4, storage);
	size_t extended = keep(policy, attrs->ext_communities, 8, storage);
	size_t large = keep(policy, attrs->large_communities, 12, storage);
	kept->standard = part(storage, 0, standard);
	kept->extended = part(storage, standard, extended);
	kept->large = part(storage, standard + extended, large);
	return true;
}
