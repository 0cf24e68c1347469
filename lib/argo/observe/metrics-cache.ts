// For step 2 of an emission: the `metrics` of an object, compiled once.
import type { CustomMetrics, MetricsBlock } from '../emit/custom-metrics.js';
import type { Diagnostic } from '../diagnostic/diagnostic.js';
import { BoundedMap } from '../../guard/bounded-map.js';
import { isRecord } from '../../guard/json-value.js';
import type { ObjectWork } from '../budget/object-work.js';

/** Different `metrics` objects that are kept compiled; a cluster has about as many as it has templates. */
const COMPILED_MAX = 2000;

interface CompiledAt {
  readonly path: string;
  readonly metrics: MetricsBlock;
}

/** Compiles a `metrics` object once, however many Workflow objects carry it. */
export class MetricsCache {
  readonly #customMetrics: CustomMetrics;
  /** What was compiled or found for an object, by what its templates declare. */
  readonly #ofObjects = new WeakMap<ObjectWork, Map<object, CompiledAt>>();
  /** By path and text. Renewed by each use, so that the one goes that was not used for longest. */
  readonly #compiled = new BoundedMap<string, MetricsBlock>(COMPILED_MAX);

  constructor(customMetrics: CustomMetrics) {
    this.#customMetrics = customMetrics;
  }

  /**
   * @param diagnostics gets what is wrong with the object, when this call had to compile it.
   * @param work of the object that carries the metrics
   */
  compile(metrics: unknown, path: string, diagnostics: Diagnostic[], work: ObjectWork): MetricsBlock {
    if (!isRecord(metrics)) return this.#find(metrics, path, diagnostics, work);
    // A template may be long, and have very many nodes.
    const ofObject = this.#ofObject(work);
    const known = ofObject.get(metrics);
    if (known?.path === path) return known.metrics;
    const found = this.#find(metrics, path, diagnostics, work);
    ofObject.set(metrics, { path, metrics: found });
    return found;
  }

  #ofObject(work: ObjectWork): Map<object, CompiledAt> {
    let ofObject = this.#ofObjects.get(work);
    if (!ofObject) {
      ofObject = new Map();
      this.#ofObjects.set(work, ofObject);
    }
    return ofObject;
  }

  #find(metrics: unknown, path: string, diagnostics: Diagnostic[], work: ObjectWork): MetricsBlock {
    const key = keyOf(metrics, path);
    const known = key === undefined ? undefined : this.#compiled.get(key);
    const compiled = known ?? this.#customMetrics.compileWithin(metrics, path, work);
    if (!known) for (const diagnostic of compiled.diagnostics) diagnostics.push(diagnostic);
    // What was too dear for this object may not be so for another one.
    const isPartial = !known && compiled.diagnostics.some(isLimit);
    if (key === undefined || isPartial) return compiled;
    this.#compiled.renew(key, compiled);
    return compiled;
  }
}

function isLimit({ code, severity }: Diagnostic): boolean {
  return code === 'LIMIT_EXCEEDED' && severity === 'error';
}

/** `undefined` for what is no JSON: cycles, BigInt. Such an object is compiled each time, with the same result. */
function keyOf(metrics: unknown, path: string): string | undefined {
  try {
    return `${path}\n${JSON.stringify(metrics)}`;
  } catch {
    return undefined;
  }
}
