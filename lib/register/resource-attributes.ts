// What the environment says of the resource, by OpenTelemetry's specification.
import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import type { Attributes } from '@opentelemetry/api';
import type { Environment } from './environment.js';

const VARIABLE = 'OTEL_RESOURCE_ATTRIBUTES';

/** An id of its own for each process, unless there is one given. */
export function readResourceAttributes(environment: Environment): Attributes {
  return {
    'service.name': `unknown_service:${basename(process.execPath, '.exe')}`,
    'service.instance.id': randomUUID(),
    ...SDK,
    ...readGiven(environment),
  };
}

/**
 * The same for who has a name, and no id unless there is one given: where counts go on after a restart, a backend is to see
 * them go on.
 */
export function readResourceAttributesOf(serviceName: string, environment: Environment): Attributes {
  return { 'service.name': serviceName, ...SDK, ...readGiven(environment) };
}

const SDK = { 'telemetry.sdk.language': 'nodejs', 'telemetry.sdk.name': 'otel-argo-metrics' } as const;

function readGiven(environment: Environment): Attributes {
  const name = environment.text('OTEL_SERVICE_NAME');
  return { ...readPairs(environment), ...(name !== undefined && { 'service.name': name }) };
}

/** `key=value,key=value`, both percent-encoded. What has an error is not used at all: a half of it would be another resource. */
function readPairs(environment: Environment): Attributes {
  const text = environment.text(VARIABLE);
  if (text === undefined) return {};
  const pairs = text
    .split(',')
    .filter(pair => pair.trim() !== '')
    .map(readPair);
  const wrong = pairs.some(pair => pair === undefined);
  if (wrong) environment.warn(VARIABLE, 'key=value,key=value, percent-encoded', text, 'none of it');
  return wrong ? {} : Object.fromEntries(pairs as [string, string][]);
}

function readPair(pair: string): [string, string] | undefined {
  const [key, value, ...rest] = pair.split('=').map(decoded);
  return key === undefined || key === '' || value === undefined || rest.length > 0 ? undefined : [key, value];
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text.trim());
  } catch {
    return undefined;
  }
}
