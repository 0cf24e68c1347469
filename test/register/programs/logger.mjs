// Preloaded: sets a logger of its own.
import { diag } from '@opentelemetry/api';

const log = text => process.stdout.write(`logged: ${text}\n`);
diag.setLogger(
  { error: log, warn: log, info: log, debug: log, verbose: log },
  { suppressOverrideMessage: true },
);
