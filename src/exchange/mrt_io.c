/* Reading MRT files.
 *
 * A packed file costs more to unpack than to read, so a thread unpacks ahead of the reader. The two share a
 * ring of blocks and nothing else: the thread fills the next free block and posts it, the reader takes the
 * next full one and gives it back.
 *
 *	file -> unpack -> [ block | block | block | block ] -> records */
#include "exchange/mrt_io.h"

#include <bzlib.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

enum {
	BLOCKS = 4,
	BLOCK_OCTETS = 512 * 1024,
	INPUT_OCTETS = 128 * 1024,
};

enum packing { PLAIN, GZIP, BZIP2 };

/* The file's own octets, and what unpacks them. */
struct source {
	int fd;
	enum packing packing;
	uint8_t input[INPUT_OCTETS];
	size_t at, end; /* of `input`, not unpacked yet */
	bool at_eof;
	z_stream gzip;
	bz_stream bzip2;
	bool open;   /* within a packed stream */
	bool any;    /* a packed stream ended well */
	int failure; /* errno */
};

struct block {
	uint8_t *octets;
	size_t length;
	enum mrt_end end; /* of the last one, which is shorter than a block */
};

struct ring {
	struct source source;
	struct block blocks[BLOCKS];
	sem_t full, empty;
	atomic_bool stopped; /* the reader wants no more */
};

/* --- the file --- */

static void
fill_input(struct source *s)
{
	memmove(s->input, s->input + s->at, s->end - s->at);
	s->end -= s->at;
	s->at = 0;
	while (!s->at_eof && s->end < INPUT_OCTETS) {
		ssize_t length = read(s->fd, s->input + s->end, INPUT_OCTETS - s->end);
		if (length < 0 && errno == EINTR)
			continue;
		if (length < 0)
			s->failure = errno;
		if (length <= 0)
			s->at_eof = true;
		else
			s->end += (size_t)length;
	}
}

static enum packing
packing_of(const struct source *s)
{
	static const uint8_t gzip[] = {0x1f, 0x8b}, bzip2[] = {'B', 'Z', 'h'};
	if (s->end >= sizeof(gzip) && memcmp(s->input, gzip, sizeof(gzip)) == 0)
		return GZIP;
	if (s->end >= sizeof(bzip2) && memcmp(s->input, bzip2, sizeof(bzip2)) == 0)
		return BZIP2;
	return PLAIN;
}

/* --- unpacking: each appends to the block; MRT_END_STOPPED means "go on" --- */

static enum mrt_end
copy_plain(struct source *s, struct block *block)
{
	size_t room = BLOCK_OCTETS - block->length, there = s->end - s->at;
	size_t count = there < room ? there : room;
	memcpy(block->octets + block->length, s->input + s->at, count);
	block->length += count;
	s->at += count;
	return MRT_END_STOPPED;
}

static enum mrt_end
unpack_gzip(struct source *s, struct block *block)
{
	z_stream *z = &s->gzip;
	if (!s->open && inflateInit2(z, 15 + 16) != Z_OK) {
		s->failure = ENOMEM;
		return MRT_END_ERROR;
	}
	s->open = true;
	z->next_in = s->input + s->at;
	z->avail_in = (uInt)(s->end - s->at);
	z->next_out = block->octets + block->length;
	z->avail_out = (uInt)(BLOCK_OCTETS - block->length);
	int result = inflate(z, Z_NO_FLUSH);
	s->at = s->end - z->avail_in;
	block->length = BLOCK_OCTETS - z->avail_out;
	if (result == Z_STREAM_END) {
		(void)inflateEnd(z);
		s->open = false;
		s->any = true;
	}
	return result == Z_OK || result == Z_STREAM_END || result == Z_BUF_ERROR ? MRT_END_STOPPED
										 : MRT_END_BROKEN;
}

static enum mrt_end
unpack_bzip2(struct source *s, struct block *block)
{
	bz_stream *z = &s->bzip2;
	if (!s->open && BZ2_bzDecompressInit(z, 0, 0) != BZ_OK) {
		s->failure = ENOMEM;
		return MRT_END_ERROR;
	}
	s->open = true;
	z->next_in = (char *)s->input + s->at;
	z->avail_in = (unsigned)(s->end - s->at);
	z->next_out = (char *)block->octets + block->length;
	z->avail_out = (unsigned)(BLOCK_OCTETS - block->length);
	int result = BZ2_bzDecompress(z);
	s->at = s->end - z->avail_in;
	block->length = BLOCK_OCTETS - z->avail_out;
	if (result == BZ_STREAM_END) {
		(void)BZ2_bzDecompressEnd(z);
		s->open = false;
		s->any = true;
	}
	return result == BZ_OK || result == BZ_STREAM_END ? MRT_END_STOPPED : MRT_END_BROKEN;
}

static void
close_source(struct source *s)
{
	if (s->open && s->packing == GZIP)
		(void)inflateEnd(&s->gzip);
	if (s->open && s->packing == BZIP2)
		(void)BZ2_bzDecompressEnd(&s->bzip2);
	s->open = false;
	if (s->fd > STDIN_FILENO)
		close(s->fd);
}

/* Fills a block. MRT_END_STOPPED: it is full, and more follows. */
static enum mrt_end
fill_block(struct source *s, struct block *block)
{
	block->length = 0;
	while (block->length < BLOCK_OCTETS) {
		if (s->at == s->end)
			fill_input(s);
		if (s->failure)
			return MRT_END_ERROR;
		/* An unpacker may hold octets back when the input is at its end. */
		if (s->at == s->end && !s->open)
			return MRT_END_OK;
		size_t before = block->length, taken = s->at;
		enum mrt_end end = s->packing == GZIP    ? unpack_gzip(s, block)
				   : s->packing == BZIP2 ? unpack_bzip2(s, block)
							 : copy_plain(s, block);
		/* Octets behind a packed stream that are none are often there, and harmless. */
		if (end == MRT_END_BROKEN && s->any)
			return MRT_END_OK;
		if (end != MRT_END_STOPPED)
			return end;
		bool stuck = block->length == before && s->at == taken && s->open;
		if (stuck && s->at_eof)
			return MRT_END_TRUNCATED;
	}
	return MRT_END_STOPPED;
}

