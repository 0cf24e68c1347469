import { diag, DiagLogLevel } from '@opentelemetry/api';

/** What the library says from now on, at the levels of warnings and errors, until `diag.disable()`. */
export function captureWarnings(): string[] {
  const said: string[] = [];
  const ignore = (): void => undefined;
  const say = (...words: unknown[]): void => void said.push(words.map(String).join(' '));
  diag.setLogger(
    { error: say, warn: say, info: ignore, debug: ignore, verbose: ignore },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
  return said;
}
