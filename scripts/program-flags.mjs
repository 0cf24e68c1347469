// How the programs of examples/ and recipes/ are run that are about a flag of Node: one of their first lines says it.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';

const COMMAND = /^\/\/ {3}node ((?:--import \S+ )+)\S+$/m;

/**
 * What Node is given before the program, and its environment: a port that is free, in the place of the default one, and the
 * exporter by its name, which other SDKs in the program read too.
 */
export async function runOptionsOf(path) {
  const [, flags] = COMMAND.exec(readFileSync(path, 'utf8')) ?? [];
  if (flags === undefined) return { flags: [], env: {} };
  const env = { OTEL_METRICS_EXPORTER: 'prometheus', OTEL_EXPORTER_PROMETHEUS_PORT: await freePort() };
  return { flags: flags.trim().split(' '), env };
}

/** Of this machine; as a text. */
export async function freePort() {
  const server = createServer().listen(0, 'localhost');
  await once(server, 'listening');
  const port = String(server.address().port);
  server.close();
  await once(server, 'close');
  return port;
}
