import { isRecord, recordAt, textAt } from '../guard/json-value.js';

/** Characters of what a server says that a message shows. */
const SAID_MAX = 500;
/** Longer than that nobody waits because a server says so. */
const RETRY_AFTER_SECONDS_MAX = 300;

/** What an API server, or a proxy before it, answered instead of what was asked for. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** As HTTP has it; of an ERROR event the `code` of its Status. 0: there is none. */
  readonly status: number;
  /** Such as `Expired`; empty where there is none. */
  readonly reason: string;
  /** How long the server wants to be left alone. */
  readonly retryAfterMillis: number;
  /** The version that was asked for is newer than any that the server knows. */
  readonly isVersionTooLarge: boolean;

  /** @param body a Status of Kubernetes, or anything else */
  constructor(status: number, body: unknown, retryAfterHeader?: string) {
    const said = (textAt(body, 'message') || (typeof body === 'string' ? body : '')).trim();
    const short = said.length <= SAID_MAX ? said : `${said.slice(0, SAID_MAX)}…`;
    super([status === 0 ? '' : `${status}`, textAt(body, 'reason'), short].filter(Boolean).join(' '));
    const details = recordAt(body, 'details');
    const { causes } = details;
    this.status = status;
    this.reason = textAt(body, 'reason');
    this.retryAfterMillis =
      1000 * Math.max(secondsOf(retryAfterHeader), secondsOf(details['retryAfterSeconds']));
    this.isVersionTooLarge =
      Array.isArray(causes) && causes.some(cause => textAt(cause, 'reason') === 'ResourceVersionTooLarge');
  }

  /** Of an ERROR event, whose object is a Status. */
  static ofEvent(status: unknown): ApiError {
    const code = isRecord(status) && Object.hasOwn(status, 'code') ? status['code'] : 0;
    return new ApiError(typeof code === 'number' && Number.isSafeInteger(code) ? code : 0, status);
  }

  /** What was asked for is not in the history any more: list again. */
  get isGone(): boolean {
    return this.status === 410 || this.reason === 'Expired' || this.reason === 'Gone';
  }

  /** Who asks is not known, or may not. */
  get isRefusal(): boolean {
    return this.status === 401 || this.status === 403;
  }
}

/** There was no answer in time, or none that went on. */
export class SilenceError extends Error {
  override readonly name = 'SilenceError';
}

/** Not a date: Kubernetes says seconds. */
function secondsOf(value: unknown): number {
  const seconds = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value;
  if (typeof seconds !== 'number' || !(seconds > 0)) return 0;
  return Math.min(seconds, RETRY_AFTER_SECONDS_MAX);
}
