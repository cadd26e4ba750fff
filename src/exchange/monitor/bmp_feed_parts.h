/* What the files of the BMP feed share; used inside monitor only. */
#pragma once

#include "exchange/bgp/bgp_writer.h"
#include "exchange/monitor/bmp_feed.h"

enum { BMP_STRETCH = 512, BMP_RUN_MAX = 128 };

enum bmp_change_kind {
	BMP_CHANGE_PATH,
	BMP_CHANGE_PEER,    /* it went up, or down, or both */
	BMP_CHANGE_ALL,     /* all paths are to be told again */
	BMP_CHANGE_DECIDED, /* the same, for those who hear Adj-RIB-Out */
};

struct bmp_change {
	struct prefix prefix;
	uint8_t kind; /* enum bmp_change_kind */
	uint32_t slot;
	uint32_t path_id;
	uint32_t sent_id; /* as those know it who are sent several paths */
};

struct bmp_feed_neighbour {
	bool up;
	uint32_t generation; /* of its sessions; 0: there was none yet */
	struct bmp_neighbour is;
	struct buf sent, received; /* OPENs */
	enum bmp_down reason;      /* of the last loss */
	struct buf last_words;
	struct bmp_time down_at;
	uint32_t rejected; /* paths that policy refused, in this session */
};

struct bmp_feed {
	struct bmp_feed_source source;
	struct bmp_feed_neighbour *neighbours; /* by slot */
	size_t slots;
	unsigned listening; /* stations */
	struct bmp_change *ring;
	uint64_t ring_end; /* changes ever; the last BMP_RING of them are here */
	/* Memory that stations take turns with. */
	struct rib_path_view views[BMP_STRETCH];
	uint64_t *words; /* hearers of each path of a prefix */
	size_t word_count;
	struct buf update, attrs, scratch;
};

/* One more station, one less. False if there is no memory. */
bool bmp_feed_listen(struct bmp_feed *feed);
void bmp_feed_leave(struct bmp_feed *feed);
