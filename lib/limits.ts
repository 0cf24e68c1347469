/** Bounds and defaults, each in one place. Sizes in bytes, times in milliseconds. */

export const MEBIBYTE = 1024 * 1024;

/** WebAssembly memory is sized in pages of this many bytes. */
export const PAGE_BYTES = 65_536;
/** What 32-bit addresses of WebAssembly reach. */
export const STORE_BYTES_MAX = 4096 * MEBIBYTE;
export const STORE_BYTES_DEFAULT = 256 * MEBIBYTE;

/** A stripe is a line pair in the first 8 KiB of the memory; more would not fit there. */
export const STRIPES_MAX = 16;
export const STREAMS_DEFAULT = 1024;
export const BOUNDARIES_DEFAULT = 64;
export const LABEL_VALUE_LENGTH_DEFAULT = 2048;
export const HANDLE_CACHE_SIZE_DEFAULT = 16_384;
/** OpenTelemetry's default: distinct attribute sets of a stream, overflow not counted. */
export const CARDINALITY_LIMIT_DEFAULT = 2000;

/** How long a collection waits for a writer that the operating system stopped inside a record. */
export const STALL_DEADLINE_DEFAULT = 1000;
/** OpenTelemetry's export timeout; a callback gets as long. */
export const CALLBACK_TIMEOUT_DEFAULT = 30_000;
/** How long a thread may leave a question about its observables unanswered before it is looked whether it still lives. */
export const OBSERVER_GRACE_MILLIS = 100;
export const READER_LEASE_DEFAULT = 600_000;
/** How long the right to collect may stand still before its holder counts as dead. Many times the longest step. */
export const RIGHT_PATIENCE_MILLIS = 200;
/** A stripe odd for so long was left by a trap inside a record, which no kernel that passes the build can do. */
export const STRIPE_ABANDONED_MILLIS = 30_000;

/** Sections of a drain between two looks of JavaScript: about 0.1 ms. */
export const DRAIN_STEPS = 8192;
/** Series read between two signs of life. */
export const READ_STEPS = 4096;
