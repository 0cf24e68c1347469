import { ApiError, SilenceError } from '../kubernetes/api-error.js';
import type { ReconnectReason } from './watch-figures.js';

/** Why a watch is begun again, in one of few words. @param error undefined: the server ended it */
export function reconnectReasonOf(error: unknown): ReconnectReason {
  if (error === undefined) return 'ended';
  if (error instanceof SilenceError) return 'silence';
  if (!(error instanceof ApiError)) return 'connection';
  if (error.isGone) return 'gone';
  if (error.isRefusal) return 'refused';
  if (error.status === 429) return 'throttled';
  return error.status >= 500 ? 'server' : 'answer';
}
