/*
 * Where the words of a store stand. Read by TypeScript and by the AssemblyScript kernel alike, so a word has one address
 * in one place; nothing but constants may stand here. All numbers are bytes.
 *
 *   0      magic, format version
 *   64     EPOCH, CLOSED          read by every record                     one cache line each, because different
 *   128    RIGHT                  the right to collect                     threads write them
 *   192    QUIESCED, DRAINED      how far a collection got
 *   256    ADMISSION, allocation counters
 *   512    LAYOUT                 where the computed areas begin; written once by the creator, before it hands the memory out
 *   1024   PLANES                 a line pair for each place of a delta reader
 *   2048   STATISTICS             64-bit counts
 *   3072   OBSERVERS              threads that have callbacks of observable instruments
 *   3584   OBSERVER_LIVES         what each of them waits on for as long as it lives
 *   4096   STRIPES                three line pairs for each stripe
 *   10240  end of the header; the computed areas follow (see layout.ts)
 */

export const MAGIC = 0;
export const FORMAT = 4;

/** i64. Its lowest bit is the hot bank. Only `swap` writes it. */
export const EPOCH = 64;
/** i32. Not 0: recording has ended in all threads. */
export const CLOSED = 72;
/** i64. Bit 0: inside a step; bit 1: held; bits 2 to 31: steps taken; bits 32 to 63: generation of the holder. */
export const RIGHT = 128;
/** i64. The epoch up to which every writer has left the cold banks. */
export const QUIESCED = 192;
/** i64. The epoch up to which the cold banks have been drained. Totals are readable only when it equals QUIESCED. */
export const DRAINED = 200;
/** f64. When the last drained cut was made, Unix milliseconds. */
export const CUT_AT = 208;
/** i64. How often a drain found a total at the largest number, where it was cut off. Only the holder of the right writes it. */
export const SATURATED = 216;

/**
 * i64. Odd while a section changes the tables: buckets, free lists, counters below. A search that saw the same even value
 * before and after it is valid. Never held for longer than one section.
 */
export const ADMISSION = 256;
/** i32. Series slots that were ever in use, overflow slots not counted. */
export const SLOTS_USED = 264;
/** u32. The first free one of them, plus 1; the next stands in its SLOT_NEXT. */
export const SLOTS_FREE = 268;
/** i32. How many of them are free. */
export const SLOTS_FREE_COUNT = 272;
/** u32. Bytes of each histogram area in use or in a free list. */
export const HISTOGRAM_BYTES_USED = 276;
/** u32. Address behind the last byte of text in use or in a free list. */
export const TEXT_END = 280;
/** u32. Bytes of text in free lists. */
export const TEXT_FREE_BYTES = 284;
/** i32. Streams in use. Published last. */
export const STREAMS_USED = 288;
/** i32. Counts attached threads, to spread them over the stripes. */
export const THREADS_SEEN = 292;
/** i32. Not 0: there are series that can expire, so collections look for them. */
export const EXPIRY_USED = 296;

/** u32 each, from here on. */
export const LAYOUT = 512;
export const LAYOUT_SLOTS = 512;
export const LAYOUT_OVERFLOW_SLOTS = 516;
export const LAYOUT_HISTOGRAM_BYTES = 520;
export const LAYOUT_TEXT_LIMIT = 524;
export const LAYOUT_SLOT_TABLE = 528;
export const LAYOUT_BUCKETS = 532;
export const LAYOUT_BUCKET_MASK = 536;
export const LAYOUT_STREAMS = 540;
export const LAYOUT_MAX_STREAMS = 544;
export const LAYOUT_TOTALS = 548;
export const LAYOUT_GAUGE_KINDS = 552;
export const LAYOUT_HISTOGRAM_TOTALS = 556;
export const LAYOUT_GAUGES = 560;
export const LAYOUT_TEXT = 564;
export const LAYOUT_STRIPES = 568;
/** i32 for each slot: state and generation. Apart from the slots' records, so that a record touches four bytes of it. */
export const LAYOUT_SLOT_WORDS = 572;
/** u32 for each width of a histogram in groups of eight buckets: the first free area, as offset plus 1. */
export const LAYOUT_HISTOGRAM_FREE = 576;
/** u32 for each size of text: the address of the first free one. */
export const LAYOUT_TEXT_FREE = 580;
/** Sizes of text: see text.ts. */
export const TEXT_LISTS = 128;

