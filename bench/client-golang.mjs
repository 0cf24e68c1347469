// The program of client-golang/: built where there is Go, or given as CLIENT_GOLANG.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const SOURCES = fileURLToPath(new URL('client-golang', import.meta.url));
const BUILD_MILLIS = 600_000;

/** `program`: its path, or none and `skipped` says why. Without Go's cache the build takes a minute: not in a quick run. */
export async function clientGolang({ isQuick }) {
  const end = () => {};
  if (process.env.CLIENT_GOLANG) return { program: process.env.CLIENT_GOLANG, end };
  if (isQuick) return { skipped: 'only a full run builds it', end };
  const folder = mkdtempSync(join(tmpdir(), 'otel-argo-metrics-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const program = join(folder, 'client-golang');
  try {
    await promisify(execFile)('go', ['build', '-o', program, '.'], { cwd: SOURCES, timeout: BUILD_MILLIS });
    return { program, end: remove };
  } catch (error) {
    remove();
    return { skipped: error.code === 'ENOENT' ? 'there is no Go' : error.message.slice(0, 200), end };
  }
}
