// Where the words of a store stand. Read by TypeScript and by the AssemblyScript kernel alike, so a word has one address
// in one place; nothing but constants may stand here. All numbers are bytes.
//
//   0      magic, format version, secret
//   64     EPOCH, CLOSED          read by every record                     one cache line each, because different
//   128    RIGHT                  the right to collect                     threads write them
//   192    QUIESCED, DRAINED      how far a collection got
//   256    ADMISSION, allocation counters
//   512    LAYOUT                 where the computed areas begin; written once by the creator, before it hands the memory out
//   1024   PLANES                 a line pair for each place of a delta reader
//   2048   STATISTICS, DURATIONS  64-bit counts
//   3072   OBSERVERS              threads that have callbacks of observable instruments
//   3584   OBSERVER_LIVES         what each of them waits on for as long as it lives
//   4096   STRIPES                three line pairs for each stripe
//   10240  end of the header; the computed areas follow (see layout.ts)
//
// A comment that begins with a type, or with how many of it, makes a word of its constant: its place is the end of the
// word before it, or the begin of a line. Words of a record are offsets from the record's begin; the record's size stands
// behind them. test/memory/words.test.ts holds each word to its type.
//
// An *address* is counted from the begin of the memory, an *offset* from the begin of an area or a record, an *index* in
// records. The *hash table* finds a series by its key: each of its heads begins a *chain* of slots. A *bucket* is always one
// of a histogram.

/** u32. */
export const MAGIC = 0;
/** u32. */
export const FORMAT = MAGIC + 4;
/** 2 × i64. What keys are hashed with: random, of this store alone. Written once by the creator, as the layout is. */
export const SECRET = FORMAT + 4;
export const SECRET_BYTES = 16;

/** i64. Its lowest bit is the hot bank. Only `swap` writes it. */
export const EPOCH = 64;
/** i32. Not 0: recording has ended in all threads. */
export const CLOSED = EPOCH + 8;
/** i64. RIGHT_INSIDE, RIGHT_HELD; bits 2 to 31: steps taken; bits 32 to 63: generation of the holder. */
export const RIGHT = 128;
/** i64. The epoch up to which every writer has left the cold banks. */
export const QUIESCED = 192;
/** i64. The epoch up to which the cold banks have been drained. Totals are readable only when it equals QUIESCED. */
export const DRAINED = QUIESCED + 8;
/** f64. When EPOCH last changed, Unix milliseconds: that cut may not be drained yet. */
export const SWAPPED_AT = DRAINED + 8;
/** f64. The same of the last drained cut. */
export const CUT_AT = SWAPPED_AT + 8;
/** i64. How often a drain found a total at the largest number, where it was cut off. Only the holder of the right writes it. */
export const SATURATED = CUT_AT + 8;
/** f64. The age of series is told by it: grows with CUT_AT, and stands while that goes back. Milliseconds. */
export const CUT_CLOCK = SATURATED + 8;

/**
 * i64. Odd while a section changes the tables: hash heads, free lists, counters below. A search that saw the same even value
 * before and after it is valid. Never held for longer than one section.
 */
export const ADMISSION = 256;
/** i32. Series slots that were ever in use, overflow slots not counted. */
export const SLOTS_USED = ADMISSION + 8;
/** u32. Index of the first free one of them, plus 1; the next stands in its SLOT_NEXT. */
export const SLOTS_FREE = SLOTS_USED + 4;
/** i32. How many of them are free. */
export const SLOTS_FREE_COUNT = SLOTS_FREE + 4;
/** u32. Bytes of each histogram area in use or in a free list. */
export const HISTOGRAM_BYTES_USED = SLOTS_FREE_COUNT + 4;
/** u32. Address behind the last byte of text in use or in a free list. */
export const TEXT_USED_END = HISTOGRAM_BYTES_USED + 4;
/** u32. Bytes of text in free lists. */
export const TEXT_FREE_BYTES = TEXT_USED_END + 4;
/** i32. Streams in use. Published last. */
export const STREAMS_USED = TEXT_FREE_BYTES + 4;
/** i32. Counts attached threads, to spread them over the stripes. */
export const THREADS_SEEN = STREAMS_USED + 4;
/** i32. Not 0: there are series that can expire or were removed, so collections look for them. */
export const EXPIRY_USED = THREADS_SEEN + 4;
/** i32. Not 0: series were removed, so two of a delta reader's may have the same attributes. */
export const REMOVAL_USED = EXPIRY_USED + 4;
/** i32. Bytes of the area of sketches in use. Only grows, but for what two took for one thing. */
export const SKETCH_BYTES_USED = REMOVAL_USED + 4;

