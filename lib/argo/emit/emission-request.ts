// For step 3 of an emission: what a caller hands to `emit`. It is user data, so that what is wrong with it is reported and
// never thrown.
import { closestWord } from '../budget/closest-word.js';
import type { KeysOf } from '../../guard/option-checks.js';
import type { Diagnostic } from '../diagnostic/diagnostic.js';
import { isRecord } from '../../guard/json-value.js';

export interface EmitOptions {
  /** Who the emission belongs to, normally the UID of a workflow. */
  readonly owner: string;
  /** What of the owner, normally the ID of a node; '' is the owner itself. */
  readonly subject?: string;
  /** An emission of this owner with an ID that was seen before is ignored. */
  readonly emissionId?: string;
  /** Only realtime gauges. */
  readonly realtimeOnly?: boolean;
  /** No realtime gauges, as for one attempt of something that goes on. */
  readonly omitsRealtime?: boolean;
}

const KEYS: KeysOf<EmitOptions> = {
  owner: true,
  subject: true,
  emissionId: true,
  realtimeOnly: true,
  omitsRealtime: true,
};

/** Why nothing can be emitted for these arguments; undefined when all is well. The caller may be JavaScript. */
export function checkEmission(scope: unknown, options: unknown): Diagnostic | undefined {
  if (!isRecord(scope)) return invalid('scope', 'must be an object', scope);
  if (!isRecord(scope['variables']))
    return invalid('scope.variables', 'must be an object', scope['variables']);
  const { realtime } = scope;
  if (realtime !== undefined && !isRecord(realtime))
    return invalid('scope.realtime', 'must be an object', realtime);
  if (!isRecord(options)) return invalid('options', 'must be an object with an owner', options);
  if (typeof options['owner'] !== 'string')
    return invalid('options.owner', 'must be a text', options['owner']);
  for (const key of ['subject', 'emissionId'] as const) {
    const value = options[key];
    if (value !== undefined && typeof value !== 'string')
      return invalid(`options.${key}`, 'must be a text', value);
  }
  // One that is not known would have no effect: a misspelled emissionId lets an emission count twice.
  for (const key in options)
    if (!Object.hasOwn(KEYS, key) && Object.hasOwn(options, key)) return unknownOption(key);
  return undefined;
}

function unknownOption(key: string): Diagnostic {
  const shown = key.slice(0, KEY_SHOWN_MAX);
  const known = Object.keys(KEYS);
  const message = `options.${shown} is not known, there are ${known.join(', ')}`;
  const closest = closestWord(key, known);
  return {
    ...EMISSION_INVALID,
    path: `options.${shown}`,
    message,
    ...(closest === undefined ? {} : { hint: `Did you mean '${closest}'?` }),
  };
}

/** Characters of an unknown key that a message shows. */
const KEY_SHOWN_MAX = 200;

/** An emission that broke off: objects of the application may throw when they are looked at. */
export function brokenEmission(reason: string): Diagnostic {
  return { ...EMISSION_INVALID, path: 'scope', message: `the emission failed with ${reason}` };
}

const EMISSION_INVALID = { code: 'EMISSION_INVALID', severity: 'error' } as const;

function invalid(path: string, bound: string, value: unknown): Diagnostic {
  const type = value === null ? 'null' : Array.isArray(value) ? 'a list' : typeof value;
  return { ...EMISSION_INVALID, path, message: `${path} ${bound}, got ${type}` };
}
