// Where things stand in the memory of the row kernel: read by TypeScript and by the AssemblyScript kernel alike, so a place
// has one address. Nothing but constants may stand here. All numbers are bytes. The memory is small and never grows; what
// stands in it means something only within one synchronous piece of work, so any number of answers take turns with it.
//
//   0        NEXT_ROW, NEXT_LINE  where a call stopped
//   1024     POWERS               of ten, written once
//   16 Ki    OFFSETS              of the rows' labels
//   32 Ki    TEMPLATE             the lines of a row and their texts
//   192 Ki   LABELS               of the rows, one behind the other
//   288 Ki   DATA                 the rows' numbers
//   576 Ki   OUT                  what was written, a chunk at most
//   768 Ki   RULES                what all series of a stream have in common in their labels
//   832 Ki   CANONICAL            texts of new series as the store has them
//   1088 Ki  RUN_PLACES           begin and end of each of them
//   1120 Ki  RUN_OFFSETS          where each label text of a run begins, and where the last one ends
//   1152 Ki  RUN_SORTED_OFFSETS   the same, of the texts in order
//   1184 Ki  RUN_ORDER            which ones they are
//   1200 Ki  RUN_KEYS             what they are sorted by
//   1232 Ki  RUN_TEXTS            the label texts of a run
//   1744 Ki  RUN_SORTED           the same in order

export const MEMORY_PAGES = 36;

/** u32. The row that a call could not finish; as many as there are when it finished all. */
export const NEXT_ROW = 0;
/** u32. Its first line that there was no room for. */
export const NEXT_LINE = 4;

/** 128 bits each, the upper half first: rounded up, so that the highest bit is set. */
export const POWERS = 1024;
export const POWERS_FIRST = -292;
export const POWERS_LAST = 324;

/** u32 each: where the labels of each row begin, and where the last ones end. */
export const OFFSETS = 16_384;
export const ROWS_MAX = 4000;

/** What is read behind the end of a text, and written behind the end of what is written. */
export const SLACK = 64;

export const TEMPLATE = 32_768;
export const TEMPLATE_BYTES = 163_840 - SLACK;
/** Head, labelless head, tail: address and length each; the column of the number; LINE_CUMULATIVE. u32 each. */
export const LINE_SIZE = 32;
/** Not 0: the number is added to those of the lines before. */
export const LINE_CUMULATIVE = 28;

export const LABELS = 196_608;
export const LABELS_BYTES = 98_304 - SLACK;

/** f64 each. */
export const DATA = 294_912;
export const DATA_BYTES = 294_912;

export const OUT = 589_824;
export const OUT_BYTES = 65_536;

/** The longest number: a sign, and 0. with five zeros and seventeen digits. */
export const NUMBER_LENGTH_MAX = 25;

/** What the messages of a metric hold. */
export const COUNTER = 0;
export const GAUGE = 1;
export const HISTOGRAM = 2;

/** u32: RULE_HISTOGRAM and RULE_KEEPS_EMPTY. u32: how many fixed labels there are. Then of each: address and length of its key and of its text, u32 each. */
export const RULES = 786_432;
export const RULES_BYTES = 65_536 - SLACK;
export const RULE_FIXED = 8;
/** `le` is taken by the buckets. */
export const RULE_HISTOGRAM = 1;
/** A label with an empty value is one. */
export const RULE_KEEPS_EMPTY = 2;

export const CANONICAL = 851_968;
export const CANONICAL_BYTES = 262_144 - SLACK;

/** Texts that are sorted in one go: in a few milliseconds. */
export const RUN_ROWS = 4096;
export const RUN_PLACES = 1_114_112;
export const RUN_OFFSETS = 1_146_880;
export const RUN_SORTED_OFFSETS = 1_179_648;
export const RUN_ORDER = 1_212_416;
export const RUN_KEYS = 1_228_800;
export const RUN_TEXTS = 1_261_568;
export const RUN_SORTED = 1_785_856;
export const RUN_BYTES = 524_288 - SLACK;

/** Why labels were not made: they might not have room, or are not to be had by copying. */
export const NO_ROOM = 1;
export const OTHER_WAY = 2;