/*
 * The layout: the addresses of the areas, unless the name says COUNT, BYTES or MASK. Never written again.
 */
const LAYOUT = 512;
/** u32. Slots of streams' overflow series and of series together. */
export const LAYOUT_SLOT_COUNT = LAYOUT;
/** u32. Streams that there may be. So many slots come first: their overflow series. */
export const LAYOUT_STREAM_COUNT = LAYOUT_SLOT_COUNT + 4;
/** u32. Of one copy of all histogram cells. */
export const LAYOUT_HISTOGRAM_BYTES = LAYOUT_STREAM_COUNT + 4;
/** u32. */
export const LAYOUT_STRIPE_COUNT = LAYOUT_HISTOGRAM_BYTES + 4;
/** u32. */
export const LAYOUT_STREAM_TABLE = LAYOUT_STRIPE_COUNT + 4;
/** u32. Of a u32 for each head of the hash table: index of the chain's first slot, plus 1. */
export const LAYOUT_HASH_HEADS = LAYOUT_STREAM_TABLE + 4;
/** u32. One less than there are hash heads, which are a power of two. */
export const LAYOUT_HASH_MASK = LAYOUT_HASH_HEADS + 4;
/** u32. */
export const LAYOUT_SLOT_TABLE = LAYOUT_HASH_MASK + 4;
/** u32. Of an i32 for each slot: state and generation. Apart from the slots' records, so that a record touches four bytes of it. */
export const LAYOUT_SLOT_WORDS = LAYOUT_SLOT_TABLE + 4;
/** u32. Of a u32 for each width of a histogram in groups of eight buckets: offset of the first free cell, plus 1. */
export const LAYOUT_HISTOGRAM_FREE = LAYOUT_SLOT_WORDS + 4;
/** u32. Of a u32 for each size of text: the address of the first free one. */
export const LAYOUT_TEXT_FREE = LAYOUT_HISTOGRAM_FREE + 4;
/** u32. */
export const LAYOUT_GAUGES = LAYOUT_TEXT_FREE + 4;
/** u32. */
export const LAYOUT_TOTALS = LAYOUT_GAUGES + 4;
/** u32. Of an i32 for each slot: the kind of a gauge's value at the last cut. */
export const LAYOUT_GAUGE_KINDS = LAYOUT_TOTALS + 4;
/** u32. Of an f64 for each slot: CUT_CLOCK of the first cut that had something of its series; 0: none had yet. */
export const LAYOUT_FIRST_SEEN = LAYOUT_GAUGE_KINDS + 4;
/** u32. */
export const LAYOUT_TEXT = LAYOUT_FIRST_SEEN + 4;
/** u32. */
export const LAYOUT_TEXT_END = LAYOUT_TEXT + 4;
/** u32. */
export const LAYOUT_HISTOGRAM_TOTALS = LAYOUT_TEXT_END + 4;

/** Sizes of text: see text.ts. */
export const TEXT_LISTS = 128;

/** PLANE_COUNT × PLANE_SIZE. */
export const PLANES = 1024;
export const PLANE_COUNT = 4;

/** 64 × i64. In the order of STATISTIC_NAMES. */
export const STATISTICS = 2048;
/** 64 × i64. In the order of DURATION_NAMES. */
export const DURATIONS = STATISTICS + 64 * 8;

export const OBSERVER_COUNT = 128;
/** OBSERVER_COUNT × i32. 0: free; positive: the number of a thread; negative: the same, and it did not answer in time. */
export const OBSERVERS = DURATIONS + 64 * 8;
/** OBSERVER_COUNT × i32. For each entry the sign of life of its thread. See life-sign.ts. */
export const OBSERVER_LIVES = OBSERVERS + OBSERVER_COUNT * 4;

