// OpenTelemetry's NodeSDK reads the same variable, and would start a second exporter: on the port of the first one, or beside a
// provider that is there already. So its packages read that there is none. For everybody else the variable is as it was: for the
// application, for child processes and for worker threads, which copy the environment. Only where NodeSDK is installed: a proxy
// is slower, and cannot be cloned.
import { findInstalled } from './installed-package.js';

const NAME = 'OTEL_METRICS_EXPORTER';
const READER = /[\\/]@opentelemetry[\\/]/;
/** What brings NodeSDK along, for package managers that show only what the application itself asked for. */
const SDKS = ['@opentelemetry/sdk-node', '@opentelemetry/auto-instrumentations-node'];

/** For this thread. What is hidden already stays so. */
export function hideExporter(find: typeof findInstalled = findInstalled): void {
  if (SDKS.every(name => find(name) === undefined)) return;
  const shown: NodeJS.ProcessEnv = new Proxy(process.env, {
    get: (target, key): unknown =>
      key === NAME && isReadByOpenTelemetry() ? 'none' : Reflect.get(target, key),
    // Node's object takes no descriptor that says nothing of the other attributes, which is what the default would give it.
    set: (target, key, value, receiver): boolean =>
      receiver === shown ? Reflect.set(target, key, value) : Reflect.set(target, key, value, receiver),
  });
  process.env = shown;
}

/** By the file that reads. */
function isReadByOpenTelemetry(): boolean {
  const before = ['stackTraceLimit', 'prepareStackTrace'].map(
    name => [name, Object.getOwnPropertyDescriptor(Error, name)] as const,
  );
  try {
    Error.stackTraceLimit = 3;
    Error.prepareStackTrace = (_, sites) => sites;
    const holder: { stack?: unknown } = {};
    Error.captureStackTrace(holder);
    // This function, the trap, and who reads.
    const reader = (holder.stack as NodeJS.CallSite[])[2]?.getFileName();
    return reader !== undefined && reader !== null && READER.test(reader);
  } catch {
    return false;
  } finally {
    for (const [name, descriptor] of before)
      if (descriptor === undefined) Reflect.deleteProperty(Error, name);
      else Reflect.defineProperty(Error, name, descriptor);
  }
}