static void *
unpack_ahead(void *context)
{
	struct ring *ring = context;
	enum mrt_end end = MRT_END_STOPPED;
	for (unsigned i = 0; end == MRT_END_STOPPED; i = (i + 1) % BLOCKS) {
		while (sem_wait(&ring->empty) < 0)
			continue;
		if (atomic_load(&ring->stopped))
			break;
		end = fill_block(&ring->source, &ring->blocks[i]);
		ring->blocks[i].end = end;
		(void)sem_post(&ring->full);
	}
	return NULL;
}

/* --- records --- */

/* Octets of a record that began in one block and goes on in the next. */
struct rest {
	uint8_t *octets;
	size_t length, capacity;
};

static bool
keep(struct rest *rest, const uint8_t *octets, size_t length)
{
	if (rest->length + length > rest->capacity) {
		size_t capacity = (rest->length + length) * 2;
		uint8_t *more = realloc(rest->octets, capacity);
		if (!more)
			return false;
		rest->octets = more;
		rest->capacity = capacity;
	}
	memcpy(rest->octets + rest->length, octets, length);
	rest->length += length;
	return true;
}

struct reading {
	int (*record)(void *context, const struct mrt_record *record);
	void *context;
	uint64_t offset;
	struct rest rest;
};

/* Reads the records of `octets`; what is left of it begins one that is not whole. MRT_END_OK: go on. */
static enum mrt_end
read_records(struct reading *r, struct cursor *octets)
{
	struct mrt_record record;
	for (;;) {
		const uint8_t *start = octets->at;
		enum mrt_frame frame = mrt_record_take(&record, octets, r->offset);
		if (frame == MRT_FRAME_SHORT)
			return MRT_END_OK;
		if (frame == MRT_FRAME_BROKEN)
			return MRT_END_BROKEN;
		if (r->record(r->context, &record))
			return MRT_END_STOPPED;
		r->offset += (size_t)(octets->at - start);
	}
}

static enum mrt_end
read_block(struct reading *r, struct block *block)
{
	struct cursor octets = cursor_of(block->octets, block->length);
	struct rest *rest = &r->rest;
	enum mrt_end end = MRT_END_OK;
	if (rest->length) {
		if (!keep(rest, block->octets, block->length)) {
			errno = ENOMEM;
			return MRT_END_ERROR;
		}
		octets = cursor_of(rest->octets, rest->length);
	}
	end = read_records(r, &octets);
	size_t left = cursor_left(&octets);
	if (rest->length) {
		memmove(rest->octets, octets.at, left);
		rest->length = left;
	} else if (!keep(rest, octets.at, left)) {
		errno = ENOMEM;
		return MRT_END_ERROR;
	}
	return end;
}

static enum mrt_end
read_ring(struct reading *r, struct ring *ring)
{
	for (unsigned i = 0;; i = (i + 1) % BLOCKS) {
		while (sem_wait(&ring->full) < 0)
			continue;
		struct block *block = &ring->blocks[i];
		enum mrt_end end = read_block(r, block);
		if (end != MRT_END_OK)
			return end;
		if (block->end == MRT_END_OK && r->rest.length)
			return MRT_END_TRUNCATED;
		if (block->end == MRT_END_ERROR)
			errno = ring->source.failure;
		if (block->end != MRT_END_STOPPED)
			return block->end;
		(void)sem_post(&ring->empty);
	}
}

static enum mrt_end
read_threaded(struct reading *r, struct ring *ring)
{
	pthread_t thread;
	(void)sem_init(&ring->full, 0, 0);
	(void)sem_init(&ring->empty, 0, BLOCKS);
	atomic_init(&ring->stopped, false);
	int error = pthread_create(&thread, NULL, unpack_ahead, ring);
	if (error) {
		errno = error;
		return MRT_END_ERROR;
	}
	enum mrt_end end = read_ring(r, ring);
	int reason = errno;
	atomic_store(&ring->stopped, true);
	(void)sem_post(&ring->empty);
	(void)pthread_join(thread, NULL);
	(void)sem_destroy(&ring->full);
	(void)sem_destroy(&ring->empty);
	errno = reason;
	return end;
}

enum mrt_end
mrt_file_read(const char *path, int (*record)(void *context, const struct mrt_record *record),
	      void *context, uint64_t *offset)
{
	struct reading r = {.record = record, .context = context};
	struct ring *ring = calloc(1, sizeof(*ring));
	uint8_t *memory = malloc((size_t)BLOCKS * BLOCK_OCTETS);
	enum mrt_end end = MRT_END_ERROR;
	*offset = 0;
	if (!ring || !memory)
		goto out;
	for (unsigned i = 0; i < BLOCKS; i++)
		ring->blocks[i].octets = memory + (size_t)i * BLOCK_OCTETS;
	struct source *source = &ring->source;
	bool standard = strcmp(path, "-") == 0;
	source->fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	if (source->fd < 0)
		goto out;
	fill_input(source);
	source->packing = packing_of(source);
	end = read_threaded(&r, ring);
	int reason = errno;
	close_source(source);
	*offset = r.offset;
	errno = reason;
out:
	free(r.rest.octets);
	free(memory);
	free(ring);
	return end;
}