export const PLANES = 1024;
export const PLANE_SIZE = 128;
export const PLANE_COUNT = 4;
/**
 * i64. Bits 0 and 1: state; bits 2 to 31: how often its reader collected; bits 32 to 63: number of the lease, so that a
 * reader notices that its place was given to another.
 */
export const PLANE_LEASE = 0;
export const LEASE_STATE_MASK = 3;
/** State 0: free. Claimed: being taken, for one section. */
export const LEASED = 1;
export const LEASE_CLAIMED = 2;
export const LEASE_BEAT = 4;
/** u32 for half 0, u32 for half 1. */
export const PLANE_SCALARS = 8;
export const PLANE_HISTOGRAMS = 16;
export const PLANE_LOGS = 24;
/** i32 each: how many series the half has something for. */
export const PLANE_COUNTS = 32;
/** i32. Which half the drain fills. */
export const PLANE_ACTIVE = 40;
/**
 * i32. Number of the lease for which drains add to the place; 0: of none, and it is empty; SERVED_LEFT_OVER: of none, and
 * what a former reader left is in it. Changes only in the section that begins a drain.
 */
export const PLANE_SERVED = 44;
export const SERVED_LEFT_OVER = -1;
/** f64. When its reader last collected, or took the place. Unix milliseconds. */
export const PLANE_USED_AT = 48;
/** f64. When the last cut was made that the place does not have; 0: there was none before. Unix milliseconds. */
export const PLANE_SINCE = 56;
/** i32. The sign of life of the thread that has the lease: see life-sign.ts. */
export const PLANE_LIVES = 64;
/** What becomes of a half that is emptied. */
export const DROP = 0;
export const MERGE = 1;
export const DROP_LEFT_OVER = 2;

export const STATISTICS = 2048;

/** i32 each: 0 free; positive: the number of a thread; negative: the same, and it did not answer in time. */
export const OBSERVERS = 3072;
export const OBSERVER_COUNT = 128;
/** i32 for each entry: the sign of life of its thread. See life-sign.ts. */
export const OBSERVER_LIVES = 3584;

export const STRIPES = 4096;
/**
 * Three pairs of cache lines, because processors fetch lines in pairs: what writers announce on, and the counts of either
 * bank. The collector counts the cold bank down; on the writers' line each of its steps would cost them a cache miss.
 */
export const STRIPE_SIZE = 384;
export const STRIPE_MAX = 16;
/** u32 for bank 0, u32 for bank 1; likewise below. The word itself stands at offset 0. */
export const STRIPE_SCALARS = 8;
export const STRIPE_HISTOGRAMS = 16;
export const STRIPE_LOGS = 24;
/** i32: how many series have something in bank 0; those of bank 1 stand 1 << STRIPE_COUNT_SHIFT bytes behind. */
export const STRIPE_COUNTS = 128;
export const STRIPE_COUNT_SHIFT = 7;

export const HEADER_SIZE = 10240;

/** Bits 0 to 2 of a slot's word: its state; the bits above: its generation, which grows when the slot is freed. */
export const SLOT_FREE = 0;
export const SLOT_LIVE = 1;
/** Idle for longer than its time to live. A writer may make it live again. */
export const SLOT_RETIRING = 2;
/** Nobody makes it live again; its cells are being given back. */
export const SLOT_DEAD = 3;
export const SLOT_STATE_MASK = 7;
export const SLOT_GENERATION = 8;
/** A slot whose word has come this far is not used again: a handle must never fit a second series. */
export const SLOT_WORD_MAX = 0x3ffffff8;

