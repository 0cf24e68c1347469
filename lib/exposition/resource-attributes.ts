// The attributes of a resource of the SDK, which may still be detected. Asked once for each resource.
import type { Attributes } from '@opentelemetry/api';
import { withDeadline } from '../guard/deadline.js';
import { diag } from '../guard/guarded-diag.js';
import { textOf } from '../guard/thrown.js';

/** How long resource attributes that are still being detected may hold up the first text. */
const RESOURCE_WAIT_MILLIS = 1000;

/** What of the SDK's `Resource` is needed here. */
interface ResourceLike {
  readonly attributes?: Attributes;
  readonly asyncAttributesPending?: boolean;
  waitForAsyncAttributes?(): Promise<void>;
}

export class ResourceAttributes {
  #resource: object | undefined;
  #attributes: Promise<Attributes> = Promise.resolve({});

  /** Whatever a resource does, it takes no series along. */
  of(resource: object | undefined): Promise<Attributes> {
    if (resource !== this.#resource) {
      this.#resource = resource;
      this.#attributes = attributesOf(resource);
    }
    return this.#attributes;
  }
}

async function attributesOf(resource: ResourceLike | undefined): Promise<Attributes> {
  if (resource === undefined) return {};
  try {
    await settledInTime(resource);
    return { ...resource.attributes };
  } catch (error) {
    diag.warn(`The attributes of the resource cannot be had, there is no target_info: ${textOf(error)}`);
    return {};
  }
}

async function settledInTime(resource: ResourceLike): Promise<void> {
  if (resource.asyncAttributesPending !== true) return;
  try {
    const wait = Promise.resolve(resource.waitForAsyncAttributes?.());
    await withDeadline(wait, RESOURCE_WAIT_MILLIS, 'COLLECT_TIMEOUT', 'resource detection');
  } catch (error) {
    diag.warn(`Announcing an incomplete resource: ${textOf(error)}`);
  }
}
