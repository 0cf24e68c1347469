import { isDeepStrictEqual } from 'node:util';
import { WATCH_KEY_PATHS, type WatchKeyPath } from './config/watch-keys.js';
import type { WatchConfig } from './watch-config.js';

/** What differs between two configurations. */
export interface WatchConfigChanges {
  /** Whether `metricsConfig` does, and stands in both of them itself: it can be taken while the command runs. */
  readonly hasOtherMetrics: boolean;
  /** Keys whose new values count after a restart only. */
  readonly needRestart: readonly WatchKeyPath[];
}

/**
 * What a new configuration changes, whatever its values come from. Of a `metricsConfig` that is elsewhere this compares where:
 * whether that has changed is for who reads it.
 */
export function compareWatchConfigs(before: WatchConfig, after: WatchConfig): WatchConfigChanges {
  const changed = WATCH_KEY_PATHS.filter(
    path => !isDeepStrictEqual(before.entries.values[path], after.entries.values[path]),
  );
  const isHere = [before, after].every(
    ({ metricsConfig }) => metricsConfig === undefined || 'inline' in metricsConfig,
  );
  return {
    hasOtherMetrics: isHere && changed.includes('metricsConfig'),
    needRestart: changed.filter(path => path !== 'metricsConfig' || !isHere),
  };
}
