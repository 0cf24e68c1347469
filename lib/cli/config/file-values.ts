import { memberPath } from '../../argo/manifest/manifest-position.js';
import { isRecord } from '../../guard/json-value.js';
import { refuseKey } from './composite-types.js';
import { ConfigFile, type ConfigText } from './config-file.js';
import { ConfigReport, gotText } from './config-report.js';
import type { ConfigProblem, Given, GivenValue } from './config-source.js';
import { WATCH_GROUPS, WATCH_KEY_PATHS, watchKey, type WatchKeyPath } from './watch-keys.js';

/** Never throws: all that is wrong with a file is a problem. */
export function valuesOfFile(text: ConfigText): Given<WatchKeyPath> {
  const file = new ConfigFile(text);
  const report = new ConfigReport();
  const values: GivenValue<WatchKeyPath>[] = [];
  if (file.value !== undefined)
    readGroup('', file.value, report, (path, given) => {
      const value = watchKey(path).type.read(given, path, report);
      const source = { kind: 'file', file: text.name, line: file.lineOf(path) } as const;
      if (value !== undefined) values.push({ path, value, source });
    });
  const placed = [...file.problems, ...report.complaints.map(complaint => file.place(complaint))];
  const problems: ConfigProblem[] = placed.sort((a, b) => a.line - b.line || a.column - b.column);
  if (report.leftOut > 0) {
    const message = `${report.leftOut} more problems are left out`;
    problems.push({ origin: text.name, code: 'LIMIT_EXCEEDED', severity: 'error', path: '', message });
  }
  return { values, problems };
}

/** @param group the empty text for the file itself */
function readGroup(
  group: string,
  given: unknown,
  report: ConfigReport,
  take: (path: WatchKeyPath, given: unknown) => void,
): void {
  const keys = keysOf(group);
  if (!isRecord(given)) {
    const name = group === '' ? 'the configuration' : group;
    const message = `${name} must be a mapping, got ${gotText(given)}`;
    report.error('CONFIG_INVALID', group, message, `Its keys are ${keys.join(', ')}.`);
    return;
  }
  for (const [key, value] of Object.entries(given)) {
    const path = memberPath(group, key);
    const known = WATCH_KEY_PATHS.find(each => each === path);
    if (known !== undefined) take(known, value);
    else if (keys.includes(key)) readGroup(key, value, report, take);
    else refuseKey(key, keys, group, report, elsewhereOf(key));
  }
}

function keysOf(group: string): readonly string[] {
  if (group !== '')
    return WATCH_KEY_PATHS.filter(path => path.startsWith(`${group}.`)).map(path =>
      path.slice(group.length + 1),
    );
  const single = WATCH_KEY_PATHS.filter(path => !path.includes('.'));
  return [...single, ...Object.keys(WATCH_GROUPS)];
}

/** The key of that name in another group. */
function elsewhereOf(key: string): string | undefined {
  return WATCH_KEY_PATHS.find(path => path.endsWith(`.${key}`));
}
