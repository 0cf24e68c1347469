import { isDeepStrictEqual } from 'node:util';
import { WATCH_KEY_PATHS, watchKey, type WatchKeyPath } from './config/watch-keys.js';
import type { WatchConfig } from './watch-config.js';

/** What differs between two configurations. */
export interface WatchConfigChanges {
  /** Keys whose new values can be taken while the command runs. */
  readonly applied: readonly WatchKeyPath[];
  /** Keys whose new values count after a restart only. */
  readonly needRestart: readonly WatchKeyPath[];
}

/**
 * What a new configuration changes, whatever its values come from. Of a `metricsConfig` that is a path this compares the path:
 * whether the file has changed is for who reads it.
 */
export function compareWatchConfigs(before: WatchConfig, after: WatchConfig): WatchConfigChanges {
  const changed = WATCH_KEY_PATHS.filter(
    path => !isDeepStrictEqual(before.entries.values[path], after.entries.values[path]),
  );
  return {
    applied: changed.filter(path => watchKey(path).reload === 'applied'),
    needRestart: changed.filter(path => watchKey(path).reload === 'restart'),
  };
}
