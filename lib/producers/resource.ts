import type { Resource } from '@opentelemetry/resources';

/** A resource without attributes, made by hand: the library imports nothing of the SDK at run time. */
export function emptyResource(): Resource {
  const resource: Resource = {
    attributes: {},
    asyncAttributesPending: false,
    merge: other => other ?? resource,
    getRawAttributes: () => [],
  };
  return resource;
}
