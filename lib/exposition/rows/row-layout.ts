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

export const MEMORY_PAGES = 12;

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