/** STRIPES_MAX × STRIPE_SIZE. */
export const STRIPES = OBSERVER_LIVES + OBSERVER_COUNT * 4;

export const HEADER_SIZE = 10240;

/*
 * The line pair of a plane, for each half what was recorded since its reader collected.
 */
/**
 * i64. Bits 0 and 1: state; bits 2 to 31: how often its reader collected; bits 32 to 63: number of the lease, so that a
 * reader notices that its place was given to another.
 */
export const PLANE_LEASE = 0;
/** 2 × u32. Addresses of the areas of half 0 and half 1. Likewise the next two. */
export const PLANE_SCALARS = PLANE_LEASE + 8;
/** 2 × u32. */
export const PLANE_HISTOGRAMS = PLANE_SCALARS + 8;
/** 2 × u32. */
export const PLANE_LOGS = PLANE_HISTOGRAMS + 8;
/** 2 × i32. How many series the half has something for. */
export const PLANE_COUNTS = PLANE_LOGS + 8;
/** i32. Which half the drain fills. */
export const PLANE_ACTIVE = PLANE_COUNTS + 8;
/**
 * i32. Number of the lease for which drains add to the place; 0: of none, and it is empty; SERVED_LEFT_OVER: of none, and
 * what a former reader left is in it. Changes only in the section that begins a drain.
 */
export const PLANE_SERVED = PLANE_ACTIVE + 4;
/** f64. When its reader last collected, or took the place. Unix milliseconds. */
export const PLANE_USED_AT = PLANE_SERVED + 4;
/** f64. When the last cut was made that the place does not have; 0: there was none before. Unix milliseconds. */
export const PLANE_SINCE = PLANE_USED_AT + 8;
/** i32. The sign of life of the thread that has the lease: see life-sign.ts. */
export const PLANE_LIVES = PLANE_SINCE + 8;
export const PLANE_SIZE = 128;

export const LEASE_STATE_MASK = 3;
/** State 0: free. Claimed: being taken, for one section. */
export const LEASED = 1;
export const LEASE_CLAIMED = 2;
export const LEASE_BEAT = 4;
export const SERVED_LEFT_OVER = -1;
/** What becomes of a half that is emptied. */
export const DROP = 0;
export const MERGE = 1;
export const DROP_LEFT_OVER = 2;

/*
 * The lines of a stripe. Three pairs, because processors fetch lines in pairs: what writers announce on, and the counts of
 * either bank. The collector counts the cold bank down; on the writers' line each of its steps would cost them a cache miss.
 */
/** 2 × u32. Addresses of the areas of bank 0 and bank 1. Likewise the next two. The stripe's word, i64, stands before them. */
export const STRIPE_SCALARS = 8;
/** 2 × u32. */
export const STRIPE_HISTOGRAMS = STRIPE_SCALARS + 8;
/** 2 × u32. */
export const STRIPE_LOGS = STRIPE_HISTOGRAMS + 8;
/** i32. How many series have something in bank 0; those of bank 1 stand 1 << STRIPE_COUNT_SHIFT bytes behind. */
export const STRIPE_COUNTS = 128;
export const STRIPE_COUNT_SHIFT = 7;
export const STRIPE_SIZE = 384;

/*
 * The record of a slot.
 */
/** i64. EPOCH when it was last found idle, or removed: it is left out of collections. 0: neither. Changed by collectors alone. */
export const SLOT_MARK = 0;
/** 4 × i32. */
export const SLOT_KEY = SLOT_MARK + 8;
/** u32. Index of the next slot of the chain, or of the free list, plus 1. */
export const SLOT_NEXT = SLOT_KEY + 16;
/** i32. Index of its stream. */
export const SLOT_STREAM = SLOT_NEXT + 4;
/** u32. */
export const SLOT_TEXT_ADDRESS = SLOT_STREAM + 4;
/** i32. */
export const SLOT_TEXT_LENGTH = SLOT_TEXT_ADDRESS + 4;
/** f64. Start time of the series, Unix milliseconds. */
export const SLOT_START = SLOT_TEXT_LENGTH + 4;
/** u32. Where the series' cell stands in every histogram area. */
export const SLOT_HISTOGRAM_OFFSET = SLOT_START + 8;
/** i32. Kind and width, as its stream has them. */
export const SLOT_AGGREGATION = SLOT_HISTOGRAM_OFFSET + 4;
/** f64. When it was last found touched, or was admitted, Unix milliseconds. */
export const SLOT_USED = SLOT_AGGREGATION + 4;
export const SLOT_SIZE = 64;

