// Bounds and defaults, each in one place. Sizes in bytes, times in milliseconds.

export const MEBIBYTE = 1024 * 1024;

/** WebAssembly memory is sized in pages of this many bytes. */
export const PAGE_BYTES = 65_536;
/** What 32-bit addresses of WebAssembly reach. */
export const STORE_BYTES_MAX = 4096 * MEBIBYTE;
export const STORE_BYTES_DEFAULT = 256 * MEBIBYTE;

/** A stripe is three line pairs in the header of the memory; more would not fit there. */
export const STRIPES_MAX = 16;
export const STREAMS_DEFAULT = 1024;
export const STREAMS_MAX = 1_000_000;
export const BOUNDARIES_DEFAULT = 256;
export const BOUNDARIES_MAX = 10_000;
export const ATTRIBUTES_DEFAULT = 128;
export const ATTRIBUTES_MAX = 1000;
/** Of an object with so many attributes, names are remembered: V8 lists those of larger ones anew each time. */
export const ATTRIBUTES_REMEMBERED_FROM = 1000;
export const LABEL_BYTES_MIN = 64;
export const LABEL_VALUE_LENGTH_DEFAULT = 2048;
/** A value that was cut ends in a hash, which needs room. */
export const LABEL_VALUE_LENGTH_MIN = 32;
export const LABEL_VALUE_LENGTH_MAX = 1_000_000;
export const HANDLE_CACHE_SIZE_DEFAULT = 16_384;
/** Characters of names and texts of a label set that is remembered; a longer one is looked up by hash each time. */
export const HANDLE_CACHE_SET_LENGTH_MAX = 1024;
/** A generation of remembered sets is full at so many bytes for each set that it may have: six labels of their own. */
export const HANDLE_CACHE_BYTES_PER_SET = 2048;
/** Items of a list as a label value, whatever `maxLabelValueLength` says. */
export const LIST_ITEMS_MAX = 10_000;
export const HANDLE_CACHE_SIZE_MAX = 100_000_000;
/** OpenTelemetry's default: distinct attribute sets of a stream, overflow not counted. */
export const CARDINALITY_LIMIT_DEFAULT = 2000;
/** The kernel keeps a limit as a signed 32-bit number. */
export const CARDINALITY_LIMIT_MAX = 2 ** 31 - 1;
/** Labels of a View with a policy; values of one that may be let in, or be listed. */
export const POLICIES_MAX = 16;
export const POLICY_VALUES_MAX = 10_000;
export const ALLOWED_VALUES_MAX = 10_000;
/** What a timer of Node takes. */
export const TIMER_MILLIS_MAX = 2 ** 31 - 1;

/** How long a collection waits for a writer that the operating system stopped inside a record. */
export const STALL_DEADLINE_MILLIS_DEFAULT = 1000;
/** OpenTelemetry's export timeout; a callback gets as long. */
export const CALLBACK_TIMEOUT_MILLIS_DEFAULT = 30_000;
/** OpenTelemetry's export interval and timeout. */
export const EXPORT_INTERVAL_MILLIS_DEFAULT = 60_000;
export const EXPORT_TIMEOUT_MILLIS_DEFAULT = 30_000;
/** How long a thread may leave a question about its observables unanswered before it is looked whether it still lives. */
export const OBSERVER_GRACE_MILLIS = 100;
export const READER_LEASE_MILLIS_DEFAULT = 600_000;
/** How long the right to collect may stand still before its holder counts as dead. Many times the longest step. */
export const RIGHT_PATIENCE_MILLIS = 200;
/** How long a thread tries to change the tables while another one is inside. A section of them lasts some fifty nanoseconds. */
export const ADMISSION_PATIENCE_MILLIS = 1000;
/** A stripe odd for so long was left by a trap inside a record, which no kernel that passes the build can do. */
export const STRIPE_ABANDONED_MILLIS = 30_000;

/** Sections of a drain between two looks of JavaScript: about 0.1 ms. */
export const DRAIN_STEPS = 8192;
/** Places of a hidden stream that are marked or given back in one cut, at most: a few milliseconds, for which others wait. */
export const PLACES_PER_CUT = 1000;
/** Looking which values of labels are still needed takes this part of the time, at most: one to so many. */
export const VALUE_ROUND_REST = 9;
/** Series read between two signs of life, at most. A multiple of {@link SERIES_PER_LOOK}. */
export const READ_STEPS = 4096;
/** Series read between two looks at the clock. */
export const SERIES_PER_LOOK = 64;
