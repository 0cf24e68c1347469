import { MEBIBYTE } from '../limits.js';
import { readBoundedFile } from './bounded-file.js';
import type { ConfigText } from './config/config-file.js';
import { configProblemText } from './config-problem-text.js';
import { ExitCode } from './exit-code.js';
import { decodeManifest } from './manifest-text.js';
import type { RunContext } from './run-context.js';
import { readWatchConfig, type WatchConfig, type WatchConfigResult } from './watch-config.js';
import type { WatchOptions } from './watch-options.js';

/** More than a configuration may have: which ones are too long is for whoever reads their text to say. */
const FILE_BYTES_MAX = 4 * MEBIBYTE;

export interface WatchSetup {
  /** Undefined: it is wrong, which was said. */
  readonly config: WatchConfig | undefined;
  /** What the command ends with when there is none. */
  readonly exitCode: ExitCode;
}

/**
 * The configuration of `watch` from the command line, the environment and the file. All that is wrong with it is written to
 * the standard error.
 *
 * @throws Error when the file cannot be read (rejections)
 */
export async function readWatchSetup(
  { flags, configFile }: Pick<WatchOptions, 'flags' | 'configFile'>,
  { env, stderr }: Pick<RunContext, 'env' | 'stderr'>,
): Promise<WatchSetup> {
  const { config, problems } = await readWatchSources({ flags, configFile }, env);
  for (const problem of problems) stderr.write(configProblemText(problem, stderr.isTTY === true));
  const isOfCommandLine = problems.some(
    problem => problem.severity === 'error' && 'origin' in problem && problem.origin.startsWith('--'),
  );
  return { config, exitCode: isOfCommandLine ? ExitCode.usage : ExitCode.failed };
}

/**
 * The same, and nothing is said.
 *
 * @throws Error when the file cannot be read (rejections)
 */
export async function readWatchSources(
  { flags, configFile }: Pick<WatchOptions, 'flags' | 'configFile'>,
  environment: RunContext['env'],
): Promise<WatchConfigResult & { readonly text: string }> {
  const file = configFile === undefined ? undefined : await readText(configFile);
  return { ...readWatchConfig({ flags, environment, file }), text: file?.text ?? '' };
}

async function readText(path: string): Promise<ConfigText> {
  let bytes: Uint8Array;
  try {
    bytes = await readBoundedFile(path, { bytesMax: FILE_BYTES_MAX });
  } catch (cause) {
    // Opening names the file in its error, reading does not.
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new Error(message.includes(path) ? message : `${path}: ${message}`, { cause });
  }
  const decoded = decodeManifest(bytes);
  if ('unreadable' in decoded) throw new Error(`${path}: ${decoded.unreadable}`);
  return { name: path, text: decoded.text };
}