/** Bits 0 to 2 of a slot's word: its state; the bits above: its generation, which grows when the slot is freed. */
export const SLOT_FREE = 0;
export const SLOT_LIVE = 1;
/** Idle for longer than its time to live. A writer may make it live again. */
export const SLOT_RETIRING = 2;
/** Nobody makes it live again; its cells are being given back. */
export const SLOT_DEAD = 3;
/** Removed: nobody finds it any more, and its place in its stream's limit is free. Readers of deltas still have it. */
export const SLOT_LEAVING = 4;
/** The same, and a collector knows since which epoch nobody records into it. */
export const SLOT_LEFT = 5;
/** As SLOT_DEAD, of a series that was removed. */
export const SLOT_GONE = 6;
export const SLOT_STATE_MASK = 7;
export const SLOT_GENERATION = 8;
/** A slot whose word has come this far is not used again: a handle must never fit a second series. */
export const SLOT_WORD_MAX = 0x3ffffff8;

/*
 * The record of a stream.
 */
/** 4 × i32. */
export const STREAM_KEY = 0;
/** u32. */
export const STREAM_TEXT_ADDRESS = STREAM_KEY + 16;
/** i32. */
export const STREAM_TEXT_LENGTH = STREAM_TEXT_ADDRESS + 4;
/** i32. */
export const STREAM_LIMIT = STREAM_TEXT_LENGTH + 4;
/** i32. Series admitted, overflow not counted. */
export const STREAM_ADMITTED = STREAM_LIMIT + 4;
/** i32. Kind and width: see aggregation.ts. */
export const STREAM_AGGREGATION = STREAM_ADMITTED + 4;
/** u32. Where its boundaries stand, f64 each. */
export const STREAM_BOUNDARIES_ADDRESS = STREAM_AGGREGATION + 4;
/** i64. Series refused (not: records). */
export const STREAM_OVERFLOWED = STREAM_BOUNDARIES_ADDRESS + 4;
/** f64. Unix milliseconds. */
export const STREAM_START = STREAM_OVERFLOWED + 8;
/** f64. Milliseconds after which an idle series expires; 0: never. */
export const STREAM_TTL = STREAM_START + 8;
/** i32. Not 0: a gauge expires too although its last operation was an Add. */
export const STREAM_EXPIRES_ADDED = STREAM_TTL + 8;
/** i32. Not 0: its series have no numbers and are never shown. Who asks for their places back is no collection. */
export const STREAM_HIDDEN = STREAM_EXPIRES_ADDED + 4;
/** f64. Before this no later series of the stream may begin: one of it was buried or removed. Unix milliseconds. */
export const STREAM_BURIED_AT = STREAM_HIDDEN + 4;
export const STREAM_SIZE = 80;

/** Kinds of an aggregation. All-zero memory is a sum. */
export const AGGREGATION_SUM = 0;
export const AGGREGATION_GAUGE = 1;
export const AGGREGATION_EXPLICIT_HISTOGRAM = 2;
/** Nobody records one yet. It has cells where an explicit one has them, so from here on kinds have a width. */
export const AGGREGATION_EXPONENTIAL_HISTOGRAM = 3;
/** The kind stands in bits 0 to 2, the width of the cell above them: of a histogram the number of its buckets, else 0. */
export const AGGREGATION_KIND_MASK = 7;
export const AGGREGATION_WIDTH_SHIFT = 3;

/*
 * A gauge's cell. Gauges are not banked: a lock, then value and kind, now and at the epoch's begin.
 */
/** i64. The epoch of the last write, plus 1; 0: never written. The lock, i64, stands before it. */
export const GAUGE_EPOCH = 8;
/** f64. */
export const GAUGE_CURRENT = GAUGE_EPOCH + 8;
/** i32. The four bytes behind it are free. */
export const GAUGE_CURRENT_KIND = GAUGE_CURRENT + 8;
/** f64. */
export const GAUGE_PREVIOUS = GAUGE_CURRENT_KIND + 8;
/** i32. */
export const GAUGE_PREVIOUS_KIND = GAUGE_PREVIOUS + 8;
export const GAUGE_SIZE = 64;

