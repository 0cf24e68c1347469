import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

/** A file that was read, or why it was not. */
export type ManifestText =
  { readonly file: string; readonly text: string } | { readonly file: string; readonly unreadable: string };

/** Far more than anybody writes; a file is held in memory as a whole. */
const FILE_BYTES_MAX = 64 * 1024 * 1024;

const STDIN = 'stdin';
const SKIPPED_FOLDER = /^(?:\..*|node_modules)$/;

/**
 * The texts of files, of all manifests in folders, and of the standard input for `-`. Each file once, in the order given,
 * those of a folder by name. In folders a JSON file counts only if it speaks of Argo.
 */
export async function* readManifestTexts(
  paths: readonly string[],
  stdin: Readable,
): AsyncGenerator<ManifestText, void, undefined> {
  const seen = new Set<string>();
  for (const path of paths) {
    if (seen.has(path)) continue;
    seen.add(path);
    if (path === '-') {
      yield await readStdin(stdin);
      continue;
    }
    const files = await listFiles(path);
    if ('unreadable' in files) {
      yield { file: path, unreadable: files.unreadable };
      continue;
    }
    for (const file of files.files) {
      if (file !== path && seen.has(file)) continue;
      seen.add(file);
      const read = await readText(file);
      const isForeign =
        file !== path && file.endsWith('.json') && 'text' in read && !read.text.includes('argoproj.io/');
      if (!isForeign) yield read;
    }
  }
}

async function listFiles(path: string): Promise<{ files: readonly string[] } | { unreadable: string }> {
  try {
    const found = await stat(path);
    if (!found.isDirectory()) return { files: [path] };
    const files = await manifestsIn(path);
    return files.length > 0 ? { files } : { unreadable: 'no YAML or JSON file is in this folder' };
  } catch (error) {
    return { unreadable: reasonOf(error) };
  }
}

async function manifestsIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const files: string[] = [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    // Links to folders are not followed: they may lead back.
    if (entry.isDirectory()) {
      if (!SKIPPED_FOLDER.test(entry.name)) files.push(...(await manifestsIn(path)));
    } else if (/\.(?:ya?ml|json)$/i.test(entry.name)) {
      files.push(path);
    }
  }
  return files;
}

async function readText(file: string): Promise<ManifestText> {
  try {
    const { size } = await stat(file);
    if (size > FILE_BYTES_MAX) return { file, unreadable: `larger than ${FILE_BYTES_MAX} bytes` };
    return { file, text: await readFile(file, 'utf8') };
  } catch (error) {
    return { file, unreadable: reasonOf(error) };
  }
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
  return { file: STDIN, text: Buffer.concat(chunks).toString('utf8') };
}

/** Without the path and the name of the system call, which say nothing that is not known. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/, \w+(?: '.*')?$/s, '');
}
