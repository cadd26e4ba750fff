/* How much of what is asked of a cache is in it, when what is asked for follows Zipf's law: of N
 * objects the i-th is asked for in proportion to i^-s, each time by itself, and what was asked for
 * longest ago makes room (LRU). */
#pragma once

struct corridor_cache {
	double objects; /* N, at least 1 */
	double holds;   /* objects that fit, at least 0 */
	double zipf;    /* s, at least 0 */
};

/* The share of hits, 0 to 1, by Che's approximation: an object is in the cache if it was asked for
 * within a time T that is the same for all, such that as many are in it as fit. (Che, Tung and
 * Wang, "Hierarchical Web caching systems", 2002; why it is so good: Fricker, Robert and Roberts,
 * arXiv:1202.3974.) */
double corridor_cache_hits(const struct corridor_cache *cache);
