/** What the process tells its parent. */
export const ExitCode = {
  ok: 0,
  /** The work could not be done, or a part of the input was unreadable. */
  failed: 1,
  /** The command line makes no sense. */
  usage: 2,
  /** SIGINT or SIGTERM ended it, as shells count it for SIGINT. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];
