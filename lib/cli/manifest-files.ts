import { readdir, stat } from 'node:fs/promises';
import type { Stats } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { readBoundedFile } from './bounded-file.js';
import { decodeManifest } from './manifest-text.js';

/** A file that was read, or why it was not. */
export type ManifestText =
  | { readonly file: string; readonly text: string }
  | { readonly file: string; readonly unreadable: string; readonly line?: number };

export interface ManifestSources {
  /** Files, folders, or `-` for the standard input. */
  readonly paths: readonly string[];
  readonly stdin: Readable;
  /** Of a file or a folder; what is ignored is not looked at. */
  readonly isIgnored?: (path: string) => boolean;
}

/** Far more than anybody writes; a file is held in memory as a whole. */
const FILE_BYTES_MAX = 64 * 1024 * 1024;

const STDIN = 'stdin';
/** Other names of `-`. They are read as it is: opened by name, a pipe would be another one. */
const STDIN_PATHS = new Set(['-', '/dev/stdin', '/dev/fd/0', '/proc/self/fd/0']);
const SKIPPED_FOLDER = /^(?:\..*|node_modules)$/;

/**
 * The texts of files, of all manifests in folders, and of the standard input. Each file once, in the order given, those of a
 * folder by name. In folders a JSON file counts only if it speaks of Argo. Only regular files are read: a pipe may never
 * end, and a device may have no end.
 */
export async function* readManifestTexts({
  paths,
  stdin,
  isIgnored = () => false,
}: ManifestSources): AsyncGenerator<ManifestText, void, undefined> {
  const seen = new Set<string>();
  for (const given of paths) {
    const path = STDIN_PATHS.has(given) ? '-' : given;
    if (seen.has(path) || (path !== '-' && isIgnored(path))) continue;
    seen.add(path);
    if (path === '-') {
      yield await readStdin(stdin);
      continue;
    }
    const files = await listFiles(path, isIgnored);
    if ('unreadable' in files) {
      yield { file: path, unreadable: files.unreadable };
      continue;
    }
    for (const file of files.files) {
      if (file !== path && seen.has(file)) continue;
      seen.add(file);
      const read = await readText(file);
      const isForeign = file !== path && file.endsWith('.json') && 'text' in read && !isOfArgo(read.text);
      if (!isForeign) yield read;
    }
  }
}

function isOfArgo(text: string): boolean {
  return /argoproj\.io\/|"(?:workflowDefaults|metricsConfig)"/.test(text);
}

async function listFiles(
  path: string,
  isIgnored: (path: string) => boolean,
): Promise<{ files: readonly string[] } | { unreadable: string }> {
  try {
    const found = await stat(path);
    if (!found.isDirectory()) return { files: [path] };
    let hasIgnored = false;
    const files = await manifestsIn(path, inside => {
      const ignored = isIgnored(inside);
      hasIgnored ||= ignored;
      return ignored;
    });
    return files.length > 0 || hasIgnored ? { files } : { unreadable: NO_FILE };
  } catch (error) {
    return { unreadable: reasonOf(error) };
  }
}

const NO_FILE = 'no YAML or JSON file is in this folder';

async function manifestsIn(folder: string, isIgnored: (path: string) => boolean): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const files: string[] = [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    // Links to folders are not followed: they may lead back.
    const isFolder = entry.isDirectory();
    const isWanted = isFolder ? !SKIPPED_FOLDER.test(entry.name) : /\.(?:ya?ml|json)$/i.test(entry.name);
    if (!isWanted || isIgnored(path)) continue;
    if (isFolder) for (const file of await manifestsIn(path, isIgnored)) files.push(file);
    else files.push(path);
  }
  return files;
}

async function readText(file: string): Promise<ManifestText> {
  try {
    const found = await stat(file);
    if (!found.isFile()) {
      const advice = found.isDirectory() ? '' : '; give what it brings as the standard input, with "-"';
      return { file, unreadable: `${kindOf(found)}, not a regular file${advice}` };
    }
    return { file, ...decodeManifest(await readBoundedFile(file, { bytesMax: FILE_BYTES_MAX })) };
  } catch (error) {
    return { file, unreadable: reasonOf(error) };
  }
}

function kindOf(found: Stats): string {
  if (found.isDirectory()) return 'a link to a folder';
  if (found.isFIFO()) return 'a pipe';
  if (found.isSocket()) return 'a socket';
  return 'a device';
}

async function readStdin(stdin: Readable): Promise<ManifestText> {
  const chunks: Buffer[] = [];
  let byteLength = 0;
  try {
    for await (const chunk of stdin as AsyncIterable<string | Uint8Array>) {
      const bytes = Buffer.from(chunk as Uint8Array);
      byteLength += bytes.length;
      if (byteLength > FILE_BYTES_MAX)
        return { file: STDIN, unreadable: `larger than ${FILE_BYTES_MAX} bytes` };
      chunks.push(bytes);
    }
  } catch (error) {
    return { file: STDIN, unreadable: reasonOf(error) };
  }
  return { file: STDIN, ...decodeManifest(Buffer.concat(chunks)) };
}

/** Without the path and the name of the system call, which say nothing that is not known. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/, \w+(?: '.*')?$/s, '');
}
