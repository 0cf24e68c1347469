// The programs that the documents show, run as printed. A code block whose first line is a comment with a file name
// (`// app.mjs`, `# nightly.yaml`) is that file. A `text` block behind a program is what it prints, or what its page shows.
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from './program-flags.mjs';
import { runOrThrow } from './steps.mjs';

const BLOCK = /^```(\w+)\n(.*?)^```$/gms;
const FILE_NAME = /^(?:\/\/|#) ([\w-]+\.\w+)\b.*\n/;

/** Long enough for a loaded machine; a program that takes longer hangs. */
const TIMEOUT_MILLIS = 60_000;
const POLL_MILLIS = 50;

/** The documents name the port that everybody has; a program that is checked takes any that is free. */
const ANY_PORT = `
  import { Server } from 'node:net';
  const { listen } = Server.prototype;
  Server.prototype.listen = function (port, ...others) {
    return listen.call(this, 0, ...others);
  };
`;

/** Every code block, in order. A program without a name gets one from its place. */
export function codeBlocks(markdown) {
  return [...markdown.matchAll(BLOCK)].map(([, language, code], index) => {
    const name = FILE_NAME.exec(code)?.[1] ?? (language === 'js' ? `block-${index}.mjs` : undefined);
    return { language, code, name };
  });
}

/**
 * Each JavaScript block: a worker file that another one starts, a server that does not end, one that is served by what it
 * preloads, or a program that ends.
 */
export function programsOf(markdown) {
  const blocks = codeBlocks(markdown);
  return blocks.flatMap(({ language, code, name }, index) => {
    if (language !== 'js') return [];
    const flags = flagsOf(markdown, name);
    const next = blocks
      .slice(index + 1)
      .filter(block => flags.length === 0 || block.language !== 'sh')
      .find(block => block.name === undefined || !isWorker(block.code));
    const shows = next?.language === 'text' ? next.code : undefined;
    const kind = isWorker(code)
      ? 'worker'
      : code.includes('`Open ${')
        ? 'server'
        : flags.length > 0 && shows !== undefined
          ? 'served'
          : 'program';
    return [{ name, kind, shows, flags }];
  });
}

/** What the document's command gives Node before the name of the program. */
function flagsOf(markdown, name) {
  const [, flags = ''] = new RegExp(`\\bnode ((?:--import \\S+ )+)${name}\\b`).exec(markdown) ?? [];
  return flags.split(' ').filter(flag => flag !== '');
}

function isWorker(code) {
  return code.includes("workerData } from 'node:worker_threads'");
}

/** Writes every block that is a file. Two of one name are a mistake: whoever pastes them overwrites the first one. */
export function writeFiles(markdown, folder) {
  for (const { name, code } of codeBlocks(markdown))
    if (name !== undefined) writeFileSync(join(folder, name), code, { flag: 'wx' });
}

/** Runs a program as printed. Rejects when it fails, or shows anything else than the document says. */
export async function checkProgram(folder, { name, kind, shows, flags = [] }) {
  if (kind === 'worker') return;
  if (kind === 'server') {
    await pageOf(folder, name, { isWanted: page => withoutNumbers(page) === withoutNumbers(shows ?? '') });
    return;
  }
  if (kind === 'served') {
    const isWanted = page => withoutNumbers(page).includes(withoutNumbers(shows));
    await pageOf(folder, name, { flags, port: await freePort(), isWanted });
    return;
  }
  const options = { cwd: folder, timeoutMillis: TIMEOUT_MILLIS };
  const printed = await runOrThrow(process.execPath, [...flags, name], options);
  if (shows !== undefined && printed !== shows)
    throw new Error(`${name} should print\n${shows}\nand printed\n${printed}`);
}

/** What a page shows grows; which series it has does not. */
function withoutNumbers(text) {
  return text.replace(/ \d+$/gm, ' N');
}

/**
 * Starts a program that says where its metrics are, or is given the port by its environment, and does not end; asks for them
 * until they are as wanted, and ends it. Resolves with the page; rejects with the last one when the wanted one does not come.
 */
export async function pageOf(folder, name, { args = [], flags = [], port, isWanted }) {
  const preload = `data:text/javascript,${encodeURIComponent(ANY_PORT)}`;
  const imports = port === undefined ? ['--import', preload] : flags;
  const child = spawn(process.execPath, [...imports, name, ...args], {
    cwd: folder,
    env: { ...process.env, ...(port !== undefined && { OTEL_EXPORTER_PROMETHEUS_PORT: port }) },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: TIMEOUT_MILLIS,
  });
  let [printed, page, hasEnded] = ['', undefined, false];
  for (const pipe of [child.stdout, child.stderr])
    pipe.setEncoding('utf8').on('data', text => (printed += text));
  const closed = new Promise(resolve => child.on('close', resolve)).then(() => (hasEnded = true));
  try {
    while (page === undefined || !isWanted(page)) {
      if (hasEnded) throw new Error(`${name} ended; it printed\n${printed}\nits page was last\n${page}`);
      await new Promise(resolve => setTimeout(resolve, POLL_MILLIS));
      const [, said] = /^Open (\S+)$/m.exec(printed) ?? [];
      const url = port === undefined ? said : `http://localhost:${port}/metrics`;
      if (url !== undefined) page = await textAt(url, page);
    }
    return page;
  } finally {
    child.kill('SIGKILL');
    await closed;
  }
}

/** What stands there, or what was known before when the server has just gone. */
async function textAt(url, before) {
  try {
    return await (await fetch(url)).text();
  } catch {
    return before;
  }
}
