// Runs the programs of this folder with the built entry preloaded, as `--import`, `--require` or NODE_OPTIONS have it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { text } from 'node:stream/consumers';

const ESM = new URL('../../dist/esm/register.js', import.meta.url).href;
const COMMONJS = fileURLToPath(new URL('../../dist/cjs/register.js', import.meta.url));

interface Preload {
  readonly flags: readonly string[];
  readonly NODE_OPTIONS: string | undefined;
}

export const PRELOADS = {
  import: { flags: [`--import=${ESM}`], NODE_OPTIONS: undefined },
  require: { flags: [`--require=${COMMONJS}`], NODE_OPTIONS: undefined },
  NODE_OPTIONS: { flags: [], NODE_OPTIONS: `--import=${ESM}` },
} as const;

/** After a program of this folder. */
export function preloadedAfter(program: string): Preload {
  const first = new URL(`./programs/${program}`, import.meta.url).href;
  return { flags: [`--import=${first}`, ...PRELOADS.import.flags], NODE_OPTIONS: undefined };
}

export interface ChildEnd {
  readonly code: number | null;
  readonly signal: string | null;
  readonly printed: string;
  readonly said: string;
}

/** With nothing of OpenTelemetry in the environment but what is given, and no instrumentation that is installed by chance. */
export async function runChild(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  preload: keyof typeof PRELOADS | Preload = 'import',
  cwd?: string,
): Promise<ChildEnd> {
  const { flags: preloads, NODE_OPTIONS } = typeof preload === 'string' ? PRELOADS[preload] : preload;
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('OTEL_'));
  const file = program.startsWith('/')
    ? program
    : fileURLToPath(new URL(`./programs/${program}`, import.meta.url));
  const child = spawn(process.execPath, [...preloads, file, ...args], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...Object.fromEntries(own),
      NODE_OPTIONS,
      OTEL_NODE_DISABLED_INSTRUMENTATIONS: 'runtime-node',
      ...env,
    },
  });
  const [printed, said, [code, signal]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null, string | null]>,
  ]);
  return { code, signal, printed, said };
}

/** The next free one. */
export async function freePort(): Promise<string> {
  const { createServer } = await import('node:net');
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return String(port);
}
