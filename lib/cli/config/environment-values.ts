// What variables say. Our own ones are taken at their word; what OpenTelemetry's say and cannot be understood is a warning and not
// set, as its specification wants it. What is empty is not set.
import { closestWord } from '../../guard/closest-word.js';
import { shown } from '../../guard/option-checks.js';
import { ConfigReport } from './config-report.js';
import type { ConfigProblem, Given, GivenValue } from './config-source.js';
import { OWN_PREFIX, WATCH_KEY_PATHS, watchKey, type Variable, type WatchKeyPath } from './watch-keys.js';

type Environment = Readonly<Record<string, string | undefined>>;

export function valuesOfEnvironment(environment: Environment): Given<WatchKeyPath> {
  const values: GivenValue<WatchKeyPath>[] = [];
  const problems = unknownVariables(environment);
  for (const path of WATCH_KEY_PATHS)
    for (const variable of watchKey(path).variables) {
      const text = trimmed(environment, variable.name);
      if (text === undefined) continue;
      const value = readVariable(path, variable, text, problems);
      if (value === undefined) continue;
      values.push({ path, value, source: { kind: 'environment', variable: variable.name } });
      break;
    }
  return { values, problems };
}

function readVariable(
  path: WatchKeyPath,
  { name, fromText, expected }: Variable,
  text: string,
  problems: ConfigProblem[],
): unknown {
  const { type } = watchKey(path);
  const report = new ConfigReport();
  const given = fromText === undefined ? (type.fromText?.(text) ?? text) : fromText(text);
  const value = type.read(given, path, report);
  const severity = name.startsWith(OWN_PREFIX) ? 'error' : 'warning';
  const message = `${path} must be ${expected} here, got ${shown(text)}`;
  for (const { spot: _spot, ...complaint } of report.complaints)
    if (expected === undefined) problems.push({ ...complaint, origin: name, severity });
    else problems.push({ origin: name, severity, code: 'CONFIG_INVALID', path, message });
  return value;
}

function trimmed(environment: Environment, name: string): string | undefined {
  const text = (Object.hasOwn(environment, name) ? environment[name] : undefined)?.trim();
  return text === '' ? undefined : text;
}

const VARIABLES: readonly string[] = WATCH_KEY_PATHS.flatMap(path =>
  watchKey(path).variables.map(({ name }) => name),
);
/** What Kubernetes tells every pod of a Service, which may be called as we are. */
const OF_A_SERVICE =
  /_(?:SERVICE_HOST|SERVICE_PORT(?:_\w+)?|PORT(?:_\d+_(?:TCP|UDP|SCTP)(?:_(?:PROTO|PORT|ADDR))?)?)$/;

/** A warning only: it may be meant for a version that is newer, or was. */
function unknownVariables(environment: Environment): ConfigProblem[] {
  const unknown = Object.keys(environment).filter(
    name => name.startsWith(OWN_PREFIX) && !VARIABLES.includes(name) && !OF_A_SERVICE.test(name),
  );
  return unknown.sort().map(name => {
    const similar = closestWord(name, VARIABLES);
    return {
      ...{ origin: name, code: 'FIELD_UNKNOWN', severity: 'warning', path: '' },
      message: 'unknown variable',
      ...(similar !== undefined && { hint: `Did you mean '${similar}'?` }),
    };
  });
}
