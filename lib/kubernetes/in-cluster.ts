// What a pod is given: the address of the API server in its environment, and files of its ServiceAccount, which the kubelet writes
// anew from time to time.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MetricStoreError } from '../errors.js';
import { monotonicMillis } from '../waiting.js';
import type { Access, Credentials } from './api-client.js';

const FOLDER = '/var/run/secrets/kubernetes.io/serviceaccount';
/** Tokens are changed long before they end, about each hour. */
const READ_AGAIN_MILLIS = 10_000;

type Environment = Readonly<Record<string, string | undefined>>;

/** Whether this process runs in a pod. */
export function isInCluster(env: Environment): boolean {
  return hostOf(env) !== '';
}

/**
 * @param folder where the files are
 * @param now milliseconds of a time that only goes on
 * @throws Error when they cannot be read
 */
export async function inClusterAccess(
  env: Environment,
  folder = FOLDER,
  now = monotonicMillis,
): Promise<Access> {
  const host = hostOf(env);
  const port = env['KUBERNETES_SERVICE_PORT'] ?? '443';
  const text = `https://${host.includes(':') ? `[${host}]` : host}:${port}`;
  if (!URL.canParse(text))
    throw new MetricStoreError(
      'INVALID_OPTION',
      `KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT make no address: ${text}`,
    );
  const account = new ServiceAccount(folder, now);
  await account.read();
  return {
    server: new URL(text),
    namespace: await account.namespace(),
    credentials: () => account.credentials(),
    refused: () => account.refused(),
  };
}

function hostOf(env: Environment): string {
  return env['KUBERNETES_SERVICE_HOST'] ?? '';
}

class ServiceAccount {
  readonly #folder: string;
  readonly #now: () => number;
  #token = '';
  #ca: string | undefined;
  #readAt = -Infinity;

  constructor(folder: string, now: () => number) {
    this.#folder = folder;
    this.#now = now;
  }

  async credentials(): Promise<Credentials> {
    if (this.#now() - this.#readAt >= READ_AGAIN_MILLIS) await this.read();
    return { ca: this.#ca, headers: { authorization: `Bearer ${this.#token}` } };
  }

  /** @throws Error */
  async read(): Promise<void> {
    const token = (await readFile(join(this.#folder, 'token'), 'utf8')).trim();
    // What stands in a file must not become a header of its own, nor be shown by the error of one.
    if (!/^[\x21-\x7e]+$/.test(token)) throw new Error(`${join(this.#folder, 'token')} holds no token`);
    this.#ca = await readFile(join(this.#folder, 'ca.crt'), 'utf8');
    this.#token = token;
    this.#readAt = this.#now();
  }

  async refused(): Promise<boolean> {
    const refused = this.#token;
    await this.read();
    return this.#token !== refused;
  }

  async namespace(): Promise<string | undefined> {
    try {
      return (await readFile(join(this.#folder, 'namespace'), 'utf8')).trim() || undefined;
    } catch {
      return undefined; // It is only for a hint.
    }
  }
}
