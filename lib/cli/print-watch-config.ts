import { underKey } from './config/config-yaml.js';
import { sourceText } from './config/config-source.js';
import { WATCH_KEY_PATHS, watchKey, type WatchKeyPath } from './config/watch-keys.js';
import { printable } from './printable-text.js';
import type { WatchConfig } from './watch-config.js';

/** The configuration as a file that says the same, with the source of each value behind it. */
export function printWatchConfig({ entries: { values, sources } }: WatchConfig): string {
  const lines: string[] = [];
  let groupBefore = '';
  for (const path of WATCH_KEY_PATHS) {
    const [group = '', name] = path.split('.');
    if (name !== undefined && group !== groupBefore) lines.push(`${group}:`);
    groupBefore = group;
    const indent = name === undefined ? '' : '  ';
    const comment = printable(sourceText(sources[path]));
    for (const line of linesOf(path, values[path], comment)) lines.push(indent + line);
  }
  return `${lines.join('\n')}\n`;
}

function linesOf(path: WatchKeyPath, value: unknown, comment: string): readonly string[] {
  const { type, without = '' } = watchKey(path);
  const name = path.slice(path.indexOf('.') + 1);
  if (value === undefined) return [`# ${name}: # ${comment}: ${without}`];
  const plain = type.plain(value);
  const [first = '', ...others] = underKey(name, plain);
  return [`${first} # ${comment}`, ...others];
}