/** Kinds of a gauge's value. Absent: not written yet, or withdrawn. */
export const GAUGE_ABSENT = 0;
export const GAUGE_SET = 1;
/** The value is a start time in Unix milliseconds; the collector computes the seconds since then. */
export const GAUGE_ELAPSED = 2;
/** The last operation was an Add: the value depends on the ones before it. */
export const GAUGE_ADDED = 3;
/** A number that stays although nobody writes it: somebody holds it and will say when it may expire. */
export const GAUGE_HELD = 4;

/*
 * A histogram's cell: its head, then the buckets, f64 each, in groups of eight. min and max count only when count > 0.
 */
/** f64. The count, f64, stands before it: +0 is no series yet, -0 one without a record. */
export const HISTOGRAM_SUM = 8;
/** f64. */
export const HISTOGRAM_MIN = HISTOGRAM_SUM + 8;
/** f64. */
export const HISTOGRAM_MAX = HISTOGRAM_MIN + 8;
export const HISTOGRAM_HEAD_SIZE = HISTOGRAM_MAX + 8;

/*
 * What a stream knows of the sets that it refused: a sketch of the sets, and two of each label, of its values and of the sets
 * without it. Registers are bytes, four in a word. All-zero memory is an empty one.
 */
export const SKETCH_REGISTER_COUNT = 4096;
/** Labels of a stream that have sketches. */
export const SKETCH_LABEL_COUNT = 31;
/** Stands instead of an address where there was no room for a sketch: it does not begin later, when others were missed. */
export const SKETCH_EXHAUSTED = 1;

/** i32. Not 0: something is not in it, such as labels that found no room. */
export const SKETCH_LOST = 0;
/** SKETCH_LABEL_COUNT × u32. Addresses of the labels' sketches, in the order in which they came; 0 behind the last one. */
export const SKETCH_LABELS = SKETCH_LOST + 4;
/** 1024 × i32. Of the sets. */
export const SKETCH_SETS = SKETCH_LABELS + SKETCH_LABEL_COUNT * 4;
export const SKETCH_SIZE = SKETCH_SETS + SKETCH_REGISTER_COUNT;

/** i32. Not 0: SKETCH_LABEL_WITHOUT has the sets that came before the label. */
export const SKETCH_LABEL_COPIED = 0;
/** i32. Hash of the key, as the next one. */
export const SKETCH_LABEL_LOW = SKETCH_LABEL_COPIED + 4;
/** i32. */
export const SKETCH_LABEL_HIGH = SKETCH_LABEL_LOW + 4;
/** i32. Of the key, in bytes. */
export const SKETCH_LABEL_LENGTH = SKETCH_LABEL_HIGH + 4;
/** 60 × i32. The key. */
export const SKETCH_LABEL_KEY = SKETCH_LABEL_LENGTH + 4;
/** 1024 × i32. */
export const SKETCH_LABEL_VALUES = SKETCH_LABEL_KEY + 240;
/** 1024 × i32. */
export const SKETCH_LABEL_WITHOUT = SKETCH_LABEL_VALUES + SKETCH_REGISTER_COUNT;
export const SKETCH_LABEL_SIZE = SKETCH_LABEL_WITHOUT + SKETCH_REGISTER_COUNT;

/** Bits of RIGHT: its holder is inside a step; somebody holds it. */
export const RIGHT_INSIDE = 1;
export const RIGHT_HELD = 2;
export const RIGHT_STEP = 4;

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
/**
 * A slot and its word in one f64, which JavaScript has without an object: the word without its lowest bit, times this, plus
 * the slot. There are not as many slots; the words of states LIVE and RETIRING differ in what is left.
 */
export const PLACE_STEP = 16777216;
/** What a reservation of text answers instead of an address. */
export const TEXT_EXHAUSTED = 0;
export const TEXT_RETRY = 1;
/** Answers of the collection's steps. LOST: somebody else has the right now. */
export const LOST = 0;
export const DONE = 1;
export const MORE = 2;
