// OpenTelemetry's `diag`, for use in here: a logger is the application's, and one that throws must not get out of a
// record, a collection or an export. What could not be said is lost. Any thread.
import { diag as foreign, DiagLogLevel, type DiagLogger, type DiagLogFunction } from '@opentelemetry/api';

/** Says it to whatever logger is set when it is called; never throws. */
export const diag: DiagLogger & { createComponentLogger(options: { namespace: string }): DiagLogger } = {
  ...guard(foreign),
  createComponentLogger: options => guard(foreign.createComponentLogger(options)),
};

/** Where there is no logger of an application: in a thread of our own, and where nobody has written a line for one. */
export function sayThrough(logger: DiagLogger, logLevel = DiagLogLevel.INFO): void {
  foreign.setLogger(logger, { logLevel, suppressOverrideMessage: true });
}

function guard(logger: DiagLogger): DiagLogger {
  const guarded =
    (level: keyof DiagLogger): DiagLogFunction =>
    (message, ...details) => {
      try {
        logger[level](message, ...details);
      } catch {
        // There is nobody left to tell.
      }
    };
  return {
    error: guarded('error'),
    warn: guarded('warn'),
    info: guarded('info'),
    debug: guarded('debug'),
    verbose: guarded('verbose'),
  };
}