export const SLOT_SIZE = 64;
/** i64. EPOCH when it began to retire. */
export const SLOT_MARK = 0;
/** 16 bytes. */
export const SLOT_KEY = 8;
/** u32. Index of the next slot of the bucket, or of the free list, plus 1. */
export const SLOT_NEXT = 24;
export const SLOT_STREAM = 28;
export const SLOT_TEXT = 32;
export const SLOT_TEXT_LENGTH = 36;
/** f64. Start time of the series, Unix milliseconds. */
export const SLOT_START = 40;
/** u32. Where the series' cells stand in every histogram area. */
export const SLOT_HISTOGRAM = 48;
/** i32. 0: a sum; -1: a gauge; otherwise the number of buckets of a histogram, at least one. */
export const SLOT_CELL = 52;
/** f64. When it was last found touched, or was admitted, Unix milliseconds. */
export const SLOT_USED = 56;

export const CELL_SUM = 0;
export const CELL_GAUGE = -1;

export const STREAM_SIZE = 80;
/** 16 bytes. */
export const STREAM_KEY = 0;
export const STREAM_TEXT = 16;
export const STREAM_TEXT_LENGTH = 20;
export const STREAM_LIMIT = 24;
/** i32. Series admitted, overflow not counted. */
export const STREAM_ADMITTED = 28;
export const STREAM_CELL = 32;
/** u32. Address of the boundaries, f64 each. */
export const STREAM_BOUNDARIES = 36;
/** i64. Series refused (not: records). */
export const STREAM_OVERFLOWED = 40;
/** f64. Unix milliseconds. */
export const STREAM_START = 48;
/** f64. Milliseconds after which an idle series expires; 0: never. */
export const STREAM_TTL = 56;
/** i32. Not 0: a gauge expires too although its last operation was an Add. */
export const STREAM_EXPIRES_ADDED = 64;
/** f64. When a series of the stream was last buried: no later one may begin before. Unix milliseconds. */
export const STREAM_BURIED_AT = 72;

/** Gauges are not banked: lock, epoch + 1 (0: never written), then value and kind, now and at the epoch's begin. */
export const GAUGE_SIZE = 64;
export const GAUGE_EPOCH = 8;
export const GAUGE_CURRENT = 16;
export const GAUGE_CURRENT_KIND = 24;
export const GAUGE_PREVIOUS = 32;
export const GAUGE_PREVIOUS_KIND = 40;

/** Kinds of a gauge's value. Absent: not written yet, or withdrawn. */
export const GAUGE_ABSENT = 0;
export const GAUGE_SET = 1;
/** The value is a start time in Unix milliseconds; the collector computes the seconds since then. */
export const GAUGE_ELAPSED = 2;
/** The last operation was an Add: the value depends on the ones before it. */
export const GAUGE_ADDED = 3;
/** A number that stays although nobody writes it: somebody holds it and will say when it may expire. */
export const GAUGE_HELD = 4;

/** Histogram cell: count, sum, min, max, then the buckets, in groups of eight. min and max count only when count > 0. */
export const HISTOGRAM_SUM = 8;
export const HISTOGRAM_MIN = 16;
export const HISTOGRAM_MAX = 24;
export const HISTOGRAM_BUCKETS = 32;

/** What a record answers. */
export const OK = 1;
/** Somebody else is inside: try another stripe, or again. Nothing happened. */
export const BUSY = 0;
/** Recording has ended. */
export const ENDED = -1;
/** The handle's series was retired or freed: renew the handle. Nothing happened. */
export const STALE = -2;
/** What a search and an admission answer instead of a slot. RETRY: the tables changed meanwhile. */
export const RETRY = -1;
export const NOT_FOUND = -2;
export const LIMIT_REACHED = -3;
export const SLOTS_EXHAUSTED = -4;
export const HISTOGRAMS_EXHAUSTED = -5;
/** In an admission's answer, above slot (bits 0 to 31) and word (bits 32 to 61): the series was not there before. */
export const CREATED_SHIFT = 62;
/** Answers of the collection's steps. LOST: somebody else has the right now. */
export const LOST = 0;
export const DONE = 1;
export const MORE = 2;
